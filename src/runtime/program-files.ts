// Room: runtime/. The files that a compiled program reads when it runs: from the context, or made by a RUN; its sources stay behind.
import type { SourceHit } from '../ecosystems/types.ts';
import { inside, landingOf, originAbove } from '../facts/copies.ts';
import type { RunPart, StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import type { Layout } from './entries.ts';
import { changedFiles } from './changed-files.ts';
import { runtimeFiles, type RuntimeFiles } from './files.ts';
import { namedBySettings } from './named-by-settings.ts';
import { namedByVariables, type NamedByVariable } from './named-by-variables.ts';
import { namedByWords } from './named-by-words.ts';
import { madeFiles, type MadeFiles } from './made-files.ts';
import type { RunCommand } from './run-command.ts';
import { sourcesLeftOut, wholeDirectories } from './whole-directories.ts';
import { writtenDirectories } from './written-directories.ts';

interface Question {
  subject: Subject;
  reading: StageReading;
  /** The working directory of the container. */
  workdir: string;
  layout: Layout;
  /** Directories of the context whose files the program may read: its project's, and the one that it is built in. */
  dirs: readonly string[];
  hits: readonly SourceHit[];
  /** The files of its sources; absent: those of the projects of `dirs`. */
  sources?: readonly string[];
  /** Paths of the context that are read whatever the sources say: settings that a framework looks for. */
  asked?: readonly string[];
  /** True for a path of the context that is compiled in. */
  embedded(path: string): boolean;
  /** True for one that is read from there alone, whatever paths are computed; absent: none. */
  inMemory?(path: string): boolean;
  /** Commands whose outputs are artefacts already. */
  builds(part: RunPart): boolean;
  /** What the container runs. */
  run: RunCommand;
  /** Programs of the project itself, by their paths in the image: what they read is told by their sources. */
  own: readonly string[];
}

export interface ProgramFiles {
  files: RuntimeFiles;
  /** Context paths, each once. */
  needed: string[];
  /** Image paths that RUNs made. */
  made: string[];
  unclear: MadeFiles['unclear'];
}

/** What the program reads, seen from the working directory of the container and from those of its sources. */
export function programFiles(q: Question): ProgramFiles {
  const above = { copies: q.reading.copies, tree: q.subject.project.tree };
  const at = originAbove(above, q.workdir);
  const dirs = [...new Set([...(at === undefined ? [] : [at]), ...q.dirs])];
  const variables = namedByVariables(q.subject, q.reading, q.workdir);
  const files = filesIn(q, dirs, variables);
  files.dynamic.push(...strangers(q));
  const read =
    files.dynamic.length > 0
      ? [...files.assets, ...files.unknown, ...namedByWords(q.subject.project, dirs, q.sources)]
      : files.named.filter((path) => !q.embedded(path));
  const written = dirs.flatMap((dir) => writtenDirectories({ project: q.subject.project, layout: q.layout, hits: q.hits }, dir));
  const direct = [...new Set([...read, ...written])].filter(
    (path) => q.inMemory?.(path) !== true || variables.some((one) => inside(one.path, path)),
  );
  const question = { project: q.subject.project, copies: q.reading.copies, layout: q.layout, dir: q.dirs[0] ?? '' };
  const fixed = absolute(q);
  const asked = q.asked ?? [];
  const named = [...direct, ...namedBySettings(q.subject.project, [...direct, ...asked, ...fixed], q.dirs)];
  const brought = [...new Set([...sourcesLeftOut(question, wholeDirectories(question, [...new Set([...named, ...fixed])])), ...asked])];
  const found = madeFiles({
    reading: q.reading,
    app: q.workdir,
    reads: literals(q.hits),
    literals: q.dirs.flatMap((dir) => q.subject.project.all(dir).flatMap((one) => one.literals?.() ?? [])).map(({ text }) => text),
    computed: files.dynamic.length > 0 || q.hits.some(({ kind, literal }) => kind === 'write' && literal === undefined),
    copied: (path) => {
      const origin = originAbove(above, path);
      return origin !== undefined || q.embedded(relativeTo(q, path));
    },
    sources: q.layout.sources,
    builds: q.builds,
  });
  const changed = changedFiles(q, brought);
  const made = [...changed, ...found.paths.filter((path) => !changed.some((dir) => inside(path, dir)))].sort();
  const needed = brought.filter((path) => !made.some((dest) => inside(landingOf(q.reading.copies, path) ?? '', dest)));
  return {
    files,
    needed: needed.filter((path) => !needed.some((other) => other !== path && inside(path, other))),
    made,
    unclear: found.unclear,
  };
}

/** Programs of no source that is read, beside the project's own: they may read any file of the application (`goose up`). */
function strangers({ run, own }: Question): Evidence[] {
  const names = new Set([run.program, ...own].map((path) => path.slice(path.lastIndexOf('/') + 1)));
  return run.started.flatMap(({ starter, effects, evidence }) =>
    !starter && effects.reads.unknown !== undefined && effects.sources === undefined && !names.has(effects.program.split('/').pop() ?? '')
      ? [evidence]
      : [],
  );
}

/** The path of the context that would stand at a path of the image. */
const relativeTo = (q: Question, path: string): string =>
  [q.dirs[0], inside(path, q.workdir) ? path.slice(q.workdir === '/' ? 1 : q.workdir.length + 1) : ''].filter(Boolean).join('/');

function filesIn(q: Question, dirs: readonly string[], variables: readonly NamedByVariable[]): RuntimeFiles {
  const found = dirs.map((dir) => runtimeFiles(q.subject.project, { dir, layout: q.layout, outputs: [], hits: q.hits, variables }));
  const all = (key: 'assets' | 'named' | 'unknown'): string[] => [...new Set(found.flatMap((one) => one[key]))].sort();
  const [first] = found as [RuntimeFiles, ...RuntimeFiles[]];
  const named = all('named');
  return {
    ...first,
    assets: all('assets'),
    named: named.filter((path) => !named.some((other) => other !== path && inside(path, other))),
    unknown: all('unknown').filter((path) => !dirs.some((dir) => dir !== path && inside(dir, path))),
    evidence: found.flatMap((one) => one.evidence),
    envFile: found.map((one) => one.envFile).find((path) => path !== undefined),
  };
}

/** Context paths behind the absolute paths that sources name. */
function absolute({ hits, reading, subject }: Question): string[] {
  const { tree, ignore } = subject.project;
  return literals(hits)
    .filter((literal) => literal.startsWith('/') && literal !== '/')
    .flatMap((literal) => originAbove({ copies: reading.copies, tree }, literal) ?? [])
    .filter((path) => path !== '' && !ignore.ignores(path));
}

/** The paths that sources read, globs as far as they are a path. */
const literals = (hits: readonly SourceHit[]): string[] =>
  hits.flatMap(({ kind, literal }) => (['read', 'template', 'write'].includes(kind) && literal !== undefined ? [plainPart(literal)] : []));

/** `templates/*.html` is `templates`. */
function plainPart(literal: string): string {
  const fixed = literal.split(/[*?[{]/)[0] ?? '';
  return fixed === literal ? literal : fixed.slice(0, Math.max(0, fixed.lastIndexOf('/')));
}
