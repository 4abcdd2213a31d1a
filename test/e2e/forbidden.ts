// test/e2e: what no final image may hold: compilers, package manager caches, sources of compiled languages.
import type { App } from './apps.ts';

interface Forbidden {
  what: string;
  pattern: RegExp;
}

// Paths as tar lists them, without a leading slash; directories end in a slash and are not looked at (a cache mount leaves an empty one behind).
const FORBIDDEN: Forbidden[] = [
  { what: 'compiler', pattern: /(^|\/)bin\/(?:[\w.-]+-linux-gnu-)?(?:gcc|g\+\+|cc|c\+\+|clang|cpp)(?:-\d+)?$/ },
  { what: 'compiler', pattern: /(^|\/)bin\/(?:rustc|cargo|rustup|javac|tsc)$/ },
  { what: 'compiler', pattern: /^usr\/local\/go\/(?:bin|pkg|src)\// },
  { what: 'compiler', pattern: /(^|\/)node_modules\/typescript\/lib\// },
  { what: 'build tool', pattern: /(^|\/)bin\/(?:make|cmake|ninja)$/ },
  { what: 'npm cache', pattern: /(^|\/)\.npm\/_cacache\// },
  { what: 'pip cache', pattern: /(^|\/)\.cache\/pip\// },
  { what: 'poetry cache', pattern: /(^|\/)\.cache\/pypoetry\// },
  { what: 'Go cache', pattern: /^(?:go\/pkg\/mod|root\/\.cache\/go-build)\// },
  { what: 'cargo cache', pattern: /^usr\/local\/cargo\/(?:registry|git)\// },
  { what: 'cargo build directory', pattern: /(^|\/)target\/(?:release|debug)\/(?:deps|build|incremental)\// },
  { what: 'apt cache', pattern: /^var\/cache\/apt\/(?:archives\/.*\.deb|.*\.bin)$/ },
  { what: 'apt lists', pattern: /^var\/lib\/apt\/lists\/(?!lock$|partial\/).+/ },
  { what: 'Go source', pattern: /\.go$|(^|\/)go\.(?:mod|sum)$/ },
  { what: 'Rust source', pattern: /\.rs$|(^|\/)Cargo\.(?:toml|lock)$/ },
  { what: 'TypeScript source', pattern: /^(?!.*(?:^|\/)node_modules\/)(?!.*\.d\.[cm]?ts$).*\.[cm]?tsx?$/ },
];

/** Which of the files (paths as tar lists them) may not be in a final image of the application; one line for each kind of thing found. */
export function findForbidden(files: Iterable<string>, app: App): string[] {
  const found = new Map<string, { first: string; count: number }>();
  for (const file of files) {
    if (file.endsWith('/')) continue;
    const hit = [...FORBIDDEN, ...app.absent].find(({ pattern }) => pattern.test(file));
    if (!hit) continue;
    const entry = found.get(hit.what) ?? { first: file, count: 0 };
    entry.count += 1;
    found.set(hit.what, entry);
  }
  return [...found].map(([what, { first, count }]) => `${what}: /${first}${count > 1 ? ` and ${count - 1} more` : ''}`);
}
