// The golden cases on disk: which there are, their texts, and their input as files where something wants to read it so.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseGolden, type Golden, type InputFile } from './format.ts';

export const FIXTURES = join(import.meta.dirname, '../../fixtures');

/** One golden: `fixtures/<group>/<name>.golden`. */
export interface Case {
  group: string;
  name: string;
  path: string;
}

/** All goldens in the order of their names. */
export function goldenCases(fixtures = FIXTURES): Case[] {
  const groups = readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return groups
    .flatMap((group) => readdirSync(join(fixtures, group.name)).map((file) => join(group.name, file)))
    .filter((file) => file.endsWith('.golden'))
    .sort()
    .map((file) => ({ group: dirname(file), name: basename(file, '.golden'), path: join(fixtures, file) }));
}

/** The pieces of one. */
export function readGolden({ path }: Case): Golden {
  try {
    return parseGolden(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

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
