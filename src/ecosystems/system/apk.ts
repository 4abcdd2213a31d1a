// Room: ecosystems/system. apk as a package manager row. Source: apk-add(8), apk-cache(5), apk-tools 2.14 (Alpine 3.22).
import type { ShellCommand, Word } from '../../dockerfile/types.ts';
import type { CommandKind, PackageManager } from '../types.ts';
import { called, parted, removesOnly, systemPlaces, textOf, type Arguments } from './words.ts';

const valued: ReadonlySet<string> = new Set([
  '-t',
  '--virtual',
  '-X',
  '--repository',
  '-p',
  '--root',
  '--arch',
  '--cache-dir',
  '--cache-max-age',
  '--keys-dir',
  '--repositories-file',
  '--wait',
  '--progress-fd',
]);
const kinds: ReadonlyMap<string, CommandKind> = new Map<string, CommandKind>([
  ['add', 'install-named'],
  ['update', 'download'],
  ['fetch', 'download'],
  ['del', 'prune'],
  ['fix', 'install-named'],
]);
const caching: ReadonlySet<string> = new Set(['add', 'update', 'upgrade', 'fetch', 'fix']);

function apkCall(command: ShellCommand): (Arguments & { subcommand: string; xargs: Word | undefined }) | undefined {
  const start = called(command);
  if (start?.program !== 'apk') return undefined;
  const { words, flags } = parted(start.args, valued);
  const [first, ...rest] = words;
  return { subcommand: first ? textOf(first) : '', words: rest, flags, xargs: start.xargs };
}

const cleans = (call: { subcommand: string; words: Word[] }): boolean =>
  call.subcommand === 'cache' && ['clean', 'purge'].includes(call.words[0]?.value ?? '');

export interface ApkAdd {
  /** Packages as written; one without a `value` is computed; `!pkg` (a conflict) is left out. */
  packages: Word[];
  flags: string[];
  /** Name of the group that `apk del` removes later: these packages are for the build alone. */
  virtual: string | undefined;
}

/** What an `apk add` installs, or undefined for any other command. */
export function apkAdd(command: ShellCommand): ApkAdd | undefined {
  const call = apkCall(command);
  if (!call || call.subcommand !== 'add') return undefined;
  const packages = call.words.filter((word) => !word.value?.startsWith('!'));
  if (call.xargs) packages.push({ ...call.xargs, value: undefined });
  const virtual = call.flags.map((flag) => /^(?:-t|--virtual)[ =](.+)$/.exec(flag)?.[1]).find((name) => name !== undefined);
  return { packages, flags: call.flags, virtual };
}

export const apk: PackageManager = {
  id: 'apk',
  ecosystem: 'system',
  manual: 'https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper',
  programs: ['apk'],
  places: systemPlaces,
  elsewhere: () => true,
  inPlace: ['upgrade'],
  manifests: [],
  lockfiles: [],
  classify(command) {
    const call = apkCall(command);
    return call && (cleans(call) ? 'clean-cache' : (kinds.get(call.subcommand) ?? 'other'));
  },
  caches: [
    {
      target: '/var/cache/apk',
      movedBy: [],
      option: '--cache-dir',
      sharing: 'locked',
      source: 'https://docs.docker.com/build/building/best-practices/',
    },
  ],
  usesCache: (command) => caching.has(apkCall(command)?.subcommand ?? ''),
  cacheOff: [],
  cacheOffOptions: ['--no-cache'],
  clearsCache(command) {
    const call = apkCall(command);
    return call ? cleans(call) : removesOnly(command, ['/var/cache/apk', '/etc/apk/cache']);
  },
};
