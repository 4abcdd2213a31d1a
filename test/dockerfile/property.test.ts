// Room: test/dockerfile/. What holds for every text: no throw, places that are true, nothing lost between instructions.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { parseShell } from '../../src/dockerfile/shell.ts';
import { stateAtEnd } from '../../src/dockerfile/state.ts';
import type { Dockerfile, Instruction, Script, Span } from '../../src/dockerfile/types.ts';

const keywords = [
  'FROM a',
  'FROM a:1 AS b',
  'RUN ',
  'COPY ',
  'ENV ',
  'ARG ',
  'LABEL ',
  'CMD ',
  'ENTRYPOINT ',
  'HEALTHCHECK CMD ',
  'ONBUILD RUN ',
  'SHELL ',
  'USER ',
  'WORKDIR ',
  'EXPOSE ',
  'VOLUME ',
];
const pieces = [
  '\n',
  '\n',
  '\n',
  '\r\n',
  ' \\\n',
  '\\\n',
  '\\\r\n',
  '# c\n',
  ' # c \\\n',
  ' ',
  '\t',
  '"a b"',
  "'c d'",
  '\\"',
  '$A',
  '${A:-b}',
  '["a", "b c"]',
  '=',
  'A=b',
  '--from=b ',
  '--mount=type=cache,target=/x ',
  '<<EOF',
  '<<-EOF',
  'EOF\n',
  '\tEOF\n',
  'a',
  '/b',
  ' && ',
  ' | ',
  '; ',
  '$(c d)',
  '`e \\`f\\``',
  '(',
  ')',
  ' > /g',
  "sh -c 'h i'",
  'if a; then b; fi',
  'é',
  '😀',
  '\u00a0',
];
const line = fc
  .tuple(fc.constantFrom(...keywords), fc.array(fc.constantFrom(...pieces), { maxLength: 8 }))
  .map(([keyword, rest]) => `${keyword}${rest.join('')}`);
const files = fc
  .tuple(fc.constantFrom('', '\uFEFF', '# escape=`\n', '# syntax=x\r\n'), fc.array(line, { maxLength: 5 }), fc.constantFrom('\n', '\r\n'))
  .map(([head, lines, eol]) => `${head}FROM a${eol}${lines.join(eol)}`);

const withModel =
  (check: (dockerfile: Dockerfile, source: string) => void) =>
  (source: string): void => {
    const result = parseDockerfile(source);
    if (result.ok) check(result.dockerfile, source);
  };
const scriptOf = (instruction: Instruction): Script | undefined => ('script' in instruction ? instruction.script : undefined);

/** Every place with the text that should stand there. */
function places(dockerfile: Dockerfile): (Span & { raw: string })[] {
  return dockerfile.instructions.flatMap((instruction) => [
    { ...instruction.keywordSpan, raw: instruction.keywordRaw },
    ...instruction.flags,
    ...(instruction.json ?? []),
    ...('pairs' in instruction ? instruction.pairs : []),
    ...('words' in instruction ? instruction.words : []),
    ...('sources' in instruction ? [...instruction.sources, ...(instruction.dest ? [instruction.dest] : [])] : []),
    ...(instruction.keyword === 'FROM'
      ? [{ ...instruction.image.span, raw: instruction.image.raw }, ...(instruction.alias ? [instruction.alias] : [])]
      : []),
    ...(scriptOf(instruction)?.seen.flatMap((command) => (command.decoded ? [] : command.words)) ?? []),
    ...(scriptOf(instruction)?.commands.flatMap((command) =>
      command.before ? [{ ...command.before, raw: command.before.operator }] : [],
    ) ?? []),
  ]);
}

test('a place without a continuation inside holds exactly its text', () => {
  fc.assert(
    fc.property(
      files,
      withModel((dockerfile, source) => {
        for (const place of places(dockerfile)) {
          const text = source.slice(place.start, place.end);
          if (!text.includes('\n')) expect(text).toBe(place.raw);
        }
      }),
    ),
    { numRuns: 500 },
  );
});

test('instructions follow each other, and their slices and the gaps make the source', () => {
  fc.assert(
    fc.property(
      files,
      withModel((dockerfile, source) => {
        let at = 0;
        let rebuilt = '';
        for (const instruction of dockerfile.instructions) {
          expect(instruction.leadStart).toBeGreaterThanOrEqual(at);
          expect([
            instruction.leadStart <= instruction.lineStart,
            instruction.lineStart <= instruction.start,
            instruction.start < instruction.end,
            instruction.end <= instruction.lineEnd,
          ]).toEqual([true, true, true, true]);
          expect(instruction.bodyStart >= instruction.keywordSpan.end && instruction.bodyStart <= instruction.end).toBe(true);
          rebuilt += source.slice(at, instruction.lineStart) + source.slice(instruction.lineStart, instruction.lineEnd);
          at = instruction.lineEnd;
        }
        expect(rebuilt + source.slice(at)).toBe(source);
        const gaps = dockerfile.instructions.map((instruction, i) =>
          source.slice(dockerfile.instructions[i - 1]?.lineEnd ?? 0, instruction.lineStart),
        );
        for (const gap of gaps)
          expect(
            gap
              .replace(/^\uFEFF/, '')
              .split('\n')
              .every((each) => each.trim() === '' || each.trim().startsWith('#')),
          ).toBe(true);
      }),
    ),
    { numRuns: 500 },
  );
});

test('any text is parsed or refused, never thrown at', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    files,
    fc.string({ unit: 'binary' }).map((text) => `FROM a\nRUN ${text}`),
    fc.string().map((text) => `FROM a\nENV A=${text}`),
  );
  fc.assert(
    fc.property(texts, (source) => {
      const result = parseDockerfile(source);
      if (result.ok) for (const stage of result.dockerfile.stages) stateAtEnd(result.dockerfile, stage, { env: {} });
      else expect(result.error.line).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test('any text is a script or an opaque one', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join('')),
      ),
      (text) => {
        const script = parseShell(text);
        expect(script.opaque === undefined || script.commands.length === 0).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test('a CRLF twin says the same', () => {
  fc.assert(
    fc.property(files, (source) => {
      const unix = source.replaceAll('\r\n', '\n');
      const windows = parseDockerfile(unix.replaceAll('\n', '\r\n'));
      const plain = parseDockerfile(unix);
      const essence = (result: typeof plain): unknown =>
        result.ok
          ? result.dockerfile.instructions.map((instruction) => [
              instruction.args,
              scriptOf(instruction)?.opaque,
              scriptOf(instruction)?.seen.map((command) => command.words.map((word) => word.raw)),
            ])
          : result.error.line;
      expect(essence(windows)).toEqual(essence(plain));
    }),
    { numRuns: 500 },
  );
});
