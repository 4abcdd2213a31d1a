// Writes the skeleton of a transform, an ecosystem or a package manager: `npm run new transform|ecosystem <name>`, `npm run new manager <ecosystem>/<name>`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** Files to write, and the one file that gets a line (and the import that the line needs). */
interface Skeleton {
  files: Record<string, string>;
  line: { path: string; import: string; into: RegExp; text: string };
}

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

function transform(id: string): Skeleton {
  const name = camel(id);
  return {
    files: {
      [`transforms/${id}.ts`]: `// ${id}: in one line, what becomes better.
import type { Transform } from '../src/transform.ts';

/**
 * before: RUN one                                      after: RUN another
 * Safe because: say which facts make it so.
 * Skipped when: a fact forbids it.
 * Untouched when: there is nothing to do.
 */
export const ${name}: Transform = {
  id: '${id}',
  title: 'Say in the imperative what it does',
  rationale: 'Why, in two sentences. The second one says what is gained.',
  structural: false,
  plan() {
    // undefined: nothing to do here. refuse(id, message, at): it would help, but a fact forbids it.
    return undefined;
  },
};
`,
      [`fixtures/${id}/01-changes.golden`]: `=== options
only: ${id}
=== Dockerfile
FROM debian:bookworm-slim
RUN one
CMD ["one"]
`,
    },
    line: {
      path: 'transforms/index.ts',
      import: `import { ${name} } from './${id}.ts';`,
      into: /(export const transforms[^=]*= \[\n[\s\S]*?)(\n {2}syntaxDirective)/,
      text: `\n  ${name}, // say why here`,
    },
  };
}

function ecosystem(id: string): Skeleton {
  const name = camel(id);
  const reader = `${name}Reader`;
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Project`;
  return {
    files: {
      [`src/ecosystems/${id}/images.ts`]: `// Room: ecosystems/${id}. The official image.
import type { ImageRow } from '../../knowledge/types.ts';

export const ${name}Images: readonly ImageRow[] = [{ repository: '${id}', interactive: true, source: 'docker-library/${id}, Dockerfile templates' }];
`,
      [`src/ecosystems/${id}/managers.ts`]: `// Room: ecosystems/${id}. The package manager rows, in the order in which a command is tried against them.
import type { PackageManager } from '../types.ts';

export const ${name}Managers: readonly PackageManager[] = [];
`,
      [`src/ecosystems/${id}/facts.ts`]: `// Room: ecosystems/${id}. A project as every room may ask it. What is not known is left out.
import type { EcosystemProject, ProjectReader, ProjectReads } from '../types.ts';

export interface ${type} {
  dir: string;
}

/** Reads the manifest of a directory; undefined: there is none. */
export const ${reader}: ProjectReader<${type}> = {
  read: (tree, dir) => (tree.stat([dir, '${id}.manifest'].filter(Boolean).join('/')) ? { dir } : undefined),
};

export function ${name}Facts(reads: ProjectReads, dir: string): EcosystemProject | undefined {
  return reads.read(${reader}, dir) && { hits: () => [] };
}
`,
      [`src/ecosystems/${id}/index.ts`]: `// Room: ecosystems/${id}. All that it has to say: door.ts tells what else may be said (patterns, mounts, the slim image, the split).
import type { Ecosystem } from '../door.ts';
import { ${name}Facts } from './facts.ts';
import { ${name}Images } from './images.ts';
import { ${name}Managers } from './managers.ts';

export const ${name}: Ecosystem = {
  id: '${id}',
  images: ${name}Images,
  managers: ${name}Managers,
  project: ${name}Facts,
};
`,
    },
    line: {
      path: 'src/ecosystems/index.ts',
      import: `import { ${name} } from './${id}/index.ts';`,
      into: /(export const ecosystems[^=]*= \[[^\]]*)(\])/,
      text: `, ${name}`,
    },
  };
}

function manager(path: string): Skeleton {
  const [home = '', id = ''] = path.split('/');
  const name = camel(id);
  return {
    files: {
      [`src/ecosystems/${home}/${id}.ts`]: `// Room: ecosystems/${home}. The row of ${id}.
import { managerRow } from '../manager-row.ts';

export const ${name} = managerRow({
  id: '${id}',
  ecosystem: '${home}',
  manual: 'https://${id}.example/manual',
  programs: ['${id}'],
  manifests: ['${id}.manifest'],
  lockfiles: ['${id}.lock'],
  verbs: { install: 'install', add: 'install-named', build: 'build', test: 'test' },
  caches: [{ target: '~/.cache/${id}', movedBy: [], source: 'https://${id}.example/manual/cache' }],
});
`,
      [`fixtures/cache-mounts/${id}.golden`]: `=== options
only: cache-mounts
=== Dockerfile
FROM debian:bookworm-slim
RUN ${id} install
CMD ["run"]
`,
    },
    line: {
      path: `src/ecosystems/${home}/managers.ts`,
      import: `import { ${name} } from './${id}.ts';`,
      into: /(export const \w+Managers[^=]*= \[[^\]]*)(\])/,
      text: `, ${name}`,
    },
  };
}

const kinds: Readonly<Record<string, { shape: RegExp; skeleton(name: string): Skeleton }>> = {
  transform: { shape: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, skeleton: transform },
  ecosystem: { shape: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, skeleton: ecosystem },
  manager: { shape: /^[a-z][a-z0-9-]*\/[a-z][a-z0-9]*(-[a-z0-9]+)*$/, skeleton: manager },
};

/** The text of the file that gets the line: its import behind the others, the line at its place. Undefined: the place is not there. */
function withLine(text: string, line: Skeleton['line']): string | undefined {
  const imports = [...text.matchAll(/^import [\s\S]*?;\n/gm)];
  const last = imports[imports.length - 1];
  const at = last ? last.index + last[0].length : 0;
  const imported = `${text.slice(0, at)}${line.import}\n${text.slice(at)}`;
  const placed = imported.replace(line.into, (_, before: string, after: string) => before + line.text + after);
  return last === undefined || placed === imported ? undefined : placed.replace('= [, ', '= [');
}

/** Writes the skeleton below `root`. Returns the paths that it wrote, or throws an error with a sentence. */
export async function writeNew(root: string, kind: string, name: string): Promise<string[]> {
  const known = kinds[kind];
  if (!known) throw new Error('Usage: npm run new transform|ecosystem <name>, npm run new manager <ecosystem>/<name>');
  if (!known.shape.test(name))
    throw new Error(
      kind === 'manager'
        ? 'A manager is named with its ecosystem: node/deno'
        : 'A name is made of lower-case words with hyphens between them',
    );
  const { files, line } = known.skeleton(name);
  const there = Object.keys(files).find((path) => existsSync(join(root, path)));
  if (there !== undefined) throw new Error(`${there} is there already`);
  if (!existsSync(join(root, line.path))) throw new Error(`${line.path} is not there`);
  const text = withLine(readFileSync(join(root, line.path), 'utf8'), line);
  if (text === undefined) throw new Error(`${line.path} has no list that the line could go into`);
  for (const [path, body] of Object.entries({ ...files, [line.path]: text })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    const style = path.endsWith('.ts') ? { ...(await resolveConfig(join(import.meta.dirname, '..', path))), filepath: path } : undefined;
    writeFileSync(join(root, path), style ? await format(body, style) : body);
  }
  return [...Object.keys(files), line.path];
}

if (import.meta.filename === process.argv[1]) {
  try {
    const [kind = '', name = ''] = process.argv.slice(2);
    for (const path of await writeNew(join(import.meta.dirname, '..'), kind, name)) console.log(path);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
