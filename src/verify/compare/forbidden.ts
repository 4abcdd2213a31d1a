// Room: verify/compare/. What no final image may hold that was split from its build: compilers, build tools, package caches, sources of compiled languages.
import type { Check, ImageContents } from '../types.ts';

/** A kind of thing, and the absolute paths of the image that are one. */
export interface Forbidden {
  what: string;
  pattern: RegExp;
  /** A waste of space, as it was in the original, and no fault of a split: what an install in the final stage leaves behind where no cache mount takes it. */
  waste?: true;
  /** Text that is compiled. A program may have such a name (`go build -o server.go`), and packages of interpreted languages bring some of their own. */
  source?: true;
}

// Directories are not looked at: a cache mount leaves an empty one behind.
export const forbiddenKinds: readonly Forbidden[] = [
  { what: 'compiler', pattern: /\/bin\/(?:[\w.-]+-linux-gnu-)?(?:gcc|g\+\+|cc|c\+\+|clang|cpp)(?:-\d+)?$/ },
  { what: 'compiler', pattern: /\/bin\/(?:rustc|cargo|rustup|javac|tsc)$/ },
  { what: 'compiler', pattern: /^\/usr\/local\/go\/(?:bin|pkg|src)\// },
  { what: 'compiler', pattern: /\/node_modules\/typescript\/lib\// },
  { what: 'build tool', pattern: /\/bin\/(?:make|cmake|ninja)$/ },
  { what: 'npm cache', pattern: /\/\.npm\/_cacache\//, waste: true },
  { what: 'pip cache', pattern: /\/\.cache\/pip\//, waste: true },
  { what: 'poetry cache', pattern: /\/\.cache\/pypoetry\/(?!virtualenvs\/)/, waste: true },
  { what: 'Go cache', pattern: /^\/(?:go\/pkg\/mod|root\/\.cache\/go-build)\// },
  { what: 'cargo cache', pattern: /^\/usr\/local\/cargo\/(?:registry|git)\// },
  { what: 'cargo build directory', pattern: /\/target\/(?:release|debug)\/(?:deps|build|incremental)\// },
  { what: 'apt cache', pattern: /^\/var\/cache\/apt\/(?:archives\/.*\.deb|.*\.bin)$/, waste: true },
  { what: 'apt lists', pattern: /^\/var\/lib\/apt\/lists\/(?!lock$|partial\/).+/, waste: true },
  { what: 'Go source', pattern: /\.go$|\/go\.(?:mod|sum)$/, source: true },
  { what: 'Rust source', pattern: /\.rs$|\/Cargo\.(?:toml|lock)$/, source: true },
  // A split copies the application whole where what is read at run time cannot be told, and ts-node runs them: they cost space, and nothing else.
  { what: 'TypeScript source', pattern: /^(?!.*\.d\.[cm]?ts$).*\.[cm]?tsx?$/, source: true, waste: true },
];

/** Something that should not be there: the first path of its kind, and how many there are. */
export interface Found {
  what: string;
  first: string;
  count: number;
}

/** Packages are installed as they come: tree-sitter's grammars, for one, hold Rust and Go sources. */
const inPackage = /\/(?:node_modules|(?:site|dist)-packages)\//;

/**
 * Which of the files may not be in a final image. In: absolute paths of files; kinds to look for besides those of every image; which of the files
 * are programs, where that is known.
 */
export function findForbidden(
  paths: Iterable<string>,
  more: readonly Forbidden[] = [],
  isProgram: (path: string) => boolean = () => false,
): Found[] {
  const found = new Map<string, Found>();
  const kinds = [...forbiddenKinds, ...more];
  for (const path of paths) {
    const what = kindOf(path, kinds, isProgram)?.what;
    if (what === undefined) continue;
    const entry = found.get(what) ?? { what, first: path, count: 0 };
    entry.count += 1;
    found.set(what, entry);
  }
  return [...found.values()];
}

/** The first kind that a path is of: sources are none where they are a package's, or a program's name. */
export function kindOf<Kind extends Forbidden>(
  path: string,
  kinds: readonly Kind[],
  isProgram: (path: string) => boolean = () => false,
): Kind | undefined {
  return kinds.find(({ pattern, source }) => pattern.test(path) && !(source && (inPackage.test(path) || isProgram(path))));
}

/** `compiler: /usr/bin/gcc and 12 more` */
export const foundText = ({ what, first, count }: Found): string => `${what}: ${first}${count > 1 ? ` and ${count - 1} more` : ''}`;

/** Whether the rewrite split the image, so that it must not hold what only the build needs; `no`: why not. */
export interface Split {
  split: 'yes' | { no: string };
  /** Why development dependencies of Node.js stay on purpose, a compiler among them perhaps; undefined: they do not. */
  keepsDevelopment?: string | undefined;
}

/** Looks for build tools, caches and sources in the rewritten image. Not checked where the rewrite did not promise to leave them out. */
export function checkContents(after: ImageContents, { split, keepsDevelopment }: Split): Check {
  const check = (outcome: Check['outcome'], detail: string): Check => ({ id: 'contents', outcome, detail, differences: [] });
  if (split !== 'yes') return check('not-checked', `Build tools may be in the image: ${split.no}`);
  const kept = keepsDevelopment !== undefined;
  const looked = [...filesOf(after)].filter((path) => !kept || !path.includes('/node_modules/'));
  const found = findForbidden(looked, [], (path) => after.elf.has(path));
  const nothing = 'No compiler, build tool, package cache or source of a compiled language is in the image';
  if (found.length === 0) return check('passed', kept ? `${nothing}, apart from node_modules: ${keepsDevelopment}` : nothing);
  const wasteOnly = found.every(({ what }) => forbiddenKinds.some((kind) => kind.what === what && kind.waste));
  return {
    ...check(wasteOnly ? 'warned' : 'failed', `The image still holds ${found.map(foundText).join('; ')}`),
    about: found.map(({ first }) => first),
  };
}

function* filesOf({ files }: ImageContents): Generator<string> {
  for (const [path, { kind }] of files) if (kind !== 'dir') yield path;
}
