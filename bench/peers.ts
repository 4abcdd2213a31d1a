// `npm run bench [WORD…]`: 1,000 Dockerfiles with their projects, and what other tools take for them: processor time, time, and peak memory. The
// others are installed into a temporary directory and removed with it; those that cannot be had are named. And one build context of 50,000
// files. WORD: only tools whose name contains it. BENCH_FILES, BENCH_ROUNDS (1000, 3): how much. BENCH_CLI: another build of this tool.
// Linux, with bash, npm and python3.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { goldenCases, readGolden, writeInput } from '../test/golden/cases.ts';
import { peers, type Peer } from './peers-list.ts';

interface Taken {
  cpu: number;
  wall: number;
  peak: number;
}

const count = Number(process.env.BENCH_FILES ?? 1000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const words = process.argv.slice(2);
const cli = resolve(process.env.BENCH_CLI ?? 'dist/cli.cjs');
const place = realpathSync(mkdtempSync(join(tmpdir(), 'bench-peers-')));
// What this tool keeps between runs, as on the machine of a user.
const env = { ...process.env, XDG_CACHE_HOME: join(place, 'cache'), CI: '', NO_COLOR: '1' };

try {
  const files = corpus(join(place, 'projects'), 'with their projects');
  const alone = corpus(join(place, 'alone'), 'alone');
  const own: Peer[] = [
    { name: 'dockerfile-mod', does: 'rewrites', command: (all) => [process.execPath, cli, '--dry-run', '--quiet', ...all] },
    {
      name: 'dockerfile-mod, no projects',
      does: 'rewrites',
      command: () => [process.execPath, cli, '--dry-run', '--quiet', ...alone],
    },
  ];
  const missing: string[] = [];
  const others = peers.filter((peer) => {
    const why = install(peer);
    if (why !== undefined) missing.push(`${peer.name} (${why})`);
    return why === undefined;
  });
  const tools = [...own, ...others].filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const all = new Map<string, Taken[]>(tools.map(({ name }) => [name, []]));
  // In each round every tool runs, so that what else the machine does meets all of them.
  for (let round = 0; round < rounds; round += 1)
    for (const { name, command } of tools) all.get(name)?.push(await run(command(files, place), place));
  table(tools, all);
  if (missing.length > 0) console.log(`\nNot to be had here: ${missing.join('; ')}.`);
  if (words.length === 0) await largeContext();
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** Projects of the test cases, each in a directory of its own; or their Dockerfiles alone. Out: the paths of the Dockerfiles. */
function corpus(base: string, what: 'with their projects' | 'alone'): string[] {
  const found: string[] = [];
  const cases = goldenCases().filter(({ group }) => group === 'hard' || group === 'plain' || group === 'multi-stage');
  for (let n = 0; found.length < count; n += 1) {
    const one = cases[n % cases.length];
    if (one === undefined) break;
    const golden = readGolden(one);
    const dir = join(base, String(found.length));
    const name = golden.settings.dockerfile ?? 'Dockerfile';
    if (what === 'alone') {
      const input = golden.input.filter(({ path }) => path === name && golden.settings.folder === undefined);
      if (input.length === 0 && golden.settings.folder === undefined) continue;
      const text =
        input[0] && 'bytes' in input[0].content
          ? input[0].content.bytes
          : readFileSync(join(place, 'projects', String(found.length), name));
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, 'Dockerfile'), text);
      found.push(join(dir, 'Dockerfile'));
      continue;
    }
    writeInput(golden, dir);
    // A root of its own: nothing above it is asked.
    mkdirSync(join(dir, '.git'), { recursive: true });
    found.push(join(dir, name));
  }
  return found;
}

