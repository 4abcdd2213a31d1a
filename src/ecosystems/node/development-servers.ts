// Room: ecosystems/node. Libraries by which a program starts a development server of its own: it bundles when it is asked, and writes beside the packages.
import type { FileTree } from '../../context/types.ts';
import type { ShellState } from '../../effects/types.ts';
import { lineCounter } from '../source-text.ts';
import type { Objection } from '../types.ts';
import { withoutComments } from './comments.ts';
import { valueImports } from './imports.ts';
import type { NodeProject } from './types.ts';

/** Sources: the READMEs of vite-express ("Production mode") and webpack-dev-middleware; vite.dev/guide/ssr, "Setting Up the Dev Server". */
const ROWS: readonly { package: string; starts: RegExp; off?: RegExp }[] = [
  { package: 'vite-express', starts: /\.\s*(?:listen|bind)\s*\(/, off: /\bmode\s*:\s*['"]production['"]/ },
  { package: 'vite', starts: /\bmiddlewareMode\s*:/ },
  { package: 'webpack-dev-middleware', starts: /\bwebpack-dev-middleware\b/ },
];

/** The first place of the sources that starts one, where NODE_ENV is not production in the image: what it writes cannot be told. */
export function developmentServer(tree: FileTree, project: NodeProject, state: ShellState): Objection | undefined {
  const mode = state.lookup('NODE_ENV');
  if (mode && 'value' in mode && mode.value === 'production') return undefined;
  for (const file of project.sources()) {
    const read = /\.config\.\w+$/.test(file) ? undefined : tree.read(file);
    const row = read?.kind === 'text' && ROWS.some((one) => read.text.includes(one.package)) ? rowOf(read.text) : undefined;
    if (row && read?.kind === 'text') {
      const line = lineCounter(read.text)(Math.max(0, read.text.search(row.starts)));
      return {
        id: 'write-path-unknown',
        message: `${file}:${line} starts a development server (${row.package}) unless NODE_ENV is production: what it writes is unknown`,
        allow: 'Set ENV NODE_ENV=production, where the program then hands out what the build makes.',
        evidence: [{ file, line, says: `imports ${row.package}` }],
      };
    }
  }
  return undefined;
}

function rowOf(source: string): (typeof ROWS)[number] | undefined {
  const text = withoutComments(source);
  const imported = new Set(valueImports(text).map(({ specifier }) => specifier));
  return ROWS.find((one) => imported.has(one.package) && one.starts.test(text) && one.off?.test(text) !== true);
}
