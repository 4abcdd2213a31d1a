// test/e2e/goldens: one golden case on an engine: the original and what the tool makes of it, built, started and compared by what `verify` has for that.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { core } from '../../../src/checkout/core.ts';
import { overlayTree } from '../../../src/context/overlay.ts';
import { compareObservations } from '../../../src/verify/compare/compare.ts';
import { compareConfig } from '../../../src/verify/compare/config.ts';
import { checkLoaded, checkPrograms } from '../../../src/verify/compare/running.ts';
import { checkWrites } from '../../../src/verify/compare/writes.ts';
import { build } from '../../../src/verify/engine/build.ts';
import { cleanUp } from '../../../src/verify/engine/leftovers.ts';
import { openSession } from '../../../src/verify/engine/workspace.ts';
import { readImage } from '../../../src/verify/image/image.ts';
import { observe } from '../../../src/verify/run/observe.ts';
import {
  EngineError,
  type BuiltImage,
  type Check,
  type Engine,
  type EngineProblem,
  type Observation,
  type Recipe,
  type RunPlan,
  type Session,
  type Side,
} from '../../../src/verify/types.ts';
import { writeInput } from '../../golden/cases.ts';
import type { Golden } from '../../golden/format.ts';
import { runCase, type Ran } from '../../golden/run-case.ts';
import type { Outcome } from './rows.ts';
import { withStandIns } from './stand-ins.ts';

export interface Limits {
  /** Seconds for the build of an original; the rewrite has twice as long, as it may install twice. */
  timeout: number;
  /** Seconds in which an original must listen or end, or is called a program that runs. */
  start: number;
}
export interface Came {
  outcome: Outcome;
  detail: string;
}

/** A rewrite that is a moment slower to listen is no other one. */
const patience = 15;

/** Builds both sides of a case, compares them, and removes what was made. Throws an EngineError for what no case is to blame for. */
export async function buildBoth(golden: Golden, engine: Engine, limits: Limits, signal: AbortSignal): Promise<Came> {
  const session = await openSession(engine, { limits: { memory: '1g', cpus: '2', pids: 512 }, signal, say: () => {} });
  try {
    const input = join(session.directory, 'input');
    mkdirSync(input);
    writeInput(golden, input);
    const ran = await standingIn(golden, input, signal);
    const pair: Pair = { session, ran, context: join(input, golden.settings.context ?? ''), limits };
    const before = await built(pair, 'before', recipeOf(ran, 'before'));
    return 'kind' in before ? { outcome: 'original-fails', detail: briefly(before) } : await rewritten(pair, before);
  } finally {
    await cleanUp(session);
  }
}

/** With what a made-up project leaves out, if the tool makes the same of it; else as it is. */
async function standingIn(golden: Golden, input: string, signal: AbortSignal): Promise<Ran> {
  const ran = runCase(input, golden);
  await withStandIns(input, signal);
  const other = runCase(input, golden);
  if (other.result.output === ran.result.output) return other;
  rmSync(input, { recursive: true });
  writeInput(golden, input);
  return ran;
}

interface Pair {
  session: Session;
  ran: Ran;
  context: string;
  limits: Limits;
}

async function rewritten(pair: Pair, before: BuiltImage): Promise<Came> {
  const recipe = recipeOf(pair.ran, 'after');
  const first = await built(pair, 'after', recipe);
  // What is fetched while building fails now and then.
  const after = 'kind' in first && first.kind === 'build-failed' ? await built(pair, 'after', recipe) : first;
  if (!('kind' in after)) return compared(pair, before, after);
  const outcome = after.kind === 'no-base-image' ? 'no-image' : after.kind === 'build-timeout' ? 'too-slow' : 'does-not-build';
  return { outcome, detail: `${after.message}\n${tail(after.log)}` };
}

/** The image, or why there is none where the Dockerfile is to blame. */
async function built({ session, context, limits }: Pair, side: Side, recipe: Recipe): Promise<BuiltImage | EngineProblem> {
  const timeout = side === 'before' ? limits.timeout : 2 * limits.timeout;
  const settings = { buildArgs: [], target: undefined, platform: undefined, timeout };
  try {
    return await build(session, { side, recipe, context, settings, cache: 'warm', tag: `dockerfile-mod-golden/${session.id}:${side}` });
  } catch (error) {
    if (!(error instanceof EngineError) || !ofTheDockerfile.has(error.problem.kind)) throw error;
    return error.problem;
  }
}
const ofTheDockerfile: ReadonlySet<EngineProblem['kind']> = new Set(['build-failed', 'build-timeout', 'no-base-image', 'bad-input']);

