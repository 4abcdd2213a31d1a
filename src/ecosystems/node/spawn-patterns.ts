// Room: ecosystems/node. What the scan looks for, as rows: programs that sources start, by child_process and by libraries that wrap it.
import type { Pattern } from './pattern.ts';
import type { Names } from './renamed.ts';

interface Starter {
  /** Functions that it exports. */
  functions: readonly string[];
  /** The module itself is a function. */
  itself?: true;
  /** Functions of the module where it is taken as a whole (`cross.sync(`, `sh.exec(`). */
  members: readonly string[];
  /** Names that stand for it without being imported from it by name. */
  usual?: readonly string[];
  /** Modules that put its functions into the global names. */
  globals?: string;
}

const CHILD = ['spawnSync', 'spawn', 'execFileSync', 'execFile', 'execSync', 'exec'];
const EXECA = ['execa', 'execaSync', 'execaCommand', 'execaCommandSync', 'execaNode', '\\$', '\\$\\.sync'];
/** Modules that start programs. Sources: nodejs.org/api/child_process.html; the README of each package. */
const STARTERS: Readonly<Record<string, Starter>> = {
  child_process: { functions: CHILD, members: CHILD },
  execa: { functions: EXECA, itself: true, members: [...EXECA, 'sync', 'command', 'commandSync', 'node'] },
  'cross-spawn': { functions: ['spawn', 'sync'], itself: true, members: ['spawn', 'sync'], usual: ['spawn', 'crossSpawn'] },
  shelljs: { functions: ['exec', 'cmd'], members: ['exec', 'cmd'], usual: ['shell', 'sh', 'shelljs'], globals: 'shelljs/global' },
  zx: { functions: ['\\$', '\\$\\.sync'], members: ['\\$', '\\$\\.sync'], globals: 'zx/globals' },
  tinyexec: { functions: ['x', 'exec'], members: ['x', 'exec'] },
  'nano-spawn': { functions: [], itself: true, members: [] },
  'node-cmd': { functions: ['run', 'get', 'runSync'], members: ['run', 'get', 'runSync', 'run_sync'] },
  'child-process-promise': { functions: CHILD, members: CHILD },
  'promisify-child-process': { functions: CHILD, members: CHILD },
  'await-exec': { functions: [], itself: true, members: [] },
  'await-spawn': { functions: [], itself: true, members: [] },
  'spawn-please': { functions: [], itself: true, members: [] },
  teen_process: { functions: ['exec', 'SubProcess'], members: ['exec', 'SubProcess'] },
  // terminals: github.com/microsoft/node-pty, and its builds under other names
  ...Object.fromEntries(
    ['node-pty', '@lydell/node-pty', 'node-pty-prebuilt-multiarch', '@homebridge/node-pty-prebuilt-multiarch'].map(
      (name): [string, Starter] => [name, { functions: [], members: ['spawn', 'fork'], usual: ['pty'] }],
    ),
  ),
  '@actions/exec': { functions: ['exec', 'getExecOutput'], members: ['exec', 'getExecOutput'] },
};
/** Every module that starts programs. */
export const startsPrograms = (specifier: string): boolean => {
  const name = specifier.replace(/^node:/, '');
  return Object.hasOwn(STARTERS, name) || Object.values(STARTERS).some(({ globals }) => globals === name);
};

/** Starts of programs: `exec` is also a method of regular expressions and of database drivers, so that only files that import it count. */
export function spawnPatterns(text: string, specifiers: ReadonlySet<string>, names: Names): Pattern[] {
  return Object.entries(STARTERS).flatMap(([module, starter]) => {
    const global = starter.globals !== undefined && specifiers.has(starter.globals);
    if (!specifiers.has(module) && !global) return [];
    const wholes = [...new Set([...(names.modules.get(module) ?? []), ...(starter.usual ?? [])])];
    const functions = starter.functions.flatMap((name) => [name, ...(names.functions.get(name.replaceAll('\\', '')) ?? [])]);
    const members = starter.members.join('|');
    const required = `require\\(['"](?:node:)?${module}['"]\\)`;
    const all = [
      ...(members === '' ? [] : [...wholes, required].map((whole) => `${whole}\\.(?:${members})`)),
      ...(starter.itself ? [...wholes, required] : []),
      ...functions,
    ];
    // options may stand before a template: $({ quiet: true })`ls`
    const form = new RegExp(`(?<![\\w$.])(?:${all.join('|')})(?:(?:\\(\\{[^{}\`]{0,200}\\}\\))?(?=\`)|\\s{0,20}\\()`, 'g');
    return [{ kind: 'spawn', form, argument: false, literal: (match) => programAt(text, match.index + match[0].length) }];
  });
}

/** The program that a call starts: the first word of a literal, when all of that word is literal. */
function programAt(text: string, start: number): string | undefined {
  const rest = text.slice(start, start + 300);
  if (/^\s{0,40}process\.execPath(?!\w)/.test(rest)) return 'node';
  const word = /^\s{0,40}(['"`])\s{0,5}([\w./@+-]{1,200})(?=\1|\s)/.exec(rest);
  return word?.[2];
}
