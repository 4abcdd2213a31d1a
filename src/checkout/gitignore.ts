// Room: checkout/. What .gitignore files leave out of a search. Source: gitignore(5); a deeper file decides over a higher one.
import { dirname, join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { Disk } from '../context/disk.ts';
import { below } from './paths.ts';

/** The .gitignore files in force in a directory, the deepest first. */
export type GitIgnores = readonly { dir: string; rules: Ignore }[];

/** Bytes and wildcards of an untrusted file: patterns become regular expressions that backtrack on every star. */
const maxFile = 256 * 1024;
const maxStarsInName = 3;
const maxStars = 8;

/** Adds the .gitignore of `dir`, when it has one. */
export function enter(ignores: GitIgnores, dir: string, disk: Disk): GitIgnores {
  const rules = rulesOf(join(dir, '.gitignore'), disk);
  return rules ? [{ dir, rules }, ...ignores] : ignores;
}

/**
 * The .gitignore files above `dir`, from the repository's root down. None when they leave `dir` itself out: the user
 * asked for it by name.
 */
export function ignoresAbove(dir: string, root: string | undefined, disk: Disk): GitIgnores {
  if (root === undefined || root === dir || below(root, dir) === undefined) return [];
  const parents: string[] = [];
  for (let parent = dirname(dir); ; parent = dirname(parent)) {
    parents.unshift(parent);
    if (parent === root || parent === dirname(parent)) break;
  }
  const ignores = parents.reduce((all, parent) => enter(all, parent, disk), [] as GitIgnores);
  return isIgnored(ignores, dir, 'dir') ? [] : ignores;
}

/** Whether git would leave the path (absolute) out. A directory that is left out is not entered, so parents need no look. */
export function isIgnored(ignores: GitIgnores, path: string, kind: 'file' | 'dir'): boolean {
  for (const { dir, rules } of ignores) {
    const name = below(dir, path);
    if (name === undefined || name === '') continue;
    const verdict = rules.test(kind === 'dir' ? `${name}/` : name);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

function rulesOf(path: string, disk: Disk): Ignore | undefined {
  try {
    const { entry, bytes } = disk.read(path, maxFile);
    if (entry.kind !== 'file' || entry.size > maxFile) return undefined;
    const lines = bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .split(/\r?\n/);
    return ignore({ allowRelativePaths: true }).add(lines.filter(isCheap));
  } catch {
    return undefined;
  }
}

/** False for a pattern with so many wildcards that matching it could take for ever; it then leaves nothing out. */
function isCheap(pattern: string): boolean {
  const runs = pattern.split('/').map((name) => name.split(/\*+/).length - 1);
  return (
    pattern.length <= 1000 && runs.every((stars) => stars <= maxStarsInName) && runs.reduce((all, stars) => all + stars, 0) <= maxStars
  );
}