function recipeOf({ result, context }: Ran, side: Side): Recipe {
  const { tree, dockerfilePath } = context;
  const seen = side === 'before' ? tree : overlayTree(tree, new Map(result.files.map((file) => [file.path, file.after])));
  const { path, source } = core.ignoreFile(seen, dockerfilePath);
  return { dockerfile: side === 'before' ? result.source : result.output, ignore: path === undefined ? '' : source };
}

async function compared(pair: Pair, before: BuiltImage, after: BuiltImage): Promise<Came> {
  const plan: RunPlan = { probes: [], commands: [], smoke: undefined, env: [], startTimeout: pair.limits.start };
  // What was written is asked where another user has to write it: to tell it, engines walk through the whole image.
  const session = before.config.user === after.config.user ? withoutDiff(pair.session) : pair.session;
  const look = async (asked: RunPlan): Promise<Seen> => {
    const was = await observe(session, before, asked, undefined);
    const is = await observe(session, after, { ...plan, startTimeout: patience }, was);
    const checks = await checksOf(pair, { before, after }, { before: was, after: is });
    return { was, is, failed: checks.filter(({ outcome }) => outcome === 'failed') };
  };
  const first = await look({ ...plan, starts: 'once' });
  // What differs once may be a busy machine, or vary by itself.
  const { was, is, failed } = first.failed.every(({ id }) => id === 'config') ? first : await look(plan);
  if (failed.some(({ id }) => id === 'end') && fails(was) && !fails(is))
    return { outcome: 'better', detail: `ends with ${String(was.exitCode)} → ${is.kind}` };
  if (failed.length > 0) return { outcome: 'differs', detail: failed.map(told).join('\n') };
  return { outcome: 'same', detail: was.kind === 'ends' ? `ends with ${String(was.exitCode)}` : was.kind };
}

/** Whether a container ended by itself, and not well. */
const fails = ({ kind, exitCode }: Observation): boolean => kind === 'ends' && exitCode !== 0;

interface Seen {
  was: Observation;
  is: Observation;
  failed: Check[];
}

function withoutDiff(session: Session): Session {
  const { engine } = session;
  const nothing = Promise.resolve({ code: 1, stdout: '', stderr: '', stopped: undefined });
  return { ...session, engine: { ...engine, run: (args, options) => (args[0] === 'diff' ? nothing : engine.run(args, options)) } };
}

interface Both<T> {
  before: T;
  after: T;
}

async function checksOf({ session, ran }: Pair, images: Both<BuiltImage>, seen: Both<Observation>): Promise<Check[]> {
  const { applied, source, output } = ran.result;
  const config = { before: images.before.config, after: images.after.config };
  const running = { ...seen, config: config.before, applied };
  const setByDockerfile = { before: core.imageSettings(source), after: core.imageSettings(output) };
  // An image is read where it must be: that takes longer than to build most of them.
  const reads = seen.before.written.length > 0 && config.before.user !== config.after.user;
  return [
    compareConfig(config.before, config.after, { applied, setByDockerfile }),
    ...compareObservations(seen.before, seen.after),
    checkPrograms(running),
    checkLoaded(running),
    ...(reads
      ? [checkWrites(seen.before, seen.after, await readImage(session, images.after.image, { compressed: 'leave' }), config.after)]
      : []),
  ];
}

function told({ id, detail, differences, log }: Check): string {
  const lines = differences
    .filter(({ expected }) => expected === undefined)
    .map(({ what, before, after }) => `  ${what}: ${before} → ${after}`);
  return [`${id}: ${detail}`, ...lines.slice(0, 8), tail(log ?? '')].join('\n');
}

const tail = (log: string): string => log.trimEnd().split('\n').slice(-12).join('\n');
/** An original that fails is only counted: enough to see of which kind it is. */
const briefly = ({ message, log }: EngineProblem): string => `${message}\n${log.trimEnd().split('\n').slice(-4).join('\n')}`;
