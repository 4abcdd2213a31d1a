// test/e2e/bulk: a campaign over a real Redis: four workers, killed at random and started again, and so is the journal's owner.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJournal } from '../../../src/bulk/journal/log.ts';
import type { JournalEvent } from '../../../src/bulk/types.ts';
import { fakeForge } from '../../bulk/fake-forge.ts';
import { fakeGitea, type FakeGitea } from '../../bulk/fake-gitea.ts';
import { smallFiles } from './repositories.ts';
import { redisServer, whyNoRedis, type RedisServer } from '../../bulk/queue/redis-server.ts';
import { cli, random, run, seen, type Ran } from './program.ts';
import { filesWith, type Scene } from './scene.ts';

type Checks = Pick<Scene, 'check' | 'say' | 'seed'> & { repositories: number; kills: number; totals: Scene['totals'] };

const token = 'planted-token-0f3a9c12d4e5b678';
const workers = 4;
/** The campaign's branch of a repository is opened by these many requests that create content: a commit with its branch, a pull request. */
const requestsOfOne = 2;

/** The second campaign: so many pull requests of 20 repositories. */
const campaign = 'paced';
const wanted = 12;

interface Stage {
  dir: string;
  redis: RedisServer;
  gitea: FakeGitea;
  env: Record<string, string>;
}

