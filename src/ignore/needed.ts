// Room: ignore/. Who needs what a pattern would hide: a COPY, a command, a script, the program, another Dockerfile.
import { parseDockerfile } from '../dockerfile/parse.ts';
import { contextPath } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import { hitsOf } from '../facts/project.ts';
import { gitUser } from './git.ts';
import type { Candidate } from './candidates.ts';

type Hides = (path: string) => boolean;

/** The first reader of what `candidate` hides, in words; undefined when there is none. */
export function neededBy(subject: Subject, candidate: Candidate, hides: Hides): string | undefined {
  if (candidate.pattern === '.git') {
    const user = gitUser(subject);
    if (user) return user;
  }
  if (candidate.pattern.startsWith('.env')) {
    const reader = envReader(subject);
    if (reader) return reader;
  }
  return copied(subject, hides) ?? (candidate.made ? undefined : named(subject, hides)) ?? otherDockerfiles(subject, candidate, hides);
}

function copied(subject: Subject, hides: Hides): string | undefined {
  for (const reading of subject.stages)
    for (const copy of reading.copies)
      for (const source of copy.sources)
        if (source.path !== '' && (hides(source.path) || source.files.some(hides)))
          return `line ${copy.instruction.line}, which copies ${source.path}`;
  return undefined;
}

/** Words of commands and string literals of sources that name a hidden path. */
function named(subject: Subject, hides: Hides): string | undefined {
  for (const reading of subject.stages)
    for (const run of reading.runs)
      for (const part of run.parts)
        for (const word of part.command.words.slice(1))
          if (word.value !== undefined && isPath(word.value) && hides(contextPath(word.value)))
            return `line ${run.instruction.line}, which names ${word.value}`;
  for (const hit of hitsOf(subject.project))
    if (
      (hit.kind === 'read' || hit.kind === 'template') &&
      hit.literal !== undefined &&
      isPath(hit.literal) &&
      hides(contextPath(hit.literal))
    )
      return `${hit.file}:${hit.line}, which reads ${hit.literal}`;
  return undefined;
}
const isPath = (value: string): boolean =>
  value !== '' && !value.startsWith('-') && !value.startsWith('/') && !value.includes('://') && value.length < 300;

function envReader({ project }: Subject): string | undefined {
  const hit = hitsOf(project).find((h) => h.kind === 'env-file');
  if (hit) return `${hit.file}:${hit.line}, which reads it`;
  for (const found of project.all('')) {
    const reader = found.envFileReader?.();
    if (reader !== undefined) return reader;
  }
  return undefined;
}

/** Other Dockerfiles of the same context: their COPY sources, and builds that ship what this one makes. */
function otherDockerfiles(subject: Subject, candidate: Candidate, hides: Hides): string | undefined {
  const { tree, context } = subject.project;
  for (const entry of tree.list('') ?? []) {
    if (
      entry.kind !== 'file' ||
      entry.path === context.dockerfilePath ||
      !/^([Dd]ockerfile|Containerfile)(\.|$)|\.[Dd]ockerfile$/.test(entry.name) ||
      entry.name.endsWith('.dockerignore')
    )
      continue;
    if (subject.project.ignore.path === `${entry.path}.dockerignore`) continue;
    const read = tree.read(entry.path);
    const parsed = read.kind === 'text' ? parseDockerfile(read.text) : undefined;
    if (!parsed?.ok) continue;
    for (const i of parsed.dockerfile.instructions) {
      if ((i.keyword !== 'COPY' && i.keyword !== 'ADD') || i.from !== undefined) continue;
      const source = i.sources.find((s) => contextPath(s.value) !== '' && hides(contextPath(s.value)));
      if (source) return `${entry.path}:${i.line}, which copies ${source.value}`;
      if (candidate.review && i.sources.some((s) => contextPath(s.value) === ''))
        return `${entry.path}:${i.line}, which copies the whole context`;
    }
  }
  return undefined;
}
