// Room: observe/. Builds the image of a Dockerfile as it stands, looks at it, runs it, and says what was seen. Nothing of the user's is written.
import type { ImageFacts } from '../image/types.ts';
import type { Core } from '../checkout/types.ts';
import { build } from '../verify/engine/build.ts';
import { findEngine } from '../verify/engine/engine.ts';
import { cleanLeftovers, cleanUp } from '../verify/engine/leftovers.ts';
import { copyContext, openSession } from '../verify/engine/workspace.ts';
import { readWholeImage } from '../verify/image/image.ts';
import { observe as run } from '../verify/run/observe.ts';
import { subjectsOf, type Subject } from '../verify/subject.ts';
import { EngineError, type BuildSettings, type RunPlan, type Session, type VerifyOptions } from '../verify/types.ts';
import { factsOf, type Looked } from './look.ts';
import { observedAs } from './wanted.ts';

/** What is looked at, and how it is built and run: as for `verify`. */
export type ObserveOptions = Pick<
  VerifyOptions,
  'paths' | 'cwd' | 'context' | 'engine' | 'build' | 'run' | 'limits' | 'keep' | 'env' | 'signal' | 'onProgress' | 'core'
> & {
  /** `no`: the image is built and read, and not run. */
  start?: 'yes' | 'no';
};

const defaults: { build: BuildSettings; run: RunPlan } = {
  build: { buildArgs: [], target: undefined, platform: undefined, timeout: 1800 },
  run: { probes: [], commands: [], smoke: undefined, env: [], startTimeout: 60 },
};

/**
 * Looks into the image of one Dockerfile. In: a path that leads to one, and how it is built and run. Out: the document. What it makes is removed,
 * also when `signal` aborts it. Throws an EngineError: no engine, no such Dockerfile or several, a build that fails.
 */
export async function observe(options: ObserveOptions): Promise<ImageFacts> {
  const signal = options.signal ?? new AbortController().signal;
  const core = options.core ?? (await import('../checkout/core.ts')).core;
  const subject = await onlySubject(options, core, signal);
  const engine = await findEngine(options.engine, options.env ?? process.env, signal);
  await cleanLeftovers(engine);
  const session = await openSession(engine, {
    limits: { memory: '1g', cpus: '2', pids: 512, ...options.limits },
    signal,
    say: options.onProgress ?? (() => {}),
  });
  try {
    return await factsOf(await look(session, subject, core, options));
  } finally {
    await cleanUp(session, options.keep ? 'keep-images' : 'all');
  }
}

async function onlySubject(options: ObserveOptions, core: Core, signal: AbortSignal): Promise<Subject> {
  const { subjects, problems } = await subjectsOf({ ...options, refactor: { only: [] } }, core, signal);
  const bad = (message: string, hint: string | undefined): EngineError => new EngineError({ kind: 'bad-input', message, hint, log: '' });
  const [problem] = problems;
  if (problem) throw bad(problem.message, problem.hint);
  const [subject, ...others] = subjects;
  if (!subject) throw bad('No Dockerfile is there', 'Name a Dockerfile, or a directory that has one.');
  if (others.length > 0) {
    const names = subjects.map(({ planned }) => planned.report.path);
    throw bad(
      `There are ${subjects.length} Dockerfiles, and one is looked at: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`,
      'Name one of them.',
    );
  }
  const { error } = subject.planned.report;
  if (error) throw bad(error.message, error.hint);
  return subject;
}

async function look(session: Session, subject: Subject, core: Core, options: ObserveOptions): Promise<Looked> {
  const { planned, before: recipe } = subject;
  const settings = { ...defaults.build, ...options.build };
  const plan = { ...defaults.run, ...options.run };
  const step = (text: string): void => session.say({ kind: 'step', text });
  step('Copying the build context');
  const context = await copyContext(planned.contextDir, session);
  step('Building the image');
  const tag = `dockerfile-mod-verify/${session.id}:1`;
  const built = await build(session, { side: 'before', recipe, context, settings, cache: 'warm', tag });
  step('Reading the image');
  const whole = await readWholeImage(session, built.image, { compressed: 'leave', wanted: observedAs });
  let running: Looked['running'] = { unknown: 'it was not run' };
  if (options.start !== 'no') {
    step('Running it');
    running = { observed: await run(session, built, { ...plan, starts: 'once' }, undefined), probes: plan.probes };
  }
  const env = options.env ?? process.env;
  return { session, core, planned, recipe, context, settings, built, whole, running, env };
}