/** Each repository is done once, none is lost, no pull request is opened twice; one rate over all workers. */
export async function redisScenario(checks: Checks): Promise<void> {
  const { say, repositories } = checks;
  say(`== ${repositories} repositories over a queue, ${workers} workers`);
  const why = whyNoRedis();
  if (why !== undefined) return say(`  skipped: ${why}`);
  const forge = fakeForge();
  for (let n = 0; n < repositories; n++) forge.addRepo(`app-${n}`, smallFiles(n));
  const gitea = await fakeGitea(forge);
  const redis = await redisServer();
  const dir = mkdtempSync(join(tmpdir(), 'dockerfile-mod-e2e-queue-'));
  const stage = { dir, redis, gitea, env: { DOCKERFILE_MOD_TOKEN: token, DOCKERFILE_MOD_QUEUE: redis.url } };
  try {
    await killedRounds(checks, stage, forge);
    await paced(checks, stage);
    await graceful(checks, stage);
    leftovers(checks, stage);
  } finally {
    await redis.end();
    await gitea.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function killedRounds(checks: Checks, stage: Stage, forge: ReturnType<typeof fakeForge>): Promise<void> {
  const { check, say, repositories, kills, totals } = checks;
  const next = random(checks.seed);
  const pool = startWorkers(stage, 'queue');
  const planned = await killing(checks, stage, pool, next, kills / 2, planArgs(stage, 'queue'));
  say(
    `  planned in ${planned.seconds.toFixed(0)} s, ${planned.killed} workers and ${planned.owners} owners killed, Redis ${planned.restarts} times`,
  );
  const published = await killing(checks, stage, pool, next, kills / 2, publishArgs);
  say(
    `  published in ${published.seconds.toFixed(0)} s, ${published.killed} workers and ${published.owners} owners killed, Redis ${published.restarts} times`,
  );
  await pool.end();
  totals.kills += planned.killed + planned.owners + published.killed + published.owners;
  const events = eventsOf(join(stage.dir, 'journal', 'queue'));
  const per = (ev: JournalEvent['ev']): number[] => {
    const counts = new Map<string, number>([...forge.repos.values()].map(({ info }) => [`${host(stage)}/${info.owner}/${info.name}`, 0]));
    for (const event of events) if (event.ev === ev) counts.set(event.repo, (counts.get(event.repo) ?? 0) + 1);
    return [...counts.values()];
  };
  const once = (ev: JournalEvent['ev']): boolean => per(ev).length === repositories && per(ev).every((count) => count === 1);
  const pulls = [...forge.repos.values()].map((repo) => repo.pulls.length);
  check(`workers were killed while they worked: ${planned.killed + published.killed}`, planned.killed + published.killed >= kills / 2);
  for (const ev of ['discovered', 'planned', 'push.done', 'open.done'] as const)
    check(`each repository has one ${ev} in the journal`, once(ev), histogram(per(ev)));
  check(
    'no pull request twice, none missing',
    pulls.every((count) => count === 1),
    histogram(pulls),
  );
  const froms = events.flatMap(({ from }) => (from === undefined ? [] : [from]));
  check('no entry of the stream is in the journal twice', froms.length > 0 && new Set(froms).size === froms.length);
  const records = await readJournal(join(stage.dir, 'journal', 'queue'));
  check('all are open', records.size === repositories && [...records.values()].every(({ state, pending }) => state === 'open' && !pending));
  Object.assign(totals.counts, {
    queueRepositories: repositories,
    queueWorkersKilled: planned.killed + published.killed,
    queueOwnersKilled: planned.owners + published.owners,
    queueRedisKilled: planned.restarts + published.restarts,
    queuePulls: pulls.reduce((sum, count) => sum + count, 0),
    queueDuplicates: pulls.filter((count) => count > 1).length,
    queuePlanSeconds: Math.round(planned.seconds),
    queuePublishSeconds: Math.round(published.seconds),
    queueRedisBytes: await stage.redis.memory(),
  });
}

const host = ({ gitea }: Stage): string => new URL(gitea.url).host;
const histogram = (counts: readonly number[]): Record<number, number> => {
  const found: Record<number, number> = {};
  for (const count of counts) found[count] = (found[count] ?? 0) + 1;
  return found;
};

const planArgs =
  ({ gitea }: Stage, id: string, pace: readonly string[] = ['--content-per-minute', '100000', '--prs-per-hour', '1000000']) =>
  (): string[] => [
    ...['enqueue', '--id', id, '--platform', 'gitea', '--base-url', gitea.url, '--org', 'acme', '--transport', 'api'],
    ...['--canary', '2', ...pace],
  ];
const publishArgs = (): string[] => ['enqueue', '--id', 'queue', '--publish', '--yes'];

const owner = (stage: Stage, args: readonly string[], killAfter?: number): Promise<Ran> =>
  run(['bulk', ...args, '--journal', join(stage.dir, 'journal')], {
    cwd: stage.dir,
    env: stage.env,
    ...(killAfter === undefined ? {} : { killAfter }),
  });

interface Pool {
  /** Resolves when all have said that they work. */
  ready(): Promise<void>;
  /** SIGKILL of one that works; another one is started in its place. Answers how many were killed: none may work yet. */
  kill(chance: number): number;
  end(): Promise<(number | null)[]>;
}

/** `lostAfter`: seconds; short, so that lost workers' jobs come back soon. */
function startWorkers({ dir, env }: Stage, id: string, lostAfter = 8): Pool {
  let ending = false;
  const start = (): ChildProcess => {
    const child = spawn(
      process.execPath,
      [cli, 'bulk', 'work', '--id', id, '--lost-after', String(lostAfter), '--write-concurrency', '2'],
      {
        cwd: dir,
        env: { PATH: process.env.PATH ?? '', HOME: dir, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        seen.output.push(chunk.toString());
        if (chunk.includes('working on')) working.add(child);
      });
    return child;
  };
  const running: ChildProcess[] = [];
  const working = new Set<ChildProcess>();
  const place = (at: number): void => {
    const child = start();
    running[at] = child;
    // Before anything is on the queue it says so and ends: it is started again, as a service manager would.
    child.once('exit', () => {
      if (!ending) setTimeout(() => !ending && place(at), 500);
    });
  };
  for (let at = 0; at < workers; at++) place(at);
  return {
    async ready() {
      while (!running.every((child) => working.has(child))) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    kill(chance) {
      const alive = running.filter((child) => working.has(child) && child.exitCode === null && child.signalCode === null);
      return alive[Math.floor(chance * alive.length)]?.kill('SIGKILL') === true ? 1 : 0;
    },
    async end() {
      ending = true;
      return Promise.all(
        running.map(
          (child) =>
            new Promise<number | null>((resolve) => {
              if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
              child.once('exit', (code) => resolve(code));
              child.kill('SIGTERM');
            }),
        ),
      );
    },
  };
}

/** A round whose workers, owner and Redis are killed meanwhile, until it has ended. */
async function killing(
  { check }: Checks,
  stage: Stage,
  pool: Pool,
  next: () => number,
  kills: number,
  args: () => string[],
): Promise<{ killed: number; owners: number; restarts: number; seconds: number }> {
  const started = Date.now();
  const counts = { killed: 0, owners: 0, restarts: 0 };
  let ended = false;
  const killer = (async () => {
    while (!ended && counts.killed < kills) {
      await new Promise((resolve) => setTimeout(resolve, 500 + next() * 2_500));
      if (ended) return;
      const more = pool.kill(next());
      counts.killed += more;
      if (more > 0 && counts.killed % 10 === 5) {
        await stage.redis.restart();
        counts.restarts += 1;
      }
    }
  })();
  for (let tries = 0; ; tries++) {
    const ran = await owner(stage, args(), tries < 3 ? 8_000 + next() * 12_000 : undefined);
    if (ran.killed) counts.owners += 1;
    // Started while Redis is: a service manager starts it again.
    else if (!ran.err.includes('does not answer')) {
      check(`${args().includes('--publish') ? 'publishing' : 'planning'} ends well`, ran.code === 0, ran);
      break;
    }
  }
  ended = true;
  await killer;
  return { ...counts, seconds: (Date.now() - started) / 1000 };
}

/** SIGTERM: running jobs end, the process ends by itself, and nothing is left half done. */
async function graceful({ check, say }: Checks, stage: Stage): Promise<void> {
  say('== SIGTERM');
  const pool = startWorkers(stage, campaign);
  const again = owner(stage, ['enqueue', '--id', campaign, '--publish', '--yes', '--max-prs', '0']);
  await pool.ready();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const codes = await pool.end();
  check(
    'workers end by themselves',
    codes.every((code) => code === 0),
    codes,
  );
  const second = startWorkers(stage, campaign);
  const ran = await again;
  await second.end();
  check('a second round changes nothing', ran.code === 5 && ran.out === `${wanted} unchanged\n`, ran);
  const status = await owner(stage, ['status', '--id', campaign]);
  check('status tells of the queue', /queue publish .*: 0 waiting, 0 active/.test(status.out), status);
}

/** Counted at the forge: in no minute more than was allowed, by all workers together; and all of them rest when it asks. */
async function paced({ check, say }: Checks, stage: Stage): Promise<void> {
  const perMinute = 10;
  say(`== one rate over ${workers} workers: ${perMinute} a minute`);
  const pace = ['--content-per-minute', String(perMinute), '--prs-per-hour', '100000', '--include', '/app-1?\\d$'];
  const pool = startWorkers(stage, campaign, 30);
  const planned = await owner(stage, planArgs(stage, campaign, pace)());
  const before = stage.gitea.content.length;
  const refused = 2;
  stage.gitea.refuseContent(1, refused);
  const published = await owner(stage, ['enqueue', '--id', campaign, '--publish', '--yes', '--canary', '0', '--max-prs', String(wanted)]);
  await pool.end();
  const requests = stage.gitea.content.slice(before);
  const times = requests.map(({ at }) => at);
  const most = Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 60_000).length));
  check('the limit of the run is told', planned.code === 0 && published.code === 5, published);
  check(
    `${wanted} pull requests, ${requestsOfOne} requests each`,
    times.length === wanted * requestsOfOne,
    requests.map(({ what }) => what),
  );
  check(`at most ${perMinute} in any minute, and as many as that: ${most}`, most <= perMinute && most >= perMinute - 2);
}

function leftovers({ check, say }: Checks, { dir, redis }: Stage): void {
  say('== neither token nor password of the queue is anywhere');
  const secrets = [token, redis.password];
  check(`no file of ${filesWith(dir, ['']).length}`, filesWith(dir, secrets).length === 0, filesWith(dir, secrets));
  check(`nothing printed (${seen.output.length} outputs)`, !seen.output.some((text) => secrets.some((secret) => text.includes(secret))));
  check('no argument', ![...seen.commands].some((text) => secrets.some((secret) => text.includes(secret))));
}

const eventsOf = (directory: string): JournalEvent[] =>
  readdirSync(directory)
    .filter((name) => name.startsWith('journal-'))
    .sort()
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalEvent);
