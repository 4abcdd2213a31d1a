// What a container engine says of a pair: facts of the image that its Dockerfile builds, and whether the rewrite behaves the same. The command line is run, as people do.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../src/image/digest.ts';
import type { ImageFacts } from '../src/index.ts';

/** What verification makes of a pair. */
export interface Proof {
  outcome: string;
  /** Of the images, before → after. */
  sizes: string;
  why: string;
  text: string;
}

const root = join(import.meta.dirname, '..');

function run(args: readonly string[]): { stdout: string; stderr: string } {
  const tsx = join(root, 'node_modules/.bin/tsx');
  return spawnSync(tsx, [join(root, 'src/cli/main.ts'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1024 * 1024 * 1024,
    timeout: 45 * 60_000,
    killSignal: 'SIGINT',
  });
}

/** Looks into the image of a Dockerfile. In: its path, its text, and the file that keeps the document for later runs. */
export function looked(path: string, text: string, keep: string | undefined): ImageFacts | { why: string } {
  if (keep !== undefined && existsSync(keep)) {
    const kept = JSON.parse(readFileSync(keep, 'utf8')) as ImageFacts;
    if (kept.of.digest === digestOf(text)) return kept;
  }
  const { stdout, stderr } = run(['observe', '--format', 'json', '--timeout', '1200', path]);
  if (stdout.trim() === '') return { why: stderr.trim().split('\n').slice(-4).join(' / ') };
  if (keep !== undefined) writeFileSync(keep, stdout);
  return JSON.parse(stdout) as ImageFacts;
}

interface Verified {
  files: {
    outcome: string;
    after: string;
    rolledBack: { transform: string; check: string; reason: string }[];
    measures?: { before?: { size?: number }; after?: { size?: number } } | null;
    problem: { message: string } | null;
  }[];
}

function sizesOf(measures: Verified['files'][number]['measures']): string {
  const [before, after] = [measures?.before?.size, measures?.after?.size];
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  return before === undefined || after === undefined ? '' : `${megabytes(before)} → ${megabytes(after)}`;
}

/** Builds and runs a Dockerfile before and after. */
export function proven(path: string, facts: ImageFacts): Proof {
  const place = mkdtempSync(join(tmpdir(), 'dockerfile-mod-pairs-facts-'));
  try {
    const document = join(place, 'facts.json');
    writeFileSync(document, JSON.stringify(facts));
    const { stdout, stderr } = run(['verify', '--format', 'json', '--measure', 'sizes', '--image-facts', document, path]);
    if (stdout.trim() === '') return { outcome: 'error', sizes: '', why: stderr.trim().split('\n').slice(-3).join(' / '), text: '' };
    const [file] = (JSON.parse(stdout) as Verified).files;
    const back = (file?.rolledBack ?? []).map(({ transform, check, reason }) => `${transform} (${check}): ${reason}`);
    return {
      outcome: file?.outcome ?? 'error',
      sizes: sizesOf(file?.measures),
      why: [...back, file?.problem?.message ?? ''].filter(Boolean).join(' | '),
      text: file?.after ?? '',
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
