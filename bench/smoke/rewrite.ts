// The command line as a person runs it on a checkout, without and with an engine.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

function run(args: readonly string[]): { stdout: string; stderr: string; seconds: number } {
  const at = performance.now();
  const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/tsx'), [join(root, 'src/cli/main.ts'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
    timeout: 90 * 60_000,
    killSignal: 'SIGINT',
  });
  return { stdout, stderr, seconds: (performance.now() - at) / 1000 };
}

export interface Planned {
  outcome: 'split' | 'not split' | 'unchanged' | 'refused';
  context: string;
  applied: string[];
  /** Of the split first. */
  reasons: string[];
  text: string;
}
interface Document {
  files: {
    context?: string;
    changed: boolean;
    after: string;
    error?: { message: string } | null;
    applied: { transform: string }[];
    skipped: { transform: string; reason: string; message: string }[];
  }[];
}

/** Rewrites the tree in place, from sources alone. */
export function offline(dockerfile: string, tree: string): Planned {
  const { stdout, stderr } = run(['--format', 'json', join(tree, dockerfile)]);
  const nothing = { context: '', applied: [], text: '' };
  if (stdout.trim() === '') return { outcome: 'refused', reasons: [stderr.trim()], ...nothing };
  const [file] = (JSON.parse(stdout) as Document).files;
  if (!file || file.error) return { outcome: 'refused', reasons: [file?.error?.message ?? 'no result'], ...nothing };
  const applied = file.applied.map(({ transform }) => transform);
  const isSplit = applied.includes('multi-stage');
  const own = file.skipped.filter(({ transform }) => transform === 'multi-stage' || (isSplit && transform === 'base-slim'));
  return {
    outcome: isSplit ? 'split' : file.changed ? 'not split' : 'unchanged',
    context: file.context === undefined ? '' : relative(file.context, tree),
    applied,
    reasons: own.map(({ transform, reason, message }) => `${transform} ${reason}: ${message}`),
    text: file.after,
  };
}

const relative = (path: string, tree: string): string =>
  path === tree ? '.' : path.startsWith(`${tree}/`) ? path.slice(tree.length + 1) : path;

export interface Step {
  rung: string;
  outcome: string;
  base?: string | null;
  size?: number | null;
  check?: string | null;
  reason?: string | null;
  mended: string[];
  assumed: string[];
}
export interface Proven {
  outcome: string;
  seconds: number;
  applied: string[];
  steps: Step[];
  takenBack: string[];
  problem: string;
  text: string;
}
interface Verified {
  files: {
    outcome: string;
    after: string;
    applied: string[];
    ladder: Step[];
    rolledBack: { transform: string; check: string; reason: string }[];
    problem?: { message: string; log?: string } | null;
  }[];
}

/** Rewrites the tree in place by the ladder: what is proven alone is written. */
export function ladder(dockerfile: string, tree: string): Proven {
  const { stdout, stderr, seconds } = run(['--verify', '--smallest', '--format', 'json', join(tree, dockerfile)]);
  const nothing = { seconds, applied: [], steps: [], takenBack: [], text: '' };
  if (stdout.trim() === '') return { outcome: 'error', problem: stderr.trim().split('\n').slice(-3).join(' / '), ...nothing };
  const [file] = (JSON.parse(stdout) as Verified).files;
  if (!file) return { outcome: 'error', problem: stderr.trim().split('\n').slice(-3).join(' / '), ...nothing };
  return {
    outcome: file.outcome,
    seconds,
    applied: file.applied,
    steps: file.ladder,
    takenBack: file.rolledBack.map(({ transform, check, reason }) => `${transform} (${check}): ${reason}`),
    problem: file.problem?.message ?? '',
    text: file.after,
  };
}
