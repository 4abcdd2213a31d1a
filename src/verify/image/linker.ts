// Room: verify/image/. Finds libraries as the dynamic linker of an image does.
// Sources: ld.so(8), https://man7.org/linux/man-pages/man8/ld.so.8.html; musl, ldso/dynlink.c (load_library, path_open).
import { readLdCache } from './ld-cache.ts';
import { directoryOf, realPath } from './lookup.ts';
import type { Elf, ImageContents } from '../types.ts';

export type Libc = 'glibc' | 'musl';
/** A program or library that is loaded, and what loaded it. */
export interface Loaded {
  path: string;
  elf: Elf;
  by: Loaded | undefined;
}
export interface Linker {
  /** Where the library that a file names is found; undefined: nowhere. `itself`: the linker is that library. */
  find(name: string, from: Loaded, libc: Libc): string | undefined;
  /** For which C library a file is made. */
  libcOf(elf: Elf): Libc;
  /** Whether a path is there, links followed. */
  exists(path: string): boolean;
}

/** Names of the machines, in Debian's directories and in musl's file names. Numbers: e_machine of elf(5). */
const machines: Readonly<Record<number, { triplet: string; musl: string; platform: string }>> = {
  3: { triplet: 'i386-linux-gnu', musl: 'i386', platform: 'i686' },
  21: { triplet: 'powerpc64le-linux-gnu', musl: 'powerpc64le', platform: 'power8' },
  22: { triplet: 's390x-linux-gnu', musl: 's390x', platform: 'z900' },
  40: { triplet: 'arm-linux-gnueabihf', musl: 'armhf', platform: 'v7l' },
  62: { triplet: 'x86_64-linux-gnu', musl: 'x86_64', platform: 'x86_64' },
  183: { triplet: 'aarch64-linux-gnu', musl: 'aarch64', platform: 'aarch64' },
  243: { triplet: 'riscv64-linux-gnu', musl: 'riscv64', platform: 'riscv64' },
  258: { triplet: 'loongarch64-linux-gnu', musl: 'loongarch64', platform: 'loongarch64' },
};

/** The linker of an image. In: what is in it, and LD_LIBRARY_PATH of its environment. */
export function linkerOf(contents: ImageContents, env: Readonly<Record<string, string>>): Linker {
  const { files, elf: all, texts } = contents;
  const known = new Map<string, string | undefined>();
  const real = (path: string): string | undefined => {
    if (!known.has(path)) known.set(path, realPath(files, path));
    return known.get(path);
  };
  const cache = readLdCache(texts.get('/etc/ld.so.cache') ?? '');
  const preset = (env['LD_LIBRARY_PATH'] ?? '').split(/[:;]/).filter((directory) => directory.startsWith('/'));
  const isMusl = ![...files.keys()].some((path) => path.endsWith('/libc.so.6'));
  const fits = (path: string, elf: Elf): string | undefined => {
    const at = real(path);
    const other = at === undefined ? undefined : all.get(at);
    return other && other.class === elf.class && other.machine === elf.machine ? at : undefined;
  };
  const first = (directories: readonly string[], name: string, elf: Elf): string | undefined => {
    for (const directory of directories) {
      const found = fits(`${directory}/${name}`, elf);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const glibc = (name: string, from: Loaded): string | undefined =>
    first(from.elf.runpath.length > 0 ? [] : inherited(from, 'rpath'), name, from.elf) ??
    first([...preset, ...expanded(from.elf.runpath, from)], name, from.elf) ??
    (cache.get(name) ?? []).map((path) => fits(path, from.elf)).find((path) => path !== undefined) ??
    first(glibcDirectories(from.elf, real), name, from.elf);
  const musl = (name: string, from: Loaded): string | undefined =>
    reserved.test(name) ? 'itself' : first([...preset, ...inherited(from, 'both'), ...muslDirectories(from.elf, texts)], name, from.elf);
  return {
    find(name, from, libc) {
      // A path is opened as it stands; a relative one depends on where the program is started.
      if (name.includes('/')) return name.startsWith('/') ? fits(name, from.elf) : 'itself';
      return libc === 'musl' ? musl(name, from) : glibc(name, from);
    },
    libcOf: (elf) => libcOf(elf) ?? (isMusl ? 'musl' : 'glibc'),
    exists: (path) => real(path) !== undefined,
  };
}

/** By its interpreter, or the C library that it needs. Undefined: it needs neither. */
function libcOf({ interpreter, needed }: Elf): Libc | undefined {
  if (interpreter !== undefined) return interpreter.includes('/ld-musl') ? 'musl' : 'glibc';
  if (needed.some((name) => name === 'libc.so' || name.startsWith('libc.musl-'))) return 'musl';
  return needed.some((name) => /^(?:libc\.so\.6|ld-linux.*|ld64\.so.*)$/.test(name)) ? 'glibc' : undefined;
}

/** Directories of the file and of what loaded it. musl reads both tags so, and the newer one first. */
function inherited(from: Loaded, tags: 'rpath' | 'both'): string[] {
  const found: string[] = [];
  for (let one: Loaded | undefined = from; one; one = one.by) {
    const { rpath, runpath } = one.elf;
    if (tags === 'rpath' ? runpath.length === 0 : true)
      found.push(...expanded(tags === 'both' && runpath.length > 0 ? runpath : rpath, one));
  }
  return found;
}

/** Dynamic string tokens: ld.so(8). Debian's $LIB is lib/TRIPLET, others' lib64 or lib. */
function expanded(directories: readonly string[], { path, elf }: Loaded): string[] {
  const machine = machines[elf.machine];
  return directories.flatMap((directory) => {
    const plain = directory
      .replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, () => directoryOf(path))
      .replace(/\$(?:PLATFORM\b|\{PLATFORM\})/g, machine?.platform ?? '');
    const libs = machine ? [`lib/${machine.triplet}`, elf.class === 64 ? 'lib64' : 'lib'] : ['lib64', 'lib'];
    return /\$(?:LIB\b|\{LIB\})/.test(plain) ? libs.map((lib) => plain.replace(/\$(?:LIB\b|\{LIB\})/g, lib)) : [plain];
  });
}

/** The directories compiled into glibc: Debian's and Ubuntu's with the triplet (`ld.so --help` there), those of others with the width. */
function glibcDirectories(elf: Elf, real: (path: string) => string | undefined): string[] {
  const triplet = machines[elf.machine]?.triplet;
  const plain = ['/lib', '/usr/lib'];
  if (triplet !== undefined && (real(`/lib/${triplet}`) ?? real(`/usr/lib/${triplet}`)) !== undefined)
    return [`/lib/${triplet}`, `/usr/lib/${triplet}`, ...plain];
  return elf.class === 64 ? ['/lib64', '/usr/lib64', ...plain] : plain;
}

/** musl's linker is these libraries, too. */
const reserved = /^lib(?:c|pthread|rt|m|dl|util|xnet)\.|^libc\.musl-/;

function muslDirectories(elf: Elf, texts: ImageContents['texts']): string[] {
  const set = texts.get(`/etc/ld-musl-${machines[elf.machine]?.musl ?? ''}.path`);
  return set === undefined ? ['/lib', '/usr/local/lib', '/usr/lib'] : set.split(/[:\n]/).filter((directory) => directory.startsWith('/'));
}
