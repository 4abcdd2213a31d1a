// Room: runtime/. Files of the application that a RUN made and the program reads: they come from the build stage, because the context does not have them.
import { holds, within } from '../effects/places.ts';
import { inside, resolvePath } from '../facts/copies.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';

/** What is asked: the directory of the application, what the program reads there, and which commands are the build itself. */
interface Question {
  reading: StageReading;
  /** The working directory of the container. */
  app: string;
  /** Paths that sources name, relative to the working directory or absolute. */
  reads: readonly string[];
  /** Names of files that stand in the sources, whoever reads them: what a RUN made at such a path is read. */
  literals: readonly string[];
  /** Somewhere a computed path is read. */
  computed: boolean;
  /** True for a path of the image that the context brings. */
  copied(path: string): boolean;
  /** Names of sources: a program does not read what it was compiled from. */
  sources: RegExp;
  /** Commands whose outputs are artefacts already. */
  builds(part: RunPart): boolean;
}

export interface MadeFiles {
  /** Image paths, each once. */
  paths: string[];
  /** A RUN of which it cannot be told whether it makes a file that the program reads. */
  unclear: Unclear | undefined;
}

interface Unclear {
  run: RunReading;
  /** The whole sentence. */
  says: string;
  /** Undefined: it makes files all over the application, while the program reads some that the context does not have. */
  allow: string | undefined;
}

/** Looks for what the RUNs wrote inside of the application. */
export function madeFiles(q: Question): MadeFiles {
  const found: MadeFiles = { paths: [], unclear: undefined };
  const doubtful: { run: RunReading; part: RunPart; path: string }[] = [];
  const inApp = (paths: readonly string[]): string[] =>
    paths.flatMap((path) => resolvePath(q.app, path) ?? []).filter((path) => inside(path, q.app) && path !== q.app);
  const named = inApp(q.reads);
  const written = inApp(q.literals);
  const missing = named.filter((path) => !q.copied(path));
  const parts = q.reading.runs.flatMap((run) => run.opened);
  const removed = parts.flatMap(({ effects }, at) => effects.removes.known.map((place) => ({ place, at })));
  const directories = new Set<string>();
  const gone = (path: string, part: RunPart): boolean => {
    const made = parts.indexOf(part);
    return removed.some(({ place, at }) => at > made && holds(place, path));
  };
  for (const run of q.reading.runs)
    for (const part of run.opened) {
      if (part.manager?.ecosystem === 'system' || q.builds(part)) continue;
      const { writes, program, does } = part.effects;
      // an owner makes no file
      if (does.kind === 'own') continue;
      // the last stage makes directories again, with their modes
      const directory = does.kind === 'files' && does.makes === true;
      if (directory) for (const { path } of writes.known) directories.add(path);
      for (const place of writes.known) {
        if (directories.has(place.path) && (directory || program === 'chmod')) continue;
        if (q.sources.test(place.path.slice(place.path.lastIndexOf('/') + 1)) || gone(place.path, part)) continue;
        if (!inside(place.path, q.app)) {
          if (place.below && within(q.app, place.path) && place.path !== '/')
            found.unclear ??= missing.length > 0 ? everywhere(run, program) : undefined;
          continue;
        }
        if (place.path === q.app) {
          if (place.below && missing.length > 0) found.unclear ??= everywhere(run, program);
          continue;
        }
        const read = named.filter((path) => inside(place.path, path) || (place.below && inside(path, place.path)));
        const made = read.filter((path) => inside(path, place.path) && !q.copied(path));
        if (read.some((path) => inside(place.path, path)) || written.includes(place.path) || q.computed) made.push(place.path);
        for (const path of made) {
          if (isSure(part, path) || q.copied(path) || run.seen?.added.some((file) => inside(file.path, path))) found.paths.push(path);
          else doubtful.push({ run, part, path });
        }
      }
    }
  const doubt = doubtful.find(({ path }) => !found.paths.includes(path));
  if (doubt) found.unclear ??= withoutIt(doubt);
  const all = [...new Set(found.paths)];
  found.paths = all.filter((path) => !all.some((other) => other !== path && inside(path, other))).sort();
  return found;
}

/** The shell makes a file that is printed to before the command fails. */
const isSure = ({ command: { optional }, effects }: RunPart, path: string): boolean =>
  optional === undefined || (optional === 'may-fail' && effects.redirected.known.some((place) => place.path === path));

const everywhere = (run: RunReading, program: string): Unclear => ({
  run,
  says: `\`${program}\` (line ${run.instruction.line}) makes files in the application, and the program reads some that the repository does not have`,
  allow: undefined,
});

const withoutIt = ({ run, part, path }: { run: RunReading; part: RunPart; path: string }): Unclear => ({
  run,
  says: `\`${part.effects.program}\` (line ${run.instruction.line}) makes ${path}, which the program may read, and the build goes on without it`,
  allow: 'Make the file without a condition, and let the build end where that fails.',
});
