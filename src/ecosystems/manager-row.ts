// Room: ecosystems/. A package manager whose first word tells what a command does, as a row.
import type { ShellCommand } from '../dockerfile/types.ts';
import { programOf } from '../effects/words.ts';
import type { CommandKind, PackageManager } from './types.ts';

/** What a row says. What it leaves out is none: no caches, no switches. */
export interface ManagerRow extends Partial<PackageManager> {
  id: string;
  ecosystem: string;
  manual: string;
  programs: string[];
  manifests: string[];
  lockfiles: string[];
  /** The first word behind the program → what the command does. */
  verbs: Readonly<Record<string, CommandKind>>;
}

const FILLS: readonly CommandKind[] = ['install', 'install-named', 'download'];

/** The manager of a row: commands are told by their first word, installs and downloads use its caches. */
export function managerRow({ verbs, ...row }: ManagerRow): PackageManager {
  const classify = (command: ShellCommand): CommandKind | undefined => {
    if (!row.programs.includes(programOf(command))) return undefined;
    const verb = command.words.slice(1).find((word) => !word.raw.startsWith('-'))?.value ?? '';
    return Object.hasOwn(verbs, verb) ? verbs[verb] : 'other';
  };
  return {
    caches: [],
    cacheOff: [],
    cacheOffOptions: [],
    classify,
    usesCache: (command) => FILLS.includes(classify(command) ?? 'other'),
    clearsCache: (command) => classify(command) === 'clean-cache',
    ...row,
  };
}
