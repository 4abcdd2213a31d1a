// `npm run bench:start [NODE…]`: what a start costs. Processor time of --dry-run on one file as a multiple of `node -e 0`, in one run, for
// this Node.js or the given ones. What is measured is dist/ as it was built; BENCH_CLI: another build.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const rounds = 7;
const each = 5;
const cli = resolve(process.env.BENCH_CLI ?? 'dist/cli.cjs');
const nodes = process.argv.length > 2 ? process.argv.slice(2) : [process.execPath];
const place = mkdtempSync(join(tmpdir(), 'bench-start-'));
const { CI: _, ...outside } = process.env;
const env = { ...outside, XDG_CACHE_HOME: join(place, 'cache') };
const [alone, project] = [join(place, 'alone'), join(place, 'project')];

try {
  mkdirSync(alone);
  writeFileSync(join(alone, 'Dockerfile'), 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n');
  cpSync('fixtures/apps/node-express', project, { recursive: true });
  console.log(`${'Node.js'.padEnd(12)}${'node -e 0'.padStart(12)}${'alone'.padStart(10)}${'project'.padStart(10)}${'--help'.padStart(10)}`);
  for (const node of nodes) measure(node);
} finally {
  rmSync(place, { recursive: true });
}

/** Medians over the rounds; in each round every command runs, so that what else the machine does meets all of them. */
function measure(node: string): void {
  const commands = [
    ['-e', '0'],
    [cli, '--dry-run', alone],
    [cli, '--dry-run', project],
    [cli, '--help'],
  ];
  // The cache of compiled code holds the functions of the first runs.
  for (const args of [commands[1], commands[2], commands[1], commands[2]]) if (args) execFileSync(node, args, { env });
  const taken = Array.from({ length: rounds }, () => commands.map((args) => cpuOf(node, args)));
  const base = median(taken.map(([first = 0]) => first));
  const ratios = [1, 2, 3].map((i) => median(taken.map((round) => (round[i] ?? 0) / (round[0] ?? 1))));
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  console.log(
    `${version.padEnd(12)}${`${base.toFixed(0)} ms`.padStart(12)}${ratios.map((ratio) => `${ratio.toFixed(2)} ×`.padStart(10)).join('')}`,
  );
}

/** Milliseconds of processor time, user and system, of one of a few runs: the shell counts those of its children. */
function cpuOf(node: string, args: readonly string[]): number {
  const script = `TIMEFORMAT='%3U %3S'; time (for i in {1..${each}}; do "$@" >/dev/null; done)`;
  const told = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`, 'bash', node, ...args], {
    env: { ...env, LC_ALL: 'C' },
    encoding: 'utf8',
  });
  const numbers = told.trim().split(/\s+/).slice(-2).map(Number);
  return ((numbers[0] ?? 0) + (numbers[1] ?? 0)) * (1000 / each);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
