// Room: ecosystems/node. Lifecycle scripts: which of them can run during an install that has the manifests alone.
// Sources: https://docs.npmjs.com/cli/v11/using-npm/scripts#life-cycle-operation-order
import { joinPath } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { parseShell } from '../../dockerfile/shell.ts';
import { invocation, unwrapped } from './invocation.ts';
import { wordsOf } from './kinds.ts';
import { needsOnlyNode } from './plain-script.ts';

/** Scripts that npm runs on an install without arguments, in this order. */
export const lifecycleNames = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'] as const;
/** npm runs one more, behind the others, where it changed node_modules. */
export const npmLifecycleNames: readonly string[] = [...lifecycleNames, 'dependencies'];
/** yarn 2 and newer never run the others on an install. https://yarnpkg.com/advanced/lifecycle-scripts */
export const berryLifecycleNames: readonly string[] = ['preinstall', 'install', 'postinstall'];

/** Files (context paths) that a script reads, or the command that needs more. */
export type ScriptNeeds = { files: string[]; dirs: string[]; prisma: string[] } | { blockedBy: string };

export interface Scripts {
  tree: FileTree;
  dir: string;
  /** Text of a script of package.json. */
  script(name: string): string | undefined;
}

/** With the scripts that were asked: each is read once, and one that is still being read calls itself. */
interface Asked extends Scripts {
  asked: Map<string, ScriptNeeds>;
}

/** Programs that read nothing of the project, or the version control data alone (and do without it). */
const harmless = new Set(
  'echo true : exit test [ is-ci not-in-ci ngcc opencollective opencollective-postinstall only-allow simple-git-hooks husky lefthook pinst sleep printf corepack'.split(
    ' ',
  ),
);

/** What a lifecycle script needs besides the manifests. */
export function needsOfScript(scripts: Scripts, text: string): ScriptNeeds {
  return needsOfText({ ...scripts, asked: new Map() }, text, 0);
}

function needsOfText(scripts: Asked, text: string, depth: number): ScriptNeeds {
  if (depth > 40) return { blockedBy: 'scripts that call each other' };
  const script = parseShell(text);
  if (script.opaque !== undefined) return { blockedBy: text };
  const all = script.commands
    .filter((command) => command.words.length > 0)
    .map((command) => needsOfCommand(scripts, wordsOf(command), depth));
  return all.find((one) => 'blockedBy' in one) ?? merged(all);
}

function merged(all: readonly ScriptNeeds[]): ScriptNeeds {
  const open = all.flatMap((one) => ('blockedBy' in one ? [] : [one]));
  const unique = (part: (one: (typeof open)[number]) => string[]): string[] => [...new Set(open.flatMap(part))];
  return { files: unique((one) => one.files), dirs: unique((one) => one.dirs), prisma: unique((one) => one.prisma) };
}

const nothing = (): ScriptNeeds => ({ files: [], dirs: [], prisma: [] });

function needsOfCommand(scripts: Asked, given: readonly string[], depth: number): ScriptNeeds {
  const words = unwrapped(given);
  const call = invocation(words);
  if (call?.script !== undefined)
    return call.workspace || call.dir !== undefined ? { blockedBy: words.join(' ') } : needsOfNamed(scripts, call.script, depth);
  if (call !== undefined && call.bin === undefined) return { blockedBy: words.join(' ') };
  const [path = '', ...args] = call?.bin ?? words;
  const program = path.replace(/^(\.\/)?node_modules\/\.bin\//, '');
  if (program === 'lefthook' && args[0] !== 'install') return { blockedBy: words.join(' ') };
  if (program === 'patch-package') return patches(scripts, args);
  if (program === 'prisma' && args[0] === 'generate') return { files: [], dirs: [], prisma: schemaOption(args) };
  if (program === 'node') return needsOfNode(scripts, args, words);
  // A script of package.json may be called by its bare name through yarn, pnpm and bun: that was answered above.
  return harmless.has(program) ? nothing() : { blockedBy: words.join(' ') };
}

/** A script by name, with its pre and post scripts. */
function needsOfNamed(scripts: Asked, name: string, depth: number): ScriptNeeds {
  const text = scripts.script(name);
  if (text === undefined) return needsOfCommand(scripts, [name], depth + 1);
  const known = scripts.asked.get(name);
  if (known !== undefined) return known;
  scripts.asked.set(name, { blockedBy: 'scripts that call each other' });
  const texts = [scripts.script(`pre${name}`), text, scripts.script(`post${name}`)].filter((one) => one !== undefined);
  const all = texts.map((one) => needsOfText(scripts, one, depth + 1));
  const answer = all.find((one) => 'blockedBy' in one) ?? merged(all);
  scripts.asked.set(name, answer);
  return answer;
}

/** https://github.com/ds300/patch-package#options */
function patches(scripts: Scripts, args: readonly string[]): ScriptNeeds {
  const at = args.findIndex((arg) => arg === '--patch-dir');
  const inline = args.find((arg) => arg.startsWith('--patch-dir='))?.slice('--patch-dir='.length);
  const dir = joinPath(scripts.dir, inline ?? (at >= 0 ? (args[at + 1] ?? '') : 'patches'));
  return { files: [], dirs: dir === undefined || scripts.tree.stat(dir)?.kind !== 'dir' ? [] : [dir], prisma: [] };
}

function schemaOption(args: readonly string[]): string[] {
  const at = args.indexOf('--schema');
  const inline = args.find((arg) => arg.startsWith('--schema='))?.slice('--schema='.length);
  return [inline ?? (at >= 0 ? (args[at + 1] ?? '') : '')];
}

/** `node ./scripts/check.js`: its file is copied, when it needs no other file. */
function needsOfNode(scripts: Scripts, args: readonly string[], words: readonly string[]): ScriptNeeds {
  const blocked = { blockedBy: words.join(' ') };
  const file = args[0];
  if (file === undefined || file.startsWith('-')) return blocked;
  const base = joinPath(scripts.dir, file);
  if (base === undefined) return blocked;
  const path = [base, `${base}.js`, `${base}.cjs`, `${base}.mjs`, `${base}/index.js`].find(
    (one) => scripts.tree.stat(one)?.kind === 'file',
  );
  const read = path === undefined ? undefined : scripts.tree.read(path);
  if (path === undefined || read?.kind !== 'text' || !needsOnlyNode(read.text)) return blocked;
  return { files: [path], dirs: [], prisma: [] };
}
