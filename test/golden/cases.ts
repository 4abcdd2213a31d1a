// The golden cases on disk: which there are, their texts, and their input as files where something wants to read it so.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseGolden, sectionsOf, type Golden, type InputFile } from './format.ts';

export const FIXTURES = join(import.meta.dirname, '../../fixtures');

/** One case of a golden `fixtures/<group>/<file>.golden`: the whole file, or one of several that stand in it. */
export interface Case {
  group: string;
  /** What a line `=== case` calls it; else the file's name. One of its group. */
  name: string;
  path: string;
}

/** All cases in the order of their files' names. */
export function goldenCases(fixtures = FIXTURES): Case[] {
  const groups = readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const cases = groups
    .flatMap((group) => readdirSync(join(fixtures, group.name)).map((file) => join(group.name, file)))
    .filter((file) => file.endsWith('.golden'))
    .sort()
    .flatMap((file) => casesOf(join(fixtures, file)));
  const names = cases.map(({ group, name }) => `${group}/${name}`);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new Error(`two cases are called ${twice}`);
  return cases;
}

function casesOf(path: string): Case[] {
  const own = basename(path, '.golden');
  return sectionsOf(readFileSync(path, 'utf8'))
    .filter((section) => section.isCase)
    .map(({ name }) => ({ group: basename(dirname(path)), name: name ?? own, path }));
}

/** The pieces of one. */
export function readGolden(one: Case): Golden {
  try {
    return parseGolden(textOf(one));
  } catch (error) {
    throw new Error(`${one.path}, ${one.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Its text, without its name. */
export function textOf({ name, path }: Case): string {
  const found = sectionsOf(readFileSync(path, 'utf8')).find((section) => isNamed(section.name, name, path));
  if (found === undefined) throw new Error(`${path} has no case ${name}`);
  return found.text;
}

/** Writes another text for it. */
export function writeText({ name, path }: Case, text: string): void {
  const sections = sectionsOf(readFileSync(path, 'utf8'));
  const all = sections.map((section) => section.head + (section.isCase && isNamed(section.name, name, path) ? text : section.text));
  writeFileSync(path, all.join(''));
}

const isNamed = (section: string | undefined, name: string, path: string): boolean => (section ?? basename(path, '.golden')) === name;

/** Writes the input of a case into a directory, which need not exist. */
export function writeInput({ settings, input }: Golden, directory: string): void {
  mkdirSync(directory, { recursive: true });
  if (settings.folder !== undefined) cpSync(join(FIXTURES, settings.folder), directory, { recursive: true });
  for (const file of input) writeOne(file, join(directory, file.path));
}

function writeOne({ path, content, executable }: InputFile, at: string): void {
  mkdirSync(path.endsWith('/') ? at : dirname(at), { recursive: true });
  if (path.endsWith('/')) return;
  if ('link' in content) symlinkSync(content.link, at);
  else writeFileSync(at, 'bytes' in content ? content.bytes : shared(content.from), { mode: executable ? 0o755 : 0o644 });
}

function shared(path: string): Buffer {
  const at = join(FIXTURES, path);
  if (!existsSync(at)) throw new Error(`no file ${path} in fixtures`);
  return readFileSync(at);
}
