// Room: test/dockerfile/. Scripts: the flat list, what makes a script opaque, heredocs, places.
import { expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { parseShell } from '../../src/dockerfile/shell.ts';
import type { Script } from '../../src/dockerfile/types.ts';

function scriptsOf(source: string): Script[] {
  const result = parseDockerfile(source);
  if (!result.ok) throw new Error(result.error.message);
  return result.dockerfile.instructions.flatMap((instruction) =>
    instruction.keyword === 'RUN' && instruction.script ? [instruction.script] : [],
  );
}
const scriptOf = (source: string): Script => scriptsOf(source)[0] as Script;
const raws = (script: Script): string[] => script.commands.map((command) => command.words.map((word) => word.raw).join(' '));
const seen = (script: Script): string[] => script.seen.map((command) => command.words.map((word) => word.raw).join(' '));

test('a list of simple commands is flat, with the operators between', () => {
  const script = parseShell('set -e; a && b || c\nd & ! e | f');
  expect(script.opaque).toBeUndefined();
  expect(
    script.commands.map((command) => [command.before?.operator, command.words.map((word) => word.value).join(' '), command.negated]),
  ).toEqual([
    [undefined, 'set -e', false],
    [';', 'a', false],
    ['&&', 'b', false],
    ['||', 'c', false],
    ['\n', 'd', false],
    ['&', 'e', true],
    ['|', 'f', true],
  ]);
});

test.each([
  ['a && x', ''],
  ['a && x || true', 'a, x'],
  ['x || exit 1', ''],
  ['x || { echo no; exit 1; }', ''],
  ['x || exit 0', 'x'],
  ['test -f f || x', 'test, x'],
  ['if a; then x; fi; b', 'a, x'],
  ['case $A in b) c=1;; esac; x', ''],
  ['for a in b c; do x; done', 'x'],
  ['(a && x) || true', 'a, x'],
  ["sh -c 'x' || true", 'sh, x'],
  ['a; x; true', 'a, x'],
  ['a; x', ''],
  ['set -eux; x; true', ''],
])('%s may end well without: %s', (text, without) => {
  const optional = parseShell(text).seen.filter((command) => command.optional);
  const names = optional.map((command) => command.words[0]?.raw ?? '');
  expect(names.filter((name) => !['', 'true', 'exit', 'echo'].includes(name)).join(', ')).toBe(without);
});

test('every word of a long RUN is where it says, comments and continuations aside', () => {
  for (const eol of ['\n', '\r\n']) {
    const source = [
      'FROM a',
      'RUN apt-get update && \\',
      '    # why',
      '    apt-get install -y \\',
      '',
      '      curl \\',
      '      "g it" \\',
      ' && rm -rf /x/*',
      '',
    ].join(eol);
    const script = scriptOf(source);
    expect(raws(script)).toEqual(['apt-get update', 'apt-get install -y curl "g it"', 'rm -rf /x/*']);
    for (const command of script.commands) {
      for (const word of command.words) expect(source.slice(word.start, word.end)).toBe(word.raw);
      if (command.before) expect(source.slice(command.before.start, command.before.end)).toBe('&&');
    }
    expect(source.slice(script.span.start, script.span.end)).toBe(source.slice(source.indexOf('apt-get'), source.lastIndexOf(eol)));
  }
});

test.each([
  ['a', 'a'],
  ['"a b"', 'a b'],
  ["'a $b'", 'a $b'],
  ['a\\ b', 'a b'],
  ['"a\\"b"', 'a"b'],
  ['{}', '{}'],
  ['a~b', 'a~b'],
  ['x=y', 'x=y'],
  ['\\;', ';'],
  ['$a', undefined],
  ['"x${a:-1}"', undefined],
  ['$(a)', undefined],
  ['`a`', undefined],
  ['$((1))', undefined],
  ['*.js', undefined],
  ['[ab]', undefined],
  ['~/x', undefined],
  ['{a,b}', undefined],
])('the value of %s', (word, value) => {
  expect(parseShell(`x ${word}`).commands[0]?.words[1]?.value).toBe(value);
});

test.each([
  ['(a)', 'subshell'],
  ['{ a; }', 'command group'],
  ['if a; then b; fi', 'if'],
  ['for x in a; do b; done', 'for loop'],
  ['while a; do b; done', 'while loop'],
  ['case a in b) c;; esac', 'case'],
  ['f() { a; }', 'function definition'],
  ['a; eval "b"', 'eval'],
  ['$a b', 'the command $a is not literal'],
  ['a && $(b) c', 'the command $(b) is not literal'],
  ['[[ a ]]', '[[ … ]]'],
  ['sh <<X\na\nX', 'sh reads its script from a heredoc'],
])('%s is opaque', (text, reason) => {
  expect([parseShell(text).opaque, parseShell(text).commands]).toEqual([reason, []]);
});

test('a broken script is opaque, also when the fault is inside a substitution', () => {
  for (const text of ['a "b', 'a &&', 'echo $(if x)', 'a )']) expect(parseShell(text).opaque).toMatch(/^shell syntax: /);
});

test('a substitution in an argument leaves the list flat', () => {
  expect(parseShell('a $(b c) && d').opaque).toBeUndefined();
  expect(seen(parseShell('a $(b c) && d'))).toEqual(['a $(b c)', 'b c', 'd']);
});

test('every simple command is seen, at any depth, also in the text of sh -c', () => {
  expect(seen(parseShell("if a; then (b | c); fi; d <(e) `f`; sh -c 'g && h'; bash <<X\ni\nX"))).toEqual([
    'a',
    'b',
    'c',
    'd <(e) `f`',
    'e',
    'f',
    "sh -c 'g && h'",
    'g',
    'h',
    'bash',
    'i',
  ]);
});

test('assignments, redirections, variables', () => {
  const [command] = parseShell('A=1 B="$C" go build -o "$OUT/x" 2>&1 >/dev/null <in').commands;
  expect(command?.assignments.map((assignment) => [assignment.name, assignment.value])).toEqual([
    ['A', '1'],
    ['B', undefined],
  ]);
  expect(command?.words[3]?.variables).toEqual(['OUT']);
  expect(command?.redirects.map((redirect) => [redirect.fd, redirect.operator, redirect.target?.value])).toEqual([
    [2, '>&', '1'],
    [undefined, '>', '/dev/null'],
    [undefined, '<', 'in'],
  ]);
});

test('the body of RUN <<EOF is the script; tabs of <<- and carriage returns are not', () => {
  const script = scriptOf('FROM a\nRUN <<EOF\nset -e\napk add \\\n  curl\nEOF\n');
  expect([script.heredoc, script.opaque, raws(script)]).toEqual([true, undefined, ['set -e', 'apk add curl']]);
  const source = 'FROM a\r\nRUN <<-EOF\r\n\ta b\r\n\t\tc "d"\r\n\tEOF\r\n';
  const tabs = scriptOf(source);
  expect(tabs.text).toBe('a b\nc "d"\n');
  for (const command of tabs.commands) for (const word of command.words) expect(source.slice(word.start, word.end)).toBe(word.raw);
});

test('a heredoc body runs under its interpreter', () => {
  expect(scriptOf('FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF\n').opaque).toBe('runs under /usr/bin/env python3');
  expect(scriptOf('FROM a\nRUN <<EOF\n#!/bin/bash -e\na\nEOF\n').opaque).toBeUndefined();
  expect(scriptOf('FROM a\nSHELL ["pwsh"]\nRUN <<EOF\n#!/usr/bin/env bash\na\nEOF\n').opaque).toBeUndefined();
});

test('a command that reads a heredoc keeps it', () => {
  const source = 'FROM a\nRUN cat <<A > /a && \\\n  cat <<-"B" > /b\none\nA\n\ttwo\n\tB\nRUN x\n';
  const [script] = scriptsOf(source) as [Script];
  expect([script.opaque, raws(script)]).toEqual([undefined, ['cat', 'cat']]);
  expect(
    script.commands.map((command) => command.redirects.map((redirect) => [redirect.operator, redirect.body, redirect.target?.raw])),
  ).toEqual([
    [
      ['<<', 'one\n', undefined],
      ['>', undefined, '/a'],
    ],
    [
      ['<<-', '\ttwo\n', undefined],
      ['>', undefined, '/b'],
    ],
  ]);
});

test('no POSIX shell: opaque', () => {
  for (const head of [
    '# escape=`\nFROM a\n',
    'FROM a\nSHELL ["powershell", "-Command"]\n',
    'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\n',
    'FROM a AS b\nSHELL ["cmd"]\nFROM b\n',
  ]) {
    expect(scriptsOf(`${head}RUN a\n`).map((script) => script.opaque)).toEqual(['not a POSIX shell']);
  }
  expect(scriptOf('FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a\n').opaque).toBeUndefined();
});

test('places come out as the caller maps them', () => {
  expect(parseShell('a b', (index) => index + 100).commands[0]?.words.map((word) => [word.start, word.end])).toEqual([
    [100, 101],
    [102, 103],
  ]);
});

test('the lists of loops are told, continued lines and all; comments and texts are none', () => {
  const loops = (text: string): string[] | undefined => parseShell(text).loops?.map(({ raw }) => raw);
  expect(loops('if a; then for f in seed/*.csv \\\n  "b c"; do for g in $f; do d; done; done; fi')).toEqual(['seed/*.csv', '"b c"', '$f']);
  expect(loops('# for f in a; do\necho "for f in b; do"\nfor f; do c; done')).toBeUndefined();
});
