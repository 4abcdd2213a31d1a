// A fake GitHub (Enterprise Server: /api/v3 and /api/graphql) over bare repositories: the operations that the client uses.
import {
  fullPullPayload,
  fullRepoPayload,
  comparePayload,
  gitCommitPayload,
  pullPayload,
  repoPayload,
  userPayload,
} from './github-payloads.ts';
import { answerGraphQL } from './github-graphql.ts';
import { answerFaults, least, requestFaults } from './openapi.ts';
import { created, ok, page, refuse, serve, type Asked, type Routes, type Running, type Said } from './server.ts';
import * as git from './store.ts';
import { createStore, type Store, type StoredPull, type StoredRepo } from './store.ts';

export interface FakeGitHub extends Running {
  store: Store;
  token: string;
  /** What was asked or answered against GitHub's description. */
  faults: string[];
  /** A token that an app was given, until it is taken away. */
  appTokens: Set<string>;
  /** Answers in place of GraphQL when it answers something. */
  graphql: ((query: string) => unknown) | undefined;
  /** Hits of a search in place of the store's. */
  search: ((q: string, page: number) => { total: number; ids: number[] }) | undefined;
}
type Staged = Pick<FakeGitHub, 'graphql' | 'search'>;

const archived = refuse(403, 'Repository was archived so is read-only.');
const missing = refuse(404, 'Not Found', { documentation_url: 'https://docs.github.com/rest', status: '404' });
const invalid = (message: string): Said =>
  refuse(422, 'Validation Failed', { documentation_url: 'x', errors: [{ resource: 'PullRequest', code: 'custom', message }] });

export async function fakeGitHub(): Promise<FakeGitHub> {
  const store = createStore('bot');
  const token = 'fake-token-0123456789abcdef';
  const faults: string[] = [];
  const appTokens = new Set<string>();
  const staged: Staged = { graphql: undefined, search: undefined };
  const routes = { ...lists(store, staged), ...repositories(store), ...objects(store), ...pulls(store), ...apps(appTokens) };
  const running = await serve(
    {
      ...routes,
      'POST /graphql': (asked) =>
        ok(staged.graphql?.(String(asked.body['query'])) ?? answerGraphQL(store, loginOf(asked), asked.body as { query: string })),
    },
    {
      prefix: /^\/api(?:\/v3)?(?=\/)/,
      before(asked) {
        const given = (asked.headers.authorization ?? '').replace(/^(?:token|bearer)\s+/i, '');
        // An app's own requests carry a JWT.
        if (given !== token && !appTokens.has(given) && given.split('.').length !== 3) return refuse(401, 'Bad credentials');
        return undefined;
      },
      after(route, asked, said) {
        if (route === 'POST /graphql' || route === 'GET /repositories/:' || said.status === 301) return;
        faults.push(
          ...requestFaults(
            route,
            asked.query,
            asked.body,
            asked.method === 'GET' || asked.method === 'DELETE' || Object.keys(asked.body).length === 0 ? 'none' : 'body',
          ),
        );
        if (said.json !== undefined && said.status < 300) said.json = least(route, said.status, said.json);
        faults.push(...answerFaults(route, said.status, said.json));
      },
    },
  );
  const loginOf = (asked: Asked): string =>
    appTokens.has((asked.headers.authorization ?? '').replace(/^(?:token|bearer)\s+/i, '')) ? 'an-app[bot]' : store.login;
  return Object.assign(staged, {
    ...running,
    store,
    token,
    faults,
    appTokens,
    end: async () => {
      await running.end();
      store.end();
    },
  });
}

type Handler = (repo: StoredRepo, asked: Asked, rest: readonly string[]) => Said;
const inRepo =
  (store: Store, handler: Handler) =>
  (asked: Asked): Said => {
    const [owner = '', name = '', ...rest] = asked.params;
    const repo = store.find(owner, name);
    return repo ? handler(repo, asked, rest) : missing;
  };
const writing =
  (store: Store, handler: Handler) =>
  (asked: Asked): Said =>
    inRepo(store, (repo, one, rest) => (repo.archived ? archived : handler(repo, one, rest)))(asked);

