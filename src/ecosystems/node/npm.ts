// Room: ecosystems/node. npm as the image has it: its version, that version's own words, and the options that an added command takes over.
import type { ShellCommand } from '../../dockerfile/types.ts';
import type { StageReading } from '../../facts/reading.ts';
import { numbersOf } from '../../knowledge/suites.ts';
import { nodeVersion } from './images.ts';
import { takesValue, type ManagerId } from './invocation.ts';
import { callOf } from './kinds.ts';

/** The first Node.js that came with npm 7. Source: https://nodejs.org/dist/index.json (14.21.3: npm 6.14.18, 15.0.0: npm 7.0.2). */
const NPM_7_SINCE = 15;

/** npm 6 or older comes with this version of Node.js; undefined: the version is not known. */
export function hasNpm6(nodeVersion: string | undefined): boolean | undefined {
  const major = numbersOf(nodeVersion ?? '')?.[0];
  return major === undefined ? undefined : major < NPM_7_SINCE;
}

/** How a version of npm is told to leave development dependencies out. */
export interface NpmWords {
  /** Of an install. */
  install: string;
  /** Of `npm prune`. */
  prune: string;
}
/** Sources: https://docs.npmjs.com/cli/v6/commands/npm-ci and npm-prune · https://docs.npmjs.com/cli/v11/using-npm/config#omit, #production (every version knows it). */
const MODERN: NpmWords = { install: '--omit=dev', prune: '--omit=dev' };
const NPM_6: NpmWords = { install: '--only=production', prune: '--production' };
const ANY: NpmWords = { install: '--production', prune: '--production' };

/** The words of the npm that a command at the instruction `before` finds: one that a RUN installed, or that of the image. */
export function npmWords(reading: StageReading, before: number): NpmWords {
  const installed = reading.runs
    .filter((run) => run.instruction.index <= before)
    .flatMap((run) => run.parts.flatMap((part) => ownVersion(part.command) ?? []));
  const own = installed[installed.length - 1];
  if (own !== undefined) return own === 'unknown' ? ANY : own < 7 ? NPM_6 : MODERN;
  const old = hasNpm6(nodeVersion(reading.base));
  return old === undefined ? ANY : old ? NPM_6 : MODERN;
}

/** The major version of `npm install -g npm@9`. Without a version it is the newest, which no old one is. */
function ownVersion(command: ShellCommand): number | 'unknown' | undefined {
  const call = callOf(command);
  const global = call?.options.some((option) => ['-g', '--global', '--location=global'].includes(option));
  const spec = global ? call?.operands.find((word) => /^npm(@|$)/.test(word)) : undefined;
  if (spec === undefined) return undefined;
  const version = spec.slice('npm@'.length);
  if (['', 'latest', 'next'].includes(version) || version.startsWith('next-')) return Number.POSITIVE_INFINITY;
  return numbersOf(version.replace(/^[\^~=v]+/, ''))?.[0] ?? 'unknown';
}

/** Options that say which dependencies are installed, or what is written down of them: an added command has words of its own for that. */
const NOT_TAKEN =
  /^(?:--(?:no-)?(?:production|prod|dev|save|save-\w+|progress|prefer-offline|prefer-online|offline)|-[PSDOEBf]|--(?:also|only|include|omit)=(?:dev|prod)\w*|--production=\w+)$/;
const SELECTS = new Set(['--only', '--also', '--include', '--omit']);

/** What of an install holds for a later command on the same packages as well: its options, each with a space before it, and `npm_config_…` before the command. */
export function keptOptions({ words, assignments }: ShellCommand, manager: ManagerId = 'npm'): { before: string; behind: string } {
  const behind: string[] = [];
  for (let n = 1; n < words.length; n += 1) {
    const [word, next] = [words[n], words[n + 1]];
    const text = word?.value ?? word?.raw ?? '';
    if (!word || !text.startsWith('-') || text === '--') continue;
    const two = next !== undefined && !text.includes('=') && takesValue(manager, text);
    const value = two ? (next.value ?? next.raw) : undefined;
    const gone = NOT_TAKEN.test(text) ? text !== '-f' : SELECTS.has(text) && /^(?:dev|prod)/.test(value ?? '');
    if (!gone) behind.push(` ${word.raw}`, two ? ` ${next.raw}` : '');
    if (two) n += 1;
  }
  const before = assignments
    .filter((a) => a.name.toLowerCase().startsWith('npm_config_') && a.value !== undefined && /^[\w./:@-]*$/.test(a.value))
    .map((a) => `${a.name}=${a.value ?? ''} `);
  return { before: before.join(''), behind: behind.join('') };
}
