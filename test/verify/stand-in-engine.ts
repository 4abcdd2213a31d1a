// A stand-in for an engine's command line: a program that answers as told and notes what it was asked.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Answers to what matches: an extended regular expression over the arguments, joined with spaces. The first that matches is used; without one the program is silent and content. */
export interface Answer {
  to: string;
  stdout?: string;
  stderr?: string;
  code?: number;
  /** Prints the value of this environment variable. */
  environment?: string;
  /** Waits this long and says nothing. */
  milliseconds?: number;
}

export interface StandIn {
  /** An environment whose PATH has nothing but the program. */
  env: Record<string, string>;
  /** What it was asked, each call's arguments joined with spaces. */
  calls(): string[];
}

/** Bash, because a call must cost a few milliseconds. */
function script(log: string, answers: readonly Answer[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const rules = answers.map(({ to, stdout = '', stderr = '', code = 0, environment, milliseconds }) =>
    [
      `pattern=${quoted(to)}`,
      'if [[ $args =~ $pattern ]]; then',
      ...(milliseconds === undefined ? [] : [`  exec /bin/sleep ${milliseconds / 1000}`]),
      ...(environment === undefined ? [] : [`  printf %s "$${environment}"`]),
      `  printf %s ${quoted(stdout)}`,
      `  printf %s ${quoted(stderr)} >&2`,
      `  exit ${code}`,
      'fi',
    ].join('\n'),
  );
  return ['#!/bin/bash', 'args="$*"', `printf '%s\\n' "\${args//$'\\n'/ }" >> ${quoted(log)}`, ...rules, 'exit 0', ''].join('\n');
}

/** Puts programs of these names on a PATH of their own. */
export function standInEngine(answers: readonly Answer[], names: readonly string[] = ['docker']): StandIn {
  const directory = mkdtempSync(join(tmpdir(), 'stand-in-engine-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const log = join(directory, 'calls.log');
  for (const name of names) {
    const program = join(directory, name);
    writeFileSync(program, script(log, answers));
    chmodSync(program, 0o755);
  }
  return {
    env: { PATH: directory },
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []),
  };
}

/** What a Docker of that version answers to who asks for it. */
export const dockerAnswers = (client = '20.10.24', server = client): Answer[] => [
  { to: '^--version$', stdout: `Docker version ${client}, build 297e128\n` },
  { to: '^version --format', stdout: `${server} linux\n` },
];
