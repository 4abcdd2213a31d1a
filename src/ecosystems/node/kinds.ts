// Room: ecosystems/node. What a call of npm, yarn, pnpm or bun does, in the words of every ecosystem.
import type { ShellCommand } from '../../dockerfile/types.ts';
import { oncePer } from '../../once.ts';
import type { CommandKind } from '../types.ts';
import { invocation, type Invocation, type ManagerId } from './invocation.ts';

/** The words of a command, each as literal as it can be had. */
export function wordsOf(command: ShellCommand): string[] {
  return command.words.map((word) => word.value ?? word.raw);
}

/** The call that a command is, kept with it: each of the managers asks. Nobody changes it. */
export const callOf = oncePer((command: ShellCommand): Readonly<Invocation> | undefined => invocation(wordsOf(command)));

/** The kind of a command of this manager; undefined when it is none of its own. */
export function kindOf(manager: ManagerId, command: ShellCommand): CommandKind | undefined {
  const call = callOf(command);
  return call?.manager === manager ? kindOfCall(call) : undefined;
}

/**
 * It writes package.json or the lock anew: an install by name, what edits it, and what raises versions. Sources: docs.npmjs.com/cli/v11/commands, npm-install,
 * npm-pkg, npm-init, npm-version, npm-update, npm-dedupe, npm-audit; the manuals of the others.
 */
export function changesManifest(manager: ManagerId, command: ShellCommand): boolean {
  const call = callOf(command);
  if (call?.manager !== manager || call.options.some((option) => ['-g', '--global', '--location=global'].includes(option))) return false;
  if (call.verb === 'pkg') return call.operands[0] !== 'get';
  if (call.verb === 'audit') return call.operands[0] === 'fix' || call.options.includes('--fix');
  return kindOfCall(call) === 'install-named' || EDITS.has(call.verb);
}

const EDITS: ReadonlySet<string> = new Set([
  'init',
  'version',
  'set-script',
  'uninstall',
  'remove',
  'rm',
  'unlink',
  'update',
  'dedupe',
  'import',
]);

const verbs: Record<string, CommandKind> = {
  ci: 'install',
  install: 'install',
  update: 'install',
  dedupe: 'install',
  fetch: 'download',
  prune: 'prune',
  test: 'test',
  build: 'build',
  pack: 'build',
};

function kindOfCall(call: Invocation): CommandKind {
  if (call.verb === 'run' && call.script !== undefined) return scriptKind(call.script);
  if (call.bin !== undefined) return programKind(call.bin);
  if (call.verb === 'cache' || call.verb === 'store' || call.verb === 'pm') return clears(call) ? 'clean-cache' : 'other';
  if (call.verb === 'add' || (call.verb === 'global' && call.operands[0] === 'add')) return 'install-named';
  if (call.verb === 'focus') return call.options.includes('--production') ? 'prune' : 'install';
  const kind = verbs[call.verb] ?? 'other';
  return kind === 'install' && call.operands.length > 0 ? 'install-named' : kind;
}

/** `npm cache clean --force`, `yarn cache clean`, `pnpm store prune`, `bun pm cache rm`. */
function clears(call: Invocation): boolean {
  const [first, second] = call.operands;
  if (call.verb === 'pm') return first === 'cache' && second === 'rm';
  if (call.verb === 'store') return first === 'prune';
  return first === 'clean' || first === 'clear' || first === 'rm' || (call.manager === 'pnpm' && first === 'delete');
}

/** Judged by the script's name: what it does stands in package.json, which a row does not see. */
function scriptKind(name: string): CommandKind {
  if (/^(pre|post)?(test|lint|typecheck|type-check|check|format|e2e|coverage|cypress|jest|vitest)(\b|[:_-])/i.test(name)) return 'test';
  if (/(^|[:_-])(start|dev|serve|server|watch|preview|migrate|seed)($|[:_-])/i.test(name)) return 'run';
  return /(^|[:_-])(pre|post)?(build|compile|bundle|dist|tsc|transpile|webpack|generate|codegen|export|prepare|prepack|release|prod|production|package|clean)($|[:_-])/i.test(
    name,
  )
    ? 'build'
    : 'run';
}

/** Programs that make files out of sources. Their manuals are named beside the output table (builders.ts). */
const builders = new Set(
  'tsc tspc vue-tsc nest vite next nuxt nuxi webpack webpack-cli esbuild tsup tsdown rollup ncc parcel swc babel react-scripts ng vue-cli-service gatsby astro docusaurus vitepress vuepress eleventy remix react-router svelte-kit strapi medusa ember stencil microbundle unbuild tailwindcss postcss sass gulp grunt lerna nx turbo prisma graphql-codegen quasar'.split(
    ' ',
  ),
);

function programKind(bin: readonly string[]): CommandKind {
  const [path = '', ...args] = bin;
  const program = path.slice(path.lastIndexOf('/') + 1).replace(/^@(vercel|swc|babel)\//, '');
  if (['jest', 'vitest', 'mocha', 'eslint', 'prettier', 'playwright', 'cypress', 'biome'].includes(program)) return 'test';
  if (['husky', 'only-allow', 'browserslist', 'npm-check-updates', 'rimraf', 'playwright-core'].includes(program)) return 'other';
  if (!builders.has(program) || args.some((arg) => ['dev', 'start', 'serve', 'preview', 'migrate', 'db', 'studio'].includes(arg)))
    return 'run';
  return 'build';
}
