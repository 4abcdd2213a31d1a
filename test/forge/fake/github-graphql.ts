// GraphQL of the fake GitHub: executed by the reference implementation over GitHub's published schema.
import { schema } from '@octokit/graphql-schema';
import { buildSchema, execute, GraphQLError, parse, validate, type GraphQLSchema } from 'graphql';
import {
  blob,
  commit,
  hasObject,
  head,
  heads,
  setBranch,
  treeOf,
  writeBlob,
  writeCommit,
  writeTree,
  type Store,
  type StoredRepo,
} from './store.ts';

let built: GraphQLSchema | undefined;
const gitHubSchema = (): GraphQLSchema => (built ??= buildSchema(schema.idl, { assumeValid: true }));

const fail = (type: string, message: string): never => {
  throw new GraphQLError(message, { extensions: { type } });
};

function commitObject(repo: StoredRepo, sha: string): Record<string, unknown> {
  const found = commit(repo, sha);
  const statuses = [...(repo.statuses.get(sha) ?? [])];
  const nodes = statuses.map(([name, state], index) =>
    // One of each kind, as a repository with Actions and another CI has them.
    index % 2 === 0
      ? {
          __typename: 'CheckRun',
          name,
          status: state === 'pending' ? 'IN_PROGRESS' : 'COMPLETED',
          conclusion: state === 'pending' ? null : state === 'success' ? 'SUCCESS' : 'FAILURE',
        }
      : { __typename: 'StatusContext', context: name, state: state.toUpperCase() },
  );
  return {
    __typename: 'Commit',
    oid: sha,
    message: found.message,
    tree: { oid: found.tree },
    parents: { nodes: found.parents.map((oid) => ({ oid })) },
    author: { name: found.author.name, email: found.author.email },
    statusCheckRollup:
      nodes.length === 0 ? null : { contexts: { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null }, nodes } },
  };
}

function blobObject(repo: StoredRepo, sha: string): Record<string, unknown> {
  const bytes = blob(repo, sha);
  const isBinary = bytes.includes(0);
  // What GitHub cuts, and what is no text: `text` is null or not the bytes.
  const isTruncated = bytes.byteLength > 512_000;
  return {
    __typename: 'Blob',
    byteSize: bytes.byteLength,
    isBinary,
    isTruncated,
    text: isBinary ? null : bytes.toString('utf8').slice(0, 512_000),
  };
}

interface CommitInput {
  branch: { repositoryNameWithOwner: string; branchName: string };
  expectedHeadOid: string;
  message: { headline: string; body?: string };
  fileChanges: { additions?: { path: string; contents: string }[] };
}

function roots(store: Store, login: string) {
  return {
    viewer: { login },
    repository({ owner, name }: { owner: string; name: string }) {
      const repo = store.find(owner, name) ?? fail('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      return {
        refs: () => ({
          pageInfo: { hasNextPage: false, endCursor: null },
          nodes: heads(repo).map(({ name, sha }) => ({ name, target: { __typename: 'Commit', oid: sha } })),
        }),
        pullRequest: ({ number }: { number: number }) =>
          repo.pulls.some((pull) => pull.number === number) ? { id: `PR_${repo.id}_${number}` } : null,
        object: ({ oid }: { oid: string }) =>
          hasObject(repo, oid, 'blob') ? blobObject(repo, oid) : hasObject(repo, oid, 'commit') ? commitObject(repo, oid) : null,
      };
    },
    createCommitOnBranch({ input }: { input: CommitInput }) {
      const [owner = '', name = ''] = input.branch.repositoryNameWithOwner.split('/');
      const repo = store.find(owner, name) ?? fail('NOT_FOUND', 'Could not resolve to a Repository.');
      if (repo.archived) fail('FORBIDDEN', 'Repository was archived so is read-only.');
      const at = head(repo, input.branch.branchName);
      if (at !== input.expectedHeadOid)
        fail('STALE_DATA', `Expected branch to point to "${input.expectedHeadOid}" but it did not. Pull and try again.`);
      const files = (input.fileChanges.additions ?? []).map(({ path, contents }) => ({
        path,
        mode: '100644',
        sha: writeBlob(repo, Buffer.from(contents, 'base64')),
      }));
      const { headline, body } = input.message;
      const tree = writeTree(repo, treeOf(repo, input.expectedHeadOid), files);
      const sha = writeCommit(repo, { tree, parents: [input.expectedHeadOid], message: body ? `${headline}\n\n${body}` : headline });
      setBranch(store, repo, input.branch.branchName, sha, at);
      return { commit: commitObject(repo, sha) };
    },
    enablePullRequestAutoMerge({ input }: { input: { pullRequestId: string; mergeMethod: string; expectedHeadOid: string } }) {
      const [, repoId = '', number = ''] = input.pullRequestId.split('_');
      const repo = store.repos.find(({ id }) => String(id) === repoId);
      const pull = repo?.pulls.find((one) => String(one.number) === number) ?? fail('NOT_FOUND', 'Could not resolve to a node.');
      if (pull.head.sha !== input.expectedHeadOid) fail('UNPROCESSABLE', 'Head sha did not match expected.');
      if (!repo?.protectedBranches.has(pull.base.ref)) fail('UNPROCESSABLE', 'Pull request Pull request is in clean status');
      pull.autoMerge = input.mergeMethod.toLowerCase();
      return { clientMutationId: null };
    },
    updateRefs({
      input,
    }: {
      input: { repositoryId: string; refUpdates: { name: string; beforeOid?: string; afterOid: string; force?: boolean }[] };
    }) {
      const repo = store.repos.find((one) => `R_${one.id}` === input.repositoryId) ?? fail('NOT_FOUND', 'Could not resolve to a node.');
      for (const { name, beforeOid, afterOid } of input.refUpdates) {
        const branch = name.replace('refs/heads/', '');
        if (beforeOid !== undefined && head(repo, branch) !== beforeOid) fail('UNPROCESSABLE', 'Reference update failed.');
        setBranch(store, repo, branch, afterOid, head(repo, branch));
      }
      return { clientMutationId: null };
    },
  };
}

/** Answers as GitHub's endpoint does: always 200, refusals in `errors` with a `type`. */
export function answerGraphQL(store: Store, login: string, asked: { query: string; variables?: Record<string, unknown> }): unknown {
  const document = parse(asked.query);
  const faults = validate(gitHubSchema(), document);
  if (faults.length > 0) throw new Error(`not of GitHub's schema: ${faults.map(({ message }) => message).join('; ')}`);
  const result = execute({ schema: gitHubSchema(), document, rootValue: roots(store, login), variableValues: asked.variables ?? {} });
  if (result instanceof Promise) throw new Error('the roots are synchronous');
  const errors = result.errors?.map(({ message, extensions, path }) => ({
    ...(extensions['type'] ? { type: extensions['type'] } : {}),
    path,
    message,
  }));
  // An error without a type of ours is a defect of the fake or of the operation.
  if (result.errors?.some(({ extensions }) => !extensions['type'])) throw new Error(JSON.stringify(errors));
  return { data: result.data ?? null, ...(errors ? { errors } : {}) };
}
