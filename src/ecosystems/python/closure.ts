// Room: ecosystems/python. The closure of a requirements file over -r and -c.
import type { FileTree } from '../../context/types.ts';
import { joinPath, parentOf } from '../../context/paths.ts';
import type { Evidence } from '../../facts/types.ts';
import { markerHolds } from './markers.ts';
import { readRequirements, type RequirementLine } from './requirements.ts';

export interface ClosurePackage {
  name: string;
  spec: string;
  file: string;
  line: number;
  extras: string[];
  /** Where it comes from when that is no index. */
  url: string | undefined;
}
export interface ClosureLine {
  text: string;
  file: string;
  line: number;
}
export interface Closure {
  files: string[];
  packages: ClosurePackage[];
  local: ClosureLine[];
  /** URLs that do not name their package. */
  unnamed: ClosureLine[];
  /** What the files given by -c pin. */
  constraints: ClosurePackage[];
  /** Directories named by --find-links inside the context. */
  findLinks: string[];
  /** All other options, such as --index-url and --no-binary. */
  options: { name: string; value: string | undefined; file: string; line: number }[];
}
export interface ClosureProblem {
  why: string;
  evidence: Evidence[];
}

const maxFiles = 50;

/**
 * Follows a requirements file. Paths are relative to the context; a file that is included twice is read once, so loops end.
 * A problem is: a file that is absent, excluded, outside of the context, on the network, or too many of them.
 */
export function requirementsClosure(tree: FileTree, file: string, ignores: (path: string) => boolean): Closure | ClosureProblem {
  const closure: Closure = { files: [], packages: [], local: [], unnamed: [], constraints: [], findLinks: [], options: [] };
  const seen = new Set<string>();
  const queue: { path: string; constraint: boolean; from: Evidence | undefined }[] = [{ path: file, constraint: false, from: undefined }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const key = `${next.constraint ? '-c' : '-r'} ${next.path}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const evidence = next.from === undefined ? [] : [next.from];
    if (seen.size > maxFiles) return { why: `more than ${maxFiles} requirements files`, evidence };
    const lines = readFile(tree, next.path, ignores);
    if ('why' in lines) return { why: lines.why, evidence };
    if (!closure.files.includes(next.path)) closure.files.push(next.path);
    const includes: typeof queue = [];
    for (const line of lines.lines) {
      const problem = addLine(closure, line, next, tree, includes);
      if (problem !== undefined) return problem;
    }
    // The stack takes them reversed, so that files are listed in the order of their lines.
    queue.push(...includes.reverse());
  }
  return closure;
}

function readFile(tree: FileTree, path: string, ignores: (path: string) => boolean): { lines: RequirementLine[] } | { why: string } {
  const read = tree.read(path);
  if (read.kind === 'absent') return { why: `${path} does not exist in the build context` };
  if (ignores(path)) return { why: `${path} is excluded by the ignore file` };
  // pip decodes by the byte order mark, too (pip/_internal/utils/encoding.py)
  const text = read.kind === 'text' ? read.text : read.kind === 'binary' ? read.utf16 : undefined;
  if (text === undefined) return { why: `${path} cannot be read` };
  const lines = readRequirements(text);
  return lines === undefined ? { why: `${path} has too many lines` } : { lines };
}

function addLine(
  closure: Closure,
  line: RequirementLine,
  at: { path: string; constraint: boolean },
  tree: FileTree,
  includes: { path: string; constraint: boolean; from: Evidence | undefined }[],
): ClosureProblem | undefined {
  const place = { file: at.path, line: line.line };
  if (line.kind === 'package') {
    if (line.marker !== undefined && markerHolds(line.marker) === false) return undefined;
    const one = { name: line.name, spec: line.spec, extras: line.extras, url: line.url, ...place };
    (at.constraint ? closure.constraints : closure.packages).push(one);
  } else if (line.kind === 'local') closure.local.push({ text: line.text, ...place });
  else if (line.kind === 'unnamed') closure.unnamed.push({ text: line.text, ...place });
  else if (line.kind === 'include') {
    const evidence = { ...place, says: line.text };
    const path = includedPath(at.path, line.file);
    if (typeof path !== 'string') return { why: path.why, evidence: [evidence] };
    includes.push({ path, constraint: at.constraint || line.constraint, from: evidence });
  } else addOption(closure, line, at.path, tree);
  return undefined;
}

/** Relative to the including file. */
function includedPath(from: string, file: string): string | { why: string } {
  if (/^[a-z][a-z0-9+.-]*:/i.test(file)) return { why: `${file} is a URL` };
  if (file === '') return { why: 'an include names no file' };
  if (/[$`*?]/.test(file)) return { why: `${file} is computed` };
  if (file.startsWith('/')) return { why: `${file} is an absolute path` };
  return joinPath(parentOf(from), file) ?? { why: `${file} is outside of the build context` };
}

function addOption(closure: Closure, line: Extract<RequirementLine, { kind: 'option' }>, from: string, tree: FileTree): void {
  const place = { file: from, line: line.line };
  if (line.name !== '--find-links' || line.value === undefined || /^https?:/i.test(line.value)) {
    closure.options.push({ name: line.name, value: line.value, ...place });
    return;
  }
  const paths = [joinPath(parentOf(from), line.value), joinPath('', line.value)];
  const dir = paths.find((path) => path !== undefined && path !== '' && tree.stat(path)?.kind === 'dir');
  if (dir === undefined || line.value.startsWith('/')) closure.local.push({ text: line.text, ...place });
  else if (!closure.findLinks.includes(dir)) closure.findLinks.push(dir);
}
