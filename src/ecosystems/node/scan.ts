// Room: ecosystems/node. The run-time evidence scan: where first-party sources touch files, programs and the network.
import { gitIgnores } from '../../context/git-ignore.ts';
import { originalOf } from '../../context/kept.ts';
import { joinPath, parentOf } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { onceEach, oncePer } from '../../once.ts';
import { namesLeftOut } from '../left-out.ts';
import type { SourceHit } from '../types.ts';
import { unreadHits } from '../unread.ts';
import { argumentOf, type Argument } from './arguments.ts';
import { lineIndex } from './json.ts';
import { listens } from './listens.ts';
import { renamedPatterns, type Pattern } from './pattern.ts';
import { namesOf } from './renamed.ts';
import { patterns } from './scan-patterns.ts';
import { spawnPatterns, startsPrograms } from './spawn-patterns.ts';
import { importsOf, type SourceFile, type Sources } from './sources.ts';

/** All hits, in the order of files and lines. A scan that was cut ends with what is unknown, so that nobody relies on it. */
export function scanSources(tree: FileTree, dir: string, sources: Sources): SourceHit[] {
  return [...sources.files.flatMap(scanner(originalOf(tree))(dir)), ...(sources.cut ? unreadHits(sources.cut) : [])];
}

/** A source is scanned once for each directory that it is seen from: what it says of itself does not change with what is ignored. */
const scanner = oncePer((tree: FileTree) =>
  onceEach((dir: string) => {
    const ignored = gitIgnores(tree);
    return oncePer((file: SourceFile): SourceHit[] => {
      const found = scanFile(tree, dir, file);
      return [...found, ...leftOutFiles(dir, file, ignored, found)];
    });
  }),
);

interface Found {
  hit: SourceHit;
  offset: number;
  end: number;
}

/** A file with its lines. */
interface Scanned extends SourceFile {
  lineAt: (offset: number) => number;
}

/** A file of more hits is no source that people write. */
const maxHits = 2000;

function scanFile(tree: FileTree, dir: string, source: SourceFile): SourceHit[] {
  const file: Scanned = { ...source, lineAt: lineIndex(source.text) };
  const specifiers = importsOf(source);
  const names = new Set(specifiers.map((one) => one.specifier.replace(/^node:/, '')));
  const found: Found[] = [];
  const renamed = namesOf(file.text);
  for (const pattern of [...patterns, ...renamedPatterns(patterns, renamed), ...spawnPatterns(file.text, names, renamed)]) {
    if (pattern.hint !== undefined && !file.text.includes(pattern.hint)) continue;
    if (pattern.imports !== undefined && !pattern.imports.some((name) => names.has(name))) continue;
    if (pattern.without?.test(file.text) === true) continue;
    for (const match of file.text.matchAll(pattern.form)) {
      if (found.length >= maxHits)
        return [
          ...settled(found),
          {
            file: file.path,
            line: file.lineAt(match.index),
            kind: 'read',
            literal: undefined,
            text: `not all of it was read: more than ${maxHits} places`,
          },
        ];
      const hit = hitOf(tree, dir, file, pattern, match);
      if (hit !== undefined) found.push(hit);
    }
  }
  found.push(...requiredFiles(tree, dir, file, specifiers));
  for (const { port, offset } of listens(file.text, names))
    found.push({
      hit: { file: file.path, line: file.lineAt(offset), kind: 'listen', literal: port, text: lineText(file.text, offset) },
      offset,
      end: offset,
    });
  const starts = specifiers.find((one) => startsPrograms(one.specifier));
  if (starts !== undefined && !found.some((one) => one.hit.kind === 'spawn' || /\bfork\b/.test(one.hit.text)))
    found.push({
      hit: {
        file: file.path,
        line: file.lineAt(starts.offset),
        kind: 'spawn',
        literal: undefined,
        text: lineText(file.text, starts.offset),
      },
      offset: starts.offset,
      end: starts.offset,
    });
  return settled(found);
}

/** Sorted, each place once; what stands inside the argument of another read is that read. */
function settled(found: Found[]): SourceHit[] {
  found.sort((a, b) => a.offset - b.offset || b.end - a.end);
  const kept: SourceHit[] = [];
  const seen = new Set<string>();
  let covered = -1;
  for (const { hit, offset, end } of found) {
    const inner = hit.kind === 'read' && offset < covered;
    if (!inner && (hit.kind === 'read' || hit.kind === 'write')) covered = Math.max(covered, end);
    const key = hit.kind === 'tls' ? hit.kind : `${hit.kind}\0${hit.line}\0${hit.literal ?? ''}`;
    if (inner || seen.has(key)) continue;
    seen.add(key);
    kept.push(hit);
  }
  return kept;
}

