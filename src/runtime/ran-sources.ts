// Room: runtime/. Sources of the project that a RUN of the build runs as root: what they make there belongs to root, also where the program writes.
import { allOf } from '../effects/effects.ts';
import type { Effects } from '../effects/types.ts';
import { inside, resolvePath } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { projectsOf } from '../facts/applications.ts';
import { applications, isDirectory, isThere, placeOf, workdirOf, type Found } from './write-found.ts';

/** Python runs what it imports: settings that name a log file make it. Source: docs.djangoproject.com, django-admin; docs.python.org, logging. */
const runsSources = ({ does, sources, program }: Effects): boolean =>
  sources !== undefined || program === 'pytest' || (does.kind === 'build' && /^manage\.py|^python/.test(does.tool));

/** The first command of a RUN that runs sources of the project. */
function ranAtBuild({ stages }: Subject): { told: string; evidence: Evidence } | undefined {
  for (const { runs } of stages)
    for (const { instruction, parts } of runs) {
      const found = allOf(parts.map((part) => part.effects)).find(runsSources);
      const told = found?.command.words.map(({ raw }) => raw).join(' ') ?? '';
      if (found) return { told, evidence: { file: 'Dockerfile', line: instruction.line, says: `runs ${told} while building` } };
    }
  return undefined;
}

/** A log file that is opened where a module is loaded: the call itself, or the settings of `dictConfig`. */
const HANDLER = /\b\w*FileHandler\(|\bbasicConfig\(.*\bfilename\s*=|["']filename["']\s*:/;

interface LogFile {
  /** Its path as far as literals tell; undefined: computed. */
  path: string | undefined;
  evidence: Evidence;
}
function logFiles(subject: Subject): LogFile[] {
  const { tree } = subject.project;
  const files = projectsOf(subject).flatMap(({ project }) => project.sources?.() ?? []);
  return files.flatMap((file) => {
    const read = tree.read(file);
    if (read.kind !== 'text' || !/FileHandler|basicConfig\(/.test(read.text)) return [];
    return read.text.split('\n').flatMap((text, n) => {
      const at = /^\s*#/.test(text) ? undefined : HANDLER.exec(text);
      if (!at) return [];
      const literals = [...text.slice(at.index + at[0].length).matchAll(/(["'])([^"'{}\n]*)\1/g)].map((found) => found[2] ?? '');
      const parts = literals.filter((one) => one !== '' && !/^(?:[aw]|utf-?8)$/i.test(one));
      return [
        { path: parts.length > 0 ? parts.join('/') : undefined, evidence: { file, line: n + 1, says: `logs to a file: ${text.trim()}` } },
      ];
    });
  });
}

/** Gives what such a command may have made below directories of the user; no user where a log file may lie elsewhere. */
export function ofBuildRuns(subject: Subject, found: Found): Refusal | undefined {
  const ran = ranAtBuild(subject);
  if (!ran) return undefined;
  const own = applications(subject);
  const workdir = workdirOf(subject);
  const isOwn = (path: string): boolean => own.some((dir) => inside(dir, path));
  for (const path of found.paths)
    if (!isOwn(path) && (own.some((dir) => inside(path, dir)) || isThere(subject, found, path))) found.deep.add(path);
  for (const { path, evidence } of logFiles(subject)) {
    const dir = path?.includes('/') === true ? path.slice(0, path.lastIndexOf('/')) : undefined;
    const place = dir === undefined ? undefined : resolvePath(workdir, dir);
    if (place !== undefined && [...found.deep].some((deep) => inside(place, deep) || deep.endsWith(`/${dir}`))) continue;
    if (place === undefined || isOwn(place) || !isDirectory(subject, place))
      return refusal(
        'write-path-unknown',
        `\`${ran.told}\` runs as root while building, and ${placeOf(evidence)} logs to a file: what that makes belongs to root`,
        subject.final.stage.from.start,
        { evidence: [ran.evidence, evidence], allow: 'Log to standard output, or to a directory of its own below the working directory.' },
      );
    found.evidence.push(evidence);
    found.paths.add(place);
    found.deep.add(place);
  }
  return undefined;
}
