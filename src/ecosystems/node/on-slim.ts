// Room: ecosystems/node. What installs of Node packages need on the slim image, which has no compiler.
import { drawnText, ofGlobals } from './drawn-text.ts';
import { lackedPackageIn } from '../../base/lacked.ts';
import { packagePlan } from '../../base/packages.ts';
import type { SlimNeeds } from '../../base/slim-needs.ts';
import { suiteOf } from '../../base/suite.ts';
import type { Subject } from '../../facts/subject.ts';
import type { Install } from '../../installs/shapes.ts';
import { installsOf } from '../../installs/sites.ts';
import { oncePer } from '../../once.ts';
import { refusal, type Refusal } from '../../refusal.ts';
import { packageName } from '../../knowledge/debian-packages.ts';
import { systemCertificates } from './certificates.ts';
import { npmrc } from './config.ts';
import { nodeReader } from './facts.ts';
import { fromGit } from './from-git.ts';
import { installsReady, scriptFetches, scriptIsHarmless } from './known-packages.ts';
import type { NodeProject } from './types.ts';
import { seenLibraries, seenUncompiled } from './seen-packages.ts';

/** The lock of npm alone tells whose install runs scripts; another manager's project is not told to change it. */
const lockAdvice = (manager: string): string =>
  manager === 'npm'
    ? 'Commit a package-lock.json of lockfileVersion 2 or 3 (npm 7 and newer write it).'
    : 'Write the slim image into FROM by hand, where no package compiles from source.';

/** The packages of Debian that production dependencies need; refuses where one may compile. */
export function nodeOnSlim(subject: Subject): SlimNeeds | Refusal {
  const found: SlimNeeds = { packages: [], evidence: [] };
  const projects = projectsFor(subject);
  const lacked = lackedPackageIn(subject.final);
  for (const need of projects.flatMap((project) => project.systemNeeds())) {
    if (need.skip)
      return refusal(need.skip, `${need.package} needs a browser and its libraries`, subject.final.stage.from.start, {
        evidence: [need.evidence],
      });
    found.packages.push(...need.debian.filter((name) => !lacked(name)));
  }
  const globals = subject.final.runs.flatMap((run) => run.parts.flatMap((part) => part.manager?.globals?.(part.command) ?? []));
  found.packages.push(...ofGlobals(globals), ...projects.flatMap((project) => drawnText(project, subject.project.tree)));
  for (const { packages, evidence } of projects.map((project) => systemCertificates(subject, project))) {
    found.packages.push(...packages);
    found.evidence.push(...evidence);
  }
  const image = subject.project.image?.facts;
  const untold = projects.map((project) => project.untoldLibraries()).find((one) => one !== undefined);
  const seen = untold && seenUncompiled(image) ? seenLibraries(image) : undefined;
  if (seen) {
    found.packages.push(...seen.debian);
    found.evidence.push(...seen.evidence);
  } else if (untold && subject.options.level === 'max')
    found.assumed = [`${untold.package} is not compiled against libraries that the slim image lacks`];
  else if (untold)
    return refusal(
      'needs-compiler',
      `${untold.package} may be compiled when it is installed, against libraries that are not known; the slim image may lack them`,
      subject.final.stage.from.start,
      { evidence: [untold.evidence] },
    );
  for (const run of subject.final.runs) {
    const at = run.instruction.start;
    for (const install of installsOf(subject.final, run, subject)) {
      if (install.manager.ecosystem !== 'node') continue;
      if (install.changed !== undefined)
        return refusal('needs-compiler', `A package may compile from source: ${install.changed}`, at, {
          allow: 'Let the image have the package.json of the repository when it installs.',
        });
      const project = subject.project.read(nodeReader, install.dir ?? '');
      const cloned = project && !installsGit(subject) ? fromGit(subject.project.tree, project) : undefined;
      if (cloned)
        return refusal('needs-git', `The install may start git, which the slim image lacks: ${cloned.what} comes from a repository`, at, {
          evidence: [cloned.evidence],
        });
      const packages = project?.installScriptPackages();
      if (!packages || 'unknown' in packages)
        return refusal(
          'needs-compiler',
          `A package may compile from source: ${packages?.unknown ?? 'package.json is not in the context'}`,
          at,
          { allow: lockAdvice(install.manager.id) },
        );
      const built = buildsFromSource(subject, install);
      const compiling = packages.value.find((name) => !scriptIsHarmless.has(name) && (built || !scriptFetches.has(name)));
      if (compiling !== undefined && !seenUncompiled(image))
        return refusal('needs-compiler', `${compiling} may compile from source`, at, {
          evidence: packages.evidence.filter(({ says }) => says.startsWith(`${compiling} `)),
        });
    }
    const built = run.parts.find((p) => p.command.words.some((word) => word.value?.startsWith('--build-from-source') === true));
    if (built) return refusal('needs-compiler', `\`${built.command.words.map((w) => w.raw).join(' ')}\` compiles from source`, at);
    const named = run.parts.find((p) => p.kind === 'install-named' && p.manager?.ecosystem === 'node' && !installsReady(p.command));
    if (named) return refusal('needs-compiler', `\`${named.command.words.map((w) => w.raw).join(' ')}\` may compile from source`, at);
  }
  return found;
}

/** The project of the context, and those of directories that the stage installs in. */
function projectsFor(subject: Subject): NodeProject[] {
  const { final, project } = subject;
  const dirs = final.runs.flatMap((run) =>
    installsOf(final, run, subject).flatMap(({ manager, dir }) => (manager.ecosystem === 'node' && dir !== undefined ? [dir] : [])),
  );
  return [...new Set(['', ...dirs])].flatMap((dir) => project.read(nodeReader, dir) ?? []);
}

/** A RUN of the stage installs git by the system's package manager. */
const installsGit = oncePer(({ final }: Subject): boolean => {
  const { both, build } = packagePlan(final, suiteOf(final.base));
  return [...both, ...build].some((name) => packageName(name) === 'git');
});

/** Whether npm is told to build what it could fetch. Source: docs.npmjs.com, config `build-from-source`, which node-pre-gyp and prebuild-install read. */
function buildsFromSource({ project }: Subject, { part, dir }: Install): boolean {
  const name = /^(?:--)?(?:npm_config_)?build[_-]from[_-]source(?:=|$)/i;
  const words = part.command.words.some(({ value }) => name.test(value ?? ''));
  const set = part.command.assignments.some((one) => name.test(one.name));
  const env = part.effects.before.lookup('npm_config_build_from_source') !== undefined;
  return words || set || env || npmrc(project.tree, dir ?? '').has('build-from-source');
}