function lists(store: Store, staged: Staged): Routes {
  const list = (asked: Asked, found: readonly StoredRepo[], here: string): Said =>
    page(
      asked,
      found.map((repo) => repoPayload(repo, asked.origin)),
      (some) => some,
      `/api/v3${here}`,
    );
  const of = (owner: string): StoredRepo[] => store.repos.filter((repo) => repo.owner.toLowerCase() === owner.toLowerCase());
  return {
    'GET /orgs/:/repos': (asked) =>
      store.groups.has(asked.params[0] ?? '') ? list(asked, of(asked.params[0] ?? ''), `/orgs/${asked.params[0]}/repos`) : missing,
    'GET /users/:/repos': (asked) => list(asked, of(asked.params[0] ?? ''), `/users/${asked.params[0]}/repos`),
    'GET /user/repos': (asked) => list(asked, asked.query.get('affiliation') === 'owner' ? of(store.login) : store.repos, '/user/repos'),
    'GET /installation/repositories': (asked) =>
      page(
        asked,
        store.repos.map((repo) => repoPayload(repo, asked.origin)),
        (repositories) => ({ total_count: store.repos.length, repositories }),
        '/api/v3/installation/repositories',
      ),
    'GET /search/repositories': (asked) => {
      const hits = staged.search?.(asked.query.get('q') ?? '', Number(asked.query.get('page') ?? 1));
      const like = store.repos[0];
      if (hits && like) {
        const one = repoPayload(like, asked.origin);
        const items = hits.ids.map((id) => ({ ...one, id, score: 1 }));
        return ok({ total_count: hits.total, incomplete_results: false, items });
      }
      const words = (asked.query.get('q') ?? '').split(' ');
      const topic = words.find((word) => word.startsWith('topic:'))?.slice('topic:'.length);
      const plain = words.filter((word) => !word.includes(':'));
      const found = store.repos.filter(
        (repo) => (topic === undefined || repo.topics.includes(topic)) && plain.every((word) => repo.name.includes(word)),
      );
      const items = found.map((repo) => ({ ...repoPayload(repo, asked.origin), score: 1 }));
      return page(
        asked,
        items,
        (some) => ({ total_count: items.length, incomplete_results: false, items: some }),
        '/api/v3/search/repositories',
      );
    },
  };
}

function repositories(store: Store): Routes {
  return {
    'GET /repos/:/:': inRepo(store, (repo, asked) =>
      repo.name.toLowerCase() === asked.params[1]?.toLowerCase()
        ? ok(fullRepoPayload(repo, asked.origin))
        : { status: 301, json: { message: 'Moved Permanently' }, headers: { location: `${asked.origin}/api/v3/repositories/${repo.id}` } },
    ),
    'GET /repositories/:': (asked) => {
      const repo = store.repos.find((one) => String(one.id) === asked.params[0]);
      return repo ? ok(fullRepoPayload(repo, asked.origin)) : missing;
    },
    'DELETE /repos/:/:': inRepo(store, (repo) => {
      store.remove(repo);
      return { status: 204 };
    }),
    'POST /repos/:/:/forks': inRepo(store, (repo, asked) => {
      const owner = typeof asked.body['organization'] === 'string' ? asked.body['organization'] : store.login;
      const fork = store.repos.find((one) => one.parent === repo && one.owner === owner) ?? store.add(owner, repo.name, repo);
      return { status: 202, json: fullRepoPayload(fork, asked.origin) };
    }),
  };
}

const refPayload = (ref: string, sha: string): object => ({
  ref: `refs/${ref}`,
  node_id: 'x',
  url: 'x',
  object: { type: 'commit', sha, url: 'x' },
});

