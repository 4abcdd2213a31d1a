// test/e2e: one application: before, the tool's result for each base, and what must hold between them.
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type App, BARS, REBUILD_BAR, type Variant } from './apps.ts';
import { build, type Built, ensureBases, isolate, type Place, rebuild } from './build.ts';
import { listFiles } from './docker.ts';
import { findForbidden } from './forbidden.ts';
import { differences, nameOf, type Observed, observe } from './probe.ts';

/** Rewrites the application in a directory in place. Throws when it fails. */
export type Rewrite = (app: App, directory: string, variant: Variant) => Promise<void>;
/** Whether rewriting the directory again would change nothing; a sentence when it would. */
export type Recheck = (app: App, directory: string, variant: Variant) => Promise<string | undefined>;

export interface Check {
  app: string;
  variant: 'before' | Variant;
  what: string;
  outcome: 'passed' | 'failed' | 'not checked';
  detail: string;
}

/** Bytes, and seconds of the cold build and of the rebuild after a source edit. */
export interface Measured {
  bytes: number;
  coldSeconds: number;
  rebuildSeconds: number;
}

export interface AppResult {
  app: string;
  ecosystem: App['ecosystem'];
  before: Measured | undefined;
  after: Partial<Record<Variant, Measured>>;
  checks: Check[];
}

export interface Session {
  runId: string;
  fixtures: string;
  temporary: string;
  variants: Variant[];
  rewrite: Rewrite;
  recheck: Recheck | undefined;
  say: (line: string) => void;
}

interface Ran {
  measured: Measured;
  observed: Observed;
}

/** Builds, runs and compares one application. Failures are checks that failed, never exceptions. */
export async function measureApp(app: App, session: Session): Promise<AppResult> {
  const result: AppResult = { app: app.name, ecosystem: app.ecosystem, before: undefined, after: {}, checks: [] };
  const report = (variant: Check['variant'], what: string, detail: string, outcome: Check['outcome']): void => {
    result.checks.push({ app: app.name, variant, what, outcome, detail });
    if (outcome !== 'passed') session.say(`  ${outcome}: ${app.name} (${variant}) ${what}: ${detail}`);
  };
  let before: Ran;
  try {
    before = await runBefore(app, session);
    result.before = before.measured;
    report('before', 'builds and answers', `${before.observed.answers.size} probes`, 'passed');
  } catch (error) {
    report('before', 'builds and answers', messageOf(error), 'failed');
    return result;
  }
  for (const variant of session.variants) {
    try {
      const after = await runAfter(app, variant, before, session, report);
      result.after[variant] = after.measured;
      compare(app, variant, before, after, report);
    } catch (error) {
      report(variant, 'rewritten, builds and answers', messageOf(error), 'failed');
    }
  }
  return result;
}

type Report = (variant: Check['variant'], what: string, detail: string, outcome: Check['outcome']) => void;

async function runBefore(app: App, session: Session): Promise<Ran> {
  const place = await copyOf(app, 'before', session);
  return timed(app, place, session);
}

async function runAfter(app: App, variant: Variant, before: Ran, session: Session, report: Report): Promise<Ran> {
  const place = await copyOf(app, variant, session);
  await session.rewrite(app, place.directory, variant);
  if (session.recheck) {
    const again = await session.recheck(app, place.directory, variant);
    report(variant, 'a second run changes nothing', again ?? 'nothing to do', again ? 'failed' : 'passed');
  }
  await isolate(place);
  const ran = await timed(app, place, session, before.observed.trust);
  const forbidden = findForbidden(await listFiles(place.image, session.runId), app);
  const clean = forbidden.length === 0;
  report(variant, 'no compiler, cache or source in the image', clean ? 'none' : forbidden.join('; '), clean ? 'passed' : 'failed');
  return ran;
}

async function copyOf(app: App, variant: Check['variant'], session: Session): Promise<Place> {
  const directory = path.join(session.temporary, `${app.name}-${variant}`);
  await mkdir(directory, { recursive: true });
  await cp(path.join(session.fixtures, app.name), directory, { recursive: true });
  return { directory, image: `dockerfile-mod-e2e/${app.name}:${variant}-${session.runId}`, runId: session.runId };
}

async function timed(app: App, place: Place, session: Session, trust: string[] = []): Promise<Ran> {
  const label = path.basename(place.directory);
  await ensureBases(place);
  const built: Built = await build(place, 'cold');
  session.say(`${label}: ${(built.bytes / 1e6).toFixed(1)} MB, built cold in ${built.seconds.toFixed(1)} s`);
  const observed = await observe(app, place.image, place.runId, trust);
  const rebuildSeconds = await rebuild(app, place);
  session.say(`${label}: rebuilt in ${rebuildSeconds.toFixed(1)} s`);
  return { measured: { bytes: built.bytes, coldSeconds: built.seconds, rebuildSeconds }, observed };
}

function compare(app: App, variant: Variant, before: Ran, after: Ran, report: Report): void {
  const check = (what: string, holds: boolean, detail: string): void => report(variant, what, detail, holds ? 'passed' : 'failed');
  const bar = BARS[app.ecosystem][variant];
  const reduction = reductionOf(before.measured, after.measured);
  check(`at least ${bar} % smaller`, reduction >= bar, `${reduction.toFixed(2)} %`);
  const ratio = before.measured.rebuildSeconds / after.measured.rebuildSeconds;
  check(`rebuild at least ${REBUILD_BAR}× faster`, ratio >= REBUILD_BAR, `${ratio.toFixed(1)}×`);
  const different = differences(before.observed.answers, after.observed.answers);
  check('answers as before', different.length === 0, different.length === 0 ? `${app.probes.length} probes` : different.join('; '));
  const { user, uids } = after.observed;
  const root = uids.length === 0 || uids.includes('0') || /^(?:|0|root)(?::|$)/.test(user);
  check('runs as non-root', !root, `user '${user}', uid ${uids.join(', ')}`);
  checkNeeds(app, variant, before.observed, after.observed, report);
}

function checkNeeds(app: App, variant: Variant, before: Observed, after: Observed, report: Report): void {
  for (const need of ['https', 'time-zone'] as const) {
    const probes = app.probes.filter((probe) => probe.needs === need);
    if (probes.length === 0) continue;
    const worked = (observed: Observed): boolean => probes.every((probe) => observed.answers.get(nameOf(probe))?.status === 200);
    const what = need === 'https' ? 'HTTPS works' : 'time zones work';
    if (!worked(before)) report(variant, what, 'it does not work before either: is there a network?', 'not checked');
    else report(variant, what, probes.map(nameOf).join(', '), worked(after) ? 'passed' : 'failed');
  }
}

/** How much smaller, in percent of the size before. */
export function reductionOf(before: Measured, after: Measured): number {
  return (1 - after.bytes / before.bytes) * 100;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
