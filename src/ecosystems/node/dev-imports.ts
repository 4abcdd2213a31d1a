// Room: ecosystems/node. Development dependencies that sources import and that no bundler takes into the output.
import { joinPath } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { parseShell } from '../../dockerfile/shell.ts';
import type { Evidence } from '../types.ts';
import { packageOf } from './imports.ts';
import { invocation, unwrapped } from './invocation.ts';
import { lineAt } from './json.ts';
import { wordsOf } from './kinds.ts';
import { isTypesOnly } from './known-packages.ts';
import { importsOf, type SourceFile } from './sources.ts';
import { readTsConfig } from './tsconfig.ts';
import type { NodeProject } from './types.ts';

export type DevQuestion = Pick<NodeProject, 'dir' | 'scripts' | 'dependencies' | 'devDependencies' | 'optionalDependencies'> & {
  tree: FileTree;
};

/** Every development dependency with the first place that imports it as a value; empty when the build bundles. */
export function devImports(question: DevQuestion, files: readonly SourceFile[]): { package: string; evidence: Evidence }[] {
  const { dependencies, devDependencies, optionalDependencies } = question;
  const wanted = new Set(
    [...devDependencies.keys()].filter((name) => !dependencies.has(name) && !optionalDependencies.has(name) && !isTypesOnly(name)),
  );
  if (wanted.size === 0) return [];
  const found = new Map<string, Evidence>();
  for (const file of files) namedIn(file, wanted, found);
  if (bundles(question)) return sorted(found);
  const roots = compiledRoots(question);
  for (const file of files) {
    if (roots !== undefined && !roots.some((root) => root === '' || file.path === root || file.path.startsWith(`${root}/`))) continue;
    for (const { specifier, offset } of importsOf(file)) {
      const name = packageOf(specifier);
      if (name !== undefined && wanted.has(name) && !found.has(name))
        found.set(name, { file: file.path, line: lineAt(file.text, offset), says: `imports ${name}` });
    }
  }
  return sorted(found);
}

const sorted = (found: ReadonlyMap<string, Evidence>): { package: string; evidence: Evidence }[] =>
  [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, evidence]) => ({ package: name, evidence }));

/** `transport: { target: 'pino-pretty' }`, `set('view engine', 'ejs')`: packages that libraries load by a name in a string. A level of logging is no package. */
function namedIn(file: SourceFile, wanted: ReadonlySet<string>, found: Map<string, Evidence>): void {
  const imported = new Set(importsOf(file).map((one) => one.specifier));
  for (const match of file.text.matchAll(/(['"`])((?:@[\w.-]{1,60}\/)?[\w.-]{1,80})\1/g)) {
    const name = match[2] ?? '';
    if (name === 'debug' || !wanted.has(name) || imported.has(name) || found.has(name)) continue;
    // an import of types alone is gone after compiling
    if (!/(?:\bfrom|\bimport)\s{0,20}$/.test(file.text.slice(Math.max(0, match.index - 30), match.index)))
      found.set(name, { file: file.path, line: lineAt(file.text, match.index), says: `names ${name}` });
  }
}

/** What the build script runs, through `npm run`, as words. */
function buildCommands(scripts: NodeProject['scripts'], name: string, asked: Set<string> = new Set()): string[][] {
  const script = scripts.get(name);
  if (script === undefined || asked.has(name)) return [];
  asked.add(name);
  return parseShell(script.text).seen.flatMap((command) => {
    const words = unwrapped(wordsOf(command));
    const call = invocation(words);
    if (call?.script !== undefined && scripts.has(call.script)) return buildCommands(scripts, call.script, asked);
    return [call?.bin ?? (call?.script === undefined ? words : [call.script, ...call.operands])];
  });
}

/**
 * True when every compiler of the build takes what is imported into its output. Bundlers that leave packages out do not count:
 * esbuild --packages=external, webpack with webpack-node-externals (NestJS too), Rollup without node-resolve, `vite build --ssr`.
 */
function bundles(question: DevQuestion): boolean {
  const commands = buildCommands(question.scripts, 'build').map(([path = '', ...args]) => ({
    name: path.replace(/^(\.\/)?node_modules\/(\.bin\/)?/, '').replace(/^@(vercel|zeit)\//, ''),
    args,
  }));
  const has = (name: string): boolean => question.dependencies.has(name) || question.devDependencies.has(name);
  const verdicts = commands.map(({ name, args }) => {
    if (['tsc', 'tspc', 'ttsc', 'swc', 'babel', 'nest', 'remix', 'react-router', 'strapi', 'node', 'ts-node', 'tsx'].includes(name))
      return name === 'tsc' && args.includes('--noEmit') ? undefined : false;
    if (name === 'esbuild')
      return args.includes('--bundle') && !args.some((arg) => arg.startsWith('--packages') || arg.startsWith('--external'));
    if (name === 'webpack' || name === 'webpack-cli') return !has('webpack-node-externals');
    if (name === 'rollup') return has('@rollup/plugin-node-resolve');
    if (name === 'vite') return !args.some((arg) => arg === '--ssr' || arg.startsWith('--ssr='));
    return ['tsup', 'ncc', 'next', 'nuxt', 'nuxi', 'react-scripts', 'vue-cli-service', 'ng', 'gatsby', 'parcel'].includes(name)
      ? true
      : undefined;
  });
  // `tsc && vite build`: tsc only checks there when it writes nothing of its own.
  const decided = verdicts.filter((verdict) => verdict !== undefined);
  const checksOnly = commands.some(({ name }) => name === 'tsc' || name === 'vue-tsc') && decided.includes(true) && !emits(question);
  return decided.length > 0 && (checksOnly ? decided.includes(true) : decided.every(Boolean));
}

function emits(question: DevQuestion): boolean {
  const config = readTsConfig(question.tree, joinPath(question.dir, 'tsconfig.json') ?? '');
  return 'unknown' in config || (!config.noEmit && config.outDir !== undefined);
}

/** When tsc or nest makes the output: the directories that it compiles. Undefined: all sources count. */
function compiledRoots(question: DevQuestion): string[] | undefined {
  const compilers = buildCommands(question.scripts, 'build').map(([name]) => name);
  if (!compilers.some((name) => name === 'tsc' || name === 'nest')) return undefined;
  const path = ['tsconfig.build.json', 'tsconfig.json']
    .map((name) => joinPath(question.dir, name) ?? '')
    .find((one) => question.tree.stat(one)?.kind === 'file');
  const config = path === undefined ? { unknown: '' } : readTsConfig(question.tree, path);
  return 'unknown' in config ? undefined : config.roots;
}
