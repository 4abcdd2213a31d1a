// Room: verify/run/. Runs an image as a user would, and writes down what it does.
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand, runSmoke } from './command.ts';
import { addressOf, healthTest, logsOf, type Start, stateOf, stopWhenInterrupted, uidsOf, withContainer, writtenBy } from './container.ts';
import { settledHealth } from './health.ts';
import { candidatePorts, firstEphemeral, isOpen, portNumber, portReader, type ReadPorts, takesConnections, uniquePorts } from './ports.ts';
import { runningIn } from './processes.ts';
import { ask, defaultProbes, nameOf, noHttp, parseProbe, patience, type Question } from './probe.ts';
import { type Answer, type BuiltImage, EngineError, type Observation, type Reply, type RunPlan, type Session } from '../types.ts';

type Seen = Pick<
  Observation,
  | 'kind'
  | 'exitCode'
  | 'stdout'
  | 'stderr'
  | 'ports'
  | 'answers'
  | 'health'
  | 'healthLog'
  | 'uids'
  | 'processes'
  | 'mapped'
  | 'written'
  | 'writtenSeen'
  | 'seconds'
>;
/** One start of the image, and what is asked of it. */
interface Visit {
  session: Session;
  built: BuiltImage;
  plan: RunPlan;
  like: Observation | undefined;
  published: readonly number[];
  readPorts: ReadPorts;
  /** Milliseconds. */
  time: number;
  rounds: 1 | 2;
}

/** Between two looks at a container, and between two rounds of questions: a clock's second has passed then. */
const look = 250;
const betweenRounds = 1100;
/** A server that listens, but not yet on all of the ports that it is expected on, gets so long. */
const settling = 15_000;
/** An original that announces no port, no health check and no probe is called a worker when it has run for so long. */
const workerTime = 20_000;

/** How long an image is waited for, in milliseconds; the rewritten one as long as the original needed, and ample more. */
function timeFor({ built, plan, like }: Pick<Visit, 'built' | 'plan' | 'like'>): number {
  const most = plan.startTimeout * 1000;
  const needed = (like?.seconds ?? plan.startTimeout) * 1000;
  if (like?.kind === 'ends') return Math.max(most, 3 * needed);
  if (like?.kind === 'serves') return Math.min(most, Math.max(settling, 5 * needed));
  if (like?.kind === 'runs') return Math.min(most, needed);
  const announced = candidatePorts(built.config, plan.env).length > 0 || plan.probes.length > 0 || healthTest(built.config) !== undefined;
  return announced ? most : Math.min(most, workerTime);
}

/**
 * Starts the image and waits until it listens, ends, or `plan.startTimeout` has passed; then asks its ports, its health
 * check, its log, its processes and its file system, runs the commands of the plan, and removes what it started. The
 * original (`like` undefined) is asked twice and started twice: what differs among its own answers is no difference
 * between the images. The rewritten one is waited for and asked like the original, `like`.
 * Throws an EngineError (`never-answers`) when probes are asked for and the original does not answer one of them.
 */
export async function observe(session: Session, built: BuiltImage, plan: RunPlan, like: Observation | undefined): Promise<Observation> {
  const at = new Date().toISOString();
  const asked = (like?.answers ?? []).flatMap(({ port }) => port ?? []);
  const named = plan.probes.flatMap((probe) => parseProbe(probe)?.port ?? []);
  const published = uniquePorts([...candidatePorts(built.config, plan.env), ...asked, ...named]);
  const readPorts = portReader(session, like?.image ?? built.image);
  const time = timeFor({ built, plan, like });
  const visit: Visit = { session, built, plan, like, published, readPorts, time, rounds: plan.starts === 'once' ? 1 : 2 };
  let seen = await watch(visit);
  const unpublished = uniquePorts((seen.ports ?? []).filter(isOpen).map(portNumber)).filter(
    (port) => !published.includes(port) && port < firstEphemeral,
  );
  if (seen.kind === 'serves' && unpublished.length > 0) {
    visit.published = uniquePorts([...published, ...unpublished]);
    seen = await watch(visit);
  }
  const again = like === undefined && plan.starts !== 'once' ? await onceMore(visit, seen) : {};
  const whole = { ...seen, ...again };
  if (like === undefined && plan.probes.length > 0 && whole.answers.every(({ status }) => status === undefined))
    throw neverAnswers(whole, plan);
  return { image: built.image, at, ...whole, ...(await ownChecks(visit)) };
}

