// A fake GitLab over bare repositories: the endpoints that the client uses, with GitLab's words and statuses.
// Source: docs.gitlab.com/api, and lib/api of GitLab for the words of refusals.
import { created, ok, page, serve, type Asked, type Routes, type Running, type Said } from './server.ts';
import * as git from './store.ts';
import { createStore, type Store, type StoredPull, type StoredRepo } from './store.ts';

export interface FakeGitLab extends Running {
  store: Store;
  token: string;
}

/** GitLab says most refusals as `message`, some as a list. */
const refuse = (status: number, message: unknown): Said => ({ status, json: { message } });
const missing = refuse(404, '404 Project Not Found');
const forbidden = refuse(403, '403 Forbidden');

export async function fakeGitLab(): Promise<FakeGitLab> {
  const store = createStore('bot');
  const token = 'glpat-fake-0123456789abcdef';
  const running = await serve(
    { ...projects(store), ...objects(store), ...requests(store) },
    {
      prefix: /^\/api\/v4(?=\/)/,
      before: (asked) => (asked.headers['private-token'] === token ? undefined : refuse(401, '401 Unauthorized')),
      after: () => undefined,
    },
  );
  return {
    ...running,
    store,
    token,
    end: async () => {
      await running.end();
      store.end();
    },
  };
}

const find = (store: Store, id: string): StoredRepo | undefined => {
  const cut = id.lastIndexOf('/');
  return /^\d+$/.test(id) ? store.repos.find((repo) => String(repo.id) === id) : store.find(id.slice(0, cut), id.slice(cut + 1));
};
type Handler = (repo: StoredRepo, asked: Asked, rest: readonly string[]) => Said;
const inProject =
  (store: Store, handler: Handler) =>
  (asked: Asked): Said => {
    const [id = '', ...rest] = asked.params;
    const repo = find(store, id);
    return repo ? handler(repo, asked, rest) : missing;
  };
const writing = (store: Store, handler: Handler): ((asked: Asked) => Said) =>
  inProject(store, (repo, asked, rest) => (repo.archived ? forbidden : handler(repo, asked, rest)));

const path = (repo: StoredRepo): string => `${repo.owner}/${repo.name}`;

function projectPayload(repo: StoredRepo, origin: string): Record<string, unknown> {
  const empty = git.isEmpty(repo);
  return {
    id: repo.id,
    path: repo.name,
    path_with_namespace: path(repo),
    default_branch: empty ? null : 'main',
    visibility: 'public',
    topics: repo.topics,
    http_url_to_repo: `${origin}/${path(repo)}.git`,
    web_url: `${origin}/${path(repo)}`,
    last_activity_at: '2026-11-25T12:00:00.000Z',
    archived: repo.archived,
    empty_repo: empty,
    repository_access_level: 'enabled',
    import_status: 'finished',
    permissions: { project_access: { access_level: 40, notification_level: 3 }, group_access: null },
    ...(repo.parent ? { forked_from_project: { id: repo.parent.id, path_with_namespace: path(repo.parent) } } : {}),
  };
}

