// Room: ecosystems/node. Settings of the package managers in the project's own files.
import { joinPath } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import type { Evidence } from '../types.ts';
import { indentedLines, unquoted } from './indented.ts';

export interface Setting {
  value: string;
  evidence: Evidence;
}
export type Settings = ReadonlyMap<string, Setting>;

/** `key=value` of .npmrc (https://docs.npmjs.com/cli/v11/configuring-npm/npmrc); keys in lower case with dashes. */
export function npmrc(tree: FileTree, dir: string): Settings {
  return settings(tree, dir, '.npmrc', /^\s{0,20}([\w:@./-]{1,200})\s{0,20}=\s{0,20}(.{0,500})$/, ['#', ';']);
}

/** `key "value"` of yarn 1's .yarnrc (https://classic.yarnpkg.com/en/docs/yarnrc). */
export function yarnrc(tree: FileTree, dir: string): Settings {
  return settings(tree, dir, '.yarnrc', /^\s{0,20}"?([\w:@./-]{1,200})"?\s{1,20}(.{0,500})$/, ['#']);
}

/** `key = value` of bunfig.toml, without regard for tables (https://bun.com/docs/runtime/bunfig); `[install.cache]` asks for `dir`. */
export function bunfig(tree: FileTree, dir: string): Settings {
  return settings(tree, dir, 'bunfig.toml', /^\s{0,20}([\w.]{1,100})\s{0,20}=\s{0,20}(.{0,500})$/, ['#']);
}

/** Top-level `key: value` of .yarnrc.yml or pnpm-workspace.yaml. */
export function yamlSettings(tree: FileTree, dir: string, name: string): Settings {
  const path = joinPath(dir, name) ?? name;
  const read = tree.read(path);
  if (read.kind !== 'text') return new Map();
  const top = indentedLines(read.text).filter((line) => !line.item && line.path.length === 1);
  return new Map(
    top.map((line) => [
      line.path[0] ?? '',
      { value: line.value, evidence: { file: path, line: line.line, says: `${line.path[0]}: ${line.value}` } },
    ]),
  );
}

function settings(tree: FileTree, dir: string, name: string, form: RegExp, comments: readonly string[]): Settings {
  const path = joinPath(dir, name) ?? name;
  const read = tree.read(path);
  const found = new Map<string, Setting>();
  if (read.kind !== 'text') return found;
  for (const [index, line] of read.text.split(/\r?\n/).slice(0, 2000).entries()) {
    const match = form.exec(line);
    const [, key, value] = match ?? [];
    if (key === undefined || value === undefined || comments.some((mark) => line.trimStart().startsWith(mark))) continue;
    // Only the key is told: .npmrc holds tokens.
    found.set(key, { value: unquoted(value.trim()), evidence: { file: path, line: index + 1, says: `sets ${key}` } });
  }
  return found;
}

/** Where the project's own configuration puts a manager's cache. */
export function cacheSetting(tree: FileTree, dir: string, manager: string): { dir: string; evidence: Evidence } | undefined {
  const rc = npmrc(tree, dir);
  const setting =
    manager === 'npm'
      ? rc.get('cache')
      : manager === 'yarn'
        ? (yarnrc(tree, dir).get('cache-folder') ??
          yamlSettings(tree, dir, '.yarnrc.yml').get('cacheFolder') ??
          yamlSettings(tree, dir, '.yarnrc.yml').get('globalFolder'))
        : manager === 'pnpm'
          ? (yamlSettings(tree, dir, 'pnpm-workspace.yaml').get('storeDir') ?? rc.get('store-dir'))
          : bunfig(tree, dir).get('dir');
  return setting === undefined ? undefined : { dir: setting.value, evidence: setting.evidence };
}

/** How packages are laid out. yarn 2 and newer: `nodeLinker`, `pnp` unless told (https://yarnpkg.com/configuration/yarnrc#nodeLinker). */
export function linkerOf(tree: FileTree, dir: string, yarn: 'classic' | 'berry' | undefined): 'node-modules' | 'pnp' | 'pnpm' | undefined {
  if (yarn !== 'berry') return undefined;
  const value = yamlSettings(tree, dir, '.yarnrc.yml').get('nodeLinker')?.value;
  return value === 'node-modules' || value === 'pnpm' ? value : 'pnp';
}

/** Which yarn: `packageManager`, .yarnrc.yml, or the form of yarn.lock. Undefined: nothing here is of yarn. */
export function yarnOf(tree: FileTree, dir: string, packageManager: string | undefined): 'classic' | 'berry' | undefined {
  const declared = /^yarn@(\d+)/.exec(packageManager ?? '')?.[1];
  if (declared !== undefined) return Number(declared) >= 2 ? 'berry' : 'classic';
  if (tree.stat(joinPath(dir, '.yarnrc.yml') ?? '') !== undefined) return 'berry';
  const lock = tree.read(joinPath(dir, 'yarn.lock') ?? '');
  if (lock.kind !== 'text') return undefined;
  return lock.text.slice(0, 2000).includes('__metadata:') ? 'berry' : 'classic';
}
