// Room: verify/compare/. What in the repository is behind a failure: the transform's own evidence, and files that the original image has and the rewritten one lacks.
import type { FileTree } from '../../context/types.ts';
import { visible } from '../../report/visible.ts';
import type { Applied } from '../../types.ts';
import type { Check, ImageContents } from '../types.ts';

/** What is at hand when a transform is taken back. */
export interface Scene {
  failed: Check;
  applied: Applied | undefined;
  contents: { before: ImageContents; after: ImageContents } | undefined;
  /** The build context. */
  tree: FileTree;
}

/** At most so many files are named. */
const maxFiles = 5;

/** Sentences with file and line, the most telling first. */
export function causesOf({ failed, applied, contents, tree }: Scene): string[] {
  const paths = [...new Set([...(failed.about ?? []), ...pathsIn(failed.log ?? ''), ...pathsIn(failed.detail)])];
  const missing = contents ? paths.filter((path) => contents.before.files.has(path) && !contents.after.files.has(path)) : [];
  const lost = missing.slice(0, maxFiles).map((path) => {
    const own = inRepository(path, tree);
    const whose = own === undefined ? '' : `: it is ${visible(own)} of the repository`;
    return `${visible(path)} is in the original image and not in the rewritten one${whose}`;
  });
  if (missing.length > maxFiles) lost.push(`and ${missing.length - maxFiles} more files`);
  if (!applied) return lost;
  const evidence = applied.evidence.map(({ file, line, says }) => `${file}${line === undefined ? '' : `:${line}`}: ${says}`);
  return [...lost, `${applied.transform} was applied because: ${applied.why}`, ...evidence.map(visible)];
}

// Absolute paths as logs write them: quoted, in parentheses, before a colon and a line number.
const absolutePath = /(?<![\w.:/-])\/(?:[\w@.+~-]+\/)*[\w@.+~-]+/g;

function pathsIn(text: string): string[] {
  return [...text.slice(-65536).matchAll(absolutePath)].map(([path]) => path.replace(/[.,:]+$/, ''));
}

/** The file of the context that an image's path most likely is: the longest ending of the path that is there. */
function inRepository(path: string, tree: FileTree): string | undefined {
  const names = path.split('/').filter((name) => name !== '');
  for (let from = 0; from < names.length; from += 1) {
    const candidate = names.slice(from).join('/');
    if (tree.stat(candidate)) return candidate;
  }
  return undefined;
}
