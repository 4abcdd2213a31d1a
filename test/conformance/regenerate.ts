// Room: test/conformance/. Writes the answers of Docker's own parser and of mvdan/sh into the committed cases.
// Run by hand when a case is added (a line with `name` and `source`, or `name` and `text`) or BuildKit moves on:
//   npx tsx test/conformance/regenerate.ts <program that answers for BuildKit> <program that answers for mvdan/sh>
// The first program reads paths of Dockerfiles, one a line, and answers one JSON a line (BuildKit v0.34.2: parser.Parse and instructions.Parse);
// the second reads a JSON array of {text} and answers one JSON a line (mvdan.cc/sh/v3 v3.14: commands, words, UTF-16 offsets, redirections).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCases, type Case, type ShellCase } from './answers.ts';

const [buildkit, shell] = process.argv.slice(2);
if (!buildkit || !shell) throw new Error('usage: regenerate.ts <buildkit program> <shell program>');

const lines = (program: string, input: string): unknown[] =>
  execFileSync(program, { input, maxBuffer: 1 << 28 })
    .toString()
    .trim()
    .split('\n')
    .map((line) => compact(JSON.parse(line)));

/** Leaves out what is empty, false, zero or null, at any depth; `cmds` and `reds` stay. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => !['file', 'warnings', 'insErr', 'posix'].includes(key) && inner !== null && inner !== '' && inner !== false && !(['fd', 'n'].includes(key) && inner === 0) && !(Array.isArray(inner) && inner.length === 0));
  return Object.fromEntries(kept.map(([key, inner]) => [key, compact(inner)]));
}

const write = (file: string, cases: readonly unknown[]): void => writeFileSync(new URL(file, import.meta.url), cases.map((each) => `${JSON.stringify(each)}\n`).join(''));

for (const file of ['edges.jsonl', 'files.jsonl']) {
  const cases = readCases<Case>(file);
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const paths = cases.map((each, i) => {
    const path = join(folder, String(i));
    writeFileSync(path, each.source);
    return path;
  });
  const answers = lines(buildkit, paths.join('\n'));
  write(file, cases.map(({ name, source }, i) => ({ name, source, buildkit: answers[i] })));
  rmSync(folder, { recursive: true });
}
const bodies = readCases<ShellCase>('shell.jsonl');
const answers = lines(shell, JSON.stringify(bodies.map(({ text }) => ({ text })))) as Partial<ShellCase['mvdan']>[];
write('shell.jsonl', bodies.map(({ name, text }, i) => ({ name, text, mvdan: { ...answers[i], cmds: answers[i]?.cmds ?? [], reds: answers[i]?.reds ?? [] } })));