function projects(store: Store): Routes {
  const list = (asked: Asked, found: readonly StoredRepo[]): Said =>
    page(
      asked,
      found.map((repo) => projectPayload(repo, asked.origin)),
      (some) => some,
      '/api/v4/projects',
    );
  return {
    'GET /user': () => ok({ id: 1, username: store.login }),
    'GET /users': (asked) => {
      const name = asked.query.get('username') ?? '';
      return ok([...store.users].flatMap((username, index) => (username === name ? [{ id: index + 1, username }] : [])));
    },
    'GET /users/:/projects': (asked) =>
      list(
        asked,
        store.repos.filter((repo) => repo.owner === [...store.users][Number(asked.params[0]) - 1]),
      ),
    'GET /groups/:/projects': (asked) => {
      const [group = ''] = asked.params;
      const inside = (repo: StoredRepo): boolean =>
        repo.owner === group || (asked.query.get('include_subgroups') === 'true' && repo.owner.startsWith(`${group}/`));
      return store.groups.has(group) ? list(asked, store.repos.filter(inside)) : refuse(404, '404 Group Not Found');
    },
    'GET /projects': (asked) => {
      const [topic, search] = [asked.query.get('topic'), asked.query.get('search')];
      return list(
        asked,
        store.repos.filter((repo) => (topic === null || repo.topics.includes(topic)) && (search === null || repo.name.includes(search))),
      );
    },
    'GET /projects/:': inProject(store, (repo, asked) => {
      const [id = ''] = asked.params;
      // A renamed project: GitLab redirects reads to its id.
      if (!/^\d+$/.test(id) && id !== path(repo))
        return { status: 301, headers: { location: `${asked.origin}/api/v4/projects/${repo.id}` } };
      return ok(projectPayload(repo, asked.origin));
    }),
    'DELETE /projects/:': inProject(store, (repo) => {
      store.remove(repo);
      return { status: 202, json: { message: '202 Accepted' } };
    }),
    'GET /projects/:/forks': inProject(store, (repo, asked) =>
      list(
        asked,
        store.repos.filter((one) => one.parent === repo),
      ),
    ),
    'POST /projects/:/fork': inProject(store, (repo, asked) => {
      const owner = String(asked.body['namespace_path'] ?? store.login);
      if (store.find(owner, repo.name))
        return refuse(409, ['Project namespace name has already been taken', 'Name has already been taken']);
      return created({ ...projectPayload(store.add(owner, repo.name, repo), asked.origin), import_status: 'scheduled' });
    }),
  };
}

function commitPayload(repo: StoredRepo, sha: string): Record<string, unknown> {
  const { parents, author, message } = git.commit(repo, sha);
  return {
    id: sha,
    short_id: sha.slice(0, 8),
    parent_ids: parents,
    title: message.split('\n')[0],
    message,
    author_name: author.name,
    author_email: author.email,
    web_url: 'x',
  };
}

interface Action {
  action: string;
  file_path: string;
  content?: string;
  encoding?: string;
  last_commit_id?: string;
  execute_filemode?: boolean;
}

const lastChange = (repo: StoredRepo, at: string, file: string): string =>
  git.git(repo, ['rev-list', '-1', at, '--', file]).toString('utf8').trim();

function makeCommit(store: Store, repo: StoredRepo, asked: Asked): Said {
  const {
    branch,
    start_sha: start,
    force,
    commit_message: message,
    actions,
    author_name: name,
    author_email: email,
  } = asked.body as {
    branch: string;
    start_sha?: string;
    force?: boolean;
    commit_message: string;
    actions: Action[];
    author_name?: string;
    author_email?: string;
  };
  const at = git.head(repo, branch);
  if (start === undefined && at === undefined && !git.isEmpty(repo))
    return refuse(400, 'You can only create or edit files when you are on a branch');
  if (start !== undefined && at !== undefined && !force)
    return refuse(400, `A branch called '${branch}' already exists. Switch to that branch in order to make changes`);
  const parent = start ?? at ?? '';
  const files = new Map(git.entries(repo, parent).map((entry) => [entry.path, { path: entry.path, mode: entry.mode, sha: entry.sha }]));
  const written = new Map<string, { path: string; mode: string; sha: string }>();
  for (const one of actions) {
    const before = written.get(one.file_path) ?? files.get(one.file_path);
    if (one.action === 'create' && before) return refuse(400, 'A file with this name already exists');
    if (one.action === 'update' && !before) return refuse(400, "A file with this name doesn't exist");
    if (one.action === 'update' && one.last_commit_id && lastChange(repo, parent, one.file_path) !== one.last_commit_id)
      return refuse(400, 'You are attempting to update a file that has changed since you started editing it.');
    if (one.action === 'chmod' && before) written.set(one.file_path, { ...before, mode: one.execute_filemode ? '100755' : '100644' });
    else
      written.set(one.file_path, {
        path: one.file_path,
        mode: before?.mode ?? '100644',
        sha: git.writeBlob(repo, Buffer.from(one.content ?? '', one.encoding === 'base64' ? 'base64' : 'utf8')),
      });
  }
  const tree = git.writeTree(repo, parent, [...written.values()]);
  const author = name !== undefined && email !== undefined ? { name, email } : undefined;
  const sha = git.writeCommit(repo, { tree, parents: [parent], message, author });
  git.setBranch(store, repo, branch, sha, at);
  return created(commitPayload(repo, sha));
}

