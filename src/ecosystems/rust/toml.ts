// Room: ecosystems/rust. TOML of a repository, read with care: every access asks for the type it wants, own properties alone.
import { parse } from 'smol-toml';
import type { FileRead, FileTree } from '../../context/types.ts';
import { oncePer } from '../../once.ts';

export type Table = Readonly<Record<string, unknown>>;

/** A larger manifest is no manifest; lockfiles of large workspaces have about one megabyte. */
const maxLength = 4_000_000;

/** The document; undefined when the file is not there, too large or no TOML. */
export function readToml(tree: FileTree, path: string): Table | undefined {
  const read = tree.read(path);
  if (read.kind !== 'text' || read.text.length > maxLength) return undefined;
  return tomlIn(read);
}

const tomlIn = oncePer(({ text }: FileRead & { kind: 'text' }): Table | undefined => {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
});

const own = (table: unknown, key: string): unknown => (isTable(table) && Object.hasOwn(table, key) ? table[key] : undefined);
export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** The table at a path of keys; an empty one when there is none. */
export function table(from: unknown, ...keys: string[]): Table {
  const found = keys.reduce(own, from);
  return isTable(found) ? found : {};
}
export const has = (from: unknown, key: string): boolean => isTable(from) && Object.hasOwn(from, key);
export function string(from: unknown, key: string): string | undefined {
  const found = own(from, key);
  return typeof found === 'string' ? found : undefined;
}
export const flag = (from: unknown, key: string): boolean | undefined => {
  const found = own(from, key);
  return typeof found === 'boolean' ? found : undefined;
};
export function strings(from: unknown, key: string): string[] {
  const found = own(from, key);
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
}
export function tables(from: unknown, key: string): Table[] {
  const found = own(from, key);
  return Array.isArray(found) ? found.filter(isTable) : [];
}
