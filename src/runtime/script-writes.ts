// Room: runtime/. What the commands write that run before the program: entry scripts, shell commands, scripts of a package manager.
import type { ShellCommand } from '../dockerfile/types.ts';
import { programOf } from '../facts/reading.ts';
import type { Evidence } from '../facts/types.ts';
import type { Ran } from './unwrap.ts';

export interface ScriptWrite {
  /** The directory that is written to, as written; undefined: cannot be told. */
  directory: string | undefined;
  /** The file, where one is named. */
  file: string | undefined;
  evidence: Evidence;
}

/** Commands of Django's manage.py that write where the settings say. Source: docs.djangoproject.com, django-admin and collectstatic. */
const MANAGE = new Set(['collectstatic', 'compress', 'compilemessages', 'makemessages', 'makemigrations', 'createcachetable', 'dumpdata']);
const OPENS = new Set(['>', '>>', '>|', '&>', '&>>', '<>']);

/** Every write of these commands, in order. Relative paths are unknown behind a `cd`. */
export function scriptWrites(commands: readonly Ran[]): ScriptWrite[] {
  let moved = false;
  return commands.flatMap(({ command, evidence }) => {
    if (programOf(command) === 'cd') moved = true;
    return targetsOf(command).map(({ path, directory }): ScriptWrite => {
      const told = path !== undefined && (path.startsWith('/') || !moved) ? path : undefined;
      return { directory: told === undefined ? undefined : directory ? told : parent(told), file: directory ? undefined : told, evidence };
    });
  });
}

const parent = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.');

interface Target {
  path: string | undefined;
  /** The path is a directory that is filled or made. */
  directory: boolean;
}
const into = (path: string | undefined): Target => ({ path, directory: path?.endsWith('/') === true });

function targetsOf(command: ShellCommand): Target[] {
  const redirects = command.redirects.filter((r) => OPENS.has(r.operator)).map((r) => into(r.target?.value));
  return [...redirects, ...written(command)];
}

function written(command: ShellCommand): Target[] {
  const words = command.words.slice(1).map((word) => word.value);
  const plain = words.filter((word) => word === undefined || !word.startsWith('-'));
  const last = plain[plain.length - 1];
  switch (programOf(command)) {
    case 'mkdir':
      return plain.map((path) => ({ path, directory: words.some((word) => word === '--parents' || /^-\w*p/.test(word ?? '')) }));
    case 'touch':
    case 'tee':
    case 'truncate':
      return plain.map(into);
    case 'cp':
    case 'mv':
    case 'ln':
    case 'install':
      return [into(last)];
    case 'sed':
      return words.some((word) => /^-\w*i|^--in-place/.test(word ?? '')) ? [into(last)] : [];
    case 'tar':
    case 'unzip':
      return [into(undefined)];
    case 'curl':
      return saved(words, /^(?:-\w*o|--output)$/, /^(?:-\w*O|--remote-name)$/);
    case 'python':
    case 'python3':
    case 'manage.py':
    case 'django-admin':
      return words.some((word) => MANAGE.has(word ?? '')) ? [into(undefined)] : [];
    default:
      return [];
  }
}

/** The file that a download is saved to: the word behind an option; unknown when the server names it. */
function saved(words: readonly (string | undefined)[], named: RegExp, unnamed: RegExp): Target[] {
  const at = words.findIndex((word) => named.test(word ?? ''));
  if (at >= 0) return words[at + 1] === '-' ? [] : [into(words[at + 1])];
  return words.some((word) => unnamed.test(word ?? '')) ? [into(undefined)] : [];
}
