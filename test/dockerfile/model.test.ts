// Room: test/dockerfile/. Places and typed instructions: what the other rooms build on.
import { expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import type { Dockerfile, Instruction, Span } from '../../src/dockerfile/types.ts';

function parsed(source: string): Dockerfile {
  const result = parseDockerfile(source);
  if (!result.ok) throw new Error(result.error.message);
  return result.dockerfile;
}
const at = (source: string, span: Span): string => source.slice(span.start, span.end);
function only<K extends Instruction['keyword']>(source: string, keyword: K): Instruction & { keyword: K } {
  const found = parsed(source).instructions.find(
    (instruction): instruction is Instruction & { keyword: K } => instruction.keyword === keyword,
  );
  if (!found) throw new Error(`no ${keyword}`);
  return found;
}
const refused = (source: string): unknown => {
  const result = parseDockerfile(source);
  return result.ok ? 'taken' : [result.error.message, result.error.line, result.error.column];
};

test('an instruction knows its own text, its lines, and the comments glued to it', () => {
  const source = '# syntax=docker/dockerfile:1\n# above\nFROM a\n\n# not glued\n\n# one\n  # two\n  RUN b \\\n  # in\n  c  \n\nCMD d\n';
  const [from, run, cmd] = parsed(source).instructions as [Instruction, Instruction, Instruction];
  expect(source.slice(from.leadStart, from.end)).toBe('# above\nFROM a');
  expect(at(source, run)).toBe('RUN b \\\n  # in\n  c');
  expect(source.slice(run.lineStart, run.lineEnd)).toBe('  RUN b \\\n  # in\n  c  \n');
  expect(source.slice(run.leadStart, run.lineStart)).toBe('# one\n  # two\n');
  expect([run.line, run.endLine, run.bodyStart]).toEqual([9, 11, source.indexOf('b \\')]);
  expect(cmd.leadStart).toBe(cmd.lineStart);
});

test('a byte order mark and CRLF leave all places true', () => {
  const source = '\uFEFF# syntax=x\r\nFROM a\r\nENV A="b c" \\\r\n    D=e\r\n';
  const dockerfile = parsed(source);
  const env = only(source, 'ENV');
  expect([dockerfile.bom, dockerfile.eol]).toEqual([true, '\r\n']);
  expect(dockerfile.directives.map((directive) => at(source, directive))).toEqual(['# syntax=x']);
  expect(env.pairs.map((pair) => [at(source, pair), pair.name, pair.value])).toEqual([
    ['A="b c"', 'A', 'b c'],
    ['D=e', 'D', 'e'],
  ]);
});

test('FROM: image with ARGs resolved, platform, stage name', () => {
  const source = 'ARG V=20 W\nARG TAG=${V}-slim\nFROM --platform=$BUILDPLATFORM node:${TAG} AS Build\nFROM Build\nFROM x:$W\n';
  const images = parsed(source).stages.map((stage) => [
    stage.from.image.raw,
    stage.from.image.resolved,
    stage.from.image.tag,
    stage.from.image.variables,
    stage.name,
  ]);
  expect(images).toEqual([
    ['node:${TAG}', 'node:20-slim', '20-slim', ['TAG'], 'build'],
    ['Build', 'Build', undefined, [], undefined],
    ['x:$W', undefined, undefined, ['W'], undefined],
  ]);
  const from = only(source, 'FROM');
  expect([at(source, from.image.span), from.platform, from.alias && at(source, from.alias)]).toEqual([
    'node:${TAG}',
    '$BUILDPLATFORM',
    'Build',
  ]);
});

test.each([
  ['node', '', 'node', undefined, undefined],
  ['library/node:20', '', 'node', '20', undefined],
  ['docker.io/library/node:20', '', 'node', '20', undefined],
  ['bitnami/node', '', 'bitnami/node', undefined, undefined],
  ['my.name/a.b', 'my.name', 'a.b', undefined, undefined],
  ['bitnami/node.js:1', '', 'bitnami/node.js', '1', undefined],
  ['localhost:5000/a:1', 'localhost:5000', 'a', '1', undefined],
  ['localhost:5000/a', 'localhost:5000', 'a', undefined, undefined],
  ['gcr.io/distroless/static-debian12:nonroot', 'gcr.io', 'distroless/static-debian12', 'nonroot', undefined],
  ['r.io:1/a/b:2@sha256:0f', 'r.io:1', 'a/b', '2', 'sha256:0f'],
  ['node@sha256:0f', '', 'node', undefined, 'sha256:0f'],
  ['scratch', '', 'scratch', undefined, undefined],
])('image reference %s', (reference, registry, repository, tag, digest) => {
  expect(only(`FROM ${reference}\n`, 'FROM').image).toMatchObject({ registry, repository, tag, digest });
});

test('COPY: sources, destination, flags; the exec form too', () => {
  const source = 'FROM a\nCOPY --from=b --chown=1:1 --link \\\n  "x" y \\\n  /z/\nADD ["p q", "/r"]\n';
  const copy = only(source, 'COPY');
  expect([copy.sources.map((arg) => [at(source, arg), arg.value]), copy.dest?.value, copy.from, copy.chown, copy.link]).toEqual([
    [
      ['"x"', 'x'],
      ['y', 'y'],
    ],
    '/z/',
    'b',
    '1:1',
    true,
  ]);
  expect(copy.flags.map((flag) => at(source, flag))).toEqual(['--from=b', '--chown=1:1', '--link']);
  const add = only(source, 'ADD');
  expect([add.sources.map((arg) => [at(source, arg), arg.value]), add.dest?.value]).toEqual([[['"p q"', 'p q']], '/r']);
});

test('RUN: mounts and the shell text', () => {
  const source = 'FROM a\nRUN --mount=type=cache,dst=/root/.npm,id=n --mount=target=/s,from=b npm ci\n';
  const run = only(source, 'RUN');
  expect(run.mounts.map((mount) => [mount.type, mount.target, mount.id, mount.from])).toEqual([
    ['cache', '/root/.npm', 'n', undefined],
    ['bind', '/s', undefined, 'b'],
  ]);
  expect(run.script && [at(source, run.script.span), run.script.text]).toEqual(['npm ci', 'npm ci']);
});

test('CMD, ENTRYPOINT, HEALTHCHECK: exec and shell form', () => {
  expect(only('FROM a\nCMD ["a", "b c"]\n', 'CMD')).toMatchObject({ form: 'exec', script: undefined, args: ['a', 'b c'] });
  expect(
    only('FROM a\nENTRYPOINT exec a && b\n', 'ENTRYPOINT').script?.commands.map((command) => command.words.map((word) => word.value)),
  ).toEqual([['exec', 'a'], ['b']]);
  const source = 'FROM a\nHEALTHCHECK --timeout=3s CMD wget x || exit 1\n';
  const health = only(source, 'HEALTHCHECK');
  expect([health.none, health.form, health.script?.commands.map((command) => at(source, command))]).toEqual([
    false,
    'shell',
    ['wget x', 'exit 1'],
  ]);
  expect(only('FROM a\nHEALTHCHECK NONE\n', 'HEALTHCHECK')).toMatchObject({ none: true, form: undefined });
});

test('ONBUILD names its inner instruction', () => {
  expect(only('FROM a\nONBUILD copy --from=x a b\n', 'ONBUILD')).toMatchObject({
    inner: 'COPY',
    trigger: { args: ['a', 'b'], json: false },
  });
});

test.each([
  ['', 'file with no instructions', 1, 1],
  ['RUN a\n', 'no build stage in current context: RUN stands before the first FROM', 1, 1],
  ['ARG A\n', 'dockerfile contains no stages to build: there is no FROM', 1, 1],
  ['FROM a\n\n  FOO b\n', 'unknown instruction: FOO', 3, 3],
  ['FROM a\nRUN <<EOF\n', 'unterminated heredoc EOF', 2, 1],
  ['FROM a\n# x\nCOPY a\n', 'COPY requires at least two arguments, but only one was provided. Destination could not be determined', 3, 1],
  [`FROM a\nRUN echo ${'a'.repeat(65536)}\n`, 'dockerfile line greater than max allowed size of 65535', 2, 1],
])('refuses %j', (source, message, line, column) => {
  expect(refused(source)).toEqual([message, line, column]);
});

test('a line of 65535 bytes is taken (BuildKit reads lines into 64 KiB)', () => {
  expect(refused(`FROM a\nRUN ${'a'.repeat(65531)}\n`)).toBe('taken');
});

test('deep and long input is answered in time, without throwing', () => {
  const bodies = [
    '('.repeat(30_000),
    '$('.repeat(9000),
    `${'$('.repeat(9000)}a${')'.repeat(9000)}`,
    '`'.repeat(30_000),
    `echo ${'${a:-'.repeat(9000)}`,
    `a <<${' '.repeat(60_000)}<`,
    '"$('.repeat(9000),
    'if a; then '.repeat(5000),
    'f() { '.repeat(8000),
  ];
  for (const body of bodies) expect(typeof parseDockerfile(`FROM a\nRUN ${body}\n`).ok).toBe('boolean');
  for (const line of [
    `ENV A=${'${a:-'.repeat(9000)}`,
    `CMD ${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    'ONBUILD '.repeat(8000),
    `FROM ${'${a}'.repeat(15_000)}`,
  ])
    expect(typeof parseDockerfile(`FROM a\n${line}\n`).ok).toBe('boolean');
});
