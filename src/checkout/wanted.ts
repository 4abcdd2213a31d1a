// Room: checkout/. Which of the Dockerfiles that a search finds are asked for.
import type { Core } from './types.ts';

/**
 * In: patterns as `--dockerfile` takes them; undefined: all are wanted. Out: whether a path (relative to the directory that is searched) is.
 * @throws Error, when asked, for what is no pattern: patterns are checked where they are given.
 */
export function wantedBy(core: Core, patterns: readonly string[] | undefined): (path: string) => boolean {
  if (patterns === undefined) return () => true;
  const tests = patterns.map((pattern) => core.pathPattern(pattern));
  return (path) =>
    tests.some((one) => {
      if ('error' in one) throw new Error(one.error);
      return one.test(path);
    });
}
