// test/verify/faults: each application is built, run and read once; every fault of it is judged on that.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { core } from '../../../src/checkout/core.ts';
import { observe } from '../../../src/observe/observe.ts';
import { findEngine } from '../../../src/verify/engine/engine.ts';
import { openStage } from '../../../src/verify/file.ts';
import { judge, type Judged, type Tried } from '../../../src/verify/judge.ts';
import { cleanLeftovers, cleanUp } from '../../../src/verify/engine/leftovers.ts';
import { afterOf, rewrite, sameRecipe, subjectsOf, writesOf, type Subject, type Subjects } from '../../../src/verify/subject.ts';
import { tryRewrite, type RewriteTrial, type Stage } from '../../../src/verify/trial.ts';
import type { CheckId, Engine, VerifyOptions } from '../../../src/verify/types.ts';
import { openSession } from '../../../src/verify/engine/workspace.ts';
import { place, runPlan, type Application } from './applications.ts';
import { faulty } from './inject.ts';
import { muslImage, type Fault } from './faults.ts';
import { makeBase, makeMuslImage } from './bases.ts';

/** What came of one fault. */
export interface FaultResult {
  fault: string;
  application: string;
  transform: string;
  expected: readonly CheckId[];
  /** Checks that failed for the full rewrite. */
  caughtBy: readonly CheckId[];
  rolledBack: readonly { transform: string; check: CheckId; reason: string }[];
  /** Transforms of the file that is left; it has built and passed. */
  left: readonly string[];
  seconds: number;
  /** What is not as it must be; empty: caught, named and taken back. */
  wrong: readonly string[];
}
/** The rewrites without a fault: how often they were verified, and what failed. */
export interface Unbroken {
  application: string;
  rounds: number;
  alarms: readonly string[];
}
export interface Results {
  engine: string;
  faults: FaultResult[];
  unbroken: Unbroken[];
}
export interface Injection {
  applications: readonly Application[];
  faults: readonly Fault[];
  /** How often the rewrites without a fault are verified. */
  rounds: number;
  signal: AbortSignal;
  say(line: string): void;
  /** What the engine and verification say meanwhile. */
  detail?(line: string): void;
}

/** Injects the faults. What it makes is removed at the end. Throws an EngineError when an original does not build or run. */
export async function injectAll(how: Injection): Promise<Results> {
  const engine = await findEngine(undefined, process.env, how.signal);
  await cleanLeftovers(engine);
  const temporary = await mkdtemp(join(tmpdir(), 'dockerfile-mod-faults-'));
  const musl = how.faults.some((fault) => fault.breaks(example).dockerfile?.includes(muslImage)) ? await makeMuslImage(engine) : undefined;
  const results: Results = { engine: engine.version, faults: [], unbroken: [] };
  try {
    for (const application of how.applications) {
      const faults = how.faults.filter((fault) => fault.application === application.name);
      if (faults.length === 0) continue;
      const directory = await place(application, temporary);
      const base = application.base && (await makeBase(engine, application.base));
      try {
        const { unbroken, told } = await injectInto(application, directory, faults, engine, how);
        results.unbroken.push(unbroken);
        results.faults.push(...told);
      } finally {
        await base?.remove();
      }
    }
  } finally {
    await musl?.remove();
    await rm(temporary, { recursive: true, force: true });
  }
  return results;
}
const example = { dockerfile: 'FROM image\n', ignore: '' };

/** One application on its stage. */
interface Scene {
  stage: Stage;
  options: VerifyOptions;
  tried: Tried;
  /** As the library makes it, without a fault. */
  subject: Subject;
  all: Subjects;
}

async function injectInto(
  application: Application,
  directory: string,
  faults: readonly Fault[],
  engine: Engine,
  how: Injection,
): Promise<{ unbroken: Unbroken; told: FaultResult[] }> {
  const { signal, say } = how;
  const options: VerifyOptions = { paths: [directory], cwd: directory, measure: 'none', run: await runPlan(application), signal };
  const session = await openSession(engine, {
    limits: { memory: '1g', cpus: '2', pids: 512 },
    signal,
    say: ({ kind, text }) => how.detail?.(`${kind === 'line' ? '    ' : '  '}${text}`),
  });
  try {
    const started = performance.now();
    if (application.looked) {
      const { build, run } = options;
      options.image = await observe({ paths: [directory], cwd: directory, signal, ...(build ? { build } : {}), ...(run ? { run } : {}) });
    }
    const all = await subjectsOf(options, core, signal);
    const [subject] = all.subjects;
    if (!subject) throw new Error(`${application.name}: there is no Dockerfile`);
    const stage = await openStage(subject, { session, core, options });
    const scene: Scene = { stage, options, tried: new Map(), subject, all };
    say(`${application.name}: the original is built, run and read (${seconds(started)} s)`);
    const unbroken = await verifyUnbroken(application, scene, how);
    const told: FaultResult[] = [];
    for (const fault of faults) {
      const result = await injectOne(fault, scene, signal);
      told.push(result);
      say(`  ${result.wrong.length === 0 ? 'caught' : 'NOT AS IT MUST BE'}: ${lineOf(result)}`);
    }
    return { unbroken, told };
  } finally {
    await cleanUp(session);
  }
}

