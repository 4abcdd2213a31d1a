// Room: process/. Temporary directories that say whose they are, so that what a killed process left is removed by a later one.
import { chmod, lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownOwner, parseOwner, stateOfOwner } from './owner.ts';

const ownerFile = 'owner.json';

/**
 * Makes a directory in the system's temporary directory that no other user may look into, with a file that says whose it is. In: how its name
 * begins, and what else that file shall tell. Out: its path. Throws what the file system throws.
 */
export async function ownedDirectory(prefix: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  // mkdtemp makes it with mode 0700.
  const directory = await mkdtemp(join(tmpdir(), prefix));
  await writeFile(join(directory, ownerFile), `${JSON.stringify({ ...ownOwner(), ...more })}\n`, { mode: 0o600 });
  return directory;
}

/** A directory whose process has ended, and what its file tells; nothing of one that has no file yet. */
export interface Left {
  path: string;
  told: Readonly<Record<string, unknown>>;
}

/** Directories of this user whose name begins so, and whose process has ended without removing them. Never throws. */
export async function leftDirectories(prefix: string): Promise<Left[]> {
  const found: Left[] = [];
  const names = await readdir(tmpdir()).catch((): string[] => []);
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const path = join(tmpdir(), name);
    const stats = await lstat(path).catch(() => undefined);
    if (!stats?.isDirectory() || (process.getuid !== undefined && stats.uid !== process.getuid())) continue;
    const told = await toldIn(path);
    if (told === undefined) continue;
    // Without a file: killed between making the directory and saying whose it is.
    if (told === 'nothing' ? isOld(stats.mtimeMs) && (await isEmpty(path)) : hasEnded(told))
      found.push({ path, told: told === 'nothing' ? {} : told });
  }
  return found;
}

/** Removes a directory with all in it, also below directories that may not be written (copies keep the modes of what they are of). Never throws. */
export async function removeDirectory(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    await openUp(Buffer.from(path)).catch(() => undefined);
    await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

function hasEnded({ host, pid, started }: Left['told']): boolean {
  const owner = parseOwner(`${String(host)}/${String(pid)}/${String(started)}`);
  return owner !== undefined && stateOfOwner(owner) === 'dead';
}

/** Undefined: what it tells cannot be read; it is left alone. */
async function toldIn(directory: string): Promise<Left['told'] | 'nothing' | undefined> {
  let text: string;
  try {
    text = await readFile(join(directory, ownerFile), 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nothing' : undefined;
  }
  try {
    const told: unknown = JSON.parse(text);
    return typeof told === 'object' && told !== null ? (told as Left['told']) : undefined;
  } catch {
    return undefined;
  }
}

const isOld = (modified: number): boolean => Date.now() - modified > 60 * 60_000;
const isEmpty = async (path: string): Promise<boolean> => (await readdir(path).catch(() => ['?'])).length === 0;

async function openUp(path: Buffer): Promise<void> {
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { encoding: 'buffer', withFileTypes: true }))
    if (entry.isDirectory()) await openUp(Buffer.concat([path, Buffer.from('/'), entry.name]));
}
