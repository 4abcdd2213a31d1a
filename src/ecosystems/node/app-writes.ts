// Room: ecosystems/node. What RUNs leave in the application's directory beside the installed packages and the output of the build.
import { inside, landingOf } from '../../facts/copies.ts';
import type { RunPart, RunReading } from '../../facts/reading.ts';
import { joined } from '../../effects/places.ts';
import { removalOf } from '../../base/removed.ts';
import type { Evidence } from '../types.ts';
import { worksIn } from './front-ends.ts';
import { needsOfScript } from './lifecycle.ts';
import { modulesOf, type NodeCase } from './split-case.ts';

/** Owners and empty directories stand in the last stage on their own account (base/part-places.ts). */
const REPEATED: ReadonlySet<string> = new Set(['mkdir', 'touch', 'chown', 'chgrp']);

/** Image paths below the application whose mode a RUN changes: the context has them with another one, so that they come from the build stage. */
export function modeChanged(c: NodeCase): string[] {
  return c.reading.runs.flatMap((run) =>
    run.opened.filter((part) => changesModes(part, c)).flatMap(({ effects }) => effects.writes.known.map(({ path }) => path)),
  );
}

/** `chmod +x bin/start.sh`: of named files or directories, not of the application as a whole. */
const changesModes = ({ effects: { program, writes } }: RunPart, { workdir }: NodeCase): boolean =>
  program === 'chmod' && writes.unknown === undefined && writes.known.every(({ path }) => !inside(workdir, path));

/** The first command that writes what neither node_modules nor the output `made` (image paths) brings; undefined: none does. */
export function unbrought(c: NodeCase, made: readonly string[]): Evidence | undefined {
  for (const run of c.reading.runs) {
    if (c.runs.kept.get(run.instruction.index)?.whole === true) continue;
    const part = run.opened.find((one, n) => leaves(c, one, [...made, ...removedBehind(run.opened.slice(n + 1))]));
    if (part) return evidence(run, part);
  }
  return lifecycleWrites(c, made);
}

/** A script of the project's own that the install runs, where it may write beside the packages. Source: docs.npmjs.com/cli/v11/using-npm/scripts */
function lifecycleWrites({ project, install, subject, dir, workdir }: NodeCase, made: readonly string[]): Evidence | undefined {
  if (install.part.command.words.some((word) => (word.value ?? '').startsWith('--ignore-scripts'))) return undefined;
  const { tree } = subject.project;
  const { scripts } = project;
  const found = project.lifecycle.find(({ name, text }) => {
    const needs = needsOfScript({ tree, dir, script: (one) => scripts.get(one)?.text }, text);
    if (!('blockedBy' in needs) && needs.files.length + needs.prisma.length === 0) return false;
    const outputs = project.outputs(name);
    return (
      'unknown' in outputs ||
      !outputs.value.every((path) => [modulesOf(workdir), ...made].some((place) => inside(`${workdir}/${path}`, place)))
    );
  });
  return found && { file: project.manifestPath, line: found.line, says: `the install runs ${found.name}: ${found.text.slice(0, 200)}` };
}

/** What the same RUN removes again lies in no layer. */
const removedBehind = (parts: readonly RunPart[]): string[] =>
  parts.flatMap(({ effects }) => effects.removes.known.map(({ path }) => path));

const evidence = (run: RunReading, { command }: RunPart): Evidence => ({
  file: 'Dockerfile',
  line: run.instruction.line,
  says: `writes in the application: ${command.words.map((word) => word.raw).join(' ')}`,
});

function leaves(c: NodeCase, part: RunPart, made: readonly string[]): boolean {
  const { manager, kind, effects } = part;
  if (manager?.ecosystem === 'system' || kind === 'clean-cache' || REPEATED.has(effects.program) || changesModes(part, c)) return false;
  // `npm version`, `npm pkg set`: the context has another package.json; what is installed by name lies in node_modules
  if (kind !== 'install-named' && manager?.changesManifest?.(part.command) === true) return true;
  if (manager?.ecosystem === 'node' && ['install', 'install-named', 'prune', 'download', 'test'].includes(kind)) return false;
  // the output of builds is `made`, or the whole application is taken
  if (c.builds.some((build) => build.part === part)) return false;
  const brought = [modulesOf(c.workdir), ...made];
  return joined(effects.writes, effects.removes).known.some(
    ({ path, below }) =>
      (inside(path, c.workdir) || (below && inside(c.workdir, path))) &&
      !brought.some((dir) => inside(path, dir)) &&
      !removesModules(part, path, c),
  );
}

/** `rm -rf node_modules`, `rm -rf src`: what is removed does not have to be brought. */
const removesModules = ({ effects }: RunPart, path: string, c: NodeCase): boolean =>
  effects.removes.known.some((place) => place.path === path) &&
  path !== c.workdir &&
  !effects.writes.known.some((place) => place.path === path);

/** package.json in the image is not the context's any more: a package was installed by name, or a command edits it. */
export function manifestChanged(c: NodeCase): boolean {
  const path = `${c.workdir}/package.json`;
  return c.reading.runs.some((run) =>
    run.opened.some(
      ({ manager, command, effects }) =>
        manager?.changesManifest?.(command) === true || effects.writes.known.some((place) => place.path === path && !place.below),
    ),
  );
}

/** A RUN removes a manifest or settings of the installer that a COPY brings: a second install elsewhere would bring it back. */
export const manifestsRemoved = (c: NodeCase, names: readonly string[]): boolean =>
  names.some((path) => {
    const place = landingOf(c.reading.copies, path);
    return place !== undefined && removalOf(c.reading, place, -1) !== undefined;
  });

/** Something beside the one install changes node_modules: a second install would not find the same. */
export function modulesChanged(c: NodeCase): boolean {
  const modules = modulesOf(c.workdir);
  const own = c.install.part;
  const written = c.reading.runs.some((run) =>
    run.opened.some((part) => {
      if (part === own || c.frontEnds.some(({ place }) => worksIn(part.effects, place))) return false;
      if (part.manager?.ecosystem === 'node') {
        if (part.manager.elsewhere?.(part.command) === true) return false;
        return ['install', 'install-named', 'prune'].includes(part.kind) || part.command.words.some((word) => word.value === 'rebuild');
      }
      return joined(part.effects.writes, part.effects.removes).known.some(({ path }) => inside(path, modules));
    }),
  );
  return written || c.reading.copies.some((copy) => copy.dest !== undefined && inside(copy.dest, modules));
}