/** The original again, from a fresh start. One that neither ends nor listens is not started again: it would take the whole time once more. */
async function onceMore(visit: Visit, first: Seen): Promise<Partial<Observation>> {
  if (first.kind === 'runs') return {};
  const second = await watch({ ...visit, rounds: 1 });
  if (first.kind === 'ends') return { again: { code: second.exitCode, stdout: second.stdout, stderr: second.stderr } };
  const answers = first.answers.map((answer): Answer => {
    const other = second.answers.find(({ probe, port }) => probe === answer.probe && port === answer.port);
    return other ? { ...answer, again: [...(answer.again ?? []), replyOf(other)] } : answer;
  });
  // A port that is another one with each start was given by the system.
  const ports = first.ports?.filter((port) => portNumber(port) < firstEphemeral || second.ports?.includes(port) !== false);
  return { answers, ports, steady: steadyOf(first, second) };
}

function steadyOf(first: Seen, second: Seen): NonNullable<Observation['steady']> {
  const also = <T>(list: readonly T[] | undefined, other: readonly T[] | undefined, keyOf: (one: T) => string): T[] => {
    const keys = new Set(other?.map(keyOf));
    return (list ?? []).filter((one) => keys.has(keyOf(one)));
  };
  return {
    processes: also(first.processes, second.processes, ({ argv }) => argv),
    mapped: also(first.mapped, second.mapped, String),
    written: also(first.written, second.written, String),
  };
}

async function ownChecks({ session, built, plan, like }: Visit): Promise<Pick<Observation, 'commands' | 'smoke'>> {
  const commands: Observation['commands'][number][] = [];
  for (const command of plan.commands) {
    const first = await runCommand(session, built.image, command, plan.env);
    if (like !== undefined) commands.push(first);
    else {
      const { code, stdout, stderr } = await runCommand(session, built.image, command, plan.env);
      commands.push({ ...first, again: { code, stdout, stderr } });
    }
  }
  const smoke = plan.smoke === undefined ? undefined : await runSmoke(session, built.image, plan.smoke);
  return { commands, smoke };
}

async function watch(visit: Visit): Promise<Seen> {
  const { session, built, plan, published, time } = visit;
  const start: Start = { image: built.image, ports: published, env: plan.env, config: built.config };
  const nothing = { ports: [], answers: [], health: undefined, healthLog: '', uids: [], written: [], seconds: 0 };
  return withContainer(session, start, async ({ id, refused }): Promise<Seen> => {
    if (refused) return { kind: 'ends', exitCode: refused.code, stdout: '', stderr: refused.message, ...nothing };
    const started = Date.now();
    const latest = started + time;
    const { ports, serves } = await waitUntilUp(visit, id, latest);
    const seconds = (Date.now() - started) / 1000;
    const up = await stateOf(session, id);
    const uids = up.running ? await uidsOf(session, up) : [];
    const health = up.running ? await settledHealth(session, id, built.config, Math.max(latest, Date.now() + settling)) : undefined;
    const answers = serves && up.running ? await askAll(visit, id, ports) : [];
    const state = await stateOf(session, id);
    const running = state.running ? await runningIn(session, state) : {};
    const logs = await logsOf(session, id);
    const written = await writtenBy(session, id);
    return {
      kind: !state.running ? 'ends' : serves ? 'serves' : 'runs',
      exitCode: state.exitCode,
      ...logs,
      stderr: state.killedForMemory
        ? `${logs.stderr}\n(killed: it needed more memory than ${session.limits.memory}; see --memory)`
        : logs.stderr,
      ports: ports === undefined ? undefined : [...ports],
      answers,
      health: health?.status,
      healthLog: health?.log ?? '',
      uids,
      ...running,
      ...(written ? { written } : { written: [], writtenSeen: 'no' as const }),
      seconds,
    };
  });
}

/** Until it has ended, listens on what it is expected to listen on, or the time is over. */
async function waitUntilUp(visit: Visit, id: string, latest: number): Promise<{ ports: readonly string[] | undefined; serves: boolean }> {
  const { session, like, readPorts } = visit;
  let before = '';
  let firstSeen: number | undefined;
  for (;;) {
    const state = await stateOf(session, id);
    if (!state.running) return { ports: [], serves: false };
    const ports = await readPorts(state);
    if (ports === undefined && (await somebodyAnswers(visit, id))) return { ports: undefined, serves: true };
    const now = (ports ?? []).join(' ');
    if (now !== '') firstSeen ??= Date.now();
    const patient = like === undefined ? (firstSeen ?? latest) + settling : latest;
    const settled = now !== '' && now === before && (isComplete(visit, ports ?? []) || Date.now() > patient);
    if (settled || Date.now() > latest) return { ports, serves: now !== '' };
    before = now;
    await sleep(look);
    stopWhenInterrupted(session);
  }
}

