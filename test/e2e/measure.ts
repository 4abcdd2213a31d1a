// test/e2e: one application: before, the tool's result for each base, and what must hold between them.
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type App, BARS, REBUILD_BAR, type Variant } from './apps.ts';
import { build, type Built, ensureBases, isolate, type Place, rebuildInRounds } from './build.ts';
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

/** Bytes, and seconds of the cold build and of the rebuild after a source edit, where that was asked for. */
export interface Measured {
  bytes: number;
  coldSeconds: number;
  rebuildSeconds: number | undefined;
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
  /** What is built again after a source edit. `all`: to be compared, which takes minutes and a quiet machine; `rewritten`: that it works. */
  rebuilds: 'all' | 'rewritten';
  rewrite: Rewrite;
  recheck: Recheck | undefined;
  say: (line: string) => void;
}

interface Ran {
  variant: Check['variant'];
  place: Place;
  built: Built;
  observed: Observed;
}

type Report = (variant: Check['variant'], what: string, detail: string, outcome: Check['outcome']) => void;

/** Builds, runs and compares one application. Failures are checks that failed, never exceptions. */
export async function measureApp(app: App, session: Session): Promise<AppResult> {
  const result: AppResult = { app: app.name, ecosystem: app.ecosystem, before: undefined, after: {}, checks: [] };
  const report: Report = (variant, what, detail, outcome) => {
    result.checks.push({ app: app.name, variant, what, outcome, detail });
    if (outcome !== 'passed') session.say(`  ${outcome}: ${app.name} (${variant}) ${what}: ${detail}`);
  };
  const ran: Ran[] = [];
  for (const variant of ['before', ...session.variants] as const) {
    if (variant !== 'before' && ran.length === 0) break;
    try {
      ran.push(await buildAndRun(app, variant, session, report, ran[0]?.observed.trust));
      report(variant, 'builds and answers', `${app.probes.length} probes`, 'passed');
    } catch (error) {
      report(variant, 'builds and answers', messageOf(error), 'failed');
    }
  }
  await remeasure(app, ran, result, session, report);
  return result;
}

// The rebuilds come last, so that they can be taken in turn.
async function remeasure(app: App, ran: Ran[], result: AppResult, session: Session, report: Report): Promise<void> {
  const [before] = ran;
  if (!before) return;
  const all = session.rebuilds === 'all';
  const places = (all ? ran : ran.slice(1)).map(({ place }) => place);
  let rebuilt: number[];
  try {
    rebuilt = await rebuildInRounds(app, places, all ? 3 : 1);
  } catch (error) {
    report('before', 'rebuilds after a source edit', messageOf(error), 'failed');
    return;
  }
  for (const { variant, place, built, observed } of ran) {
    const measured: Measured = { bytes: built.bytes, coldSeconds: built.seconds, rebuildSeconds: rebuilt[places.indexOf(place)] };
    if (measured.rebuildSeconds !== undefined)
      session.say(`${path.basename(place.directory)}: rebuilt in ${measured.rebuildSeconds.toFixed(1)} s`);
    if (variant === 'before') result.before = measured;
    else result.after[variant] = measured;
    if (variant !== 'before' && result.before) {
      checkBars(app, variant, result.before, measured, report);
      checkAnswers(app, variant, before.observed, observed, report);
    }
  }
}

async function buildAndRun(app: App, variant: Check['variant'], session: Session, report: Report, trust?: string[]): Promise<Ran> {
  const place = await copyOf(app, variant, session);
  if (variant !== 'before') {
    await session.rewrite(app, place.directory, variant);
    const again = await session.recheck?.(app, place.directory, variant);
    if (session.recheck) report(variant, 'a second run changes nothing', again ?? 'nothing to do', again ? 'failed' : 'passed');
    await isolate(place);
  }
  await ensureBases(place);
  const built = await build(place, 'cold');
  session.say(`${path.basename(place.directory)}: ${(built.bytes / 1e6).toFixed(1)} MB, built cold in ${built.seconds.toFixed(1)} s`);
  const observed = await observe(app, place.image, place.runId, trust);
  if (variant !== 'before') {
    const forbidden = findForbidden(await listFiles(place.image, session.runId), app);
    const clean = forbidden.length === 0;
    report(variant, 'no compiler, cache or source in the image', clean ? 'none' : forbidden.join('; '), clean ? 'passed' : 'failed');
  }
  return { variant, place, built, observed };
}

async function copyOf(app: App, variant: Check['variant'], session: Session): Promise<Place> {
  const directory = path.join(session.temporary, `${app.name}-${variant}`);
  await mkdir(directory, { recursive: true });
  await cp(path.join(session.fixtures, app.name), directory, { recursive: true });
  return { directory, image: `dockerfile-mod-e2e/${app.name}:${variant}-${session.runId}`, runId: session.runId };
}

function checkBars(app: App, variant: Variant, before: Measured, after: Measured, report: Report): void {
  const bar = BARS[app.ecosystem][variant];
  const reduction = reductionOf(before, after);
  report(variant, `at least ${bar} % smaller`, `${reduction.toFixed(2)} %`, reduction >= bar ? 'passed' : 'failed');
  const ratio = rebuildRatio(before, after);
  if (ratio === undefined || app.unread) return;
  report(variant, `rebuild at least ${REBUILD_BAR}× faster`, `${ratio.toFixed(1)}×`, ratio >= REBUILD_BAR ? 'passed' : 'failed');
}

function checkAnswers(app: App, variant: Variant, before: Observed, after: Observed, report: Report): void {
  const different = differences(before.answers, after.answers);
  const same = different.length === 0;
  report(variant, 'answers as before', same ? `${app.probes.length} probes` : different.join('; '), same ? 'passed' : 'failed');
  const { user, uids } = after;
  const root = uids.length === 0 || uids.includes('0') || /^(?:|0|root)(?::|$)/.test(user);
  if (!app.unread) report(variant, 'runs as non-root', `user '${user}', uid ${uids.join(', ')}`, root ? 'failed' : 'passed');
  checkNeeds(app, variant, before, after, report);
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

/** How many times faster a rebuild is; undefined: it was not timed. */
export const rebuildRatio = (before: Measured, after: Measured): number | undefined =>
  before.rebuildSeconds === undefined || after.rebuildSeconds === undefined ? undefined : before.rebuildSeconds / after.rebuildSeconds;

/** How much smaller, in percent of the size before. */
export function reductionOf(before: Measured, after: Measured): number {
  return (1 - after.bytes / before.bytes) * 100;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
