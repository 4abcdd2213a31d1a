// Room: cli/. `-`: a Dockerfile from standard input, the result to standard output, the report to the error stream.
import { isChanged } from '../report/types.ts';
import type { ProjectContext } from '../types.ts';
import { imageOf, treeOf, type Places } from '../checkout/locate.ts';
import type { Flags } from './flags.ts';
import { below, shown } from '../checkout/paths.ts';
import { crashed, emptyReport, failed, settle, strayFacts, underSettings, type Planned } from '../checkout/plan.ts';
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
  const planned = await fromStdin(prepared.places, world);
  const { report } = planned;
  const stray = strayFacts([planned], prepared.places);
  if (stray) planned.report.error = stray;
  if (!report.error) {
    try {
      const how = { cwd: world.cwd, options: prepared.options };
      const options = prepared.places.context === undefined ? how.options : underSettings(planned, prepared.places, how);
      settle(planned, prepared.places, { ...how, options });
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
  tellReports([report], flags, world, { mode: 'would', stream: world.stderr });
  if (report.error) return 2;
  return flags.check && isChanged(report) ? 1 : 0;
}

/** The text, with the facts of --context; without it nothing is known of the files around the Dockerfile. */
async function fromStdin(places: Places, world: World): Promise<Planned> {
  const dir = places.context ?? world.cwd;
  const root = repositoryRoot(dir) ?? dir;
  const planned: Planned = {
    report: emptyReport(name),
    real: '',
    given: dir,
    bytes: undefined,
    contextDir: dir,
    root,
    project: undefined,
    options: {},
    thrown: undefined,
  };
  const read = await readStream(world.stdin, name);
  if ('problem' in read) return failed(planned, read.problem);
  planned.report.source = read.text;
  planned.report.patchPath = below(root, dir) ? `${below(root, dir)}/Dockerfile` : 'Dockerfile';
  if (places.context !== undefined) planned.report.context = shown(world.cwd, dir);
  planned.project = { ...projectOf(places, root), ...imageOf(read.text, places) };
  return planned;
}

function projectOf(places: Places, root: string): ProjectContext {
  const { context } = places;
  if (context === undefined) {
    const contextDoubt = 'The Dockerfile comes from standard input, and its build context is not known';
    return { tree: places.core.memoryTree({}), dockerfilePath: undefined, contextCertain: false, contextDoubt };
  }
  return {
    tree: treeOf(context, places),
    dockerfilePath: undefined,
    contextCertain: true,
    repository: { tree: treeOf(root, places), contextPath: below(root, context) ?? '' },
  };
}
