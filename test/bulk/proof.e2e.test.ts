// A campaign that verifies, for real: the repository comes by git, both versions are built and run, and what is measured is told. With DOCKERFILE_MOD_E2E=1.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { scratch } from '../cli/scratch.ts';
import { present, whyNot } from '../verify/engine.ts';
import { dockerfile, project } from './harness.ts';

const bases = await present(['node:22', 'node:22-slim']);
const reason = whyNot ?? (bases.length < 2 ? 'node:22 and node:22-slim are not here' : undefined);

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd, encoding: 'utf8' }).trim();

describe(`a campaign that verifies${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  it.skipIf(reason !== undefined)(
    'proposes what was built and run, and leaves alone what never built',
    { timeout: 20 * 60_000 },
    async () => {
      const at = scratch({ 'list.txt': '' }, core);
      const remotes = mkdtempSync(join(tmpdir(), 'e2e-remotes-'));
      onTestFinished(() => rmSync(remotes, { recursive: true, force: true }));
      const add = (name: string, files: Record<string, string>): string => {
        for (const [path, text] of Object.entries(files)) at.write(`${name}/${path}`, text);
        const directory = join(at.root, name);
        git(directory, 'init', '-q', '-b', 'main');
        git(directory, 'add', '.');
        git(directory, 'commit', '-qm', 'first');
        git(directory, 'clone', '-q', '--bare', '.', join(remotes, `${name}.git`));
        git(join(remotes, `${name}.git`), 'config', 'uploadpack.allowFilter', 'true');
        git(join(remotes, `${name}.git`), 'config', 'uploadpack.allowAnySHA1InWant', 'true');
        return pathToFileURL(join(remotes, `${name}.git`)).href;
      };
      const works = add('works', project('works'));
      const broken = add('broken', {
        ...project('broken'),
        Dockerfile: dockerfile.replace('RUN npm ci', 'RUN npm ci && npm run no-such-script'),
      });
      at.write('list.txt', `${works}\n${broken}\n`);
      const plan = ['bulk', 'plan', '--id', 'x', '--platform', 'git', '--repos', 'list.txt', '--verify', '--max-failures', '100%'];
      const planned = await at.run(plan);
      expect(planned.code, planned.err).toBe(0);
      const report = JSON.parse((await at.run(['bulk', 'report', '--id', 'x', '--json'])).out) as {
        repositories: {
          repository: string;
          state: string;
          reason: string | null;
          gain: { kind: string; imageBefore: number; imageAfter: number } | null;
        }[];
      };
      const told = report.repositories.map(({ state, reason: why, gain }) => [state, why, gain?.kind]).sort();
      expect(told).toEqual([
        ['planned', null, 'measured'],
        ['refused', 'verify/baseline-broken', undefined],
      ]);
      const gain = report.repositories.find(({ state }) => state === 'planned')?.gain;
      expect(gain?.imageAfter).toBeLessThan((gain?.imageBefore ?? 0) / 2);
      expect((await at.run(['bulk', 'apply', '--id', 'x', '--yes'])).code).toBe(0);
      expect(git(join(remotes, 'works.git'), 'show', 'dockerfile-mod/x:Dockerfile')).toContain('node:22-slim');
      expect(git(join(remotes, 'broken.git'), 'branch', '--list', 'dockerfile-mod/*')).toBe('');
      expect(readdirSync(join(at.root, '.dockerfile-mod/x/scratch'))).toEqual([]);
    },
  );
});
