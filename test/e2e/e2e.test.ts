// test/e2e: the real builds as a test: with DOCKERFILE_MOD_E2E=1 and a Docker daemon; otherwise skipped, and the reason is in the name.
import { describe, expect, it } from 'vitest';
import { giveBackDisk } from '../own-engine.ts';
import { whyNoDocker } from './docker.ts';
import { runAll } from './session.ts';

const wanted = process.env['DOCKERFILE_MOD_E2E'] === '1';
const reason = wanted ? await whyNoDocker() : 'DOCKERFILE_MOD_E2E is not 1';

describe(`real builds${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it.skipIf(reason !== undefined)('every application answers as before and is as small as promised', { timeout: 60 * 60_000 }, async () => {
    const results = await runAll({
      apps: [],
      variants: ['default', 'smallest'],
      rebuilds: 'rewritten',
      keep: false,
      say: (line) => console.log(line),
      afterEach: giveBackDisk,
    });
    const failed = results.apps.flatMap((app) => app.checks).filter((check) => check.outcome === 'failed');
    expect(failed).toEqual([]);
    expect(results.passed).toBeGreaterThan(0);
  });
});
