// Tests of ecosystems/go and ecosystems/rust: the masked code has the length and the line breaks of the text, whatever the text is.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, evaluatePlusBuild, excludedByName } from '../../../src/ecosystems/go/constraint.ts';
import { lexGo } from '../../../src/ecosystems/go/lexer.ts';
import { readModFile } from '../../../src/ecosystems/go/modfile.ts';
import { lexRust } from '../../../src/ecosystems/rust/lexer.ts';

const source = fc
  .array(
    fc.constantFrom(
      '"',
      "'",
      '`',
      '\\',
      '//',
      '/*',
      '*/',
      '\n',
      'r',
      'b',
      '#',
      'a',
      ' ',
      '{',
      '}',
      ';',
      '#[cfg(test)]',
      'é',
      '\u{1F600}',
      '\r\n',
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));
const breaks = (text: string): number[] => [...text.matchAll(/\n/g)].map((m) => m.index);

describe('masked code', () => {
  test.each([
    ['Go', lexGo],
    ['Rust', lexRust],
  ] as const)('%s', (_, lex) =>
    fc.assert(
      fc.property(source, (text) => {
        const lexed = lex(text);
        expect(lexed.code.length).toBe(text.length);
        expect(breaks(lexed.code)).toEqual(breaks(text));
        for (const { start, end } of lexed.strings.values()) expect(start).toBeLessThan(end);
      }),
      { numRuns: 500 },
    ),
  );
  test('values of strings', () => {
    const values = (text: string): string[] => [...lexGo(text).strings.values()].map((s) => s.value);
    expect(values('"a\\"b\\x41\\u00e9\\n" `raw\\n` \'"\' // "no"')).toEqual(['a"bA\u00e9\n', 'raw\\n']);
    expect([...lexRust('r#"a"b"# b"c" "d\\"e" \'"\' \'x "f"').strings.values()].map((s) => s.value)).toEqual(['a"b', 'c', 'd"e', 'f']);
  });
});

describe('build constraints', () => {
  test.each([
    ['linux', true],
    ['!linux', false],
    ['windows || (unix && !darwin)', true],
    ['amd64', undefined],
    ['linux && arm64', undefined],
    ['windows && arm64', false],
    ['go1.21 && !ignore', true],
    ['sqlite', false],
    ['cgo', undefined],
    ['(linux', undefined],
    ['', undefined],
  ])('%s is %s', (expression, value) => expect(evaluate(expression, [])).toBe(value));
  test('tags', () => expect(evaluate('sqlite && !postgres', ['sqlite'])).toBe(true));
  test('the older lines', () => {
    expect(evaluatePlusBuild(['linux,!cgo darwin', '!appengine'], [])).toBe(undefined);
    expect(evaluatePlusBuild(['ignore'], [])).toBe(false);
    expect(evaluatePlusBuild(['linux darwin', 'amd64 linux'], [])).toBe(true);
  });
  test.each([
    ['x.go', false],
    ['x_linux.go', false],
    ['linux.go', false],
    ['windows.go', false],
    ['x_windows.go', true],
    ['x_linux_arm64.go', false],
    ['x_darwin_arm64.go', true],
    ['x_arm64.go', false],
    ['x_js_wasm.go', true],
    ['x_unix.go', false],
    ['x_test.go', true],
    ['_x.go', true],
    ['x_windows_amd.go', false],
  ])('%s left out: %s', (name, out) => expect(excludedByName(name)).toBe(out));
});

describe('go.mod', () => {
  test('its lines', () => {
    const mod = readModFile(
      '// Deprecated: x\nmodule "example.com/a" // why\r\n\ngo 1.21.3\ntoolchain go1.22.0\n\nrequire a/b v1.0.0 // indirect\nrequire (\n\tc/d v2.0.0\n\te/f v0.0.1 // indirect; see x\n)\nreplace (\n\tc/d v2.0.0 => ../d\n\te/f => g/h v1.0.0\n)\nexclude x v1\nretract [v1.0.0, v1.1.0]\n',
    );
    expect([mod.module, mod.go, mod.toolchain]).toEqual(['example.com/a', '1.21.3', 'go1.22.0']);
    expect(mod.requires).toEqual([
      { path: 'a/b', version: 'v1.0.0', indirect: true, line: 7 },
      { path: 'c/d', version: 'v2.0.0', indirect: false, line: 9 },
      { path: 'e/f', version: 'v0.0.1', indirect: true, line: 10 },
    ]);
    expect(mod.replaces).toEqual([
      { old: 'c/d', new: '../d', local: true, line: 13 },
      { old: 'e/f', new: 'g/h', local: false, line: 14 },
    ]);
  });
});
