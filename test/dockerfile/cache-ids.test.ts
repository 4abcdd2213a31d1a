// The ids of cache mounts, and what else a build is told of a text: nothing but the ids is added.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withCacheIds } from '../../src/dockerfile/cache-ids.ts';
import { externalImages } from '../../src/dockerfile/external-images.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { settingsOf } from '../../src/dockerfile/settings.ts';
import type { Dockerfile } from '../../src/dockerfile/types.ts';

const parsed = (source: string): Dockerfile => {
  const result = parseDockerfile(source);
  if (!result.ok) throw new Error(result.error.message);
  return result.dockerfile;
};
const cacheIds = (source: string): (string | undefined)[] =>
  parsed(source).instructions.flatMap((one) =>
    one.keyword === 'RUN' ? one.mounts.filter((m) => m.type === 'cache').map((m) => m.id) : [],
  );

describe('ids of cache mounts', () => {
  it.each([
    ['RUN --mount=type=cache,target=/root/.npm npm ci', 'RUN --mount=type=cache,target=/root/.npm,id=/root/.npm-s1 npm ci'],
    ['RUN --mount=type=cache,id=npm,target=/root/.npm npm ci', 'RUN --mount=type=cache,id=npm,target=/root/.npm,id=npm-s1 npm ci'],
    ['RUN --mount=target=/a/,type=CACHE x', 'RUN --mount=target=/a/,type=CACHE,id=/a-s1 x'],
    ['RUN --mount="type=cache,target=/a b" x', 'RUN --mount="type=cache,target=/a b",id=/a=20=b-s1 x'],
    ['RUN --mount=type=cache,\\\ntarget=/a \\\n x', 'RUN --mount=type=cache,\\\ntarget=/a,id=/a-s1 \\\n x'],
    ['RUN --mount=type=cache,target=${DIR} x', 'RUN --mount=type=cache,target=${DIR},id=${DIR}-s1 x'],
    [
      'RUN --mount=type=cache,target=/a --mount=type=cache,dst=/b x',
      'RUN --mount=type=cache,target=/a,id=/a-s1 --mount=type=cache,dst=/b,id=/b-s1 x',
    ],
    ['RUN --mount=type=bind,target=/a x', 'RUN --mount=type=bind,target=/a x'],
    ['RUN echo --mount=type=cache,target=/a', 'RUN echo --mount=type=cache,target=/a'],
    ['RUN <<EOF\nRUN --mount=type=cache,target=/a x\nEOF', 'RUN <<EOF\nRUN --mount=type=cache,target=/a x\nEOF'],
    ['# RUN --mount=type=cache,target=/a x', '# RUN --mount=type=cache,target=/a x'],
  ])('%j', (before, after) => {
    expect(withCacheIds(`FROM a\n${before}\n`, 's1')).toBe(`FROM a\n${after}\n`);
  });

  it.each([
    ['--mount=type=cache,target=/root/.npm', '--mount=type=cache,target=/root/.npm,id=/root/.npm-s1,target=/root/.npm/.s1/..'],
    ['--mount=type=cache,target=npm', '--mount=type=cache,target=npm,id=npm-s1'],
    ['--mount=type=cache,target=/etc', '--mount=type=cache,target=/etc,id=/etc-s1'],
    ['--mount=type=cache,target=/a --mount=type=bind,target=/a/b', '--mount=type=cache,target=/a,id=/a-s1 --mount=type=bind,target=/a/b'],
  ])('marks the target as well: %s', (before, after) => {
    expect(withCacheIds(`FROM a\nRUN ${before} x\n`, 's1', 'id-and-target')).toBe(`FROM a\nRUN ${after} x\n`);
  });

  it('keeps CRLF and the byte order mark', () => {
    expect(withCacheIds('\ufeffFROM a\r\nRUN --mount=type=cache,target=/a x\r\n', 's')).toBe(
      '\ufeffFROM a\r\nRUN --mount=type=cache,target=/a,id=/a-s x\r\n',
    );
  });

  it('leaves what is no Dockerfile', () => {
    expect(withCacheIds('RUN --mount=type=cache,target=/a x', 's')).toBe('RUN --mount=type=cache,target=/a x');
  });

  it('shares a cache where it was shared, and only there', () => {
    const [one, other, third, fourth] = cacheIds(
      withCacheIds(
        'FROM a\nRUN --mount=type=cache,target=/a x\nRUN --mount=type=cache,target=/a/ y\nRUN --mount=type=cache,id=/b,target=/a y\nRUN --mount=type=cache,target=/b z',
        's',
      ),
    );
    expect(other).toBe(one);
    expect(third).not.toBe(one);
    expect(fourth).toBe(third);
  });

  it('adds nothing but ids', () => {
    const mounts = fc.array(
      fc.record({
        type: fc.constantFrom('cache', 'bind', 'tmpfs'),
        target: fc.constantFrom('/a', '/root/.npm', '/x/./y//', '"/q r"', '$HOME/c', '/ä'),
        id: fc.option(fc.constantFrom('one', 'two-s', 'a.b')),
        quote: fc.constantFrom('', '"', "'"),
      }),
      { maxLength: 3 },
    );
    const instruction = fc.record({
      mounts,
      gap: fc.constantFrom(' ', ' \\\n  ', '\t'),
      body: fc.constantFrom('npm ci', '<<EOF\n--mount=type=cache\nEOF', '["a","--mount=type=cache,target=/z"]'),
    });
    fc.assert(
      fc.property(fc.array(instruction, { maxLength: 4 }), (instructions) => {
        const source = `FROM a\n${instructions
          .map(({ mounts: own, gap, body }) => {
            const flags = own.map(({ type, target, id, quote }) => {
              const clean = quote === '"' ? target.replaceAll('"', '') : target;
              return `${gap}--mount=${quote}type=${type},target=${quote === '' ? clean.replaceAll(/"| /g, '') : clean}${id === null ? '' : `,id=${id}`}${quote}`;
            });
            return `RUN${flags.join('')}${gap}${body}`;
          })
          .join('\n')}\n`;
        const result = parseDockerfile(source);
        fc.pre(result.ok);
        const text = withCacheIds(source, 'suffix9');
        expect(text.replaceAll(/,id=[^,\s]*-suffix9/g, '')).toBe(source);
        expect(cacheIds(text).every((id) => id?.endsWith('-suffix9'))).toBe(true);
        expect(cacheIds(text)).toHaveLength(cacheIds(source).length);
      }),
    );
  });
});

describe('images from outside', () => {
  const source = [
    '# syntax=docker/dockerfile:1',
    'ARG TAG=22',
    'ARG FULL=node:${TAG}',
    'FROM ${FULL} AS build',
    'COPY --from=busybox:1 /bin/busybox /b',
    'RUN --mount=type=bind,from=tools:2,target=/t true',
    'FROM build AS Next',
    'COPY --from=NEXT / /',
    'COPY --from=0 / /',
    'FROM scratch',
    'FROM $UNKNOWN',
    'FROM node:22',
  ].join('\n');
  it('are named once each', () => {
    expect(externalImages(parsed(source))).toEqual(['docker/dockerfile:1', 'node:22', 'busybox:1', 'tools:2']);
  });
  it('follow the build arguments', () => {
    expect(externalImages(parsed(source), new Map([['TAG', '24']]))).toEqual([
      'docker/dockerfile:1',
      'node:24',
      'busybox:1',
      'tools:2',
      'node:22',
    ]);
  });
});

describe('what a Dockerfile sets', () => {
  const source = [
    'FROM node:22 AS base',
    'ENV A=1 B="two words"',
    'EXPOSE 80',
    'FROM base AS build',
    'ENV NOT=here',
    'FROM base',
    'ENV A=$B PATH=/app/bin:$PATH',
    'ARG PORT=3000',
    'EXPOSE $PORT 8000-8010/udp',
    'VOLUME ["/data", "/b"]',
    'LABEL one=1 "two words"=2',
    'HEALTHCHECK CMD true',
  ].join('\n');
  it('is that of the last stage and those below it', () => {
    expect(settingsOf(parsed(source))).toEqual({
      base: 'node:22',
      keywords: ['ENV', 'EXPOSE', 'ARG', 'VOLUME', 'LABEL', 'HEALTHCHECK'],
      env: { A: '$B', B: 'two words', PATH: '/app/bin:$PATH' },
      labels: ['one', 'two words'],
      ports: ['80', '3000', '8000-8010/udp'],
      volumes: ['/data', '/b'],
    });
  });
  it('is that of the target', () => {
    expect(settingsOf(parsed(source), 'BUILD').env).toEqual({ A: '1', B: 'two words', NOT: 'here' });
    expect(settingsOf(parsed(source), '0').ports).toEqual(['80']);
    expect(settingsOf(parsed(source), 'none').base).toBeUndefined();
  });
});
