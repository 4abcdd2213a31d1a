// A directory for temporary files that belongs to one test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** Makes TMPDIR an empty directory until the test ends. Out: its path. */
export function ownTemporary(): string {
  const base = mkdtempSync(join(tmpdir(), 'dockerfile-mod-test-'));
  vi.stubEnv('TMPDIR', base);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(base, { recursive: true, force: true });
  });
  return base;
}
