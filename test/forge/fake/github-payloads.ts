// What the fake GitHub means with its answers; the rest of their required fields is filled in from the description.
import { between, commit, fetchHead, head, isEmpty, mergedTree, type StoredPull, type StoredRepo } from './store.ts';

const user = (login: string): object => ({ login, id: 1, type: 'User', html_url: `https://github.example/${login}`, site_admin: false });

export function repoPayload(repo: StoredRepo, origin: string): Record<string, unknown> {
  const name = `${repo.owner}/${repo.name}`;
  return {
    id: repo.id,
    node_id: `R_${repo.id}`,
    name: repo.name,
    full_name: name,
    owner: user(repo.owner),
    private: false,
    visibility: 'public',
    html_url: `${origin}/${name}`,
    clone_url: `${origin}/${name}.git`,
    fork: repo.parent !== undefined,
    default_branch: 'main',
    archived: repo.archived,
    disabled: false,
    size: isEmpty(repo) ? 0 : 3,
    pushed_at: '2026-11-25T12:00:00Z',
    topics: repo.topics,
    permissions: { admin: true, push: true, pull: true },
  };
}

export const fullRepoPayload = (repo: StoredRepo, origin: string): Record<string, unknown> => ({
  ...repoPayload(repo, origin),
  ...(repo.parent ? { parent: repoPayload(repo.parent, origin), source: repoPayload(repo.parent, origin) } : {}),
});

const iso = '2026-11-25T12:00:00Z';

export function gitCommitPayload(repo: StoredRepo, sha: string): Record<string, unknown> {
  const { tree, parents, author, message } = commit(repo, sha);
  const person = { name: author.name, email: author.email, date: iso };
  const linked = parents.map((parent) => ({ sha: parent, url: 'x', html_url: 'x' }));
  return {
    sha,
    node_id: sha,
    url: 'x',
    html_url: 'x',
    author: person,
    committer: person,
    tree: { sha: tree, url: 'x' },
    message,
    parents: linked,
  };
}

export function comparePayload(repo: StoredRepo, base: string, tip: string): Record<string, unknown> {
  const commits = between(repo, base, tip).map((one) => {
    const person = { name: one.author.name, email: one.author.email, date: iso };
    return {
      sha: one.sha,
      node_id: one.sha,
      author: null,
      committer: null,
      commit: { author: person, committer: person, message: one.message, tree: { sha: one.tree, url: 'x' }, url: 'x', comment_count: 0 },
      parents: one.parents.map((sha) => ({ sha, url: 'x', html_url: 'x' })),
    };
  });
  const behind = between(repo, tip, base).length;
  const status = commits.length > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical';
  return { status, ahead_by: commits.length, behind_by: behind, total_commits: commits.length, commits };
}

/** As in a list: without what GitHub works out for a single one. */
export function pullPayload(repo: StoredRepo, pull: StoredPull, origin: string): Record<string, unknown> {
  const side = (of: StoredRepo, ref: string, sha: string): object => ({
    label: `${of.owner}:${ref}`,
    ref,
    sha,
    user: user(of.owner),
    repo: repoPayload(of, origin),
  });
  return {
    id: repo.id * 1000 + pull.number,
    node_id: `PR_${pull.number}`,
    number: pull.number,
    html_url: `${origin}/${repo.owner}/${repo.name}/pull/${pull.number}`,
    state: pull.state === 'open' ? 'open' : 'closed',
    locked: false,
    draft: pull.draft,
    title: pull.title,
    body: pull.body,
    user: user(pull.createdBy),
    head: side(pull.head.repo, pull.head.ref, pull.head.sha),
    base: side(repo, pull.base.ref, pull.base.sha),
    labels: [...pull.labels].map((name) => ({ name, id: 1, node_id: 'x', url: 'x', color: '00aabb', default: false, description: 'x' })),
    assignees: [...pull.assignees].map(user),
    requested_reviewers: [...pull.reviewers].map(user),
    merged_at: pull.state === 'merged' ? (pull.closedAt ?? null) : null,
    closed_at: pull.closedAt ?? null,
    merge_commit_sha: pull.mergeSha ?? null,
    author_association: 'OWNER',
    auto_merge: null,
  };
}

/** A single one. Mergeability is worked out when it is asked for first: `null` then. */
export function fullPullPayload(repo: StoredRepo, pull: StoredPull, origin: string, asked: Map<string, boolean>): Record<string, unknown> {
  const base = head(repo, pull.base.ref) ?? '';
  const key = `${repo.id}/${pull.number}/${pull.head.sha}/${base}`;
  const known = asked.get(key);
  if (pull.state === 'open' && known === undefined) {
    fetchHead(repo, pull.head.repo, pull.head.ref);
    asked.set(key, mergedTree(repo, base, pull.head.sha) !== undefined);
  }
  return {
    ...pullPayload(repo, pull, origin),
    mergeable: pull.state === 'open' ? (known ?? null) : null,
    mergeable_state: known === undefined ? 'unknown' : known ? 'clean' : 'dirty',
    merged: pull.state === 'merged',
    merged_by: pull.state === 'merged' ? user('bot') : null,
    comments: pull.comments.length,
  };
}

export { user as userPayload };
