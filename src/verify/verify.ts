// Room: verify/. Proof by building and running both: the original, and the rewrite or as much of it as behaves the same.
import manifest from '../../package.json' with { type: 'json' };
import type { Planned } from '../checkout/plan.ts';
import { shareFiles } from '../checkout/share.ts';
import type { Core } from '../checkout/types.ts';
import type { Problem } from '../report/types.ts';
import { findEngine } from './engine/engine.ts';
import { asksForALook, blank, notLooked, verifyFile, withoutBuilding, type Verified } from './file.ts';
import { cleanLeftovers, cleanUp } from './engine/leftovers.ts';
import { afterOf, allWrites, sameRecipe, subjectsOf, type Subject, type Subjects } from './subject.ts';
import {
  EngineError,
  ofTheMachine,
  type Engine,
  type EngineProblem,
  type Session,
  type VerifyOptions,
  type VerifyResult,
} from './types.ts';
import { openSession } from './engine/workspace.ts';

export type {
  Check,
  CheckId,
  Difference,
  EngineName,
  EngineProblem,
  FileVerification,
  Measures,
  Outcome,
  ProgressEvent,
  RolledBack,
  VerifyOptions,
  VerifyResult,
} from './types.ts';

/** A result, with what the command line needs to write the files. */
export interface Verification {
  result: VerifyResult;
  /** The rewrites that passed. */
  planned: readonly Planned[];
  /** Paths that are no Dockerfiles. */
  problems: readonly Problem[];
  /** What kept the whole run from being done: no engine, a wrong option. */
  problem: EngineProblem | undefined;
}

/**
 * Refactors the Dockerfiles of the paths, builds and runs each before and after, compares what both do, and takes back
 * the transforms that fail. In: what to verify, and how. Out: for each Dockerfile what was found, and the rewrite that
 * passed; nothing is written to the user's files. Problems of the engine and of the input are outcomes, not exceptions.
 * What it makes (containers, images, temporary files) is removed, also when `signal` aborts it, and by the next call
 * when the process was killed.
 */
export async function verify(options: VerifyOptions): Promise<VerifyResult> {
  return (await verifyPaths(options)).result;
}

/** As `verify`, with what is needed to write the files. */
export async function verifyPaths(options: VerifyOptions): Promise<Verification> {
  const signal = options.signal ?? new AbortController().signal;
  const core = options.core ?? (await import('../checkout/core.ts')).core;
  const verified: Verified[] = [];
  let all: Subjects | undefined;
  let engine: Engine | undefined;
  let problem: EngineProblem | undefined;
  try {
    all = await subjectsOf(options, core, signal);
    const subjects = all;
    const told = subjects.subjects.map((subject) => withoutBuilding(subject, subjects, core));
    const looks = subjects.subjects.map((subject, i) => told[i] !== undefined && asksForALook(subject, { core, options }));
    const mustBuild = told.some((one) => one === undefined);
    const found = mustBuild || looks.includes(true) ? await engineFor(options, signal, mustBuild) : 'not needed';
    if (typeof found === 'object' && 'run' in found) {
      engine = found;
      await cleanLeftovers(engine);
      const one = verifier(engine, core, options, signal);
      for (const subject of subjects.subjects) verified.push(await one(subject, subjects));
      await settleShared(verified, subjects, core, one);
    } else {
      const why = typeof found === 'object' ? found.message : '';
      verified.push(...told.flatMap((one, i) => (one ? (looks[i] ? notLooked(one, why) : one) : [])));
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    problem = error.problem;
  }
  const files = verified.map(({ told }) => told);
  for (const { planned } of all?.subjects.slice(verified.length) ?? []) files.push({ ...blank(planned), problem });
  const matched = files.every(({ outcome }) => outcome === 'verified' || outcome === 'unchanged');
  return {
    result: {
      version: manifest.version,
      engine: engine?.version,
      files,
      ok: matched && problem === undefined && all?.problems.length === 0,
    },
    planned: verified.flatMap(({ planned }) => planned ?? []),
    problems: all?.problems ?? [],
    problem,
  };
}

/** The engine; without one, why, where nothing must be built and images would only have been looked at. Throws an EngineError otherwise. */
async function engineFor(options: VerifyOptions, signal: AbortSignal, mustBuild: boolean): Promise<Engine | EngineProblem> {
  try {
    return await findEngine(options.engine, options.env ?? process.env, signal);
  } catch (error) {
    if (mustBuild || !(error instanceof EngineError) || !ofTheMachine.has(error.problem.kind)) throw error;
    return error.problem;
  }
}

type VerifyOne = (subject: Subject, all: Subjects, candidates?: 'this') => Promise<Verified>;

/** A session for each Dockerfile, so that a run over many never holds more than one's images. */
function verifier(engine: Engine, core: Core, options: VerifyOptions, signal: AbortSignal): VerifyOne {
  return async (subject, all, candidates) => {
    const session: Session = await openSession(engine, {
      limits: { memory: '1g', cpus: '2', pids: 512, ...options.limits },
      signal,
      say: options.onProgress ?? (() => {}),
    });
    try {
      return await verifyFile(subject, all, { session, core, options }, candidates);
    } finally {
      await cleanUp(session, options.keep ? 'keep-images' : 'all');
    }
  };
}

/**
 * Dockerfiles of one context may write one ignore file. When transforms were taken back, or the file is merged otherwise
 * than it was verified, what would be built in the end is verified again; what fails then is not written. Changes the list.
 */
async function settleShared(verified: Verified[], all: Subjects, core: Core, one: VerifyOne): Promise<void> {
  const planned = verified.flatMap((each) => each.planned ?? []);
  if (planned.length < 2) return;
  shareFiles(planned, all.places, all.how);
  const writes = allWrites(planned);
  for (const [i, each] of verified.entries()) {
    if (!each.planned || !each.recipe || sameRecipe(afterOf(each.planned, core, writes), each.recipe)) continue;
    const { planned: its } = each;
    const as = { places: { ...all.places, image: its.project?.image }, how: { ...all.how, options: its.options } };
    const again = await one({ ...each.subject, planned: its }, { ...all, ...as, writes }, 'this');
    const { told } = each;
    verified[i] = {
      ...again,
      subject: each.subject,
      told: { ...again.told, ladder: told.ladder, rolledBack: [...told.rolledBack, ...again.told.rolledBack] },
    };
  }
}
