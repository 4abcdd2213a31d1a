// Room: ecosystems/node. What of a Dockerfile is the project that the container runs, what is built beside it, and which dependencies are kept.
import { projectIn } from '../../facts/applications.ts';
import { inside, originOf } from '../../facts/copies.ts';
import type { RunPart, RunReading } from '../../facts/reading.ts';
import { inDirectory } from '../../installs/manifest-origin.ts';
import type { Install } from '../../installs/shapes.ts';
import { installsOf } from '../../installs/sites.ts';
import { once } from '../../once.ts';
import { refuse } from '../../refusal.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';
import type { Evidence, FrontEnd } from '../types.ts';
import { filledAbove } from './climbs.ts';
import { nodeReader } from './facts.ts';
import { frontEnd, installedAt } from './front-ends.ts';
import { wordsOf } from './kinds.ts';
import { cannotPrune } from './other-managers.ts';
import { production, type ProductionStep } from './production.ts';
import { usedAtRunTime } from './runtime-development.ts';
import { servedOutput } from './served.ts';
import type { NodeCase } from './split-case.ts';
import type { NodeProject } from './types.ts';
import { asWorkspace, startsWithin } from './workspace-case.ts';

/** Reads it all; refuses where the project, or what stands beside it, cannot be told. */
export function nodeCase(s: Situation): NodeCase {
  const sites = s.reading.runs.flatMap((run) =>
    installsOf(s.reading, run, s.subject)
      .filter((i) => i.manager.ecosystem === 'node')
      .map((install) => ({ run, install })),
  );
  if (sites.length === 0)
    return refuse('no-gain', 'Splitting would not remove anything from the final image: nothing of a package.json is installed', s.run.at);
  const { site, project: root, isWhole } = ownInstall(s, sites);
  const app = (isWhole ? site.install.cwd : filledAbove(s.subject, s.workdir)) ?? s.workdir;
  const frontEnds = besideIt(s, sites, site.install.cwd);
  const dir = site.install.dir ?? '';
  const whole = root && (isWhole ? asWorkspace(s.subject.project.tree, root, (path) => s.subject.project.ignore.ignores(path)) : root);
  if (site.install.changed !== undefined)
    refuse('manifest-missing', `What is installed cannot be told: ${site.install.changed}`, site.run.instruction.start, {
      allow: 'Let the image have the package.json of the repository when it installs.',
    });
  if (!whole || site.install.dir === undefined)
    return refuse('manifest-missing', 'package.json of the installed dependencies is not in the build context', site.run.instruction.start);
  const project = withoutFrontEnds(whole, frontEnds);
  const { tree } = s.subject.project;
  const builds = s.reading.runs.flatMap((run) =>
    run.opened
      .filter(
        (part) =>
          part.kind === 'build' ||
          part.kind === 'run' ||
          part.kind === 'compile' ||
          part.kind === 'test' ||
          (part.manager?.ecosystem === 'node' && part.kind === 'other' && part.name === 'npx'),
      )
      .map((part) => ({ run, part })),
  );
  const found: Omit<NodeCase, 'served'> = {
    ...s,
    app,
    root: site.install.cwd ?? app,
    frontEnds,
    install: site.install,
    installRun: site.run,
    project,
    dir,
    builds,
    deps: production(project, [stepOf(s, site.run, site.install.part), ...laterSteps(s, site)], {
      used: () => usedAtRunTime({ project, tree, run: s.run, end: s.reading.end, files: filesRun(s), quiet: startsNothing(s) }),
      lasting: () =>
        cannotPrune(project, {
          tree,
          manager: site.install.manager.id,
          copies: s.reading.copies,
          at: site.run.instruction.index,
          mends: !wordsOf(site.install.part.command).some((word) => ['ci', 'clean-install'].includes(word)),
        }),
    }),
  };
  return { ...found, served: frontEnds.length > 0 ? undefined : servedOutput(found) };
}

/** An install and the RUN that it stands in. */
interface Site {
  run: RunReading;
  install: Install;
}

