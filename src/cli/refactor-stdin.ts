// Room: cli/. `-`: a Dockerfile from standard input, the result to standard output, the report to the error stream.
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { effectiveConfig } from '../checkout/config/effective.ts';
import { isChanged } from '../report/types.ts';
import type { ProjectContext } from '../types.ts';
import { imageOf, locate, treeOf, type Places } from '../checkout/locate.ts';
import type { Flags } from './flags.ts';
import { below, shown } from '../checkout/paths.ts';
import { crashed, emptyReport, failed, settle, strayFacts, underConfig, withImages, type Planned } from '../checkout/plan.ts';
import { readStream } from '../checkout/read.ts';
import { ready } from './ready.ts';
import { repositoryRoot } from '../checkout/repository.ts';
import { tellProblem, tellReports } from './tell.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from './world.ts';

const name = '-';

/** Nothing is written but the output: files of the context that go with the result are in the report. */
export async function refactorStdin(flags: Flags, world: World): Promise<ExitCode | UsageError> {
  const prepared = await ready(flags, world);
  if (isUsageError(prepared)) return prepared;
  const planned = await fromStdin(prepared.places, flags, world);
  const { report } = planned;
  const stray = strayFacts([planned], prepared.places);
  if (stray) planned.report.error = stray;
  if (!report.error) {
    try {
      const how = { cwd: world.cwd, options: prepared.options };
      settle(planned, prepared.places, { ...how, options: underConfig(planned, how.options) });
    } catch (error) {
      crashed(planned, error);
    }
  }
  for (const file of report.error ? [] : report.files) {
    report.notes.push({
      transform: name,
      id: 'not-written',
      message: `${file.path} belongs to the result and is not written for standard input; the diff shows it`,
    });
  }
  if (report.error) tellProblem(report.error, flags, world, planned.thrown);
  if (flags.format === 'pretty' && !flags.check && report.result && !report.error) world.stdout.write(report.result.output);
  await tellReports([report], flags, world, { mode: 'would', stream: world.stderr });
  const unwritten =
    flags.report === undefined ? undefined : await (await import('./page.ts')).writePage([report], flags.report, 'would', world);
  if (unwritten) return unwritten;
  if (report.error) return 2;
  return flags.check && isChanged(report) ? 1 : 0;
}

/** The text, with the facts of its build context: --context, or that of the file that it would be; outside of a repository nothing is known. */
async function fromStdin(places: Places, flags: Flags, world: World): Promise<Planned> {
  const file = realFile(resolve(world.cwd, flags.stdinFilename ?? 'Dockerfile'));
  const at = places.context ?? dirname(file);
  const root = repositoryRoot(at) ?? at;
  const config = effectiveConfig({ path: places.context === undefined ? file : join(at, 'Dockerfile'), root, cwd: world.cwd }, places);
  const planned: Planned = {
    report: emptyReport(name),
    real: '',
    given: at,
    bytes: undefined,
    contextDir: at,
    root,
    project: undefined,
    options: {},
    config,
    thrown: undefined,
  };
  const read = await readStream(world.stdin, name);
  if ('problem' in read) return failed(planned, read.problem);
  planned.report.source = read.text;
  const [problem] = config.problems;
  if (problem) return failed(planned, problem);
  const isPlaced = places.context !== undefined || flags.stdinFilename !== undefined || repositoryRoot(at) !== undefined;
  const project = isPlaced ? placed(planned, file, read.text, places, world) : unplaced(places);
  planned.report.patchPath = below(root, places.context === undefined ? file : join(at, 'Dockerfile')) ?? 'Dockerfile';
  planned.project = withImages({ ...project, ...imageOf(read.text, places) }, config);
  return planned;
}

function placed(planned: Planned, file: string, text: string, places: Places, world: World): ProjectContext {
  const { root, config, report } = planned;
  const context = places.context ?? config?.context?.value;
  if (context === undefined) {
    const located = locate({ path: name, real: file, given: dirname(file) }, text, places);
    Object.assign(planned, { contextDir: located.dir, root: located.root });
    report.context = shown(world.cwd, located.dir);
    return located.project;
  }
  report.context = shown(world.cwd, context);
  return {
    tree: treeOf(context, places),
    dockerfilePath: undefined,
    contextCertain: true,
    repository: { tree: treeOf(root, places), contextPath: below(root, context) ?? '' },
  };
}

function unplaced(places: Places): ProjectContext {
  const contextDoubt = 'The Dockerfile comes from standard input, and its build context is not known';
  return { tree: places.core.memoryTree({}), dockerfilePath: undefined, contextCertain: false, contextDoubt };
}

/** The directory of a file that need not be there, links resolved. */
function realFile(path: string): string {
  try {
    return join(realpathSync.native(dirname(path)), basename(path));
  } catch {
    return path;
  }
}