function objects(store: Store): Routes {
  return {
    'GET /projects/:/repository/branches': inProject(store, (repo, asked) =>
      page(
        asked,
        git.heads(repo).map(({ name, sha }) => ({ name, commit: commitPayload(repo, sha) })),
        (some) => some,
        '/api/v4/branches',
      ),
    ),
    'GET /projects/:/repository/branches/:': inProject(store, (repo, _, [branch = '']) => {
      const at = git.head(repo, branch);
      return at === undefined ? refuse(404, '404 Branch Not Found') : ok({ name: branch, commit: commitPayload(repo, at) });
    }),
    'DELETE /projects/:/repository/branches/:': writing(store, (repo, _, [branch = '']) =>
      git.deleteBranch(store, repo, branch) ? { status: 204 } : refuse(404, '404 Branch Not Found'),
    ),
    'GET /projects/:/repository/tree': inProject(store, (repo, asked) => {
      const tree = git.treeOf(repo, asked.query.get('ref') ?? '');
      if (tree === undefined) return refuse(404, '404 Tree Not Found');
      const found = git
        .entries(repo, tree)
        .map((entry) => ({ id: entry.sha, name: entry.path.split('/').at(-1), type: entry.type, path: entry.path, mode: entry.mode }));
      return page(asked, found, (some) => some, '/api/v4/tree');
    }),
    'GET /projects/:/repository/blobs/:': inProject(store, (repo, _, [sha = '']) => {
      if (!git.hasObject(repo, sha, 'blob')) return refuse(404, '404 Blob Not Found');
      const bytes = git.blob(repo, sha);
      return ok({ size: bytes.byteLength, encoding: 'base64', content: bytes.toString('base64'), sha });
    }),
    'GET /projects/:/repository/files/:': inProject(store, (repo, asked, [file = '']) => {
      const at = asked.query.get('ref') ?? '';
      const entry = git.entries(repo, at).find((one) => one.path === file);
      return entry
        ? ok({ file_path: file, blob_id: entry.sha, last_commit_id: lastChange(repo, at, file), content: '' })
        : refuse(404, '404 File Not Found');
    }),
    'GET /projects/:/repository/commits/:': inProject(store, (repo, _, [sha = '']) =>
      git.hasObject(repo, sha, 'commit') ? ok(commitPayload(repo, sha)) : refuse(404, '404 Commit Not Found'),
    ),
    'GET /projects/:/repository/commits': inProject(store, (repo, asked) => {
      const [from = '', to = ''] = (asked.query.get('ref_name') ?? '').split('..');
      const found = git.between(repo, from, to).reverse();
      return page(
        asked,
        found.map(({ sha }) => commitPayload(repo, sha)),
        (some) => some,
        '/api/v4/commits',
      );
    }),
    'POST /projects/:/repository/commits': writing(store, (repo, asked) => makeCommit(store, repo, asked)),
    'GET /projects/:/repository/commits/:/statuses': inProject(store, (repo, asked, [sha = '']) => {
      const words: Record<string, string> = { failure: 'failed' };
      const found = [...(repo.statuses.get(sha) ?? [])].map(([name, state]) => ({
        name,
        status: words[state] ?? state,
        allow_failure: false,
      }));
      return page(asked, found, (some) => some, '/api/v4/statuses');
    }),
  };
}