function objects(store: Store): Routes {
  const emptyRepo = refuse(409, 'Git Repository is empty.');
  return {
    'GET /repos/:/:/git/ref/*': inRepo(store, (repo, _, [ref = '']) => {
      if (git.isEmpty(repo)) return emptyRepo;
      const at = git.head(repo, ref.replace(/^heads\//, ''));
      return at === undefined ? missing : ok(refPayload(ref, at));
    }),
    'POST /repos/:/:/git/refs': writing(store, (repo, asked) => {
      const { ref, sha } = asked.body as { ref: string; sha: string };
      if (!git.hasObject(repo, sha, 'commit')) return refuse(422, 'Object does not exist', { documentation_url: 'x' });
      const made = git.setBranch(store, repo, ref.replace('refs/heads/', ''), sha, undefined);
      return made
        ? created(refPayload(ref.replace('refs/', ''), sha))
        : refuse(422, 'Reference already exists', { documentation_url: 'x' });
    }),
    'DELETE /repos/:/:/git/refs/*': writing(store, (repo, _, [ref = '']) =>
      git.deleteBranch(store, repo, ref.replace(/^heads\//, ''))
        ? { status: 204 }
        : refuse(422, 'Reference does not exist', { documentation_url: 'x' }),
    ),
    'GET /repos/:/:/git/trees/:': inRepo(store, (repo, _, [sha = '']) => {
      if (git.isEmpty(repo)) return emptyRepo;
      const tree = git.treeOf(repo, sha);
      if (tree === undefined) return missing;
      const entries = git.entries(repo, tree).map((entry) => ({ ...entry, url: 'x' }));
      return ok({
        sha: tree,
        url: 'x',
        truncated: false,
        tree: entries.map((entry) => (entry.size === undefined ? { ...entry, size: undefined } : entry)),
      });
    }),
    'POST /repos/:/:/git/trees': writing(store, (repo, asked) => {
      const { tree, base_tree: base } = asked.body as { tree: { path: string; mode: string; sha: string }[]; base_tree?: string };
      const sha = git.writeTree(repo, base, tree);
      return created({
        sha,
        url: 'x',
        truncated: false,
        tree: git.entries(repo, sha).map((entry) => ({ path: entry.path, mode: entry.mode, type: entry.type, sha: entry.sha })),
      });
    }),
    'GET /repos/:/:/git/blobs/:': inRepo(store, (repo, _, [sha = '']) => {
      if (!git.hasObject(repo, sha, 'blob')) return missing;
      const bytes = git.blob(repo, sha);
      // GitHub breaks base64 into lines.
      const content = bytes.toString('base64').replace(/(.{60})/g, '$1\n');
      return ok({ sha, node_id: 'x', url: 'x', size: bytes.byteLength, encoding: 'base64', content });
    }),
    'POST /repos/:/:/git/blobs': writing(store, (repo, asked) => {
      const { content, encoding } = asked.body as { content: string; encoding: 'base64' };
      return created({ sha: git.writeBlob(repo, Buffer.from(content, encoding)), url: 'x' });
    }),
    'GET /repos/:/:/git/commits/:': inRepo(store, (repo, _, [sha = '']) =>
      git.hasObject(repo, sha, 'commit') ? ok(gitCommitPayload(repo, sha)) : missing,
    ),
    'POST /repos/:/:/git/commits': writing(store, (repo, asked) => {
      const { message, tree, parents, author } = asked.body as {
        message: string;
        tree: string;
        parents: string[];
        author?: { name: string; email: string };
      };
      return created(gitCommitPayload(repo, git.writeCommit(repo, { message, tree, parents, author })));
    }),
    'GET /repos/:/:/compare/:': inRepo(store, (repo, asked, [basehead = '']) => {
      const [base = '', tip = ''] = basehead.split('...');
      if (!git.hasObject(repo, base, 'commit') || !git.hasObject(repo, tip, 'commit')) return missing;
      return asked.query.get('page') === '1'
        ? ok(comparePayload(repo, base, tip))
        : ok({ ...comparePayload(repo, base, tip), commits: [] });
    }),
  };
}

function pulls(store: Store): Routes {
  const asked = new Map<string, boolean>();
  const one = (handler: (repo: StoredRepo, pull: StoredPull, asked: Asked) => Said): ((asked: Asked) => Said) =>
    inRepo(store, (repo, request, [number]) => {
      const pull = repo.pulls.find((each) => String(each.number) === number);
      return pull ? (repo.archived && request.method !== 'GET' ? archived : handler(repo, pull, request)) : missing;
    });
  return {
    'GET /repos/:/:/pulls': inRepo(store, (repo, request) => {
      const [owner, ref] = (request.query.get('head') ?? '').split(':');
      const found = repo.pulls.filter(
        (pull) => pull.head.repo.owner === owner && pull.head.ref === ref && pull.base.ref === request.query.get('base'),
      );
      return page(
        request,
        found.map((pull) => pullPayload(repo, pull, request.origin)),
        (some) => some,
        `/api/v3/repos/${repo.owner}/${repo.name}/pulls`,
      );
    }),
    'POST /repos/:/:/pulls': writing(store, (repo, request) => openPull(store, repo, request)),
    'GET /repos/:/:/pulls/:': one((repo, pull, request) => ok(fullPullPayload(repo, pull, request.origin, asked))),
    'PATCH /repos/:/:/pulls/:': one((repo, pull, request) => {
      const { state, ...words } = request.body as { state?: 'open' | 'closed'; title?: string; body?: string };
      if (state === 'open' && git.head(pull.head.repo, pull.head.ref) === undefined)
        return invalid('state cannot be changed. The branch has been deleted.');
      if (state && pull.state === 'merged') return invalid('Cannot change the state of a merged pull request');
      Object.assign(pull, words, state ? { state, closedAt: state === 'closed' ? git.now() : undefined } : {});
      return ok(fullPullPayload(repo, pull, request.origin, asked));
    }),
    'GET /repos/:/:/pulls/:/reviews': one((repo, _, request) =>
      page(request, [], (some) => some, `/api/v3/repos/${repo.owner}/${repo.name}/reviews`),
    ),
    'POST /repos/:/:/pulls/:/requested_reviewers': one((repo, pull, request) => {
      const { reviewers = [] } = request.body as { reviewers?: string[] };
      if (!reviewers.every((name) => repo.members.has(name)))
        return refuse(422, 'Reviews may only be requested from collaborators.', { documentation_url: 'x' });
      for (const name of reviewers) pull.reviewers.add(name);
      return created(pullPayload(repo, pull, request.origin));
    }),
    'POST /repos/:/:/issues/:/labels': one((_, pull, request) => {
      for (const name of (request.body as { labels: string[] }).labels) pull.labels.add(name);
      return ok(
        [...pull.labels].map((name) => ({ name, id: 1, node_id: 'x', url: 'x', color: '00aabb', default: false, description: 'x' })),
      );
    }),
    'POST /repos/:/:/issues/:/assignees': one((repo, pull, request) => {
      for (const name of (request.body as { assignees: string[] }).assignees) if (repo.members.has(name)) pull.assignees.add(name);
      return created({ number: pull.number, title: pull.title, state: 'open', assignees: [...pull.assignees].map(userPayload) });
    }),
    'POST /repos/:/:/issues/:/comments': one((_, pull, request) => {
      pull.comments.push(String(request.body['body']));
      return created({ id: pull.comments.length, body: String(request.body['body']), user: userPayload(store.login) });
    }),
    'PUT /repos/:/:/pulls/:/merge': one((repo, pull, request) => {
      const { sha, merge_method: method } = request.body as { sha?: string; merge_method: 'merge' | 'squash' | 'rebase' };
      if (pull.state !== 'open') return refuse(405, 'Pull Request is not mergeable', { documentation_url: 'x' });
      if (sha !== undefined && sha !== pull.head.sha)
        return refuse(409, 'Head branch was modified. Review and try the merge again.', { documentation_url: 'x' });
      if (repo.protectedBranches.has(pull.base.ref))
        return refuse(405, 'At least 1 approving review is required by reviewers with write access.', { documentation_url: 'x' });
      const made = git.merge(store, repo, pull, method);
      return made
        ? ok({ sha: made, merged: true, message: 'Pull Request successfully merged' })
        : refuse(405, 'Pull Request is not mergeable', { documentation_url: 'x' });
    }),
  };
}

function openPull(store: Store, repo: StoredRepo, request: Asked): Said {
  const wanted = request.body as { title: string; body: string; head: string; head_repo?: string; base: string; draft?: boolean };
  const [owner = repo.owner, ref = ''] = wanted.head.includes(':') ? wanted.head.split(':') : [repo.owner, wanted.head];
  const from =
    owner === repo.owner
      ? repo
      : store.repos.find((one) => one.owner === owner && one.parent === repo && (wanted.head_repo ?? one.name) === one.name);
  const [sha, base] = [from && git.head(from, ref), git.head(repo, wanted.base)];
  if (!from || sha === undefined || base === undefined)
    return refuse(422, 'Validation Failed', {
      documentation_url: 'x',
      errors: [{ resource: 'PullRequest', field: 'head', code: 'invalid' }],
    });
  if (repo.pulls.some((pull) => pull.state === 'open' && pull.head.repo === from && pull.head.ref === ref && pull.base.ref === wanted.base))
    return invalid(`A pull request already exists for ${owner}:${ref}.`);
  git.fetchHead(repo, from, ref);
  if (git.between(repo, base, sha).length === 0) return invalid(`No commits between ${wanted.base} and ${ref}`);
  const more = {
    labels: new Set<string>(),
    assignees: new Set<string>(),
    reviewers: new Set<string>(),
    comments: [],
    createdBy: store.login,
    mergeSha: undefined,
    closedAt: undefined,
  };
  const head = { repo: from, ref, sha };
  const pull: StoredPull = {
    number: repo.pulls.length + 1,
    title: wanted.title,
    body: wanted.body,
    draft: wanted.draft ?? false,
    state: 'open',
    head,
    base: { ref: wanted.base, sha: base },
    ...more,
  };
  repo.pulls.push(pull);
  return created(fullPullPayload(repo, pull, request.origin, new Map()));
}

function apps(tokens: Set<string>): Routes {
  return {
    'GET /app/installations': () => ok([{ id: 7, app_id: 1, app_slug: 'an-app', target_id: 1, target_type: 'Organization' }]),
    'POST /app/installations/:/access_tokens': (asked) => {
      const token = `app-token-of-${asked.params[0]}-${tokens.size}`;
      tokens.add(token);
      return created({ token, expires_at: new Date(Date.now() + 3_600_000).toISOString(), permissions: {}, repository_selection: 'all' });
    },
  };
}
