// `npm run bench:bulk`: the same repositories by `bulk DIR --dry-run` and by a shell loop over `dockerfile-mod --dry-run`, and peak memory.
// Needs dist/ (npm run build). BENCH_LOOP, BENCH_MEMORY: other numbers of repositories (500; 200,2000).
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeRepositories } from './repositories.ts';

interface Run {
  seconds: number;
  /** Seconds of all cores, children included: what a busy machine does not change much. */
  cpu: number;
  /** Peak resident set of the process itself, in MB. */
  peakMb: number;
}

const seed = 20_261_125;
const cli = resolve(process.env.BENCH_CLI ?? 'dist/cli.cjs');
const forLoop = Number(process.env.BENCH_LOOP ?? 500);
const forMemory = (process.env.BENCH_MEMORY ?? '200,2000').split(',').map(Number);
/** Loaded before the command line: tells the peak when it ends. */
const watcher = `data:text/javascript,process.on('exit',()=>console.error('PEAK',process.resourceUsage().maxRSS))`;

/** Runs a line of bash to its end; its output is thrown away. Throws when its exit code is not 0. */
function timed(line: string, cwd: string): Promise<Run> {
  return new Promise((settle, fail) => {
    const started = process.hrtime.bigint();
    const child = spawn('bash', ['-c', `TIMEFORMAT='CPU %U %S'; time { ${line}; }`], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (data) => (stderr = (stderr + data).slice(-20_000)));
    child.on('error', fail);
    child.on('close', (code) => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      const [, user = 0, system = 0] = /CPU ([\d.]+) ([\d.]+)\s*$/.exec(stderr) ?? [];
      if (code !== 0) fail(new Error(`${line} ended with ${code}: ${stderr}`));
      else settle({ seconds, cpu: Number(user) + Number(system), peakMb: Number(/PEAK (\d+)/.exec(stderr)?.[1] ?? 0) / 1024 });
    });
  });
}

const node = `"${process.execPath}"`;
const bulk = (directory: string): Promise<Run> =>
  timed(`${node} --import "${watcher}" "${cli}" bulk . --dry-run --json --output "${directory}.json"`, directory);

/** What a person would write who has no `bulk`; a Dockerfile that is refused does not end it. */
const loop = (directory: string, names: string): Promise<Run> =>
  timed(`for repository in acme/*-${names}/; do ${node} "${cli}" --dry-run "$repository" >/dev/null 2>&1; done; true`, directory);

interface Report {
  repositories: unknown[];
  states: Record<string, number>;
}
const reportOf = (directory: string): Report => JSON.parse(readFileSync(`${directory}.json`, 'utf8'));

const work = mkdtempSync(join(tmpdir(), 'dockerfile-mod-bench-'));
try {
  const directory = join(work, 'loop');
  mkdirSync(directory);
  makeRepositories(directory, forLoop, seed);
  // Before, between and after the halves of the loop, so that a machine that gets busier meanwhile is busier for both.
  const ours = [await bulk(directory)];
  const even = await loop(directory, '*[02468]');
  ours.push(await bulk(directory));
  const odd = await loop(directory, '*[13579]');
  ours.push(await bulk(directory));
  const { states, repositories } = reportOf(directory);
  if (repositories.length !== forLoop) throw new Error(`${repositories.length} of ${forLoop} repositories are in the report`);
  const memory: (Run & { repositories: number })[] = [];
  for (const count of forMemory) {
    const place = join(work, `memory-${count}`);
    mkdirSync(place);
    makeRepositories(place, count, seed);
    const runs = [await bulk(place), await bulk(place), await bulk(place)].sort((a, b) => a.peakMb - b.peakMb);
    // When garbage is collected is a matter of chance: the median.
    memory.push({ repositories: count, ...(runs[1] as Run) });
  }
  const mean = (pick: (run: Run) => number): number => ours.reduce((sum, run) => sum + pick(run), 0) / ours.length;
  const result = {
    at: new Date().toISOString(),
    node: process.version,
    machine: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`,
    repositories: forLoop,
    states,
    bulkSeconds: ours.map((run) => rounded(run.seconds)),
    loopSeconds: rounded(even.seconds + odd.seconds),
    ratio: rounded((even.seconds + odd.seconds) / mean((run) => run.seconds)),
    bulkCpuSeconds: rounded(mean((run) => run.cpu)),
    loopCpuSeconds: rounded(even.cpu + odd.cpu),
    cpuRatio: rounded((even.cpu + odd.cpu) / mean((run) => run.cpu)),
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
  bulkCpuSeconds: number;
  loopCpuSeconds: number;
  cpuRatio: number;
  memory: { repositories: number; seconds: number; peakMb: number }[];
  memoryRatio: number;
}): string {
  const memory = result.memory.map((one) => `| ${one.repositories} | ${one.seconds} | ${one.peakMb} |`);
  const states = Object.entries(result.states).map(([state, count]) => `${count} ${state}`);
  return `# Many repositories

Made by \`npm run bench:bulk\` on ${result.at}, Node.js ${result.node}, ${result.machine}. The repositories are made of the fixtures, with a seed.

| ${result.repositories} repositories | seconds | of all cores |
| --- | --- | --- |
| \`dockerfile-mod bulk DIR --dry-run\`, before, between and after the halves of the loop | ${result.bulkSeconds.join(', ')} | ${result.bulkCpuSeconds} (mean) |
| \`for repository in */; do dockerfile-mod --dry-run "$repository"; done\` | ${result.loopSeconds} | ${result.loopCpuSeconds} |

The loop takes **${result.ratio} times** as long as the mean of ours (aim: at least 5), and ${result.cpuRatio} times the computing. Outcomes: ${states.join(', ')}.

| repositories | seconds | peak memory, MB |
| --- | --- | --- |
${memory.join('\n')}

Median of three runs each. Peak memory of the largest is ${result.memoryRatio} times that of the smallest (aim: at most 1.2).
`;
}
