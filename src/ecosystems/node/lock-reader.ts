// Room: ecosystems/node. The lock of a project, read once and when asked.
import type { FileRead, FileTree } from '../../context/types.ts';
import { lineAt } from './json.ts';
import { readBunLock } from './lock-bun.ts';
import { readPnpmLock } from './lock-pnpm.ts';
import { readYarnLock } from './lock-yarn.ts';
import { readNpmLock, type Lock } from './lock.ts';
import type { Locks } from './packages.ts';

/** `wanted`: production ranges of the manifests, for locks that do not mark development packages. */
export function lockReader(
  tree: FileTree,
  lockfiles: readonly { manager: string; path: string }[],
  wanted: () => ReadonlyMap<string, string>[],
): Locks {
  let read: { lock: Lock | { none: string }; text: string } | undefined;
  const all = (): { lock: Lock | { none: string }; text: string } => (read ??= readFirst(tree, lockfiles, wanted));
  return {
    lock: () => all().lock,
    lineOf(name) {
      const { lock, text } = all();
      if ('none' in lock) return undefined;
      const marks =
        lock.manager === 'npm'
          ? [`"node_modules/${name}": {`, `/node_modules/${name}": {`, `"${name}": {`]
          : lock.manager === 'bun'
            ? [`"${name}": [`]
            : [`\n"${name}@`, `\n${name}@`, `\n  ${name}@`, `\n  '${name}@`, `\n  /${name}`];
      const mark = marks.find((one) => text.includes(one));
      return mark === undefined ? undefined : lineAt(text, text.indexOf(mark) + (mark.startsWith('\n') ? 1 : 0));
    },
  };
}

function readFirst(
  tree: FileTree,
  lockfiles: readonly { manager: string; path: string }[],
  wanted: () => ReadonlyMap<string, string>[],
): { lock: Lock | { none: string }; text: string } {
  const file = lockfiles[0];
  if (file === undefined) return { lock: { none: 'there is no lock file' }, text: '' };
  if (file.path.endsWith('bun.lockb')) return { lock: { none: `${file.path} is binary` }, text: '' };
  const read = tree.read(file.path);
  if (read.kind !== 'text')
    return { lock: { none: `${file.path} ${read.kind === 'unreadable' ? read.why : `is ${read.kind}`}` }, text: '' };
  const lock = readBy(file.manager, file.path, read, wanted);
  return { lock: 'broken' in lock ? { none: `${file.path}: ${lock.broken}` } : lock, text: read.text };
}

type Text = FileRead & { kind: 'text' };
function readBy(manager: string, path: string, read: Text, wanted: () => ReadonlyMap<string, string>[]): Lock | { broken: string } {
  const { text } = read;
  if (manager === 'npm') return readNpmLock(path, read);
  if (manager === 'yarn') return readYarnLock(path, text, { production: wanted() });
  return manager === 'pnpm' ? readPnpmLock(path, text) : readBunLock(path, text);
}