function requestPayload(
  repo: StoredRepo,
  pull: StoredPull,
  origin: string,
  known: 'checking' | 'can_be_merged' | 'cannot_be_merged',
  users: readonly string[],
): Record<string, unknown> {
  const people = (names: ReadonlySet<string>): object[] => [...names].map((username) => ({ id: users.indexOf(username) + 1, username }));
  const open = pull.state === 'open';
  return {
    iid: pull.number,
    web_url: `${origin}/${path(repo)}/-/merge_requests/${pull.number}`,
    state: open ? 'opened' : pull.state,
    draft: /^draft:/i.test(pull.title),
    source_branch: pull.head.ref,
    target_branch: pull.base.ref,
    source_project_id: pull.head.repo.id,
    target_project_id: repo.id,
    sha: pull.head.sha,
    diff_refs: { base_sha: pull.base.sha, head_sha: pull.head.sha, start_sha: pull.base.sha },
    title: pull.title,
    description: pull.body,
    labels: [...pull.labels],
    has_conflicts: known === 'cannot_be_merged',
    merge_status: known,
    detailed_merge_status:
      known === 'cannot_be_merged'
        ? 'conflict'
        : known === 'checking'
          ? 'checking'
          : repo.protectedBranches.has(pull.base.ref)
            ? 'not_approved'
            : 'mergeable',
    head_pipeline: null,
    discussion_locked: null,
    merged_at: pull.state === 'merged' ? pull.closedAt : null,
    closed_at: pull.state === 'closed' ? pull.closedAt : null,
    merge_user: pull.state === 'merged' ? { id: 1, username: 'bot' } : null,
    closed_by: null,
    merge_commit_sha: pull.mergeSha ?? null,
    reviewers: people(pull.reviewers),
    assignees: people(pull.assignees),
  };
}

function requests(store: Store): Routes {
  const asked = new Map<string, 'can_be_merged' | 'cannot_be_merged'>();
  const users = (): string[] => [...store.users];
  /** Worked out after it was asked for: `checking` the first time. */
  function shown(repo: StoredRepo, pull: StoredPull, origin: string): Record<string, unknown> {
    const base = git.head(repo, pull.base.ref) ?? '';
    const key = `${repo.id}/${pull.number}/${pull.head.sha}/${base}`;
    const known = asked.get(key);
    if (known === undefined) {
      git.fetchHead(repo, pull.head.repo, pull.head.ref);
      asked.set(key, git.mergedTree(repo, base, pull.head.sha) === undefined ? 'cannot_be_merged' : 'can_be_merged');
    }
    return requestPayload(repo, pull, origin, known ?? 'checking', users());
  }
  const one = (handler: (repo: StoredRepo, pull: StoredPull, asked: Asked) => Said): ((asked: Asked) => Said) =>
    inProject(store, (repo, request, [number]) => {
      const pull = repo.pulls.find((each) => String(each.number) === number);
      return pull ? (repo.archived && request.method !== 'GET' ? forbidden : handler(repo, pull, request)) : refuse(404, '404 Not found');
    });
  return {
    'GET /projects/:/merge_requests': inProject(store, (repo, request) => {
      const [source, target] = [request.query.get('source_branch'), request.query.get('target_branch')];
      const found = repo.pulls.filter((pull) => pull.head.ref === source && pull.base.ref === target).reverse();
      return page(
        request,
        found.map((pull) => requestPayload(repo, pull, request.origin, 'checking', users())),
        (some) => some,
        '/api/v4/merge_requests',
      );
    }),
    'POST /projects/:/merge_requests': inProject(store, (source, request) => openRequest(store, source, request)),
    'GET /projects/:/merge_requests/:': one((repo, pull, request) => ok(shown(repo, pull, request.origin))),
    'GET /projects/:/merge_requests/:/approvals': one(() => ok({ approved: true, approved_by: [] })),
    'PUT /projects/:/merge_requests/:': one((repo, pull, request) => {
      const { state_event: event, title, description, add_labels: add } = request.body as Record<string, string | undefined>;
      if (event === 'reopen' && pull.state !== 'closed') return refuse(405, '405 Method Not Allowed');
      if (event) Object.assign(pull, { state: event === 'close' ? 'closed' : 'open', closedAt: event === 'close' ? git.now() : undefined });
      Object.assign(pull, title === undefined ? {} : { title }, description === undefined ? {} : { body: description });
      for (const label of add?.split(',') ?? []) pull.labels.add(label);
      setPeople(store, repo, pull, request);
      return ok(shown(repo, pull, request.origin));
    }),
    'POST /projects/:/merge_requests/:/notes': one((_, pull, request) => {
      pull.comments.push(String(request.body['body']));
      return created({ id: pull.comments.length, body: request.body['body'] });
    }),
    'PUT /projects/:/merge_requests/:/merge': one((repo, pull, request) => {
      if (request.body['auto_merge'] === true && repo.protectedBranches.has(pull.base.ref)) {
        pull.autoMerge = request.body['squash'] === true ? 'squash' : 'merge';
        return ok(shown(repo, pull, request.origin));
      }
      if (pull.state !== 'open' || /^draft:/i.test(pull.title) || repo.protectedBranches.has(pull.base.ref))
        return refuse(405, '405 Method Not Allowed');
      if (request.body['sha'] !== undefined && request.body['sha'] !== pull.head.sha)
        return refuse(409, 'SHA does not match HEAD of source branch: x');
      const made = git.merge(store, repo, pull, request.body['squash'] === true ? 'squash' : 'merge');
      return made ? ok(shown(repo, pull, request.origin)) : refuse(422, 'Branch cannot be merged');
    }),
  };
}

