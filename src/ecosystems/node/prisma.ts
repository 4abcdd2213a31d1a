// Room: ecosystems/node. What `prisma generate` reads. https://www.prisma.io/docs/orm/prisma-schema/overview/location
import { joinPath } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { withoutComments } from './comments.ts';
import { valueImports } from './imports.ts';
import { fields, textOf } from './json.ts';

export interface PrismaFiles {
  files: string[];
  dirs: string[];
  /** A configuration or a generator needs other files of the project. */
  computed: boolean;
}

const configs = [
  'prisma.config.ts',
  'prisma.config.js',
  'prisma.config.mjs',
  'prisma.config.cjs',
  '.config/prisma.ts',
  '.config/prisma.js',
];

/** `schemas`: the paths that calls name with --schema, '' for the usual place; empty: prisma is not run. */
export function prismaFiles(tree: FileTree, dir: string, manifest: ReadonlyMap<string, unknown>, schemas: readonly string[]): PrismaFiles {
  const found: PrismaFiles = { files: [], dirs: [], computed: false };
  if (schemas.length === 0) return found;
  const at = (path: string): string => joinPath(dir, path) ?? '';
  for (const name of configs.map(at).filter((path) => tree.stat(path)?.kind === 'file')) {
    found.files.push(name);
    const read = tree.read(name);
    found.computed ||= read.kind !== 'text' || valueImports(withoutComments(read.text)).some((one) => one.specifier.startsWith('.'));
  }
  const declared = textOf(fields(manifest.get('prisma')).get('schema'));
  for (const named of schemas) {
    const path = [named, declared ?? '', 'prisma/schema.prisma', 'prisma/schema', 'schema.prisma']
      .filter((one) => one !== '')
      .map(at)
      .find((one) => one !== '' && tree.stat(one) !== undefined);
    if (path !== undefined) take(tree, path, found);
  }
  return found;
}

function take(tree: FileTree, path: string, found: PrismaFiles): void {
  const slash = path.lastIndexOf('/');
  const parent = slash < 0 ? '' : path.slice(0, slash);
  const isDir = tree.stat(path)?.kind === 'dir';
  // A directory named prisma is taken whole: schemas are split into files, and the client may be generated with custom ones.
  if (/(^|\/)prisma$/.test(parent)) found.dirs.push(parent);
  else if (isDir) found.dirs.push(path);
  else found.files.push(path);
  const schemas = isDir ? (tree.list(path) ?? []).map((entry) => entry.path) : [path];
  for (const schema of schemas.slice(0, 200)) {
    const read = tree.read(schema);
    if (read.kind === 'text')
      found.computed ||= /^\s{0,20}provider\s{0,20}=\s{0,20}"(?:\.{1,2}\/|(?:ts-node|tsx|node|bun)\s)/m.test(read.text);
  }
}
