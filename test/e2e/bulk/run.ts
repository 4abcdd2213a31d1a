// test/e2e/bulk: `npm run e2e:bulk`: campaigns over a real Redis, and against a real Gitea. FORGE_URL and FORGE_TOKEN_FILE say where that one is.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultScenario } from './faults.ts';
import { killedScenario, updateScenario } from './killed.ts';
import { cli } from './program.ts';
import { redisScenario } from './redis.ts';
import { refusalScenario } from './refusals.ts';
import { counted, scene, type Scene } from './scene.ts';
import { secretScenario } from './secrets.ts';

const {
  FORGE_URL,
  FORGE_TOKEN_FILE,
  DOCKERFILE_MOD_E2E_BULK: form = 'full',
  DOCKERFILE_MOD_E2E_PART: only,
  DOCKERFILE_MOD_SEED = '20',
} = process.env;

const parts: Readonly<Record<string, () => Promise<number>>> = { redis: redisPart, gitea: giteaPart };

async function main(): Promise<number> {
  if (!existsSync(cli)) {
    console.log('skipped: dist/cli.cjs is missing, run npm run build');
    return 1;
  }
  let failed = 0;
  for (const [name, part] of Object.entries(parts)) if (only === undefined || only === name) failed += await part();
  return failed > 0 ? 1 : 0;
}

/** Over a queue: needs a redis-server on PATH, and no forge. */
async function redisPart(): Promise<number> {
  const started = Date.now();
  const size = form === 'short' ? { repositories: 200, kills: 8 } : { repositories: 2000, kills: 60 };
  const counting = counted();
  await redisScenario({ ...counting, ...size, seed: Number(DOCKERFILE_MOD_SEED) });
  return told(counting.totals, started, 'bulk-queue', 'a fake of Gitea in memory');
}

async function giteaPart(): Promise<number> {
  if (FORGE_URL === undefined || FORGE_TOKEN_FILE === undefined) {
    console.log('skipped: FORGE_URL and FORGE_TOKEN_FILE name no Gitea');
    return 0;
  }
  const size = form === 'short' ? { count: 6, kills: 3 } : { count: 50, kills: 20 };
  const at = scene({ url: FORGE_URL, tokenFile: FORGE_TOKEN_FILE, seed: Number(DOCKERFILE_MOD_SEED), ...size });
  const started = Date.now();
  try {
    for (const scenario of [killedScenario, updateScenario, refusalScenario, faultScenario, secretScenario]) await scenario(at);
  } finally {
    at.end();
  }
  return told(at.totals, started, 'bulk-e2e', 'Gitea');
}

/** The counts, what failed once more, and of the full form a file of results. Answers how many checks failed. */
function told({ passed, failed: failures, kills, counts }: Scene['totals'], started: number, name: string, forge: string): number {
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`\n${JSON.stringify({ kills, ...counts, seconds })}`);
  const failed = failures.length;
  for (const failure of failures) console.log(`FAIL ${failure}`);
  console.log(`${passed} passed, ${failed} failed`);
  // Skipped: no results.
  if (form === 'short' || passed + failed === 0) return failed;
  const at = new Date().toISOString().slice(0, 10);
  const results = { at, forge, node: process.version, passed, failed, kills, seconds, ...counts };
  writeFileSync(join(import.meta.dirname, `../../../bench/results/${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
  return failed;
}

process.exitCode = await main();
