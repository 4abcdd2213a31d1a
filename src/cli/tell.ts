// Room: cli/. Prints what became of the files: the report on one stream, errors always on the error stream.
import type { Planned } from '../checkout/plan.ts';
import { documentOf, diffOfReports } from '../report/json.ts';
import { pretty, problemText } from '../report/pretty.ts';
import type { Mode } from '../report/summary.ts';
import type { FileReport, Problem } from '../report/types.ts';
import { visible, visibleLines } from '../report/visible.ts';
import type { Flags } from './flags.ts';
import { colourOf } from './terminal.ts';
import type { Output, UsageError, World } from './world.ts';

/** The report in the format asked for. `stream`: where the pretty one goes (standard input's result has the output to itself). */
export async function tellReports(
  reports: readonly FileReport[],
  flags: Flags,
  world: World,
  how: { mode: Mode; stream: Output },
): Promise<void> {
  const { format } = flags;
  if (format === 'pretty') {
    const detail = flags.explain ? 'explain' : 'short';
    if (!flags.quiet) how.stream.write(pretty(reports, { colour: colourOf(how.stream, world.env, flags), mode: how.mode, detail }));
  } else if (format === 'diff') {
    const patch = diffOfReports(reports);
    if (patch !== '') world.stdout.write(patch);
  } else if (format === 'github') (await import('./annotations.ts')).annotateReports(reports, world);
  else if (format === 'markdown') world.stdout.write((await import('../report/markdown.ts')).markdown(reports, how.mode));
  else world.stdout.write(`${JSON.stringify(await documentFor(format, reports, world), undefined, 2)}\n`);
}

async function documentFor(format: 'json' | 'sarif' | 'gitlab', reports: readonly FileReport[], world: World): Promise<unknown> {
  if (format === 'json') return documentOf(world.version, reports);
  if (format === 'gitlab') return (await import('../report/gitlab.ts')).gitlabQuality(reports);
  const rules = (await world.core()).listTransforms();
  return (await import('../report/sarif.ts')).sarif(reports, { version: world.version, rules });
}

/** Of commands whose answer has its own form: what is wrong with another one. */
export const wrongFormat = ({ format }: Flags, who: string): UsageError | undefined =>
  format === 'pretty' || format === 'json' ? undefined : { usage: `${who} prints as pretty or json` };

export function tellProblem(problem: Problem, flags: Flags, world: World, thrown?: unknown): void {
  world.stderr.write(problemText(problem, colourOf(world.stderr, world.env, flags)));
  if (flags.debug && thrown instanceof Error) world.stderr.write(`${visibleLines(thrown.stack ?? thrown.message)}\n`);
}

/** What went wrong with Dockerfiles; what is wrong in a configuration that several have is told once. */
export function tellErrors(all: readonly Planned[], flags: Flags, world: World): void {
  const told = new Set<string>();
  for (const { report, thrown, config } of all)
    for (const problem of config?.problems.length ? config.problems : report.error ? [report.error] : []) {
      const key = JSON.stringify(problem);
      if (!told.has(key)) tellProblem(problem, flags, world, thrown);
      told.add(key);
    }
}

export function tellWarning(warning: string, flags: Flags, world: World): void {
  if (!flags.quiet) world.stderr.write(`warning: ${visible(warning)}\n`);
}
