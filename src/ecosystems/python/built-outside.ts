// Room: ecosystems/python. What the build makes outside of the application: Django's static files, the file of a database.
import { hitEvidence } from '../../facts/project.ts';
import { allOf } from '../../effects/effects.ts';
import type { Evidence } from '../types.ts';
import { cleanPath, inside, landingOf } from '../../facts/copies.ts';
import type { RunPart, RunReading } from '../../facts/reading.ts';
import { refuse } from '../../refusal.ts';
import { readCode } from './source-text.ts';
import type { PythonCase } from './split-case.ts';
import { constantsOf, pathValue } from './values.ts';

/** Directories outside of the application that come along; refuses where it cannot be told which they are. */
export function builtOutside(c: PythonCase): string[] {
  databaseOutside(c);
  return staticOutside(c);
}

/** The file of a database that a RUN fills, and that sources put outside of the application: it would stay in the build stage. */
function databaseOutside(c: PythonCase): void {
  const run = c.reading.runs.find(({ parts }) => allOf(parts.map((p) => p.effects)).some(({ does }) => does.kind === 'database'));
  const hit = c.project
    .hits()
    .find(
      ({ kind, literal, text }) =>
        kind === 'write' && literal?.startsWith('/') && !inside(literal, c.workdir) && /sqlite|\.db\b/i.test(text),
    );
  if (run && hit)
    refuse(
      'opaque-run',
      `RUN at line ${run.instruction.line} fills a database at ${hit.literal ?? ''}, outside of ${c.workdir}`,
      run.instruction.start,
      {
        evidence: [hitEvidence(hit)],
        allow: 'Fill it when the container starts, or keep it in the application.',
      },
    );
}

/** Commands of manage.py that write below STATIC_ROOT. Sources: docs.djangoproject.com, collectstatic; django-compressor.readthedocs.io, COMPRESS_ROOT. */
const COLLECTS = new Set(['manage.py collectstatic', 'manage.py compress']);

/** Its commands that collect static files. */
const collecting = ({ parts }: RunReading): RunPart[] =>
  parts.filter(({ effects }) => allOf([effects]).some(({ does }) => does.kind === 'build' && COLLECTS.has(does.tool)));

function staticOutside(c: PythonCase): string[] {
  const run = c.reading.runs.find((one) => collecting(one).length > 0);
  if (!run) return [];
  const roots = c.project.sources().flatMap((file) => staticRoots(c, file));
  const outside = roots.filter(({ path }) => path === undefined || !inside(path, c.workdir));
  const [first] = outside;
  if (!first) return [];
  if (first.path !== undefined && collecting(run).every(({ command }) => command.optional))
    refuse(
      'opaque-run',
      `RUN at line ${run.instruction.line} goes on when static files are not collected: ${first.path}, outside of ${c.workdir}, may not be there`,
      run.instruction.start,
      {
        evidence: [first.evidence],
        allow: 'Let the build end when collectstatic fails, or set STATIC_ROOT to a directory below BASE_DIR.',
      },
    );
  // settings of one purpose among several: which of them the build takes is not told by their files
  if (first.path !== undefined && roots.every(({ path }) => path === first.path)) return [first.path];
  return refuse(
    'opaque-run',
    `RUN at line ${run.instruction.line} collects static files, and ${first.evidence.file}:${first.evidence.line ?? 1} puts them ${
      first.path === undefined ? 'in a directory that is computed' : `in ${first.path}, outside of ${c.workdir}`
    }`,
    run.instruction.start,
    { evidence: [first.evidence], allow: 'Set STATIC_ROOT to one directory below BASE_DIR.' },
  );
}

/** Every STATIC_ROOT that a source sets, as a path of the image; `path` undefined: computed. */
function staticRoots(c: PythonCase, file: string): { path: string | undefined; evidence: Evidence }[] {
  const read = c.subject.project.tree.read(file);
  if (read.kind !== 'text' || !read.text.includes('_ROOT')) return [];
  const { text } = readCode(read.text);
  const found = [...text.matchAll(/^[ \t]*(?:STATIC|COMPRESS)_ROOT[ \t]*=(?!=)[ \t]*([^\n]+)/gm)];
  if (found.length === 0) return [];
  const constants = constantsOf(text);
  return found.flatMap((match) => {
    const written = (match[1] ?? '').trim();
    if (/^(?:None|STATIC_ROOT|["']{2})$/.test(written)) return [];
    const line = text.slice(0, match.index).split('\n').length + (/^\s*\n/.test(match[0]) ? 1 : 0);
    return [{ path: inImage(c, file, pathValue(written, constants)), evidence: { file, line, says: match[0].trim().slice(0, 200) } }];
  });
}

/** A path as it is found from a source: beside it, or from the working directory, where Django's BASE_DIR is. */
function inImage(c: PythonCase, file: string, value: ReturnType<typeof pathValue>): string | undefined {
  const set = value?.moved === undefined ? undefined : c.reading.end.env.get(value.moved);
  if (value === undefined || value.directory || (set !== undefined && !('value' in set))) return undefined;
  if (set !== undefined) return cleanPath(set.value.startsWith('/') ? set.value : `${c.workdir}/${set.value}`);
  if (!value.beside) return cleanPath(value.path.startsWith('/') ? value.path : `${c.workdir}/${value.path}`);
  const at = landingOf(c.reading.copies, file);
  return at === undefined ? undefined : cleanPath(`${at.slice(0, at.lastIndexOf('/'))}/${value.path}`);
}
