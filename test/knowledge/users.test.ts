// Room: knowledge/. The user that the final image runs as.
import { expect, it } from 'vitest';
import { partsOf } from '../../src/dockerfile/image.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { imagesOf } from '../../src/facts/project.ts';
import { tagFacts } from '../../src/knowledge/tags.ts';
import { nonRootUser } from '../../src/knowledge/users.ts';

const of = (reference: string) => {
  const parts = partsOf(reference);
  const known = imagesOf(ecosystems).family(parts);
  return known && nonRootUser(known.row, tagFacts(known.row, parts.tag));
};
const debian = (id: number): string =>
  `RUN groupadd --gid ${id} app && useradd --uid ${id} --gid ${id} --create-home --shell /usr/sbin/nologin app`;
const alpine = 'RUN addgroup -g 1000 -S app && adduser -u 1000 -S -G app app';

it.each([
  ['node:22-slim', '1000:1000', undefined],
  ['node:22-alpine', '1000:1000', undefined],
  ['oven/bun:1', '1000:1000', undefined],
  ['python:3.12-slim', '1000:1000', debian(1000)],
  ['python:3.12-alpine', '1000:1000', alpine],
  ['debian:bookworm-slim', '1000:1000', debian(1000)],
  ['golang:1.23', '1000:1000', debian(1000)],
  ['rust:1', '1000:1000', debian(1000)],
  ['ruby:3.3-slim', '1000:1000', debian(1000)],
  ['alpine:3.20', '1000:1000', alpine],
  ['ubuntu:22.04', '1000:1000', debian(1000)],
  ['ubuntu:jammy', '1000:1000', debian(1000)],
  ['ubuntu:24.04', '10001:10001', debian(10001)],
  ['ubuntu:latest', '10001:10001', debian(10001)],
  ['eclipse-temurin:21-jre', '10001:10001', debian(10001)],
  ['eclipse-temurin:21-jre-noble', '10001:10001', debian(10001)],
  ['eclipse-temurin:21-jre-jammy', '1000:1000', debian(1000)],
  ['eclipse-temurin:21-jre-alpine', '1000:1000', alpine],
  ['gradle:8-jdk17', '10001:10001', debian(10001)],
  ['mcr.microsoft.com/dotnet/aspnet:8.0', '$APP_UID', undefined],
  ['mcr.microsoft.com/dotnet/aspnet:6.0', '1000:1000', debian(1000)],
  ['php:8.3-cli', '33:33', undefined],
  ['php:8.3-fpm-alpine', '82:82', undefined],
  ['gcr.io/distroless/static-debian12', '65532:65532', undefined],
  ['scratch', '65534:65534', undefined],
])('%s runs as %s', (reference, user, create) => expect(of(reference)).toMatchObject({ user, create }));

it.each(['nginx:1.27', 'httpd:2.4', 'postgres:16', 'redis:7', 'mysql:8', 'tomcat:10', 'team/service', '__proto__'])(
  '%s has none',
  (reference) => expect(of(reference)).toBeUndefined(),
);