const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10;

function lineOf({ fault, caughtBy, rolledBack, seconds: took, wrong }: FaultResult): string {
  const back = rolledBack.map(({ transform, check }) => `${transform} (${check})`).join(', ');
  return `${fault}: ${caughtBy.join(', ')}; without ${back}; ${took} s${wrong.map((one) => `\n    ${one}`).join('')}`;
}

/** No false alarm: the rewrite passes each time. */
async function verifyUnbroken({ name }: Application, { stage, subject, all }: Scene, how: Injection): Promise<Unbroken> {
  const full = afterOf(subject.planned, core, all.writes);
  const alarms: string[] = [];
  for (let round = 1; round <= how.rounds; round += 1) {
    const started = performance.now();
    const { checks } = await tryRewrite(stage, subject.planned, full, { cache: 'warm', compressed: 'leave' });
    const failed = checks.filter(({ outcome }) => outcome === 'failed').map(({ id, detail }) => `${id}: ${detail}`);
    alarms.push(...failed);
    how.say(`  without a fault: ${failed.length === 0 ? 'passed' : `FALSE ALARM: ${failed.join('; ')}`} (${seconds(started)} s)`);
  }
  return { application: name, rounds: how.rounds, alarms };
}

async function injectOne(fault: Fault, scene: Scene, signal: AbortSignal): Promise<FaultResult> {
  const started = performance.now();
  const { core: broken, seen } = faulty(core, fault);
  const { stage, options, tried } = scene;
  const all = await subjectsOf(options, broken, signal);
  const [subject] = all.subjects;
  if (!subject) throw new Error(`${fault.name}: there is no Dockerfile`);
  const full = afterOf(subject.planned, broken, all.writes);
  const isPlain = sameRecipe(full, afterOf(scene.subject.planned, core, scene.all.writes));
  const judged = await judge(stage, subject, full, all, { session: stage.session, core: broken, options, tried });
  const ineffective = isPlain || seen.applied === 0 ? ['the fault changes nothing: it is none'] : [];
  return {
    fault: fault.name,
    application: fault.application,
    transform: fault.transform,
    expected: fault.caughtBy,
    caughtBy: failedOf(judged.first),
    rolledBack: judged.rolledBack.map(({ transform, check, reason }) => ({ transform, check, reason })),
    left: judged.kept?.applied ?? [],
    seconds: seconds(started),
    wrong: [...ineffective, ...wrongIn(fault, judged, scene)],
  };
}

const failedOf = ({ checks }: RewriteTrial): CheckId[] => checks.flatMap(({ id, outcome }) => (outcome === 'failed' ? id : []));

/** The named checks fail, the named transform goes and no other, and what is left is what the library makes without it. */
function wrongIn(fault: Fault, { first, kept, rolledBack }: Judged, scene: Scene): string[] {
  const failed = failedOf(first);
  const back = rolledBack.map(({ transform }) => transform);
  const wrong: string[] = [];
  if (first.passed) return ['it is not caught'];
  const unseen = fault.caughtBy.filter((id) => !failed.includes(id));
  if (unseen.length > 0) wrong.push(`not seen by ${unseen.join(', ')}: ${reasons(first)}`);
  for (const { check, reason } of rolledBack)
    if (!fault.caughtBy.includes(check)) wrong.push(`told under another name: ${check}: ${reason}`);
  if (back.join() !== fault.transform) wrong.push(`taken back: ${back.join(', ')}, not ${fault.transform}: ${reasons(first)}`);
  if (!kept) return [...wrong, 'nothing is left'];
  const planned = rewrite(scene.subject, { only: undefined, skip: back }, scene.all);
  if (!sameRecipe(kept.recipe, afterOf(planned, core, writesOf(planned))))
    wrong.push('what is left is not what the library makes without it');
  if (!kept.passed || !kept.built) wrong.push('what is left was not built, or did not pass');
  return wrong;
}

const reasons = ({ checks }: RewriteTrial): string =>
  checks.flatMap(({ id, outcome, detail }) => (outcome === 'failed' ? `${id}: ${detail}` : [])).join('; ');
