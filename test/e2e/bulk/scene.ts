// test/e2e/bulk: what the scenarios share: an organisation of its own, the command line, and counted checks.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitea, type Gitea } from './gitea.ts';
import { run, type Ran } from './program.ts';

export interface Scene {
  forge: Gitea;
  org: string;
  /** Scratch: journals, reports. */
  dir: string;
  seed: number;
  /** Repositories of the campaign. */
  count: number;
  kills: number;
  check(what: string, holds: boolean, more?: unknown): void;
  say(line: string): void;
  /** `bulk <args>` of the campaign, through `url` when it is not the forge itself. */
  bulk(args: readonly string[], how?: { killAfter?: number; url?: string; id?: string }): Promise<Ran>;
  totals: { passed: number; failed: string[]; kills: number; counts: Record<string, number> };
  end(): void;
}

export const branchOf = (id: string): string => `dockerfile-mod/${id}`;

/** Checks that are told and counted. */
export function counted(): Pick<Scene, 'say' | 'check' | 'totals'> {
  const totals: Scene['totals'] = { passed: 0, failed: [], kills: 0, counts: {} };
  return {
    totals,
    say: (line) => console.log(line),
    check: (what, holds, more) => {
      const told = `${what}${holds || more === undefined ? '' : `: ${JSON.stringify(more)?.slice(0, 600)}`}`;
      if (holds) totals.passed += 1;
      else totals.failed.push(told);
      console.log(`  ${holds ? 'ok  ' : 'FAIL'} ${told}`);
    },
  };
}

/** Makes the scene; the organisation's name is new. Pace is wide open: the limits have tests of their own. */
export function scene(how: { url: string; tokenFile: string; seed: number; count: number; kills: number }): Scene {
  const token = readFileSync(how.tokenFile, 'utf8').trim();
  const dir = mkdtempSync(join(tmpdir(), 'dockerfile-mod-e2e-bulk-'));
  const counting = counted();
  const org = `e2e${Date.now().toString(36)}`;
  const self: Scene = {
    forge: gitea(how.url, token),
    org,
    dir,
    seed: how.seed,
    count: how.count,
    kills: how.kills,
    ...counting,
    bulk: async ([action = '', ...rest], { killAfter, url = how.url, id = 'e2e' } = {}) => {
      const source =
        action === 'plan'
          ? [
              '--platform',
              'gitea',
              '--base-url',
              url,
              '--content-per-minute',
              '6000',
              '--prs-per-hour',
              '60000',
              '--canary',
              '0',
              '--max-failures',
              '100%',
            ]
          : [];
      const args = ['bulk', action, '--id', id, '--journal', join(dir, 'journal'), ...source, ...rest];
      return run(args, { cwd: dir, env: { DOCKERFILE_MOD_TOKEN: token }, ...(killAfter === undefined ? {} : { killAfter }) });
    },
    end: () => rmSync(dir, { recursive: true, force: true }),
  };
  return self;
}

/** Files below a directory in which a text stands. */
export function filesWith(dir: string, texts: readonly string[]): string[] {
  const found: string[] = [];
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    const path = join(dir, name);
    if (!statSync(path).isFile()) continue;
    const bytes = readFileSync(path, 'latin1');
    if (texts.some((text) => bytes.includes(text))) found.push(name);
  }
  return found;
}
