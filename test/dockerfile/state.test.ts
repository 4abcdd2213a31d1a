// Room: test/dockerfile/. ENV, ARG, WORKDIR, USER, SHELL in force; words with variables.
import { expect, test } from 'vitest';
import { expandWord, unquote, variablesOf } from '../../src/dockerfile/expand.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { lookupIn, stateAtEnd, stateBefore } from '../../src/dockerfile/state.ts';
import type { BaseState, Dockerfile, Known, State } from '../../src/dockerfile/types.ts';

function parsed(source: string): Dockerfile {
  const result = parseDockerfile(source);
  if (!result.ok) throw new Error(result.error.message);
  return result.dockerfile;
}
function atEnd(source: string, base: BaseState = { env: {}, workdir: '', user: '' }): State {
  const dockerfile = parsed(source);
  const last = dockerfile.stages[dockerfile.stages.length - 1];
  if (!last) throw new Error('no stage');
  return stateAtEnd(dockerfile, last, base);
}
const value = (known: Known | undefined): string | undefined => (known && 'value' in known ? known.value : undefined);

test('ENV: one instruction sees the variables as they were before it', () => {
  const state = atEnd('FROM a\nENV A=1\nENV A=2 B=$A C="x ${A}" D=\'$A\'\n');
  expect(['A', 'B', 'C', 'D'].map((name) => value(state.env.get(name)))).toEqual(['2', '1', 'x 1', '$A']);
});

test('ARG: default, global default, none; the later of ENV and ARG wins', () => {
  const state = atEnd('ARG V=3\nARG W\nFROM a\nARG V\nARG W\nARG X=${V}.1 Y=$X\nENV E=$V\nARG E=4\nENV V=5\n');
  expect(['X', 'Y'].map((name) => value(state.args.get(name)))).toEqual(['3.1', '3.1']);
  expect(state.args.get('W')).toEqual({ unknown: 'ARG W has no default' });
  expect(['E', 'V'].map((name) => value(lookupIn(state)(name)))).toEqual(['4', '5']);
});

test('an ARG above FROM is not in force in a stage that does not declare it', () => {
  expect(atEnd('ARG V=3\nFROM a\n').args.get('V')).toBeUndefined();
});

test('WORKDIR: relative to the one before, cleaned', () => {
  expect(value(atEnd('FROM a\nWORKDIR app\nWORKDIR src/../lib/\n').workdir)).toBe('/app/lib');
  expect(value(atEnd('FROM a\nENV D=/x\nWORKDIR ${D}//y/.\n').workdir)).toBe('/x/y');
  expect(atEnd('FROM a\nWORKDIR b\n', {}).workdir).toEqual({ unknown: 'WORKDIR of a is not known' });
  expect(value(atEnd('FROM a\nWORKDIR /b\n', {}).workdir)).toBe('/b');
});

test('what the base image does not say is unknown; scratch says it all', () => {
  const state = atEnd('FROM a\nENV B=$C\n', {});
  expect([state.env.get('B'), state.user]).toEqual([{ unknown: 'ENV of a is not known' }, { unknown: 'USER of a is not known' }]);
  const scratch = atEnd('FROM scratch\nENV B=$C\n', {});
  expect([value(scratch.env.get('B')), value(scratch.workdir), value(scratch.user), scratch.shell]).toEqual([
    '',
    '/',
    'root',
    ['/bin/sh', '-c'],
  ]);
});

test('a stage starts with the end of the stage that it is built from', () => {
  const source = 'FROM a AS one\nARG X=1\nENV A=b\nWORKDIR /w\nUSER u\nSHELL ["/bin/bash", "-c"]\nFROM ONE\nENV A=c C=$A$X\n';
  const state = atEnd(source);
  expect([value(state.env.get('A')), value(state.env.get('C')), value(state.workdir), value(state.user), state.shell]).toEqual([
    'c',
    'b1',
    '/w',
    'u',
    ['/bin/bash', '-c'],
  ]);
  const dockerfile = parsed(source);
  const [one] = dockerfile.stages;
  if (!one) throw new Error('no stage');
  expect(value(stateAtEnd(dockerfile, one, { env: {} }).env.get('A'))).toBe('b');
});

test('the state before an instruction does not hold its own effect', () => {
  const dockerfile = parsed('FROM a\nENV A=1\nUSER x\nENV A=2\n');
  const [stage] = dockerfile.stages;
  if (!stage) throw new Error('no stage');
  const base = { env: {}, user: '', workdir: '' };
  const states = stage.instructions.map((instruction) => stateBefore(dockerfile, stage, instruction, base));
  expect(states.map((state) => [value(state.env.get('A')), value(state.user), [...state.env.keys()]])).toEqual([
    [undefined, 'root', ['PATH']],
    ['1', 'root', ['PATH', 'A']],
    ['1', 'x', ['PATH', 'A']],
  ]);
});

const variables = new Map<string, Known>([['X', { value: 'x' }], ['E', { value: '' }], ['U', { unknown: 'why' }]]); // prettier-ignore
test.each([
  ['$X-${X}', 'x-x'],
  ['$N', ''],
  ['$X$', 'x$'],
  ["'$X'", '$X'],
  ['"$X"', 'x'],
  ['\\$X', '$X'],
  ['"\\$X\\a"', '$X\\a'],
  ['${N:-d}', 'd'],
  ['${E:-d}', 'd'],
  ['${E-d}', ''],
  ['${X:-d}', 'x'],
  ['${X:+d}', 'd'],
  ['${E:+d}', ''],
  ['${E+d}', 'd'],
  ['${N:-${X}/y}', 'x/y'],
  ['${X:?no}', 'x'],
  ['${N#a}', ''],
  ['a b', 'a b'],
])('%s expands to %j', (text, expected) => {
  expect(expandWord(text, (name) => variables.get(name), '\\')).toEqual({ value: expected });
});

test.each([
  ['$U', 'why'],
  ['${U:-d}', 'why'],
  ['${X#x}', 'a pattern is applied to X'],
  ['${X/x/y}', 'a pattern is applied to X'],
  ['${N:?none}', 'N: none'],
  ['${X', 'unsupported modifier () in substitution'],
  ['"a', 'unexpected end of statement while looking for matching double-quote'],
])('%s is not known', (text, unknown) => {
  expect(expandWord(text, (name) => variables.get(name), '\\')).toEqual({ unknown });
});

test('the other escape character', () => {
  expect(expandWord('c:\\a`$X', (name) => variables.get(name), '`')).toEqual({ value: 'c:\\a$X' });
});

test('words without their quotes, and the names they use', () => {
  expect(['a', '"a b"', "'a'b", '$X"y"', 'a\\ b', '"open'].map((word) => unquote(word, '\\'))).toEqual([
    'a',
    'a b',
    'ab',
    '$Xy',
    'a b',
    '"open',
  ]);
  expect(variablesOf("$A/${B:-$C}'$D'", '\\')).toEqual(['A', 'B', 'C']);
});
