// Room: observe/. Which files of an image are read as text to tell what is in it: databases of packages, users, the linker's settings; nothing of the application.
import type { Wanted } from '../verify/image/wanted.ts';

const small = 256 * 1024;
const database = 32 * 1024 * 1024;

/** Where dpkg and apk write down what is installed. */
export const dpkgStatus = '/var/lib/dpkg/status';
export const dpkgInfo = '/var/lib/dpkg/info/';
/** Distroless images have one file for each package: https://github.com/GoogleContainerTools/distroless/blob/main/README.md */
export const dpkgStatusFiles = '/var/lib/dpkg/status.d/';
/** apt's note of what came as a dependency. apt-mark(8) */
export const aptStates = '/var/lib/apt/extended_states';
export const apkDatabases = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'];
/** What was asked for by name. apk-world(5) */
export const apkWorld = '/etc/apk/world';
/** os-release(5) */
export const osRelease = ['/etc/os-release', '/usr/lib/os-release'];

const exact: ReadonlyMap<string, Wanted> = new Map<string, Wanted>([
  ['/etc/passwd', { as: 'text', limit: small }],
  ['/etc/group', { as: 'text', limit: small }],
  ['/etc/ld.so.cache', { as: 'bytes', limit: 4 * 1024 * 1024 }],
  [aptStates, { as: 'text', limit: database }],
  [apkWorld, { as: 'text', limit: small }],
  [dpkgStatus, { as: 'text', limit: database }],
  ...osRelease.map((path): [string, Wanted] => [path, { as: 'text', limit: small }]),
  ...apkDatabases.map((path): [string, Wanted] => [path, { as: 'text', limit: database }]),
]);

/** How a file is read; undefined: it is not. In: its absolute path in the image. */
export function observedAs(path: string): Wanted | undefined {
  const known = exact.get(path);
  if (known) return known;
  if (path.startsWith(dpkgInfo)) return path.endsWith('.list') ? { as: 'text', limit: database } : undefined;
  if (path.startsWith(dpkgStatusFiles)) return path.endsWith('.md5sums') ? undefined : { as: 'text', limit: small };
  if (/^\/etc\/ld-musl-[\w-]+\.path$/.test(path)) return { as: 'text', limit: small };
  // Names and versions of installed packages: https://docs.npmjs.com/cli/v11/configuring-npm/package-json, Composer's installed.json
  if (/\/node_modules\/(?:@[^/]+\/)?[^/@]+\/package\.json$/.test(path)) return { as: 'text', limit: small };
  // https://packaging.python.org/en/latest/specifications/binary-distribution-format/
  if (path.endsWith('.dist-info/WHEEL')) return { as: 'text', limit: small };
  if (path.endsWith('/vendor/composer/installed.json')) return { as: 'text', limit: database };
  return undefined;
}
