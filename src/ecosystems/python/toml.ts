// Room: ecosystems/python. TOML files of a repository: untrusted, read without trusting keys, with lines found by search.
import { parse } from 'smol-toml';
import type { FileRead, FileTree } from '../../context/types.ts';
import { oncePer } from '../../once.ts';

export interface TomlFile {
  path: string;
  text: string;
  table: object;
}

/** Reads and parses a TOML file. Undefined when it is absent; `why` when it cannot be read or is no TOML. */
export function readToml(tree: FileTree, path: string): TomlFile | { why: string } | undefined {
  const read = tree.read(path);
  if (read.kind === 'absent') return undefined;
  if (read.kind !== 'text')
    return { why: `${path} ${read.kind === 'unreadable' ? read.why : read.kind === 'binary' ? 'is binary' : 'is too large'}` };
  const parsed = tomlIn(read);
  return 'why' in parsed ? { why: `${path} is not valid TOML: ${parsed.why}` } : { path, ...parsed };
}

const tomlIn = oncePer((read: FileRead & { kind: 'text' }): Omit<TomlFile, 'path'> | { why: string } => {
  const text = read.text.replace(/^\uFEFF/, '');
  try {
    return { text, table: parse(text) };
  } catch (error) {
    return { why: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'unknown error' };
  }
});

/** The value at a path of keys; undefined when any is missing. Only own properties count. */
export function at(value: unknown, ...keys: string[]): unknown {
  let now = value;
  for (const key of keys) {
    if (typeof now !== 'object' || now === null || Array.isArray(now) || !Object.hasOwn(now, key)) return undefined;
    now = (now as Record<string, unknown>)[key];
  }
  return now;
}
export const stringAt = (value: unknown, ...keys: string[]): string | undefined => {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : undefined;
};
/** Entries of the table at a path; none when it is not a table. */
export const entriesAt = (value: unknown, ...keys: string[]): [string, unknown][] => {
  const found = at(value, ...keys);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? Object.entries(found) : [];
};
export const listAt = (value: unknown, ...keys: string[]): unknown[] => {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
};
export const stringsAt = (value: unknown, ...keys: string[]): string[] =>
  listAt(value, ...keys).filter((item): item is string => typeof item === 'string');

/** Lines (from 1) of table headers, and of keys directly below them. Undefined when written in another way (dotted, inline). */
export function lineIndex(text: string): (header: string, key?: string) => number | undefined {
  const lines = new Map<string, number>();
  let header = '';
  for (const [index, line] of text.split('\n').entries()) {
    const bare = line.slice(0, 300).replace(/["'\s]/g, '');
    if (bare.startsWith('[')) header = (bare.split('#', 1)[0] ?? '').replace(/^\[+|\]+$/g, '');
    const name = bare.startsWith('[') ? header : `${header}\n${bare.split('=', 1)[0] ?? ''}`;
    if (!lines.has(name)) lines.set(name, index + 1);
  }
  return (table, key) => lines.get(key === undefined ? table : `${table}\n${key}`);
}
