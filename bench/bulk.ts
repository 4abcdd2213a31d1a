// `npm run bench:bulk`: the same repositories by `bulk DIR --dry-run` and by a shell loop over `dockerfile-mod --dry-run`, and peak memory.
// Needs dist/ (npm run build). BENCH_LOOP, BENCH_MEMORY: other numbers of repositories (500; 200,2000).
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeRepositories } from './repositories.ts';

interface Run {
  seconds: number;
  /** Peak resident set of the process itself, in MB. */
  peakMb: number;
}

const seed = 20_261_125;
const cli = resolve(process.env.BENCH_CLI ?? 'dist/cli.js');
const fixtures = resolve('fixtures');
const forLoop = Number(process.env.BENCH_LOOP ?? 500);
const forMemory = (process.env.BENCH_MEMORY ?? '200,2000').split(',').map(Number);
/** Loaded before the command line: tells the peak when it ends. */
const watcher = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\nPEAK '+process.resourceUsage().maxRSS+'\\n'))`;

/** Runs a program to its end; its output is thrown away. Throws when its exit code is not expected. */
function timed(program: string, args: readonly string[], options: { cwd: string }): Promise<Run & { stdout: string }> {
  return new Promise((settle, fail) => {
    const started = process.hrtime.bigint();
    const child = spawn(program, args, { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => (stdout = (stdout + data).slice(-20_000)));
    child.stderr.on('data', (data) => (stderr = (stderr + data).slice(-20_000)));
    child.on('error', fail);
    child.on('close', (code) => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (code !== 0) fail(new Error(`${program} ended with ${code}: ${stderr}`));
      else settle({ seconds, peakMb: Number(/PEAK (\d+)/.exec(stderr)?.[1] ?? 0) / 1024, stdout });
    });
  });
}

const bulk = (directory: string): ReturnType<typeof timed> =>
  timed(process.execPath, ['--import', watcher, cli, 'bulk', directory, '--dry-run', '--json', '--output', `${directory}.json`], {
    cwd: directory,
  });

/** What a person would write who has no `bulk`; what a repository's Dockerfile is refused for does not end it. */
const loop = (directory: string): ReturnType<typeof timed> =>
  timed(
    'bash',
    ['-c', `for repository in acme/*/; do "${process.execPath}" "${cli}" --dry-run "$repository" >/dev/null 2>&1; done; true`],
    {
      cwd: directory,
    },
  );

interface Report {
  repositories: unknown[];
  states: Record<string, number>;
}
const reportOf = (directory: string): Report => JSON.parse(readFileSync(`${directory}.json`, 'utf8'));

const work = mkdtempSync(join(tmpdir(), 'dockerfile-mod-bench-'));
try {
  const directory = join(work, 'loop');
  mkdirSync(directory);
  makeRepositories(directory, forLoop, { fixtures, seed });
  const first = await bulk(directory);
  const shell = await loop(directory);
  const second = await bulk(directory);
  const { states, repositories } = reportOf(directory);
  if (repositories.length !== forLoop) throw new Error(`${repositories.length} of ${forLoop} repositories are in the report`);
  const memory = [];
  for (const count of forMemory) {
    const place = join(work, `memory-${count}`);
    mkdirSync(place);
    makeRepositories(place, count, { fixtures, seed });
    memory.push({ repositories: count, ...(await bulk(place)) });
  }
  // The slower of the two runs that stand around the loop: a machine that gets busier does not help us.
  const ours = Math.max(first.seconds, second.seconds);
  const result = {
    at: new Date().toISOString(),
    node: process.version,
    machine: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`,
    repositories: forLoop,
    states,
    bulkSeconds: [first.seconds, second.seconds].map(rounded),
    loopSeconds: rounded(shell.seconds),
    ratio: rounded(shell.seconds / ours),
    memory: memory.map((one) => ({ repositories: one.repositories, seconds: rounded(one.seconds), peakMb: rounded(one.peakMb) })),
    memoryRatio: rounded((memory.at(-1)?.peakMb ?? 0) / (memory[0]?.peakMb ?? 1)),
  };
  mkdirSync('bench/results', { recursive: true });
  writeFileSync('bench/results/bulk.json', `${JSON.stringify(result, undefined, 2)}\n`);
  writeFileSync('bench/results/bulk.md', markdownOf(result));
  process.stdout.write(markdownOf(result));
  const bars = [result.ratio >= 5, result.memoryRatio <= 1.2];
  if (bars.includes(false)) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function markdownOf(result: {
  at: string;
  node: string;
  machine: string;
  repositories: number;
  states: Record<string, number>;
  bulkSeconds: number[];
  loopSeconds: number;
  ratio: number;
  memory: { repositories: number; seconds: number; peakMb: number }[];
  memoryRatio: number;
}): string {
  const memory = result.memory.map((one) => `| ${one.repositories} | ${one.seconds} | ${one.peakMb} |`);
  const states = Object.entries(result.states).map(([state, count]) => `${count} ${state}`);
  return `# Many repositories

Made by \`npm run bench:bulk\` on ${result.at}, Node.js ${result.node}, ${result.machine}. The repositories are made of the fixtures, with a seed.

| ${result.repositories} repositories | seconds |
| --- | --- |
| \`dockerfile-mod bulk DIR --dry-run\`, before and after the loop | ${result.bulkSeconds.join(' and ')} |
| \`for repository in */; do dockerfile-mod --dry-run "$repository"; done\` | ${result.loopSeconds} |

The loop takes **${result.ratio} times** as long (aim: at least 5). Outcomes: ${states.join(', ')}.

| repositories | seconds | peak memory, MB |
| --- | --- | --- |
${memory.join('\n')}

Peak memory of the largest is ${result.memoryRatio} times that of the smallest (aim: at most 1.2).
`;
}
