// A home as the documents speak of it: a repository to work in, checkouts in ~/src, a project of one's own.
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Shell } from './shell.ts';

/** Makes it. Out: a shell in the repository, in which nothing was done yet. */
export function newHome(home: string, env: Record<string, string>, change?: (words: string[]) => string[]): Shell {
  const repository = (at: string, places: readonly string[]): void => {
    for (const place of places) cpSync('fixtures/apps/python-pip', join(home, at, place), { recursive: true });
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
    for (const args of [
      ['init', '-q', '-b', 'main'],
      ['add', '.'],
      [...identity, 'commit', '-qm', 'first'],
    ])
      execFileSync('git', args, { cwd: join(home, at) });
  };
  repository('work', ['.', 'services/api']);
  repository('src/weather', ['.']);
  repository('projects/shop', ['.']);
  return new Shell(home, join(home, 'work'), { HOME: home, ...env }, change);
}