function isComplete({ built, plan, like }: Visit, ports: readonly string[]): boolean {
  if (like?.ports !== undefined) return like.ports.every((port) => ports.includes(port));
  const listening = ports.map(portNumber);
  return candidatePorts(built.config, plan.env).every((port) => listening.includes(port));
}

/** For engines whose containers cannot be looked into: whether a published port is answered. */
async function somebodyAnswers({ session, published }: Visit, id: string): Promise<boolean> {
  for (const port of published) {
    const address = await addressOf(session, id, port);
    if (address !== undefined && (await takesConnections(address))) return true;
  }
  return false;
}

/** The probes of the plan, or the default ones, on each port that can be reached; those of the original, when there is one. */
async function askAll(visit: Visit, id: string, ports: readonly string[] | undefined): Promise<Answer[]> {
  const { session, published, rounds, like } = visit;
  const open = ports === undefined ? published : published.filter((port) => ports.some((one) => isOpen(one) && portNumber(one) === port));
  const first: Answer[] = [];
  for (const port of like ? uniquePorts(like.answers.flatMap((answer) => answer.port ?? [])) : open) {
    const address = await addressOf(session, id, port);
    for (const question of questionsFor(visit, port)) {
      const reply = await patiently(session, address, port, question);
      first.push({ probe: nameOf(question), port, ...reply });
      // What is no web server, or does not answer at all, is not asked further.
      if (reply.status === undefined) break;
    }
  }
  if (rounds === 1 || first.every(({ status }) => status === undefined)) return first;
  await sleep(betweenRounds);
  const both: Answer[] = [];
  for (const answer of first) both.push({ ...answer, again: await askOnceMore(visit, id, answer) });
  return both;
}

function questionsFor({ built, plan, like }: Visit, port: number): Question[] {
  const own = plan.probes.length > 0 ? plan.probes : defaultProbes(built.config);
  const probes = like ? like.answers.filter((answer) => answer.port === port).map(({ probe }) => probe) : own;
  return probes.flatMap((probe) => parseProbe(probe) ?? []).filter((question) => question.port === undefined || question.port === port);
}

async function askOnceMore({ session }: Visit, id: string, { probe, port, status }: Answer): Promise<Reply[]> {
  const question = parseProbe(probe);
  if (!question || port === undefined || status === undefined) return [];
  const address = await addressOf(session, id, port);
  return address === undefined ? [] : [await ask(address, port, question)];
}

/** A server may listen a moment before it answers: it is asked again while it refuses, or says that it is not ready. */
async function patiently(session: Session, address: string | undefined, port: number, question: Question): Promise<Reply> {
  if (address === undefined) return { status: undefined, type: '', body: '', error: 'nothing listens on this port' };
  const until = Date.now() + 5000;
  for (;;) {
    const reply = await ask(address, port, question, patience);
    const ready = reply.status === undefined ? reply.error === noHttp : ![502, 503, 504].includes(reply.status);
    if (ready || Date.now() > until) return reply;
    await sleep(500);
    stopWhenInterrupted(session);
  }
}

const replyOf = ({ status, type, body, error }: Answer): Reply => ({ status, type, body, error });

function neverAnswers(
  seen: Pick<Observation, 'kind' | 'exitCode' | 'stdout' | 'stderr' | 'answers'>,
  { startTimeout }: RunPlan,
): EngineError {
  const [first] = seen.answers;
  const how = {
    ends: `it ends with code ${seen.exitCode}`,
    runs: `it listens on no port within ${startTimeout} s`,
    serves: first ? `port ${first.port}: ${first.error}` : 'no port of it can be reached from outside',
  };
  const hint = 'Give what it needs to start with --env NAME=value, more time with --start-timeout, or leave --probe out.';
  const log = `${seen.stdout}${seen.stderr}`.trimEnd().split('\n').slice(-20).join('\n');
  return new EngineError({ kind: 'never-answers', message: `the original image never answers: ${how[seen.kind]}`, hint, log });
}
