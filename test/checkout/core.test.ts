// What a build reads from its context, as the edges ask for it.
import { expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';

it.each<[string, string[] | undefined]>([
  ['FROM a\nCOPY src/ package.json /x/\nADD https://x.example/y /y\nCOPY --from=b /z /z\n', ['src/', 'package.json']],
  ['FROM a\nRUN --mount=type=bind,src=go.mod,target=go.mod --mount=type=cache,target=/c go build\n', ['go.mod']],
  ['FROM a\nRUN --mount=target=. make\n', ['.']],
  ['FROM a AS b\nFROM a\nRUN --mount=type=bind,from=b,source=/x,target=/x make\n', []],
  ['FROM a\nCOPY <<EOF 3<<-"END" notes.txt /etc/\nx\nEOF\n\ty\nEND\n', ['notes.txt']],
  ['ARG APP\nFROM a\nARG APP\nCOPY apps/$APP /app\n', undefined],
  ['no Dockerfile', undefined],
])('%j', (source, expected) => expect(core.contextReads(source)).toEqual(expected));
