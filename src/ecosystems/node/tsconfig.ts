// Room: ecosystems/node. tsconfig.json: where tsc writes. https://www.typescriptlang.org/tsconfig/#outDir
import { joinPath, parentOf } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { fields, parseJsonc, strings, textOf } from './json.ts';

export interface TsConfig {
  /** Context path of the output directory; undefined: beside the sources. */
  outDir: string | undefined;
  noEmit: boolean;
  /** Context paths before the first wildcard of `include` and `files`; undefined: everything below the configuration. */
  roots: string[] | undefined;
  /** Context paths of the configurations that `references` name. */
  references: string[];
}

/**
 * Reads a configuration with all that it extends inside the tree.
 * @param path a file, or a directory that holds tsconfig.json.
 */
export function readTsConfig(tree: FileTree, path: string): TsConfig | { unknown: string } {
  const file = tree.stat(path)?.kind === 'dir' || path === '' ? (joinPath(path, 'tsconfig.json') ?? '') : path;
  return readChain(tree, file, parentOf(file), 0);
}

function readChain(tree: FileTree, path: string, top: string, depth: number): TsConfig | { unknown: string } {
  if (depth > 16) return { unknown: `${path}: configurations that extend each other` };
  const read = tree.read(path);
  if (read.kind !== 'text') return { unknown: `${path} cannot be read` };
  const parsed = parseJsonc(read.text);
  if ('broken' in parsed) return { unknown: `${path} is not JSON` };
  const config = fields(parsed.value);
  const dir = parentOf(path);
  let base: TsConfig = { outDir: undefined, noEmit: false, roots: undefined, references: [] };
  for (const extended of parents(config.get('extends'))) {
    const inherited = readExtended(tree, dir, extended, top, depth);
    if ('unknown' in inherited) return inherited;
    base = {
      ...base,
      outDir: inherited.outDir ?? base.outDir,
      noEmit: inherited.noEmit || base.noEmit,
      roots: inherited.roots ?? base.roots,
    };
  }
  return withOwn(config, dir, top, base);
}

const parents = (value: unknown): string[] => (typeof value === 'string' ? [value] : strings(value).slice(0, 20));

/** Configurations of packages lie in node_modules, which is not here; an outDir of theirs would be relative to them, so that none has one (https://github.com/tsconfig/bases). */
function readExtended(tree: FileTree, dir: string, name: string, top: string, depth: number): TsConfig | { unknown: string } {
  if (!name.startsWith('.')) return { outDir: undefined, noEmit: false, roots: undefined, references: [] };
  const base = joinPath(dir, name);
  const path =
    base === undefined ? undefined : [base, `${base}.json`, `${base}/tsconfig.json`].find((one) => tree.stat(one)?.kind === 'file');
  return path === undefined ? { unknown: `${name} is extended and not in the build context` } : readChain(tree, path, top, depth + 1);
}

function withOwn(config: ReadonlyMap<string, unknown>, dir: string, top: string, base: TsConfig): TsConfig | { unknown: string } {
  const options = fields(config.get('compilerOptions'));
  const outDir = textOf(options.get('outDir'));
  const outFile = textOf(options.get('outFile'));
  const at = (path: string): string | undefined => joinPath(path.includes('${configDir}') ? top : dir, path.replace('${configDir}', '.'));
  const out = outDir === undefined ? (outFile === undefined ? undefined : at(parentOf(outFile))) : at(outDir);
  if ((outDir !== undefined || outFile !== undefined) && out === undefined)
    return { unknown: `outDir ${outDir ?? outFile} lies outside of the build context` };
  const included = [...strings(config.get('include')), ...strings(config.get('files'))];
  const listed = config.has('include') || config.has('files');
  const roots = included.map((glob) => at(glob.split(/[*?]/)[0]?.replace(/\/[^/]*$/, '/') ?? '')).filter((path) => path !== undefined);
  return {
    outDir: out ?? base.outDir,
    noEmit: typeof options.get('noEmit') === 'boolean' ? options.get('noEmit') === true : base.noEmit,
    roots: listed ? included.map((glob, index) => (/[*?]/.test(glob) ? (roots[index] ?? '') : (at(glob) ?? ''))) : base.roots,
    references: (Array.isArray(config.get('references')) ? (config.get('references') as unknown[]) : [])
      .slice(0, 50)
      .flatMap((reference) => at(textOf(fields(reference).get('path')) ?? '') ?? []),
  };
}
