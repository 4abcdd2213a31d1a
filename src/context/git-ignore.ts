// Room: context/. What git leaves out of a checkout: files that are there for one person and not for the next.
import ignore from 'ignore';
import type { FileTree } from './types.ts';

/** Whether the context's own .gitignore hides a path (files in directories above the context, and global settings, are not seen). Source: gitignore(5). */
export function gitIgnores(tree: FileTree): (path: string) => boolean {
  const read = tree.read('.gitignore');
  if (read.kind !== 'text') return () => false;
  const rules = ignore().add(read.text);
  return (path) => ignore.isPathValid(path) && (rules.ignores(path) || rules.ignores(`${path}/`));
}
