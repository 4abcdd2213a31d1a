// Room: ecosystems/node. Build tools as rows: where each writes.
import { joinPath, parentOf } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { fields, parseJsonc, textOf } from './json.ts';
import { configText, literalOption, type Literal } from './literal-options.ts';
import { readTsConfig } from './tsconfig.ts';

export interface BuilderCall {
  tree: FileTree;
  /** Context directory that it runs in. */
  dir: string;
  args: string[];
  env: ReadonlyMap<string, string>;
  /** The schema of Prisma that package.json names. */
  schema?: string | undefined;
  /** A dependency's range; undefined: none of that name. */
  range(name: string): string | undefined;
}
/** Context paths that are written, or why they are not known. */
export type Written = { paths: string[] } | { unknown: string };
type Builder = (call: BuilderCall) => Written;

const written = (...paths: string[]): Written => ({ paths });

/** The value of an option in one of its spellings: `--out x`, `--out=x`, `-o x`, `-ox`. */
export function optionOf(args: readonly string[], ...names: string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    for (const name of names) {
      if (arg === name) return args[index + 1];
      if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
    }
  }
  return undefined;
}

function at(call: BuilderCall, path: string): Written {
  const computed = /[$`*]/.test(path);
  const joined = computed || path.startsWith('/') ? undefined : joinPath(call.dir, path);
  return joined === undefined || joined === call.dir || joined === '' ? { unknown: `the output ${path} cannot be told` } : written(joined);
}

/** An option of the command line, else a literal of the configuration, else the tool's own default. */
function chosen(call: BuilderCall, option: string | undefined, literal: Literal, usual: string): Written {
  if (option !== undefined) return at(call, option);
  if (literal === undefined) return at(call, usual);
  return 'computed' in literal ? { unknown: `${literal.computed} computes its output directory` } : at(call, literal.literal);
}

/** https://www.typescriptlang.org/docs/handbook/compiler-options.html */
function tsc(call: BuilderCall): Written {
  if (
    call.args.some((arg) => ['--noEmit', '--version', '-v', '--init', '--help', '--showConfig'].includes(arg)) &&
    !call.args.includes('false')
  )
    return written();
  const build = call.args.includes('-b') || call.args.includes('--build');
  const operand = call.args.find((arg, index) => !arg.startsWith('-') && !(call.args[index - 1] ?? '').startsWith('--'));
  const named = optionOf(call.args, '-p', '--project') ?? (build ? operand : undefined);
  const option = optionOf(call.args, '--outDir', '--outdir');
  if (option !== undefined) return at(call, option);
  const path = joinPath(call.dir, named ?? 'tsconfig.json');
  if (path === undefined) return { unknown: 'its project lies outside of the build context' };
  return fromTsConfig(call, path, build);
}

function fromTsConfig(call: BuilderCall, path: string, build: boolean): Written {
  const paths = new Set<string>();
  const waiting = [path];
  for (const next of waiting) {
    if (waiting.length > 50) return { unknown: `${path} has too many references` };
    const config = readTsConfig(call.tree, next);
    if ('unknown' in config) return config;
    if (build) for (const reference of config.references) if (!waiting.includes(reference)) waiting.push(reference);
    if (config.noEmit || (build && config.outDir === undefined && config.references.length > 0)) continue;
    if (config.outDir === undefined || config.outDir === call.dir)
      return { unknown: `tsc writes beside its sources (${next} has no outDir of its own)` };
    paths.add(config.outDir);
  }
  return written(...paths);
}

/** https://docs.nestjs.com/cli/monorepo#cli-properties */
function nest(call: BuilderCall): Written {
  if (call.args[0] !== 'build') return { unknown: `nest ${call.args[0] ?? ''} is no build` };
  const config = jsonAt(call, 'nest-cli.json');
  const options = fields(config.get('compilerOptions'));
  if (config.has('projects')) return at(call, 'dist');
  const named = optionOf(call.args, '-p', '--path') ?? textOf(options.get('tsConfigPath'));
  const path = [named, 'tsconfig.build.json', 'tsconfig.json']
    .filter((one) => one !== undefined)
    .map((one) => joinPath(call.dir, one) ?? '')
    .find((one) => call.tree.stat(one)?.kind === 'file');
  const read = path === undefined ? undefined : readTsConfig(call.tree, path);
  if (read !== undefined && 'unknown' in read) return read;
  return read?.outDir === undefined ? at(call, 'dist') : written(read.outDir);
}

/** https://vite.dev/config/build-options#build-outdir; frameworks that sit on it have their own. */
function vite(call: BuilderCall): Written {
  if (call.args[0] !== undefined && !call.args[0].startsWith('-') && call.args[0] !== 'build')
    return { unknown: `vite ${call.args[0]} is no build` };
  if (call.range('@sveltejs/kit') !== undefined) return svelteKit(call);
  const config = configText(call.tree, call.dir, 'vite.config');
  const root = literalOption(config, 'root');
  const positional = call.args.find(
    (arg, index) =>
      index > 0 &&
      !arg.startsWith('-') &&
      !['--outDir', '--mode', '-m', '--config', '-c', '--base', '--ssr', '--logLevel', '-l'].includes(call.args[index - 1] ?? ''),
  );
  if (root !== undefined && 'computed' in root) return { unknown: `${root.computed} computes its root` };
  const base = positional ?? (root === undefined ? '.' : root.literal);
  const inner = { ...call, dir: joinPath(call.dir, base) ?? call.dir };
  return chosen(inner, optionOf(call.args, '--outDir'), literalOption(config, 'outDir'), 'dist');
}

/** https://svelte.dev/docs/kit/adapters */
function svelteKit(call: BuilderCall): Written {
  const known = ['@sveltejs/adapter-node', '@sveltejs/adapter-static'].some((name) => call.range(name) !== undefined);
  const config = configText(call.tree, call.dir, 'svelte.config');
  return known
    ? chosen(call, undefined, literalOption(config, 'out') ?? literalOption(config, 'pages'), 'build')
    : { unknown: 'the adapter of SvelteKit decides where it writes' };
}

/** https://nextjs.org/docs/app/api-reference/config/next-config-js/distDir, …/output */
function next(call: BuilderCall): Written {
  if (call.args[0] !== 'build' && call.args[0] !== 'export') return { unknown: `next ${call.args[0] ?? ''} is no build` };
  const config = configText(call.tree, call.dir, 'next.config');
  const output = literalOption(config, 'output');
  const exported = call.args[0] === 'export' || (output !== undefined && 'literal' in output && output.literal === 'export');
  return chosen(
    call,
    call.args[0] === 'export' ? optionOf(call.args, '-o') : undefined,
    literalOption(config, 'distDir'),
    exported ? 'out' : '.next',
  );
}

/** https://nuxt.com/docs/api/commands/build; Nuxt 2 writes .nuxt and dist. */
function nuxt(call: BuilderCall): Written {
  const old = /^[\^~]?2\b/.test(call.range('nuxt') ?? '');
  if (call.args[0] === 'generate') return at(call, old ? 'dist' : '.output');
  return call.args[0] === 'build' ? at(call, old ? '.nuxt' : '.output') : { unknown: `nuxt ${call.args[0] ?? ''} is no build` };
}

/** https://angular.dev/reference/configs/workspace-config */
function ng(call: BuilderCall): Written {
  if (call.args[0] !== 'build' && call.args[0] !== 'b') return { unknown: `ng ${call.args[0] ?? ''} is no build` };
  const option = optionOf(call.args, '--output-path');
  if (option !== undefined) return at(call, option);
  const projects = fields(jsonAt(call, 'angular.json').get('projects'));
  const wanted = call.args.slice(1).find((arg) => projects.has(arg));
  const all = [...projects]
    .filter(([name]) => wanted === undefined || name === wanted)
    .flatMap(([name, project]) => {
      const build = fields(fields(fields(project).get('architect') ?? fields(project).get('targets')).get('build'));
      const path = fields(build.get('options')).get('outputPath');
      return build.size === 0 ? [] : [textOf(path) ?? textOf(fields(path).get('base')) ?? `dist/${name}`];
    });
  return all.length === 1 ? at(call, all[0] ?? 'dist') : { unknown: `angular.json has ${all.length} projects that are built` };
}

/** https://esbuild.github.io/api/#outdir: only the `=` form exists. */
function esbuild(call: BuilderCall): Written {
  const dir = optionOf(call.args, '--outdir');
  const file = optionOf(call.args, '--outfile');
  if (dir === undefined && file === undefined) return { unknown: 'esbuild names no output' };
  return at(call, dir ?? dirOf(file ?? ''));
}

/** The directory of an output file (source maps and chunks lie beside it); the file itself where it lies at the top. */
const dirOf = (file: string): string => parentOf(file.replace(/^\.\//, '')) || file;

/** https://webpack.js.org/configuration/output/#outputpath */
function webpack(call: BuilderCall): Written {
  if (call.args.includes('serve')) return { unknown: 'webpack serve is no build' };
  const named = optionOf(call.args, '-c', '--config');
  const file = named === undefined ? undefined : named.replace(/\.[cm]?[jt]s$/, '');
  const config = configText(call.tree, call.dir, file ?? 'webpack.config');
  if (named !== undefined && config === undefined) return { unknown: `${named} is not in the build context` };
  const literal = literalOption(config, 'path');
  return config !== undefined && literal === undefined && config.text.includes('merge')
    ? { unknown: `${config.file} is merged from others` }
    : chosen(call, optionOf(call.args, '-o', '--output-path'), literal, 'dist');
}

/** https://rollupjs.org/configuration-options/#output-dir */
function rollup(call: BuilderCall): Written {
  const dir = optionOf(call.args, '-d', '--dir');
  const file = optionOf(call.args, '-o', '--file');
  if (dir !== undefined || file !== undefined) return at(call, dir ?? dirOf(file ?? ''));
  const named = optionOf(call.args, '-c', '--config');
  const config = configText(
    call.tree,
    call.dir,
    named !== undefined && !named.startsWith('-') ? named.replace(/\.[cm]?[jt]s$/, '') : 'rollup.config',
  );
  const literal = literalOption(config, 'dir') ?? literalOption(config, 'file');
  if (literal === undefined || 'computed' in literal) return { unknown: 'the configuration of rollup decides where it writes' };
  return at(call, literalOption(config, 'dir') === undefined ? dirOf(literal.literal) : literal.literal);
}

/** A tool with one option and one default, perhaps an option of its configuration. */
function simple(usual: string, options: readonly string[], config?: { name: string; option: string }): Builder {
  return (call) =>
    chosen(
      call,
      optionOf(call.args, ...options),
      config === undefined ? undefined : literalOption(configText(call.tree, call.dir, config.name), config.option),
      usual,
    );
}
/** As `simple`, when the first word is `build`. */
function onBuild(builder: Builder): Builder {
  return (call) =>
    ['build', 'vite:build', 'generate'].includes(call.args[0] ?? '')
      ? builder(call)
      : { unknown: `${call.args[0] ?? 'without a command'} is no build` };
}
/** Compilers without a default: an option or nothing. */
const optionOnly =
  (...options: string[]): Builder =>
  (call) => {
    const out = optionOf(call.args, ...options);
    return out === undefined ? { unknown: 'no output is named' } : at(call, out);
  };

function jsonAt(call: BuilderCall, name: string): ReadonlyMap<string, unknown> {
  const read = call.tree.read(joinPath(call.dir, name) ?? '');
  const parsed = read.kind === 'text' ? parseJsonc(read.text) : { broken: '' };
  return 'value' in parsed ? fields(parsed.value) : new Map();
}

const several =
  (...paths: string[]): Builder =>
  (call) => ({ paths: paths.map((path) => joinPath(call.dir, path) ?? path) });
const reactScripts: Builder = (call) =>
  call.args[0] === 'build' ? at(call, call.env.get('BUILD_PATH') ?? 'build') : { unknown: 'react-scripts builds nothing here' };
const siteIn =
  (dir: string): Builder =>
  (call) =>
    call.args[0] === 'build'
      ? at(
          call,
          optionOf(call.args, '--outDir', '-d', '--dest') ??
            `${call.args.find((arg, index) => index > 0 && !arg.startsWith('-')) ?? 'docs'}/${dir}`,
        )
      : { unknown: 'no build' };
/** https://docs.strapi.io: TypeScript projects are compiled to dist. */
const strapi: Builder = (call) =>
  call.args[0] === 'build' && call.tree.stat(joinPath(call.dir, 'tsconfig.json') ?? '') !== undefined
    ? several('dist', ...(/^[\^~]?4\b/.test(call.range('@strapi/strapi') ?? '') ? ['build'] : []))(call)
    : { unknown: 'where Strapi writes depends on its version' };

/** The client lies in node_modules, or where the schema says; other commands fill a database. https://www.prisma.io/docs/orm/prisma-schema/overview/generators */
const prisma: Builder = (call) => {
  if (['validate', 'format', 'version'].includes(call.args[0] ?? '')) return written();
  if (call.args[0] !== 'generate') return { unknown: `prisma ${call.args[0] ?? ''} fills a database` };
  const schema = optionOf(call.args, '--schema') ?? call.schema ?? 'prisma/schema.prisma';
  const path = joinPath(call.dir, schema) ?? schema;
  const read = call.tree.read(path);
  if (read.kind !== 'text') return { unknown: `where prisma generates the client cannot be told: ${path} is not read` };
  const outputs = [...read.text.matchAll(/^\s{0,20}output\s{0,20}=\s{0,20}"([^"\n]{1,200})"/gm)].map((match) => match[1] ?? '');
  const all = outputs.map((output) => at({ ...call, dir: parentOf(path) }, output));
  const stop = all.find((one) => 'unknown' in one);
  if (stop) return stop;
  const modules = joinPath(call.dir, 'node_modules') ?? 'node_modules';
  const paths = all.flatMap((one) => ('paths' in one ? one.paths : [])).filter((one) => !one.startsWith(`${modules}/`));
  return written(...paths);
};

/** By the program's name. Manuals are those of the tools. */
export const builders: ReadonlyMap<string, Builder> = new Map<string, Builder>([
  ['tsc', tsc],
  ['prisma', prisma],
  ['tspc', tsc],
  ['ttsc', tsc],
  ['vue-tsc', tsc],
  ['nest', nest],
  ['vite', vite],
  ['next', next],
  ['nuxt', nuxt],
  ['nuxi', nuxt],
  ['ng', ng],
  ['esbuild', esbuild],
  ['webpack', webpack],
  ['webpack-cli', webpack],
  ['rollup', rollup],
  ['tsup', simple('dist', ['-d', '--out-dir', '--outDir'], { name: 'tsup.config', option: 'outDir' })],
  ['tsdown', simple('dist', ['-d', '--out-dir'], { name: 'tsdown.config', option: 'outDir' })],
  ['unbuild', simple('dist', [], { name: 'build.config', option: 'outDir' })],
  ['ncc', onBuild(simple('dist', ['-o', '--out']))],
  ['parcel', onBuild(simple('dist', ['--dist-dir', '-d', '--out-dir']))],
  ['swc', optionOnly('-d', '--out-dir', '-o', '--out-file')],
  ['babel', optionOnly('-d', '--out-dir', '-o', '--out-file')],
  [
    'sass',
    (call) =>
      call.args.some((arg) => arg.includes(':'))
        ? { unknown: 'sass with several outputs' }
        : at(call, call.args.filter((arg) => !arg.startsWith('-'))[1] ?? '.'),
  ],
  ['tailwindcss', optionOnly('-o', '--output')],
  ['postcss', optionOnly('-o', '--output', '-d', '--dir')],
  ['react-scripts', reactScripts],
  ['craco', reactScripts],
  ['vue-cli-service', onBuild(simple('dist', ['--dest'], { name: 'vue.config', option: 'outputDir' }))],
  ['gatsby', onBuild(simple('public', []))],
  ['astro', onBuild(simple('dist', ['--outDir'], { name: 'astro.config', option: 'outDir' }))],
  ['docusaurus', onBuild(simple('build', ['--out-dir']))],
  ['vitepress', siteIn('.vitepress/dist')],
  ['vuepress', siteIn('.vuepress/dist')],
  ['eleventy', simple('_site', ['--output'])],
  ['remix', (call) => (call.args[0] === 'vite:build' ? several('build') : onBuild(several('build', 'public/build')))(call)],
  ['react-router', onBuild(several('build'))],
  ['nitro', onBuild(several('.output'))],
  ['vinxi', onBuild(several('.output'))],
  ['medusa', onBuild(several('.medusa'))],
  ['keystone', onBuild(several('.keystone'))],
  ['strapi', strapi],
  ['ember', onBuild(simple('dist', ['--output-path', '-o']))],
  ['stencil', onBuild(several('www', 'dist'))],
  ['microbundle', simple('dist', ['-o', '--output'])],
]);
