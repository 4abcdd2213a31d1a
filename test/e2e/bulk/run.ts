// test/e2e/bulk: `npm run e2e:bulk`: campaigns against a real Gitea. FORGE_URL and FORGE_TOKEN_FILE say where it is.
import { existsSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killedScenario, updateScenario } from './killed.ts';
import { cli } from './program.ts';
import { refusalScenario } from './refusals.ts';
import { scene } from './scene.ts';
import { secretScenario } from './secrets.ts';

const { FORGE_URL, FORGE_TOKEN_FILE, DOCKERFILE_MOD_E2E_BULK: form = 'full', DOCKERFILE_MOD_SEED = '20' } = process.env;

async function main(): Promise<number> {
  if (FORGE_URL === undefined || FORGE_TOKEN_FILE === undefined) {
    console.log('skipped: FORGE_URL and FORGE_TOKEN_FILE name no Gitea');
    return 0;
  }
  if (!existsSync(cli)) {
    console.log('skipped: dist/cli.js is missing, run npm run build');
    return 1;
  }
  const size = form === 'short' ? { count: 6, kills: 3 } : { count: 50, kills: 20 };
  const at = scene({ url: FORGE_URL, tokenFile: FORGE_TOKEN_FILE, seed: Number(DOCKERFILE_MOD_SEED), ...size });
  const started = Date.now();
  try {
    for (const scenario of [killedScenario, updateScenario, refusalScenario, secretScenario]) await scenario(at);
  } finally {
    at.end();
  }
  const { passed, failed, kills, counts } = at.totals;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`\n${JSON.stringify({ kills, ...counts, seconds })}`);
  console.log(`${passed} passed, ${failed} failed`);
  if (form !== 'short') writeResults({ passed, failed, kills, seconds, ...counts });
  return failed > 0 ? 1 : 0;
}

function writeResults(results: Record<string, number>): void {
  const path = join(import.meta.dirname, '../../../bench/results/bulk-e2e.json');
  writeFileSync(
    path,
    `${JSON.stringify({ at: new Date().toISOString().slice(0, 10), forge: 'Gitea', node: process.version, ...results }, undefined, 2)}\n`,
  );
}

process.exitCode = await main();
