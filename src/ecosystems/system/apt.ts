// Room: ecosystems/system. apt-get and apt as a package manager row. Sources: apt-get(8), apt(8), apt.conf(5) of Debian bookworm.
import type { ShellCommand, Word } from '../../dockerfile/types.ts';
import type { CommandKind, PackageManager } from '../types.ts';
import { called, parted, removesOnly, systemPlaces, textOf, type Arguments } from './words.ts';

const programs = ['apt-get', 'apt', 'aptitude'];
const valued: ReadonlySet<string> = new Set([
  '-o',
  '--option',
  '-c',
  '--config-file',
  '-t',
  '--target-release',
  '--default-release',
  '-a',
  '--host-architecture',
  '-P',
  '--build-profiles',
  '-S',
  '--snapshot',
]);

const kinds: ReadonlyMap<string, CommandKind> = new Map<string, CommandKind>([
  ['install', 'install-named'],
  ['satisfy', 'install-named'],
  ['reinstall', 'install-named'],
  ['build-dep', 'install-named'],
  ['update', 'download'],
  ['download', 'download'],
  ['source', 'download'],
  ['remove', 'prune'],
  ['purge', 'prune'],
  ['autoremove', 'prune'],
  ['autopurge', 'prune'],
  ['clean', 'clean-cache'],
  ['autoclean', 'clean-cache'],
  ['distclean', 'clean-cache'],
  ['auto-clean', 'clean-cache'],
]);
/** Subcommands that read or write package lists and archives. */
const caching: ReadonlySet<string> = new Set([
  'update',
  'install',
  'satisfy',
  'reinstall',
  'build-dep',
  'download',
  'source',
  'upgrade',
  'dist-upgrade',
  'full-upgrade',
]);

/** The lists and archives that a cleanup may name; `/var/lib/apt` itself also holds the auto/manual marks. */
const LISTS = '/var/lib/apt/lists';
const cacheDirs = [LISTS, '/var/cache/apt'];

interface AptCall extends Arguments {
  subcommand: string;
  xargs: Word | undefined;
}

function aptCall(command: ShellCommand): AptCall | undefined {
  const start = called(command);
  if (!start || !programs.includes(start.program)) return undefined;
  const { words, flags } = parted(start.args, valued);
  const [first, ...rest] = words;
  return { subcommand: first ? textOf(first) : '', words: rest, flags, xargs: start.xargs };
}

export interface AptInstall {
  /** Packages as written, with their places; one without a `value` is computed. `pkg=version` stays whole; `pkg-` (a removal) is left out. */
  packages: Word[];
  /** Options, a separate value joined by a space. */
  flags: string[];
  /** The command brings the lists up to date itself (`apt install --update`). */
  update: boolean;
}

/**
 * What an `apt-get install` (or `apt install`) installs, or undefined for any other command.
 * Where the packages come from `xargs`, that word stands for them, without a value.
 */
export function aptInstall(command: ShellCommand): AptInstall | undefined {
  const call = aptCall(command);
  if (!call || call.subcommand !== 'install') return undefined;
  const packages = call.words.filter((word) => !/[^-]-$/.test(word.value ?? ''));
  if (call.xargs) packages.push({ ...call.xargs, value: undefined });
  return { packages, flags: call.flags, update: call.flags.some((flag) => flag === '--update' || flag === '-U') };
}

export const apt: PackageManager = {
  id: 'apt',
  ecosystem: 'system',
  manual: 'https://manpages.debian.org/bookworm/apt/apt-get.8.en.html',
  programs,
  places: systemPlaces,
  elsewhere: () => true,
  inPlace: ['upgrade', 'dist-upgrade', 'full-upgrade'],
  manifests: [],
  lockfiles: [],
  classify(command) {
    const call = aptCall(command);
    return call && (kinds.get(call.subcommand) ?? 'other');
  },
  // never /var/lib/apt whole: extended_states keeps which packages were asked for
  caches: ['/var/cache/apt', LISTS].map((target) => ({
    target,
    movedBy: [],
    sharing: 'locked' as const,
    source: 'https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages',
  })),
  usesCache: (command) => caching.has(aptCall(command)?.subcommand ?? ''),
  cacheOff: [],
  cacheOffOptions: [],
  clearsCache(command) {
    const call = aptCall(command);
    return call ? kinds.get(call.subcommand) === 'clean-cache' : removesOnly(command, cacheDirs);
  },
};

/** apt with its package lists alone as a cache: what empties that of the packages stays. */
export const aptLists: PackageManager = {
  ...apt,
  caches: apt.caches.filter(({ target }) => target === LISTS),
  clearsCache: (command) => aptCall(command)?.subcommand === 'distclean' || removesOnly(command, [LISTS]),
};
