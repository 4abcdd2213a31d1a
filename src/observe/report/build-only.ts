// Room: observe/report/. What in an image serves builds alone: by the tables of packages, and by the kinds of files that no split image may hold.
import { isSeen, type ImageFacts } from '../../image/types.ts';
import { forbiddenKinds, kindOf, type Forbidden } from '../../verify/compare/forbidden.ts';

export interface BuildOnly {
  what: string;
  bytes: number;
  count: number;
  /** The directory that all of them lie in, or the few caches; none for packages, and where there are more. */
  below: string[];
  /** A few of them, the largest first. */
  examples: string[];
}

const maxExamples = 4;
const maxDirectories = 3;
/** What an install leaves beside programs. */
const leftOver: readonly Forbidden[] = [
  { what: 'static libraries', pattern: /\.a$/ },
  { what: 'headers', pattern: /\/include\/.*\.(?:h|hpp|hh|inc)$/ },
  { what: 'pip cache', pattern: /\/\.cache\/pip\// },
  { what: 'uv cache', pattern: /\/\.cache\/uv\// },
  { what: 'yarn cache', pattern: /\/(?:\.cache\/yarn|usr\/local\/share\/\.cache)\// },
  { what: 'pnpm store', pattern: /\/\.local\/share\/pnpm\/store\// },
  { what: 'Maven repository', pattern: /\/\.m2\/repository\// },
  { what: 'Gradle cache', pattern: /\/\.gradle\/caches\// },
  { what: 'NuGet packages', pattern: /\/\.nuget\/packages\// },
  { what: 'git history', pattern: /\/\.git\// },
];
const kinds = [...forbiddenKinds, ...leftOver];

/** Kinds with what they take, the largest first. In: the facts, and whether a package serves builds alone. */
export function buildOnly(facts: ImageFacts, isBuildPackage: (manager: 'apt' | 'apk', name: string) => boolean): BuildOnly[] {
  const found = new Map<string, { name: string; bytes: number; cache: string }[]>();
  const add = (what: string, name: string, bytes: number, cache = ''): void => {
    const all = found.get(what) ?? [];
    if (all.length === 0) found.set(what, all);
    all.push({ name, bytes, cache });
  };
  for (const { manager, name, size, from } of facts.osPackages)
    if (isBuildPackage(manager === 'apk' ? 'apk' : 'apt', name))
      add(from === 'base' ? 'packages of the base image' : 'packages', name, size ?? 0);
  for (const [path, size] of remaining(facts)) {
    const kind = kindOf(path, kinds);
    if (kind !== undefined) add(kind.what, path, size, cacheOf(path, kind));
  }
  return [...found]
    .map(([what, all]) => ({
      what,
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      count: all.length,
      below: directories(all),
      examples: all
        .toSorted((a, b) => b.bytes - a.bytes)
        .slice(0, maxExamples)
        .map(({ name }) => name),
    }))
    .toSorted((a, b) => b.bytes - a.bytes);
}

/** The directory that makes the path one of its kind: `/root/.cache/go-build`; '' where it is the name of the file. */
function cacheOf(path: string, { pattern }: Forbidden): string {
  const match = pattern.exec(path);
  return match?.[0].endsWith('/') ? path.slice(0, match.index + match[0].length - 1) : '';
}

/** Names of files in a cache say nothing to people: the directories are told, where they are few. */
function directories(all: readonly { name: string; cache: string }[]): string[] {
  const common = commonDirectory(all.map(({ name }) => name));
  if (common !== undefined) return [common];
  const caches = [...new Set(all.map(({ cache }) => cache))];
  return all.length > maxDirectories && caches.length <= maxDirectories && !caches.includes('') ? caches : [];
}

/** The longest directory above all paths; undefined below three levels: `/usr` says nothing. */
function commonDirectory(paths: readonly string[]): string | undefined {
  const [first = '', ...others] = paths;
  if (others.length === 0 || !first.startsWith('/')) return undefined;
  let parts = first.split('/').slice(0, -1);
  for (const path of others) {
    const own = path.split('/');
    const end = parts.findIndex((part, i) => own[i] !== part);
    if (end >= 0) parts = parts.slice(0, end);
  }
  return parts.length > 2 ? parts.join('/') : undefined;
}

/** Files that instructions brought, that no package owns, and that no later instruction removed. */
function remaining({ instructions }: ImageFacts): Map<string, number> {
  const files = new Map<string, { size: number; since: number }>();
  const gone = new Map<string, number>();
  if (!isSeen(instructions)) return new Map();
  for (const [i, { added, changed, removed }] of instructions.entries()) {
    for (const path of removed) gone.set(path, i);
    for (const { path, kind, size, owner } of [...added, ...changed])
      if (kind === 'file' && owner === undefined) files.set(path, { size, since: i });
  }
  const isThere = (path: string, since: number): boolean => {
    for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) if ((gone.get(at) ?? -1) > since) return false;
    return true;
  };
  return new Map([...files].flatMap(([path, { size, since }]): [string, number][] => (isThere(path, since) ? [[path, size]] : [])));
}
