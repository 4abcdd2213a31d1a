// A fake forge as a forge under test: what a person does there is done in its store.
import type { Connection } from '../../src/forge/connection.ts';
import { createPace } from '../../src/forge/pace.ts';
import { createRedactor } from '../../src/forge/secrets.ts';
import type { Forge, RepoRef } from '../../src/forge/types.ts';
import { push, type Store, type StoredRepo } from './fake/store.ts';
import type { Site } from './site.ts';

/** Time passes as fast as it is slept through: a fake is ready when it was asked often enough, not after a while. */
function swiftClock(): Connection['clock'] {
  let slept = 0;
  return {
    now: () => Date.now() + slept,
    random: Math.random,
    sleep: (ms) =>
      new Promise((resolve) => {
        slept += Math.max(ms, 0);
        setImmediate(resolve);
      }),
  };
}

export function connectionTo(origin: string, token: string): Connection {
  const clock = swiftClock();
  return {
    baseUrl: origin,
    credential: { kind: 'token', value: token },
    pace: createPace({ contentPerMinute: 10_000, contentPerHour: 100_000, pointsPerMinute: undefined, reserve: 0.1, clock }),
    redactor: createRedactor(),
    clock,
    signal: undefined,
    timeout: 30_000,
  };
}

export function siteOf(
  fake: { store: Store; origin: string; token: string; end(): Promise<void> },
  connect: (connection: Connection) => Promise<Forge>,
): Site {
  const { store } = fake;
  const { host } = new URL(fake.origin);
  const stored = ({ owner, name }: RepoRef): StoredRepo => {
    const found = store.find(owner, name);
    if (!found) throw new Error(`no repository ${owner}/${name}`);
    return found;
  };
  const make = (owner: string, name: string, files: Parameters<typeof push>[3] | undefined): RepoRef => {
    const repo = store.add(owner, name);
    if (files) push(store, repo, 'main', files);
    return { host, owner, name };
  };
  return {
    name: 'fake',
    connect: (change) => connect({ ...connectionTo(fake.origin, fake.token), ...change }),
    create: async (name, files) => make(store.login, name, files),
    push: async (repo, branch, files) => push(store, stored(repo), branch, files),
    archive: async (repo) => void (stored(repo).archived = true),
    label: async (repo, name) => void stored(repo).labels.add(name),
    async person(repo) {
      store.users.add('reader');
      stored(repo).members.add('reader');
      return 'reader';
    },
    async foreign(name, files) {
      store.groups.add('an-org');
      return make('an-org', name, files);
    },
    async status(repo, sha, context, state) {
      const { statuses } = stored(repo);
      statuses.set(sha, (statuses.get(sha) ?? new Map<string, string>()).set(context, state));
    },
    protect: async (repo, branch) => void stored(repo).protectedBranches.add(branch),
    setTopics: async (repo, topics) => void (stored(repo).topics = topics),
    rename: async (repo, name) => store.rename(stored(repo), name),
    end: () => fake.end(),
  };
}
