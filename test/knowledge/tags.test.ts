// Room: knowledge/. Tags: what they say, and the tags beside them.
import { describe, expect, it } from 'vitest';
import { distrolessNode } from '../../src/ecosystems/node/images.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { imagesOf } from '../../src/facts/project.ts';
import { alpineTag, defaultSuite, isWindows, pinSuite, runsOn, slimTag, tagFacts } from '../../src/knowledge/tags.ts';
import type { ImageRow } from '../../src/knowledge/types.ts';

/** The row of a repository; one without anything for what nobody knows. */
const row = (repository: string): ImageRow =>
  imagesOf(ecosystems).row(repository) ??
  ['gcr.io', 'mcr.microsoft.com'].flatMap((registry) => imagesOf(ecosystems).family({ registry, repository })?.row ?? [])[0] ?? {
    repository,
    source: 'nobody',
  };

describe('slimTag', () => {
  it.each([
    ['node', '22', '22-slim'],
    ['node', '22.3.0', '22.3.0-slim'],
    ['node', '22-bookworm', '22-bookworm-slim'],
    ['node', 'lts', 'lts-slim'],
    ['node', 'lts-jod', 'jod-slim'],
    ['node', 'latest', 'slim'],
    ['node', undefined, 'slim'],
    ['node', 'current', 'current-slim'],
    ['node', 'jod', 'jod-slim'],
    ['node', 'bookworm', 'bookworm-slim'],
    ['python', '3.12', '3.12-slim'],
    ['python', '3.12-bookworm', '3.12-slim-bookworm'],
    ['python', '3.14-rc', '3.14-rc-slim'],
    ['python', 'latest', 'slim'],
    ['python', undefined, 'slim'],
    ['python', 'bookworm', 'slim-bookworm'],
    ['ruby', '3.3-bookworm', '3.3-slim-bookworm'],
    ['rust', '1.80', '1.80-slim'],
    ['rust', '1-bookworm', '1-slim-bookworm'],
    ['debian', '12', '12-slim'],
    ['debian', '12.5', '12.5-slim'],
    ['debian', 'bookworm', 'bookworm-slim'],
    ['debian', 'bookworm-20240101', 'bookworm-20240101-slim'],
    ['debian', 'stable', 'stable-slim'],
    ['debian', 'testing', 'testing-slim'],
    ['oven/bun', '1', '1-slim'],
  ])('%s:%s becomes %s', (repository, tag, slim) => expect(slimTag(row(repository), tag)).toBe(slim));

  it.each([
    ['node', '22-slim', 'already-slim'],
    ['node', '22-bookworm-slim', 'already-slim'],
    ['node', '22-alpine', 'already-slim'],
    ['python', '3.12-slim-bookworm', 'already-slim'],
    ['python', '3.12-alpine3.20', 'already-slim'],
    ['scratch', undefined, 'already-slim'],
    ['distroless/static-debian12', 'nonroot', 'already-slim'],
    ['debian', 'latest', 'debian-latest'],
    ['debian', undefined, 'debian-latest'],
    ['debian', 'bookworm-backports', 'no-slim-variant'],
    ['golang', '1.23', 'no-slim-variant'],
    ['ubuntu', '24.04', 'no-slim-variant'],
    ['nginx', '1.27', 'no-slim-variant'],
    ['php', '8.3-fpm', 'no-slim-variant'],
    ['eclipse-temurin', '21-jre', 'no-slim-variant'],
    ['node', '8-onbuild', 'no-slim-variant'],
    ['python', '3.12-windowsservercore-ltsc2022', 'no-slim-variant'],
    ['rust', '1.20', 'no-slim-variant'],
  ])('%s:%s has none: %s', (repository, tag, skip) => expect(slimTag(row(repository), tag)).toMatchObject({ skip }));

  it('has nothing to do twice', () => {
    for (const [repository, tag] of [
      ['node', '22'],
      ['python', '3.12-bookworm'],
      ['debian', 'stable'],
    ] as const) {
      const slim = slimTag(row(repository), tag);
      expect(slimTag(row(repository), String(slim))).toMatchObject({ skip: 'already-slim' });
    }
  });
});

describe('alpineTag', () => {
  it.each([
    ['node', '22', '22-alpine'],
    ['node', '22-bookworm-slim', '22-alpine'],
    ['node', 'lts', 'lts-alpine'],
    ['node', undefined, 'alpine'],
    ['node', 'latest', 'alpine'],
    ['node', '22-alpine3.20', '22-alpine3.20'],
    ['python', '3.12-slim-bookworm', '3.12-alpine'],
    ['golang', '1.23-bookworm', '1.23-alpine'],
    ['rust', '1', '1-alpine'],
    ['php', '8.3-fpm', '8.3-fpm-alpine'],
    ['eclipse-temurin', '21-jre-noble', '21-jre-alpine'],
  ])('%s:%s becomes %s', (repository, tag, alpine) => expect(alpineTag(row(repository), tag)).toBe(alpine));
});

