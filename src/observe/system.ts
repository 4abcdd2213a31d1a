// Room: observe/. What an operating system an image has: its release, C library, package manager and users.
import type { SystemFacts } from '../image/types.ts';
import type { ImageFile } from '../verify/types.ts';
import { realPath } from '../verify/image/lookup.ts';
import { osRelease } from './wanted.ts';

interface FileSystem {
  files: ReadonlyMap<string, ImageFile>;
  texts: ReadonlyMap<string, string>;
}

/** Programs that install packages; the first that is there is the system's own. */
const managers: readonly { program: string; name: NonNullable<SystemFacts['packageManager']> }[] = [
  { program: '/usr/bin/apt-get', name: 'apt' },
  { program: '/sbin/apk', name: 'apk' },
  { program: '/usr/bin/dnf', name: 'dnf' },
  { program: '/usr/bin/microdnf', name: 'microdnf' },
  { program: '/usr/bin/yum', name: 'yum' },
  { program: '/usr/bin/zypper', name: 'zypper' },
  { program: '/usr/bin/pacman', name: 'pacman' },
];

/** The system of an image. In: its files, and the texts that `observedAs` asks for. */
export function systemOf({ files, texts }: FileSystem): SystemFacts {
  const release = osRelease.map((path) => texts.get(path)).find((text) => text !== undefined);
  return {
    id: valueIn(release, 'ID'),
    version: valueIn(release, 'VERSION_ID'),
    codename: valueIn(release, 'VERSION_CODENAME'),
    libc: libcOf(files),
    packageManager: managers.find(({ program }) => realPath(files, program) !== undefined)?.name ?? null,
    users: usersIn(texts.get('/etc/passwd')),
  };
}

/** `NAME=value`, quotes allowed. os-release(5) */
function valueIn(text: string | undefined, name: string): string | null {
  const value = new RegExp(`^${name}=(.*)$`, 'm').exec(text ?? '')?.[1]?.trim();
  return value === undefined ? null : value.replace(/^(["'])(.*)\1$/, '$2');
}

/** By the dynamic linker that is there: ld-musl-ARCH.so.1, or libc.so.6. */
function libcOf(files: FileSystem['files']): SystemFacts['libc'] {
  for (const path of files.keys()) if (path.endsWith('/libc.so.6')) return 'glibc';
  for (const path of files.keys()) if (/^\/(?:usr\/)?lib\/ld-musl-[\w-]+\.so\.1$/.test(path)) return 'musl';
  return null;
}

/** passwd(5) */
function usersIn(text: string | undefined): SystemFacts['users'] {
  return (text ?? '').split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = '', , home = ''] = line.split(':');
    const numeric = /^\d{1,10}$/;
    return name !== '' && numeric.test(uid) && numeric.test(gid) ? [{ name, uid: Number(uid), gid: Number(gid), home }] : [];
  });
}
