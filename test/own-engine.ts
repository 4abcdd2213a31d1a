// Disk of an engine that tests have for themselves (DOCKERFILE_MOD_E2E_OWN_ENGINE=1, set by .ci/run): what builds left is given back, so that
// a run of all real builds needs no more than its largest part. On a desk the caches are the user's, and stay.
import { spawnSync } from 'node:child_process';
import { afterAll } from 'vitest';

const isOwn = process.env['DOCKERFILE_MOD_E2E_OWN_ENGINE'] === '1';

/**
 * Removes every layer and cache mount that no image holds, and images without a name. Images with names stay: the bases are among them. An engine that
 * is at it already, for another file of tests, refuses: that is no failure.
 */
export function giveBackDisk(): void {
  if (!isOwn) return;
  for (const what of ['builder', 'image'])
    spawnSync('docker', [what, 'prune', ...(what === 'builder' ? ['--all'] : []), '--force'], { stdio: 'ignore' });
}

if (isOwn) afterAll(giveBackDisk, 300_000);
