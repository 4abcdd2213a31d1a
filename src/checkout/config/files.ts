// Room: checkout/config. The configuration files of a directory, read once for a run.
import { dirname, join } from 'node:path';
import type { Disk } from '../../context/disk.ts';
import { codeOf, isWithin, reasonOf } from '../paths.ts';
import { exists } from '../repository.ts';
import type { Core } from '../types.ts';
import { emptyConfig, type ConfigProblem, type ConfigText } from './fields.ts';

export const configNames = ['.dockerfile-mod.yml', '.dockerfile-mod.yaml', '.dockerfile-mod.json'] as const;
export const packageKey = 'dockerfile-mod';

/** Bytes. Ours: a configuration has some dozen lines, a package.json some hundreds. */
const longest = 256 * 1024;

/** A file and what it says. */
export interface ConfigFile extends ConfigText {
  path: string;
  problems: ConfigProblem[];
}

/** The configuration of a directory, absolute on the disk; undefined: it has none. */
export function configAt(dir: string, disk: Disk, core: Pick<Core, 'readConfig'>): ConfigFile | undefined {
  const [name, other] = configNames.filter((one) => exists(join(dir, one), disk));
  const file = name === undefined ? packageConfigAt(dir, disk, core) : configFile(join(dir, name), disk, core);
  if (file && other !== undefined) file.problems.push({ line: 1, column: 1, message: `${other} is beside it: keep one of them` });
  return file;
}

/** What is there and cannot be read is what somebody wanted of us all the same: it is a problem. Undefined: it is gone. */
export function configFile(path: string, disk: Disk, core: Pick<Core, 'readConfig'>): ConfigFile | undefined {
  const text = textAt(path, disk);
  if (text === undefined) return undefined;
  if (typeof text === 'object') return unreadable(path, text.problem);
  const { config, problems } = core.readConfig(text);
  return { path, ...config, problems };
}

function packageConfigAt(dir: string, disk: Disk, core: Pick<Core, 'readConfig'>): ConfigFile | undefined {
  const path = join(dir, 'package.json');
  const text = exists(path, disk) ? textAt(path, disk) : undefined;
  if (typeof text !== 'string' || !text.includes(`"${packageKey}"`)) return undefined;
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, packageKey)) return undefined;
  } catch {
    return undefined;
  }
  const { config, problems } = core.readConfig(text, packageKey);
  return { path, ...config, problems };
}

const unreadable = (path: string, message: string): ConfigFile => ({
  path,
  ...emptyConfig(),
  problems: [{ line: 1, column: 1, message }],
});

function textAt(path: string, disk: Disk): string | { problem: string } | undefined {
  try {
    const { entry, bytes } = disk.read(path, longest);
    if (entry.kind === 'file' && entry.size <= longest) return bytes.toString('utf8');
    return { problem: `is no file of at most ${longest} bytes` };
  } catch (error) {
    // Gone again, or of a listed repository: not here yet.
    return codeOf(error) === 'ENOENT' ? undefined : { problem: `cannot be read: ${reasonOf(error)}` };
  }
}

/**
 * The directories whose configuration holds for a file in `dir`, the farthest first: up to the repository's root; where there is no git, up
 * to where the run was started.
 */
export function configDirectories(dir: string, root: string, cwd: string, disk: Disk): string[] {
  const top = exists(join(root, '.git'), disk) || !isWithin(realOf(cwd, disk), root) ? root : realOf(cwd, disk);
  // A link may lead out of the repository: its root's rules hold for it all the same.
  const dirs = isWithin(top, dir) ? [dir] : [root];
  for (let at = dirs[0] ?? root; at !== top && at !== dirname(at);) {
    at = dirname(at);
    dirs.push(at);
  }
  return dirs.reverse();
}

function realOf(path: string, disk: Disk): string {
  try {
    return disk.realpath(path);
  } catch {
    return path;
  }
}