function hitOf(tree: FileTree, dir: string, file: Scanned, pattern: Pattern, match: RegExpExecArray): Found | undefined {
  const start = match.index + match[0].length;
  const read: Argument = pattern.argument === false ? { end: start } : argumentOf(file.text, start);
  const removes = pattern.place === 'removes';
  const below = pattern.kind === 'write' && (pattern.literal === undefined || removes) ? read.directory : undefined;
  // what is read somewhere in a directory comes with it
  const argument = read.partly && pattern.kind !== 'read' ? { literal: below, base: read.base, end: read.end } : read;
  const literal =
    pattern.literal === undefined
      ? pathLiteral(pattern.kind === 'read' ? tree : undefined, dir, file, argument)
      : pattern.literal(match, { ...argument, literal: pathLiteral(undefined, dir, file, argument) ?? argument.literal });
  // package.json is kept in any case.
  if (literal === null || (literal === 'package.json' && pattern.kind !== 'write')) return undefined;
  const line = file.lineAt(match.index);
  const text = lineText(file.text, match.index);
  if (pattern.unless?.test(text) === true) return undefined;
  // only where the literal is the path itself
  const own = argument.base === 'file' && literal !== undefined && literal === pathLiteral(undefined, dir, file, argument);
  const ofContext = own ? joinPath(dir, literal) : undefined;
  const directory = pattern.place === 'directory' || below !== undefined;
  const place = directory ? { directory: true as const } : pattern.place === 'removes' ? { removes: true as const } : {};
  return {
    hit: { file: file.path, line, kind: pattern.kind, literal, ...(ofContext === undefined ? {} : { ofContext }), ...place, text },
    offset: match.index,
    end: argument.end,
  };
}

/** A literal as a path relative to the project's directory; what is relative to the source file is resolved. Undefined: computed, or (with a tree) not there. */
function pathLiteral(tree: FileTree | undefined, dir: string, file: SourceFile, argument: Argument): string | undefined {
  if (argument.literal === undefined) return undefined;
  if (argument.base !== 'file') return argument.literal === '' || /^\.\/?$/.test(argument.literal) ? undefined : argument.literal;
  const path = joinPath(parentOf(file.path), argument.literal);
  if (path === undefined || path === dir) return undefined;
  const fixed = path.split(/[*?[{]/)[0] ?? '';
  const there = fixed === path ? path : parentOf(fixed);
  if (tree !== undefined && tree.stat(there) === undefined) return undefined;
  return dir === '' ? path : path.startsWith(`${dir}/`) ? path.slice(dir.length + 1) : undefined;
}

/** `require('../data/x.json')`, `import page from './page.html'`: files that a compiler may not take along. */
function requiredFiles(tree: FileTree, dir: string, file: Scanned, specifiers: readonly { specifier: string; offset: number }[]): Found[] {
  return specifiers.flatMap(({ specifier, offset }) => {
    if (!/^\.{1,2}\/.*\.(?:json|node|wasm|ya?ml|html|sql|graphql|proto|txt|pem|crt)$/.test(specifier)) return [];
    const literal = pathLiteral(tree, dir, file, { literal: specifier, base: 'file', end: offset });
    return literal === undefined || literal === 'package.json'
      ? []
      : [
          {
            hit: { file: file.path, line: file.lineAt(offset), kind: 'read' as const, literal, text: lineText(file.text, offset) },
            offset,
            end: offset,
          },
        ];
  });
}

/** Literals that name files which git leaves out: whoever has one brings it along, and any function may open it. Imports are compiled in. */
function leftOutFiles(dir: string, file: SourceFile, ignored: (path: string) => boolean, found: readonly SourceHit[]): SourceHit[] {
  const lineAt = lineIndex(file.text);
  const known = new Set<string | undefined>([...found.map((hit) => hit.literal), ...importsOf(file).map((one) => one.specifier)]);
  const hits: SourceHit[] = [];
  for (const match of file.text.matchAll(/(['"`])([\w@./-]{3,200})\1/g)) {
    const value = match[2] ?? '';
    const base = value.startsWith('../') ? 'file' : 'cwd';
    const literal = pathLiteral(undefined, dir, file, { literal: value, base, end: match.index });
    if (literal === undefined || known.has(value) || known.has(literal)) continue;
    known.add(literal);
    if (namesLeftOut(literal, (path) => ignored(joinPath(dir, path) ?? '')))
      hits.push({ file: file.path, line: lineAt(match.index), kind: 'read', literal, text: lineText(file.text, match.index) });
  }
  return hits;
}

/** The line around an offset, bounded: a bundle is one line. */
function lineText(text: string, offset: number): string {
  const before = text.slice(Math.max(0, offset - 80), offset);
  const after = text.slice(offset, offset + 200);
  const end = after.indexOf('\n');
  return (before.slice(before.lastIndexOf('\n') + 1) + (end < 0 ? after : after.slice(0, end))).trim();
}
