// Room: ecosystems/python. What a command line of poetry, pipenv or uv starts.
import type { Started } from '../types.ts';

/** `poetry run x`: x. Any other verb starts what the manager knows and we do not. */
export const runBy =
  (manager: string) =>
  (words: readonly string[]): Started | undefined => {
    const [program, ...args] = words;
    if (program !== manager) return undefined;
    if (args[0] !== 'run') return { unknown: `${program} ${args[0] ?? ''} starts the program` };
    return { wrapper: [program, 'run'], needed: false, words: args.slice(1).filter((a, n) => n > 0 || !a.startsWith('-')) };
  };