/** The install of the project that the container runs: in the working directory, in the root of its workspace, or around the file that it starts. */
function ownInstall(s: Situation, sites: readonly Site[]): { site: Site; project: NodeProject | undefined; isWhole: boolean } {
  const [first] = sites as [Site];
  const projectOf = ({ install: { dir } }: Site): NodeProject | undefined =>
    dir === undefined ? undefined : s.subject.project.read(nodeReader, dir);
  const root = projectOf(first);
  if (root?.workspaces !== undefined && startsWithin(s.workdir, first.install.cwd)) return { site: first, project: root, isWhole: true };
  const { imagePath } = s.run;
  const around = sites
    .filter(
      ({ install: { cwd } }) =>
        cwd === s.workdir || (cwd !== undefined && imagePath !== undefined && inside(imagePath, cwd) && inside(cwd, s.workdir)),
    )
    .sort((a, b) => (b.install.cwd?.length ?? 0) - (a.install.cwd?.length ?? 0));
  const [site] = around;
  if (!site)
    return refuse(
      'workspace-layout-unknown',
      `Dependencies are installed in ${first.install.cwd ?? 'a directory that cannot be told'}, and the container starts in ${s.workdir}`,
      first.run.instruction.start,
    );
  return { site, project: projectOf(site), isWhole: false };
}

/** The other directories with packages of their own. What a RUN installs by itself is known to be a front end, or nothing is split. */
function besideIt(s: Situation, sites: readonly Site[], own: string | undefined): FrontEnd[] {
  const unclear = sites.find(({ install }) => install.cwd === undefined);
  if (unclear)
    refuse('workspace-layout-unknown', 'Dependencies are installed in a directory that cannot be told', unclear.run.instruction.start);
  return installedAt(s.reading).flatMap((place) => {
    if (place === own) return [];
    const found = frontEnd({ subject: s.subject, run: s.run, place, own });
    if (!('why' in found)) return [found];
    const site = sites.find(({ install }) => install.cwd === place);
    if (!site) return [];
    return refuse(
      'workspace-layout-unknown',
      `Dependencies are installed in ${place} as well, which ${found.why}${found.evidence.map(saidAt).join('')}`,
      site.run.instruction.start,
      { evidence: found.evidence, allow: 'Let the container read nothing of it but what its build makes, or write two stages by hand.' },
    );
  });
}
const saidAt = ({ file, line }: Evidence): string => ` (${file}${line === undefined ? '' : `:${line}`})`;

/** The project without the sources of front ends that lie below it: they run in browsers. */
function withoutFrontEnds(project: NodeProject, frontEnds: readonly FrontEnd[]): NodeProject {
  if (frontEnds.length === 0) return project;
  const own = (file: string): boolean => !frontEnds.some(({ dir }) => inside(file, dir));
  return {
    ...project,
    hits: once(() => project.hits().filter(({ file }) => own(file))),
    sources: once(() => project.sources().filter(own)),
    devImports: once(() => project.devImports().filter(({ evidence }) => own(evidence.file))),
  };
}

/** Sources of the context that the container runs, by its own command or by one before it. */
const filesRun = ({ run, reading, subject }: Situation): string[] => [
  ...new Set(
    run.started.flatMap(({ effects }) => {
      const path = effects.runs?.path;
      return path === undefined ? [] : (originOf(reading.copies, subject.project.tree, path) ?? []);
    }),
  ),
];

const stepOf = (s: Situation, run: RunReading, { command, kind }: RunPart): ProductionStep => ({
  command,
  prunes: kind === 'prune',
  state: s.reading.before(run.instruction),
  line: run.instruction.line,
});

/** Further installs, and prunes, of the same directory. */
function laterSteps(s: Situation, first: { run: RunReading; install: Install }): ProductionStep[] {
  const all = s.reading.runs.flatMap((run) => run.parts.map((part) => ({ run, part })));
  const from = all.findIndex(({ part }) => part === first.install.part);
  return all
    .filter(
      ({ part }, n) =>
        n > from &&
        part.manager?.ecosystem === 'node' &&
        ['install', 'prune'].includes(part.kind) &&
        inDirectory(part.manager, part.command, part.effects.before.cwd) === first.install.cwd,
    )
    .map(({ run, part }) => stepOf(s, run, part));
}

/** The sources of another ecosystem are read, and start no program. */
const startsNothing =
  ({ subject }: Situation) =>
  (ecosystem: string): boolean =>
    projectIn(subject, ecosystem)
      ?.hits()
      .every(({ kind }) => kind !== 'spawn') === true;
