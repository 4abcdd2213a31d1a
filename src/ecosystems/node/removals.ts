// Room: ecosystems/node. `rm -rf ~/.npm` and the like: a command that does nothing but empty a cache.
import type { ShellCommand } from '../../dockerfile/types.ts';
import type { CacheDir } from '../types.ts';

/** True when an `rm` removes these caches, or things inside them, and nothing else. `homes`: their places below a home directory. */
export function onlyRemoves(command: ShellCommand, caches: readonly CacheDir[], homes: readonly string[]): boolean {
  const [program, ...rest] = command.words;
  if (program?.value !== 'rm' && program?.value !== '/bin/rm') return false;
  const targets = rest.map((word) => unquoted(word.value ?? word.raw)).filter((word) => !word.startsWith('-'));
  const fixed = caches.flatMap((cache) => [cache.target, cache.rootTarget ?? []].flat()).filter((target) => target.startsWith('/'));
  const variables = caches.flatMap((cache) => cache.movedBy.filter((moved) => moved.suffix === undefined).map((moved) => moved.env));
  return targets.length > 0 && targets.every((target) => isCache(target, fixed, homes, variables));
}

const unquoted = (word: string): string => word.replace(/^(["'])(.*)\1$/s, '$2');

function isCache(target: string, fixed: readonly string[], homes: readonly string[], variables: readonly string[]): boolean {
  if (target.split('/').includes('..')) return false;
  const variable = /^\$\{?(\w+)\}?(\/.*)?$/.exec(target)?.[1];
  if (variable !== undefined && variables.includes(variable)) return true;
  if (fixed.some((path) => within(target, path))) return true;
  const below = /^(?:~|\$HOME|\$\{HOME\}|\/root|\/home\/[\w.-]+)\/(.*)$/.exec(target)?.[1];
  return below !== undefined && homes.some((home) => within(below, home));
}

const within = (path: string, dir: string): boolean => path === dir || path.startsWith(`${dir}/`);