describe('pinSuite', () => {
  it.each([
    ['golang', '1.23', 'bookworm', '1.23-bookworm'],
    ['golang', '1', 'bookworm', '1-bookworm'],
    ['golang', 'latest', 'bookworm', 'bookworm'],
    ['golang', undefined, 'bookworm', 'bookworm'],
    ['golang', '1.23.4', 'bookworm', '1.23.4-bookworm'],
    ['golang', '1.20.5', 'bookworm', '1.20.5-bookworm'],
    ['golang', '1.20.4', 'bookworm', undefined],
    ['golang', '1.18', 'bookworm', undefined],
    ['golang', '1.23', 'trixie', undefined],
    ['golang', '1.23-bookworm', 'bookworm', '1.23-bookworm'],
    ['golang', '1.23-bullseye', 'bookworm', undefined],
    ['golang', '1.23-alpine', 'bookworm', undefined],
    ['rust', '1', 'bookworm', '1-bookworm'],
    ['rust', '1.80-slim', 'bookworm', '1.80-slim-bookworm'],
    ['rust', '1.60', 'bookworm', undefined],
    ['python', '3.12-slim', 'bookworm', '3.12-slim-bookworm'],
    ['python', '3.11.3', 'bookworm', undefined],
    ['node', '22-slim', 'bookworm', '22-bookworm-slim'],
    ['node', 'lts', 'trixie', 'lts-trixie'],
    ['debian', 'latest', 'bookworm', 'bookworm'],
    ['nginx', '1.27', 'bookworm', undefined],
  ])('%s:%s on %3$s', (repository, tag, suite, pinned) => expect(pinSuite(row(repository), tag, suite)).toBe(pinned));
});

describe('tagFacts', () => {
  it.each([
    ['node', '22', '22', 'full', undefined],
    ['node', '22-bookworm-slim', '22', 'slim', 'bookworm'],
    ['node', 'jod', '22', 'full', undefined],
    ['node', 'lts', 'lts', 'full', undefined],
    ['node', undefined, undefined, 'full', undefined],
    ['node', '20-alpine3.19', '20', 'alpine', undefined],
    ['debian', '12.5-slim', '12.5', 'slim', 'bookworm'],
    ['debian', 'bookworm-20240101', undefined, 'full', 'bookworm'],
    ['ubuntu', '22.04', '22.04', 'full', 'jammy'],
    ['alpine', '3.20', '3.20', 'alpine', undefined],
    ['php', '8.3-fpm-bookworm', '8.3', 'full', 'bookworm'],
    ['eclipse-temurin', '21-jre-jammy', '21', 'full', 'jammy'],
    ['maven', '3.9-eclipse-temurin-21-alpine', '3.9', 'alpine', undefined],
    ['openjdk', '17-jdk-slim-bullseye', '17', 'slim', 'bullseye'],
    ['openjdk', '17', '17', 'other', undefined],
    ['dotnet/aspnet', '8.0-noble-chiseled', '8.0', 'distroless', 'noble'],
    ['distroless/nodejs22-debian13', 'nonroot', '22', 'distroless', 'trixie'],
    ['distroless/static-debian12', undefined, undefined, 'distroless', 'bookworm'],
    ['distroless/base-nossl-debian12', undefined, undefined, 'distroless', 'bookworm'],
    ['distroless/java21', undefined, '21', 'distroless', undefined],
    ['golang', '1.23-windowsservercore', '1.23', 'other', undefined],
  ])('%s:%s', (repository, tag, version, variant, suite) => expect(tagFacts(row(repository), tag)).toEqual({ version, variant, suite }));

  it.each(['__proto__', 'constructor', '-'.repeat(5000), 'a'.repeat(100_000), '--', ''])('answers for any tag', (tag) => {
    for (const repository of ['node', 'debian', '__proto__', 'constructor']) {
      expect(() => [
        tagFacts(row(repository), tag),
        slimTag(row(repository), tag),
        alpineTag(row(repository), tag),
        pinSuite(row(repository), tag, '__proto__'),
        defaultSuite(row(repository), tag),
      ]).not.toThrow();
    }
  });
});

describe('defaultSuite', () => {
  it.each([
    ['node', '22', 'bookworm'],
    ['node', '24.1.0', 'bookworm'],
    ['node', '26', 'trixie'],
    ['node', 'lts', 'bookworm'],
    ['node', undefined, 'trixie'],
    ['node', '16', 'buster'],
    ['python', '3.12', 'trixie'],
    ['python', '3.12.4', 'bookworm'],
    ['python', '3.11.3', 'bullseye'],
    ['python', undefined, 'trixie'],
    ['golang', '1.23', 'bookworm'],
    ['golang', '1.26', 'trixie'],
    ['golang', '1.20', 'bookworm'],
    ['rust', '1.75', 'bookworm'],
    ['rust', '1', 'trixie'],
    ['ruby', '3.3', 'trixie'],
    ['debian', undefined, 'trixie'],
    ['debian', 'oldstable', 'bookworm'],
    ['ubuntu', undefined, 'resolute'],
    ['python', '2.4', 'stretch'],
    ['oven/bun', '1', undefined],
  ])('%s:%s stands on %s', (repository, version, suite) => expect(defaultSuite(row(repository), version)).toBe(suite));
});

it.each([
  ['22', 'nodejs22'],
  ['24.3.1', 'nodejs24'],
  ['26', 'nodejs26'],
  ['20', undefined],
  ['lts', undefined],
  ['', undefined],
])('distroless for node %s', (version, name) => {
  expect(distrolessNode(version)).toBe(name && `gcr.io/distroless/${name}-debian13`);
});

it.each([
  ['mcr.microsoft.com/windows/servercore:ltsc2022', true],
  ['golang:1.23-nanoserver', true],
  ['node:22', false],
])('%s is Windows: %s', (image, windows) => expect(isWindows(image)).toBe(windows));

it.each([
  ['bookworm', 'trixie', true],
  ['trixie', 'bookworm', false],
  ['bookworm', 'bookworm', true],
  ['noble', 'bookworm', false],
  ['bookworm', 'sid', undefined],
])('what %s links runs on %s: %s', (built, runtime, runs) => expect(runsOn(built, runtime)).toBe(runs));
