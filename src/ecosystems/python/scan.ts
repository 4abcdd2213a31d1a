// Room: ecosystems/python. The run-time evidence scan of first-party sources.
import { isSkippedDirectory, walk } from '../../context/walk.ts';
import type { Entry, FileRead, FileTree } from '../../context/types.ts';
import { onceEach, oncePer } from '../../once.ts';
import type { SourceHit } from '../types.ts';
import { unreadFile, type Unread } from '../unread.ts';
import { importedPatterns } from './imported-names.ts';
import { patterns } from './scan-patterns.ts';
import type { Pattern } from './scan-types.ts';
import { callArguments, literalOf, readCode } from './source-text.ts';
import { constantsOf, pathValue, type Constants, type PathValue } from './values.ts';

export interface Scan {
  hits: SourceHit[];
  /** What the scan does not cover; undefined when it covers all. */
  cut: Unread | undefined;
}

const maxFiles = 3000;
const maxHits = 20_000;
const maxHitsPerFile = 2000;
/** Characters of source read in all. */
const maxText = 40_000_000;

const testDirectories = new Set([
  'test',
  'tests',
  'testing',
  'docs',
  'doc',
  'examples',
  'example',
  'samples',
  'benchmarks',
  'notebooks',
  'site-packages',
  'stubs',
  'typings',
]);
const testFile = /(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest|setup|noxfile|fabfile)\.py$/;
/** What people run beside a project, where it stands at its top: a package may have a module of that name. */
const besideProject = new Set(['release.py', 'versioneer.py', 'dodo.py']);

/** The Python sources below `dir` that run in the image: no tests, no examples, nothing of a virtual environment, nothing ignored. */
export function runtimeSources(
  tree: FileTree,
  dir: string,
  ignores: (path: string) => boolean,
): { files: Entry[]; cut: Unread | undefined } {
  let cut: Unread | undefined;
  const all = (why: string): Unread => ({ file: dir, told: `Not all sources are read: ${why}` });
  const isEnvironment = (entry: Entry): boolean => tree.stat(`${entry.path}/pyvenv.cfg`) !== undefined;
  const skip = (entry: Entry): boolean => isSkippedDirectory(entry) || testDirectories.has(entry.name) || isEnvironment(entry);
  const isBeside = ({ path, name }: Entry): boolean => besideProject.has(name) && path === [dir, name].filter(Boolean).join('/');
  const entries = walk(tree, dir, { skip, onCut: (why) => (cut ??= all(why)) });
  const files = entries.filter(
    (entry) =>
      entry.kind === 'file' && entry.name.endsWith('.py') && !testFile.test(entry.path) && !isBeside(entry) && !ignores(entry.path),
  );
  if (files.length > maxFiles) cut ??= all(`there are more than ${maxFiles} Python files`);
  return { files: files.slice(0, maxFiles), cut };
}

/** Scans first-party sources for what touches files, programs and the network. Bounded: `cut` says where it stopped. */
export function scanSources(tree: FileTree, dir: string, ignores: (path: string) => boolean): Scan {
  const { files, cut } = runtimeSources(tree, dir, ignores);
  const scan: Scan = { hits: [], cut };
  let left = maxText;
  for (const file of files) {
    const read = tree.read(file.path);
    if (read.kind !== 'text') {
      scan.cut ??= unreadFile(file.path, read.kind);
      continue;
    }
    left -= read.text.length;
    if (left < 0 || scan.hits.length > maxHits) {
      scan.cut ??= { file: file.path, told: `${file.path} is not read: the sources before it are too many` };
      break;
    }
    const found = scanIn(read)(file.path);
    scan.hits.push(...found.hits);
    scan.cut ??= found.cut;
  }
  return scan;
}

/** A file is scanned once, whoever asks. */
const scanIn = oncePer(({ text }: FileRead & { kind: 'text' }) => onceEach((path: string) => scanText(path, text)));

/** The hits of one file, in the order of their lines. */
export function scanText(file: string, source: string): Scan {
  const { text, inString } = readCode(source);
  const lines = source.split('\n');
  const starts = lineStarts(lines);
  const hits: (SourceHit & { at: number })[] = [];
  let constants: Constants | undefined;
  for (const pattern of [...patterns, ...importedPatterns(text, patterns)]) {
    for (const match of text.matchAll(pattern.find)) {
      if (hits.length >= maxHitsPerFile)
        return {
          hits: inOrder(hits),
          cut: { file, told: `${file} is not read to its end: more than ${maxHitsPerFile} of its lines touch files or programs` },
        };
      if (pattern.call && inString(match.index)) continue;
      const found = findingOf(pattern, match, text);
      if (found === undefined) continue;
      const { kind, literal, expression } = found;
      const value =
        (kind === 'write' || kind === 'spawn') && literal === undefined && expression !== undefined
          ? valueOf(kind, expression, (constants ??= constantsOf(text)))
          : undefined;
      const { path, ...more } = value ?? { path: literal };
      if (found.removes && path === undefined) continue;
      const at = match.index + (match[0].length - match[0].trimStart().length);
      const line = lineAt(starts, at);
      hits.push({
        file,
        line,
        kind,
        literal: path,
        ...more,
        ...(found.removes && !value?.directory ? { removes: true } : {}),
        ...(found.code ? { code: true } : {}),
        text: (lines[line - 1] ?? '').trim().slice(0, 200),
        at,
      });
    }
  }
  return { hits: inOrder(hits), cut: undefined };
}

/** What a path, or the name of a program, says that is no literal. */
function valueOf(kind: 'write' | 'spawn', expression: string, constants: Constants): PathValue | undefined {
  if (kind === 'write') return pathValue(expression, constants);
  const value = constants.get(expression) ?? '';
  const literal = literalOf(value.startsWith('[') ? callArguments(value, 0)[0] : value);
  return literal === undefined ? undefined : { path: literal };
}

function findingOf(pattern: Pattern, match: RegExpExecArray, text: string): ReturnType<Pattern['means']> {
  const given = pattern.call ? callArguments(text, match.index + match[0].length - 1) : [];
  return pattern.means(given, match);
}

function inOrder(hits: (SourceHit & { at: number })[]): SourceHit[] {
  return hits.sort((a, b) => a.at - b.at).map(({ at: _at, ...hit }) => hit);
}

function lineStarts(lines: readonly string[]): number[] {
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  return starts;
}

/** The line (from 1) of an offset, by bisection. */
function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
