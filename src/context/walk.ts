// Room: context/. A bounded walk over the tree, for the scans of sources.
import { maxWalkDepth, maxWalkEntries } from './limits.ts';
import type { Entry, FileTree } from './types.ts';

export interface WalkOptions {
  /** Directories that are not entered (they are still answered); default: `isSkippedDirectory`. */
  skip?: (entry: Entry) => boolean;
  /** At most so many entries; never more than 20,000. */
  limit?: number;
  /** Called once for each reason why the answer is not the whole tree. */
  onCut?: (why: string) => void;
}

/** Installed packages, build output, VCS data and caches, by name: no first-party source lies there. */
const skipped = new Set([
  ...['.git', '.hg', '.svn', '.idea', '.vscode', '.cache', '.turbo', '.nx', '.parcel-cache'],
  ...['node_modules', 'bower_components', '.yarn', '.pnpm-store', '.next', '.nuxt', '.output', '.svelte-kit', '.angular'],
  ...['vendor', 'target', '.venv', 'venv', '__pycache__', '.tox', '.nox', '.mypy_cache', '.pytest_cache', '.ruff_cache'],
  ...['dist', 'build', 'out', 'coverage', 'htmlcov', '.nyc_output', '.gradle'],
]);

/** True for directories that hold nothing of the project's own sources, judged by name. */
export function isSkippedDirectory(entry: Entry): boolean {
  return skipped.has(entry.name);
}

/**
 * All entries below `dir` ('' for the root), files and directories, in the order of a depth-first walk sorted by name.
 * Linked directories are answered, not entered (BuildKit sends links as links, and links can go in circles).
 */
export function walk(tree: FileTree, dir: string, options: WalkOptions = {}): Entry[] {
  const skip = options.skip ?? isSkippedDirectory;
  const limit = Math.min(options.limit ?? maxWalkEntries, maxWalkEntries);
  const found: Entry[] = [];
  const top = tree.list(dir);
  if (top === undefined) {
    options.onCut?.(`${dir === '' ? 'the build context' : dir} cannot be listed`);
    return found;
  }
  const stack = [...top].reverse();
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    if (found.length >= limit) {
      options.onCut?.(`more than ${limit} entries`);
      break;
    }
    found.push(entry);
    if (entry.kind !== 'dir' || entry.link === true || skip(entry)) continue;
    const children = entry.path.split('/').length > maxWalkDepth ? undefined : tree.list(entry.path);
    if (children === undefined) options.onCut?.(`${entry.path} cannot be listed`);
    else stack.push(...children.toReversed());
  }
  return found;
}
