// Room: runtime/. Databases and other stores of data in files: those that a RUN fills, that the context has, and that packages keep; at the level max, volumes.
import { walk } from '../context/walk.ts';
import { allOf } from '../effects/effects.ts';
import { joined, parentOf } from '../effects/places.ts';
import { landingOf, resolvePath } from '../facts/copies.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import type { Refusal } from '../refusal.ts';
import { isDatabase, opensNone } from './files.ts';
import { namedElsewhere } from './named-elsewhere.ts';
import { projectsOf } from '../facts/applications.ts';
import type { RunCommand } from './run-command.ts';
import { containerShell } from './started.ts';
import { MAY_BE_DATA, isDirectory, isSystem, unknown, workdirOf, type Found } from './write-found.ts';

/** Gives the files of databases and their directories to the user, or refuses where their place cannot be told. */
export function ofDatabases(subject: Subject, run: RunCommand, found: Found): Refusal | undefined {
  for (const { instruction, parts } of stagesOf(subject).flatMap((stage) => stage.runs)) {
    const made = allOf(parts.map((part) => part.effects)).filter(({ does }) => does.kind === 'database');
    const evidence: Evidence = { file: 'Dockerfile', line: instruction.line, says: 'fills a database' };
    if (made.length === 0) continue;
    const places = joined(...made.map((one) => one.own));
    if (places.unknown !== undefined || places.known.length === 0) {
      const message = `line ${instruction.line} fills a database while building, so the program may write to a file of the image`;
      const refused = unknown(subject, found, message, [evidence]);
      if (refused) return refused;
    }
    for (const { path } of places.known) {
      found.evidence.push(evidence);
      found.paths.add(parentOf(path));
      found.deep.add(parentOf(path));
      found.there.add(parentOf(path));
    }
  }
  if (subject.options.level === 'max') assumedVolumes(subject, found);
  for (const { path, origin } of databases(subject)) {
    found.evidence.push({ file: origin, says: MAY_BE_DATA });
    found.files.add(path);
    found.paths.add(parentOf(path));
  }
  for (const store of projectsOf(subject).flatMap(({ project }) => project.store?.(containerShell(subject, subject.final)) ?? [])) {
    const at = store.at === undefined ? undefined : resolvePath(workdirOf(subject), store.at);
    if (at !== undefined) {
      found.evidence.push(store.evidence);
      found.paths.add(at);
      if (at !== workdirOf(subject) && isDirectory(subject, at)) found.deep.add(at);
    } else if (found.paths.size === 0 && !namedElsewhere(subject, run).some(({ path }) => !isSystem(subject, path)))
      return unknown(subject, found, `${store.package} keeps ${store.what}, whose path cannot be told`, [store.evidence]);
  }
  return undefined;
}
/** Database files of the context that the image has: whoever opens one writes to it, and to its directory. */
function databases(subject: Subject): { path: string; origin: string }[] {
  const { final, project } = subject;
  if (opensNone(projectsOf(subject).map((one) => one.project))) return [];
  return walk(project.tree, '')
    .filter(({ kind, name, path }) => kind === 'file' && isDatabase(name) && !project.ignore.ignores(path) && !project.gitIgnores(path))
    .flatMap(({ path: origin }) => {
      const path = landingOf(final.copies, origin);
      return path === undefined ? [] : [{ path, origin }];
    });
}

/** The final stage, and those that it copies files from. */
function stagesOf({ stages, final }: Subject): StageReading[] {
  const from = new Set(final.copies.flatMap((copy) => copy.instruction.from?.toLowerCase() ?? []));
  return stages.filter(
    (one) => one === final || from.has(String(one.stage.index)) || (one.stage.name !== undefined && from.has(one.stage.name)),
  );
}

/** Level max: volumes are taken to be new, so that Docker gives them the owner of the image's directory. What compose mounts is noted. */
function assumedVolumes(subject: Subject, found: Found): void {
  for (const i of subject.final.stage.instructions) {
    if (i.keyword !== 'VOLUME') continue;
    const paths = (i.json ?? i.words).map((word) => word.value).filter((path) => path.startsWith('/'));
    for (const path of paths) found.paths.add(path);
    found.notes.push({ id: 'assumed', message: `Assumed (level max): no volume on ${paths.join(', ')} holds data of root` });
  }
  for (const service of subject.project.uses().services)
    for (const mount of service.mounts)
      found.notes.push({
        id: 'assumed',
        message: `Assumed (level max): the user may write to ${mount.target}, which ${service.file} mounts`,
      });
}