/** Whom GitLab does not know or who has no access is left out without a word. */
function setPeople(store: Store, repo: StoredRepo, pull: StoredPull, request: Asked): void {
  for (const [field, set] of [
    ['reviewer_ids', pull.reviewers],
    ['assignee_ids', pull.assignees],
  ] as const) {
    const ids = request.body[field] as number[] | undefined;
    if (!ids) continue;
    set.clear();
    for (const id of ids) {
      const name = [...store.users][id - 1];
      if (name !== undefined && repo.members.has(name)) set.add(name);
    }
  }
}

function openRequest(store: Store, source: StoredRepo, request: Asked): Said {
  const wanted = request.body as {
    source_branch: string;
    target_branch: string;
    title: string;
    description?: string;
    labels?: string;
    target_project_id?: number;
  };
  const repo = wanted.target_project_id === undefined ? source : store.repos.find((one) => one.id === wanted.target_project_id);
  if (!repo) return missing;
  if (repo.archived) return forbidden;
  const [sha, base] = [git.head(source, wanted.source_branch), git.head(repo, wanted.target_branch)];
  if (sha === undefined || base === undefined) return refuse(400, [`Source branch "${wanted.source_branch}" does not exist`]);
  const open = repo.pulls.find(
    (pull) =>
      pull.state === 'open' &&
      pull.head.repo === source &&
      pull.head.ref === wanted.source_branch &&
      pull.base.ref === wanted.target_branch,
  );
  if (open) return refuse(409, [`Another open merge request already exists for this source branch: !${open.number}`]);
  git.fetchHead(repo, source, wanted.source_branch);
  const pull: StoredPull = {
    number: repo.pulls.length + 1,
    title: wanted.title,
    body: wanted.description ?? '',
    draft: false,
    state: 'open',
    head: { repo: source, ref: wanted.source_branch, sha },
    base: { ref: wanted.target_branch, sha: base },
    labels: new Set(wanted.labels?.split(',')),
    assignees: new Set(),
    reviewers: new Set(),
    comments: [],
    createdBy: store.login,
    mergeSha: undefined,
    closedAt: undefined,
  };
  repo.pulls.push(pull);
  setPeople(store, repo, pull, request);
  return created(requestPayload(repo, pull, request.origin, 'checking', [...store.users]));
}
