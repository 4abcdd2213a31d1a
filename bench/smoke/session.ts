// Does with an image what repositories.yaml says, and says what came of it.
import { setTimeout as pause } from 'node:timers/promises';
import { ask, type Memory, type Reply } from './ask.ts';
import { docker, environment, mounted, type Mounted } from './container.ts';
import type { Ask, Command, Done, Repository, Start } from './types.ts';

const label = 'dockerfile-mod.smoke';

/** All that is done with an image, in its order. In: its tag, and the tree of the repository. */
export async function tried(image: string, repository: Repository, tree: string): Promise<Done[]> {
  const same = varied(repository.vary ?? []);
  const commands = (repository.commands ?? []).map((one) => command(image, one, tree, same));
  return repository.start ? [...(await served(image, repository, repository.start, tree, same)), ...commands] : commands;
}

type Same = (text: string) => string;

/** What varies from run to run is one word. */
function varied(patterns: readonly string[]): Same {
  const all = patterns.map((pattern) => new RegExp(pattern, 'g'));
  return (text) => all.reduce((left, pattern) => left.replaceAll(pattern, '…'), text);
}

function command(image: string, one: Command, tree: string, same: Same): Done {
  const mounts = mounted(one.mount, tree);
  try {
    const entrypoint = one.entrypoint === undefined ? [] : ['--entrypoint', one.entrypoint];
    const run = ['run', '--rm', '--label', label, ...environment(one.env), ...mounts.flags, ...entrypoint, image, ...one.args];
    const { code, output } = docker(run, 300);
    const files = Object.keys(one.wrote ?? {}).map((name) => `${name}: ${mounts.text(name)}`);
    const missing = [
      ...(one.exit === undefined || one.exit === code ? [] : [`exit ${one.exit}`]),
      ...(one.has ?? []).filter((text) => !output.includes(text)),
      ...Object.entries(one.wrote ?? {}).flatMap(([name, text]) => (mounts.text(name).includes(text) ? [] : [`${name}: ${text}`])),
    ];
    return {
      what: `run ${[...entrypoint, ...one.args].join(' ').slice(0, 60)}`,
      said: same([`exit ${code}`, output, ...files].join('\n')),
      missing,
    };
  } finally {
    mounts.remove();
  }
}

async function served(image: string, repository: Repository, start: Start, tree: string, same: Same): Promise<Done[]> {
  const mounts = mounted(start.mount, tree);
  const ran = docker(runOf(image, start, mounts));
  const id = ran.output.trim().split('\n').at(-1) ?? '';
  try {
    if (ran.code !== 0) return [{ what: 'start', said: ran.output, missing: ['a container'] }];
    const port = Number(/:(\d+)\s*$/m.exec(docker(['port', id, `${start.port}/tcp`]).output)?.[1]);
    return await asked(id, port, repository, start, same);
  } finally {
    docker(['rm', '--force', '--volumes', id]);
    mounts.remove();
  }
}

const runOf = (image: string, start: Start, mounts: Mounted): string[] => [
  'run',
  '--detach',
  '--label',
  label,
  '--publish',
  `127.0.0.1::${start.port}`,
  ...environment(start.env),
  ...mounts.flags,
  image,
  ...(start.args ?? []),
];

async function asked(id: string, port: number, repository: Repository, start: Start, same: Same): Promise<Done[]> {
  const memory: Memory = { cookies: new Map(), kept: new Map() };
  const done: Done[] = [];
  const log = (): string => docker(['logs', id]).output;
  for (const [i, one] of (repository.ask ?? []).entries()) {
    const reply = i === 0 ? await first(id, one, port, memory, start.wait ?? 60) : await ask(one, port, memory);
    done.push({ what: whatOf(one), said: same(saidOf(reply)), missing: missingOf(one, reply) });
    if (i === 0 && reply === undefined)
      return [...done, { what: 'log', said: log().trim().split('\n').slice(-12).join('\n'), missing: [] }];
    for (const [name, pattern] of Object.entries(one.keep ?? {}))
      memory.kept.set(name, new RegExp(pattern).exec(reply?.body ?? '')?.[1] ?? '');
  }
  const missing = (repository.logs ?? []).filter((text) => !log().includes(text));
  return repository.logs === undefined ? done : [...done, { what: 'log', said: '', missing }];
}

/** The first request, until there is an answer, the container has ended, or the time is over. */
async function first(id: string, one: Ask, port: number, memory: Memory, seconds: number): Promise<Reply | undefined> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const reply = await ask(one, port, memory);
    const ended = docker(['inspect', '--format', '{{.State.Running}}', id]).output.trim() !== 'true';
    if (reply !== undefined || ended || performance.now() > until) return reply;
    await pause(500);
  }
}

const whatOf = ({ get, post, tcp = '' }: Ask): string =>
  get === undefined ? (post === undefined ? `tcp ${JSON.stringify(tcp.slice(0, 30))}` : `POST ${post}`) : `GET ${get}`;
const saidOf = (reply: Reply | undefined): string => (reply ? `${reply.status ?? ''} ${reply.type}\n${reply.body}` : 'no answer');

function missingOf({ status, type, has = [] }: Ask, reply: Reply | undefined): string[] {
  if (!reply) return ['an answer'];
  return [
    ...(status === undefined || status === reply.status ? [] : [`status ${status}, not ${reply.status}`]),
    ...(type === undefined || reply.type.startsWith(type) ? [] : [`type ${type}`]),
    ...has.filter((text) => !reply.body.includes(text)),
  ];
}

/** What was said otherwise than by the original: the first line that differs, of each thing that was done. */
export function differences(before: readonly Done[], after: readonly Done[]): string[] {
  const all = before.flatMap((one, i) => {
    const other = after[i];
    if (!other) return [`${one.what}: not done`];
    if (one.said === other.said) return other.missing.length > one.missing.length ? [`${one.what}: lacks ${other.missing.join(', ')}`] : [];
    const [lines, others] = [one.said.split('\n'), other.said.split('\n')];
    const at = lines.findIndex((line, n) => line !== others[n]);
    const cut = (line: string | undefined): string => JSON.stringify((line ?? '').slice(0, 160));
    return [`${one.what}: ${cut(lines[at])} became ${cut(others[at])}`];
  });
  return [...all, ...after.slice(before.length).map(({ what, said }) => `${what}: ${said.slice(-400)}`)];
}
