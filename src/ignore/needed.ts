// Room: ignore/. Who needs what a pattern would hide: a COPY, a command, a script, the program, another Dockerfile.
import type { FileRead, FileTree } from '../context/types.ts';
import { walk } from '../context/walk.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { allOf } from '../effects/effects.ts';
import type { Effects } from '../effects/types.ts';
import { cleanPath, contextPath, originThrough, stageNamed } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import { hitsOf, projectsOf } from '../facts/applications.ts';
import { once, oncePer } from '../once.ts';
import type { Candidate } from './candidates.ts';
import { unreadReader } from './unread.ts';

type Hides = (path: string) => boolean;

/** The first reader of what `candidate` hides, in words; undefined when there is none. */
export function neededBy(subject: Subject, candidate: Candidate, hides: Hides): string | undefined {
  if (candidate.pattern.startsWith('.env')) {
    const reader = envReader(subject) ?? unreadReader(subject);
    if (reader) return reader;
  }
  return (
    copied(subject, hides) ??
    (candidate.made ? askedFor(subject, hides) : (copiedOn(subject, hides) ?? named(subject, hides))) ??
    otherDockerfiles(subject, candidate, hides)
  );
}

/** `[ -d dist ] || npm run build`: what may have been made outside of the image counts, where it is there. Source: test(1). */
const ASKED = /(?:\[\[?|\btest)\s+(?:!\s+)?-[defrsx]\s+["']?([\w./-]+)/g;
const askedPaths = oncePer(({ stages }: Subject) =>
  stages.flatMap(({ runs }) =>
    runs.flatMap(({ instruction: { script, line } }) =>
      [...(script?.text ?? '').matchAll(ASKED)].flatMap(([, path = '']) => (isPath(path) ? [{ path, line }] : [])),
    ),
  ),
);
function askedFor(subject: Subject, hides: Hides): string | undefined {
  const asked = askedPaths(subject).find(({ path }) => hides(contextPath(path)));
  return asked && `line ${asked.line}, which asks whether ${asked.path} is there`;
}

function copied(subject: Subject, hides: Hides): string | undefined {
  for (const reading of subject.stages)
    for (const copy of reading.copies)
      for (const source of copy.sources)
        if (source.path !== '' && (hides(source.path) || source.files.some(hides)))
          return `line ${copy.instruction.line}, which copies ${source.path}`;
  return undefined;
}

function copiedOn(subject: Subject, hides: Hides): string | undefined {
  for (const { copies } of subject.stages)
    for (const { instruction } of copies)
      for (const { value } of instruction.from === undefined ? [] : instruction.sources) {
        const path = broughtTo(subject, instruction.from ?? '', value);
        if (path !== '' && hides(path)) return `line ${instruction.line}, which copies ${path}`;
      }
  return undefined;
}

/** The path of the context that a stage has, and another one copies from it; '' for none. */
function broughtTo({ stages, project }: Subject, from: string, path: string): string {
  const stage = stageNamed(stages, from);
  return (stage && originThrough(stages, stage, project.tree, cleanPath(`/${path}`))) ?? '';
}

/** It removes files whether they are there or not (`rm -rf .git`): what it names it does not need. Without `-f` it fails where they are hidden. */
const removesAtWill = ({ command, does, removes, writes }: Effects): boolean =>
  does.kind === 'files' &&
  removes.known.length > 0 &&
  writes.known.length === 0 &&
  command.words.slice(1).some(({ value }) => /^(?:-[A-Za-z]*f[A-Za-z]*|--force)$/.test(value ?? ''));

/** Words of commands and string literals of sources that name a hidden path. */
function named(subject: Subject, hides: Hides): string | undefined {
  for (const reading of subject.stages)
    for (const run of reading.runs)
      for (const effects of allOf(run.parts.map((part) => part.effects)))
        for (const word of removesAtWill(effects) ? [] : effects.command.words.slice(1))
          for (const text of [word.value ?? word.raw, (word.value ?? word.raw).replace(/^[^=]*=/, '')])
            if (isPath(text) && hides(contextPath(text))) return `line ${run.instruction.line}, which names ${text}`;
  for (const { file, name } of namedInSources(subject.project.tree)) if (hides(name)) return `${file}, which names ${name}`;
  for (const hit of hitsOf(subject))
    if (
      (hit.kind === 'read' || hit.kind === 'template') &&
      hit.literal !== undefined &&
      isPath(hit.literal) &&
      hides(contextPath(hit.literal))
    )
      return `${hit.file}:${hit.line}, which reads ${hit.literal}`;
  return undefined;
}

/** Names of files that no program needs, as a rule, in literals of sources: what is embedded (`include_str!("../Dockerfile")`) or read. */
const LITERAL =
  /["'`](?:[^"'`\n]{0,100}\/)?(\.git(?:ignore|attributes|hub)|\.gitlab-ci\.yml|[Dd]ockerfile|\.dockerignore|(?:docker-)?compose(?:\.override)?\.ya?ml)(?=["'`/])/g;
const SOURCE = /\.(?:[cm]?[jt]sx?|rs|go|py|rb|php|java|kt|kts|gradle|cs|ex|exs|vue|svelte)$/;
const sourceLimit = 3000;

/** Tests are left out: an image that runs them names them in a command. */
const namedInSources = oncePer((tree: FileTree): { file: string; name: string }[] =>
  walk(tree, '', { limit: sourceLimit }).flatMap(({ kind, path, name }) => {
    if (kind !== 'file' || !SOURCE.test(name) || /(?:^|\/)(?:tests?|__tests__|spec)\/|[._](?:test|spec)\.|_test\./.test(path)) return [];
    const read = tree.read(path);
    const found = read.kind === 'text' ? [...read.text.matchAll(LITERAL)] : [];
    return found.map((match) => ({ file: path, name: match[1] ?? '' }));
  }),
);

const isPath = (value: string): boolean =>
  value !== '' && !value.startsWith('-') && !value.startsWith('/') && !value.includes('://') && value.length < 300;

function envReader(subject: Subject): string | undefined {
  const hit = hitsOf(subject).find((h) => h.kind === 'env-file');
  if (hit) return `${hit.file}:${hit.line}, which reads it`;
  for (const { project: found } of projectsOf(subject)) {
    const reader = found.envFileReader?.();
    if (reader !== undefined) return reader;
  }
  return undefined;
}

/** Other Dockerfiles of the same context: their COPY sources, and builds that ship what this one makes. */
function otherDockerfiles(subject: Subject, candidate: Candidate, hides: Hides): string | undefined {
  const { tree, context, ignore } = subject.project;
  for (const { path, reads } of dockerfilesOf(tree)) {
    if (path === context.dockerfilePath || ignore.path === `${path}.dockerignore`) continue;
    const reader = reads(candidate, hides);
    if (reader !== undefined) return `${path}:${reader}`;
  }
  return undefined;
}

/** The Dockerfiles at the root of a context, and what of it each reads. */
const dockerfilesOf = oncePer((tree: FileTree) =>
  (tree.list('') ?? []).flatMap(({ kind, path, name }) => {
    if (kind !== 'file' || !/^([Dd]ockerfile|Containerfile)(\.|$)|\.[Dd]ockerfile$/.test(name) || name.endsWith('.dockerignore')) return [];
    const read = tree.read(path);
    return read.kind === 'text' ? [{ path, reads: readsOf(read) }] : [];
  }),
);

/** Tells which line of a Dockerfile copies what a pattern hides. Parsed once, and asked once for each pattern, whatever other Dockerfile asks. */
const readsOf = oncePer(({ text }: FileRead & { kind: 'text' }) => {
  const copies = once(() => copiesOf(text));
  const known = new Map<string, string | undefined>();
  return (candidate: Candidate, hides: Hides): string | undefined => {
    const key = `${candidate.review} ${candidate.pattern}`;
    if (!known.has(key)) known.set(key, readerOf(copies(), candidate, hides));
    return known.get(key);
  };
});

/** A COPY or ADD of the context: what it names as written, and as paths of the context. */
interface Copies {
  line: number;
  sources: { written: string; path: string }[];
}
function copiesOf(text: string): Copies[] {
  const parsed = parseDockerfile(text);
  const instructions = parsed.ok ? parsed.dockerfile.instructions : [];
  return instructions.flatMap((i) =>
    (i.keyword === 'COPY' || i.keyword === 'ADD') && i.from === undefined
      ? [{ line: i.line, sources: i.sources.map(({ value }) => ({ written: value, path: contextPath(value) })) }]
      : [],
  );
}

function readerOf(copies: readonly Copies[], candidate: Candidate, hides: Hides): string | undefined {
  for (const { line, sources } of copies) {
    const source = sources.find(({ path }) => path !== '' && hides(path));
    if (source) return `${line}, which copies ${source.written}`;
    if (candidate.review && sources.some(({ path }) => path === '')) return `${line}, which copies the whole context`;
  }
  return undefined;
}
