// Room: context/. What git leaves out of a checkout: files that are there for one person and not for the next.
import ignore from 'ignore';
import { onceEach, oncePer } from '../once.ts';
import type { FileRead, FileTree } from './types.ts';

/** Whether the context's own .gitignore hides a path (files in directories above the context, and global settings, are not seen). Source: gitignore(5). */
export function gitIgnores(tree: FileTree): (path: string) => boolean {
  const read = tree.read('.gitignore');
  return read.kind === 'text' ? ignoredBy(read) : () => false;
}

const ignoredBy = oncePer(({ text }: FileRead & { kind: 'text' }) => {
  const rules = ignore().add(text);
  return onceEach((path: string): boolean => ignore.isPathValid(path) && (rules.ignores(path) || rules.ignores(`${path}/`)));
});

/** What the .gitignore of a directory says of a path below it: hidden, not hidden, or nothing. */
export function gitVerdict(tree: FileTree, dir: string): (path: string) => boolean | undefined {
  const read = tree.read(dir === '' ? '.gitignore' : `${dir}/.gitignore`);
  return read.kind === 'text' ? verdictBy(read) : () => undefined;
}

const verdictBy = oncePer(({ text }: FileRead & { kind: 'text' }) => {
  const rules = ignore().add(text);
  return (path: string): boolean | undefined => {
    if (!ignore.isPathValid(path)) return undefined;
    const verdicts = [rules.test(path), rules.test(`${path}/`)];
    if (verdicts.some(({ ignored }) => ignored)) return true;
    return verdicts.some(({ unignored }) => unignored) ? false : undefined;
  };
});