/** Installs a tool; why it cannot be had, or undefined. */
function install({ install: with_ }: Peer): string | undefined {
  if (with_ === undefined) return undefined;
  if ('none' in with_) return with_.none;
  const quiet = { stdio: ['ignore', 'ignore', 'pipe'] as ('ignore' | 'pipe')[], timeout: 300_000 };
  try {
    if ('npm' in with_) {
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', '--prefix', join(place, 'npm'), ...with_.npm], quiet);
      return undefined;
    }
    execFileSync('python3', ['-m', 'venv', join(place, 'venv')], quiet);
    execFileSync(join(place, 'venv/bin/pip'), ['install', '--quiet', with_.pip], quiet);
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message.split('\n')[0] : String(error)) ?? 'cannot be installed';
  }
}

/** Runs one command; its processor time with that of its children, and the peak memory of its largest process. */
async function run(command: readonly string[], cwd: string): Promise<Taken> {
  const script = `TIMEFORMAT='%3U %3S %3R'; time "$@" >/dev/null 2>/dev/null`;
  const child = spawn('bash', ['-c', script, 'bash', ...command], {
    cwd,
    env: { ...env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let told = '';
  child.stderr.on('data', (data: Buffer) => (told += data.toString()));
  let peak = 0;
  const look = setInterval(() => {
    for (const pid of below(child.pid ?? 0)) peak = Math.max(peak, peakOf(pid));
  }, 20);
  await new Promise((done) => child.on('close', done));
  clearInterval(look);
  const [user = 0, system = 0, wall = 0] = told.trim().split(/\s+/).slice(-3).map(Number);
  return { cpu: user + system, wall, peak };
}

/** Processes below one, without itself. */
function below(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
    return [...children, ...children.flatMap(below)];
  } catch {
    return [];
  }
}

/** Kilobytes. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function table(tools: readonly Peer[], all: ReadonlyMap<string, Taken[]>): void {
  const middle = (name: string, of: keyof Taken): number => median((all.get(name) ?? []).map((taken) => taken[of]));
  const [first] = tools;
  const base = first ? middle(first.name, 'cpu') : 1;
  console.log(`${count} Dockerfiles, medians of ${rounds} rounds\n`);
  console.log(
    `${'tool'.padEnd(30)}${'does'.padEnd(16)}${'CPU ms/file'.padStart(12)}${'ratio'.padStart(8)}${'s'.padStart(8)}${'peak MB'.padStart(9)}`,
  );
  for (const { name, does } of tools) {
    const cpu = middle(name, 'cpu');
    const numbers = [
      ((cpu * 1000) / count).toFixed(1).padStart(12),
      (cpu / base).toFixed(2).padStart(8),
      middle(name, 'wall').toFixed(1).padStart(8),
      (middle(name, 'peak') / 1024).toFixed(0).padStart(9),
    ];
    console.log(`${name.padEnd(30)}${does.padEnd(16)}${numbers.join('')}`);
  }
}

/** One Dockerfile whose build context has 50,000 files that nothing hides. */
async function largeContext(): Promise<void> {
  const dir = join(place, 'large');
  mkdirSync(join(dir, '.git'), { recursive: true });
  for (let n = 0; n < 500; n += 1) {
    mkdirSync(join(dir, `src/part-${n}`), { recursive: true });
    for (let m = 0; m < 100; m += 1) writeFileSync(join(dir, `src/part-${n}/file-${m}.js`), `exports.value = ${m};\n`);
  }
  writeFileSync(join(dir, 'package.json'), '{ "name": "large", "version": "1.0.0", "scripts": { "build": "node build.js" } }');
  writeFileSync(
    join(dir, 'Dockerfile'),
    'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install && npm run build\nCMD ["node", "src/part-1/file-1.js"]\n',
  );
  const taken: Taken[] = [];
  for (let round = 0; round < rounds; round += 1)
    taken.push(await run([process.execPath, cli, '--dry-run', join(dir, 'Dockerfile')], place));
  const [cpu, wall, peak] = (['cpu', 'wall', 'peak'] as const).map((of) => median(taken.map((one) => one[of])));
  console.log(
    `\nA context of 50,000 files: ${cpu?.toFixed(1)} s of processor time, ${wall?.toFixed(1)} s, ${((peak ?? 0) / 1024).toFixed(0)} MB.`,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
