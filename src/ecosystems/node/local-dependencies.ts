// Room: ecosystems/node. Dependencies that lie in the build context: file:, link:, portal:, patch: and plain paths.
// Sources: https://docs.npmjs.com/cli/v11/configuring-npm/package-json#local-paths · https://yarnpkg.com/protocols · https://pnpm.io/package-sources
import { joinPath } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { fields } from './json.ts';

export interface LocalDependency {
  name: string;
  range: string;
}
/** What an install reads for them (context paths), or the dependency that needs what cannot be listed. */
export type LocalNeeds = { files: string[]; dirs: string[] } | { blockedBy: LocalDependency };

const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'overrides', 'resolutions', 'pnpm'];

/** Every range of a manifest that is a path, overrides included. */
export function localRanges(manifest: ReadonlyMap<string, unknown>): LocalDependency[] {
  const found: LocalDependency[] = [];
  const waiting: { name: string; value: unknown }[] = sections.map((name) => ({ name, value: manifest.get(name) }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value === 'string') {
      if (/^(?:file|link|portal|patch|exec):|^\.{1,2}(?:\/|$)|^~?\//.test(next.value) && next.name !== 'pnpm')
        found.push({ name: next.name, range: next.value });
    } else for (const [name, value] of fields(next.value)) if (name !== 'patchedDependencies') waiting.push({ name, value });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What the install reads for the local dependencies of the manifest in `dir`. */
export function localNeeds(tree: FileTree, dir: string, manifest: ReadonlyMap<string, unknown>): LocalNeeds {
  const [files, dirs]: [string[], string[]] = [[], []];
  for (const dependency of localRanges(manifest)) {
    const need = needOf(tree, dir, dependency.range);
    if (need === undefined) return { blockedBy: dependency };
    files.push(...need.files);
    dirs.push(...need.dirs);
  }
  return { files, dirs };
}

function needOf(tree: FileTree, dir: string, range: string): { files: string[]; dirs: string[] } | undefined {
  const protocol = /^([a-z]+):/.exec(range)?.[1] ?? 'file';
  if (protocol === 'exec') return undefined;
  if (protocol === 'patch') return patchFile(tree, dir, range);
  const path = joinPath(
    dir,
    range
      .replace(/^[a-z]+:/, '')
      .replace(/^\/\//, '')
      .replace(/::.*$/, ''),
  );
  if (path === undefined || range.includes('~/') || /^(?:[a-z]+:)?\//.test(range)) return undefined;
  const entry = tree.stat(path);
  if (entry?.kind === 'file') return { files: [path], dirs: [] };
  if (entry?.kind !== 'dir' || path === dir || path === '' || `${dir}/`.startsWith(`${path}/`)) return undefined;
  // A link is only made; its target's manifest is read where there is one. `file:` may be packed, so that all of it is needed.
  if (protocol === 'file') return { files: [], dirs: [path] };
  const manifest = `${path}/package.json`;
  return { files: tree.stat(manifest)?.kind === 'file' ? [manifest] : [], dirs: [] };
}

/** `patch:left-pad@npm%3A1.0.0#~/.yarn/patches/x.patch`, `…#./patches/x.patch`; `~builtin<…>` is yarn's own. */
function patchFile(tree: FileTree, dir: string, range: string): { files: string[]; dirs: string[] } | undefined {
  const files: string[] = [];
  for (const source of range
    .slice(range.indexOf('#') + 1)
    .replace(/::.*$/, '')
    .split('&')) {
    const named = source.replace(/^(?:optional!|~(?=\/))/g, '').replace(/^~?\//, './');
    if (named.includes('builtin<')) continue;
    const path = joinPath(dir, named);
    if (path === undefined || tree.stat(path)?.kind !== 'file') return undefined;
    files.push(path);
  }
  return { files, dirs: [] };
}
