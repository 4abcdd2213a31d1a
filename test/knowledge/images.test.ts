// Room: knowledge/. Base images: which family a reference names, and what it starts a stage with.
import { describe, expect, it } from 'vitest';
import { partsOf } from '../../src/dockerfile/image.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { imagesOf } from '../../src/facts/project.ts';
import { imageRows } from '../../src/knowledge/image-rows.ts';
import { mirrorOf, ordinaryPath, privateMirrorOf } from '../../src/knowledge/images.ts';
import { serviceRows } from '../../src/knowledge/service-rows.ts';

const images = imagesOf(ecosystems);
const { family } = images;
const of = (reference: string) => family(partsOf(reference));

describe('family', () => {
  it.each([
    ['node:22', 'node'],
    ['library/node', 'node'],
    ['docker.io/library/node:22', 'node'],
    ['docker.io/node', 'node'],
    ['index.docker.io/library/node', 'node'],
    ['public.ecr.aws/docker/library/node:22-slim', 'node'],
    ['mirror.gcr.io/library/python:3.12', 'python'],
    ['registry.hub.docker.com/library/golang:1.23', 'golang'],
    ['mirror.gcr.io/oven/bun:1', 'oven/bun'],
    ['node:22@sha256:0000000000000000000000000000000000000000000000000000000000000000', 'node'],
    ['mcr.microsoft.com/dotnet/aspnet:8.0', 'dotnet/aspnet'],
    ['gcr.io/distroless/static-debian12', 'distroless/static-debian12'],
    ['gcr.io/distroless/nodejs22-debian13:nonroot', 'distroless/nodejs22-debian13'],
    ['gcr.io/distroless/base-nossl-debian12', 'distroless/base-nossl-debian12'],
    ['scratch', 'scratch'],
    ['postgres:16', 'postgres'],
    ['nginxinc/nginx-unprivileged', 'nginxinc/nginx-unprivileged'],
  ])('%s is %s', (reference, repository) => expect(of(reference)?.repository).toBe(repository));

  it.each([
    'bitnami/node',
    'registry.example.com/node:22',
    'ghcr.io/owner/node',
    'public.ecr.aws/docker/node',
    'public.ecr.aws/lambda/python:3.12',
    'gcr.io/distroless/other',
    'gcr.io/project/node',
    'quay.io/centos/centos',
    'dotnet/aspnet',
    'nvidia/cuda:12',
    '__proto__',
    'constructor',
    'gcr.io/__proto__',
  ])('%s is nobody that is known', (reference) => expect(of(reference)).toBeUndefined());

  it('knows every row by its name', () => {
    const names = [...ecosystems.flatMap((ecosystem) => ecosystem.images), ...imageRows, ...serviceRows].map(
      (row) => `${row.registry ?? ''}/${row.repository}`,
    );
    expect(new Set(names).size).toBe(names.length);
    for (const row of [...ecosystems.flatMap((ecosystem) => ecosystem.images), ...imageRows, ...serviceRows]) {
      const image = { registry: row.registry ?? '', repository: row.repository };
      if (row.tagged) expect(family(image)).toBeUndefined();
      expect(family({ ...image, ...(row.tagged ? { tag: 'python3.13-bookworm' } : {}) })?.source).toBe(row.source);
    }
  });
});

describe('configuration', () => {
  it.each([
    ['node:22', ['docker-entrypoint.sh'], ['node']],
    ['python:3.12', undefined, ['python3']],
    ['golang:1.23', undefined, ['bash']],
    ['golang:1.23-alpine', undefined, ['/bin/sh']],
    ['ruby:3.3', undefined, ['irb']],
    ['php:8.3-cli', ['docker-php-entrypoint'], ['php', '-a']],
    ['php:8.3-fpm', ['docker-php-entrypoint'], ['php-fpm']],
    ['php:8.3-apache', ['docker-php-entrypoint'], ['apache2-foreground']],
    ['eclipse-temurin:21-jdk', ['/__cacert_entrypoint.sh'], ['jshell']],
    ['eclipse-temurin:21-jre', ['/__cacert_entrypoint.sh'], undefined],
    ['maven:3.9', ['/usr/local/bin/mvn-entrypoint.sh'], ['mvn']],
    ['nginx', ['/docker-entrypoint.sh'], ['nginx', '-g', 'daemon off;']],
    ['oven/bun', ['/usr/local/bin/docker-entrypoint.sh'], ['/usr/local/bin/bun']],
    ['gcr.io/distroless/nodejs22-debian13', ['/nodejs/bin/node'], undefined],
    ['gcr.io/distroless/java21-debian13', ['/usr/bin/java', '-jar'], undefined],
    ['gcr.io/distroless/static-debian12', undefined, undefined],
    ['scratch', undefined, undefined],
  ])('%s runs %j %j', (reference, entrypoint, cmd) => expect(of(reference)).toMatchObject({ entrypoint, cmd }));

  it.each([
    ['node:22', '/', 'root'],
    ['golang:1.23', '/go', 'root'],
    ['oven/bun', '/home/bun/app', 'root'],
    ['php:8.3-fpm-alpine', '/var/www/html', 'root'],
    ['gcr.io/distroless/static-debian12', '/', '0'],
    ['gcr.io/distroless/static-debian12:nonroot', '/home/nonroot', '65532'],
    ['nginxinc/nginx-unprivileged', '/', '101'],
  ])('%s works in %s as %s', (reference, workdir, user) => expect(of(reference)?.state).toMatchObject({ workdir, user }));

  it.each([
    ['python:3.12', 'LANG', 'C.UTF-8'],
    ['python:3.13', 'LANG', undefined],
    ['python:3.9-slim', 'LANG', 'C.UTF-8'],
    ['python', 'LANG', undefined],
    ['node:22.3.0-slim', 'NODE_VERSION', '22.3.0'],
    ['node:22', 'NODE_VERSION', undefined],
    ['golang:1.23', 'PATH', `/go/bin:/usr/local/go/bin:${ordinaryPath}`],
    ['rust:1', 'CARGO_HOME', '/usr/local/cargo'],
    ['ruby:3.3', 'BUNDLE_APP_CONFIG', '/usr/local/bundle'],
    ['mcr.microsoft.com/dotnet/aspnet:8.0', 'ASPNETCORE_HTTP_PORTS', '8080'],
    ['mcr.microsoft.com/dotnet/aspnet:6.0', 'ASPNETCORE_HTTP_PORTS', undefined],
  ])('%s sets %s to %s', (reference, name, value) => expect(of(reference)?.state.env?.[name]).toBe(value));

  it('names what it sets without saying to what', () => {
    expect(of('node:22')?.unknownEnv).toContain('NODE_VERSION');
    expect(of('node:22.3.0')?.unknownEnv).not.toContain('NODE_VERSION');
    expect(of('node:26')?.unknownEnv).not.toContain('YARN_VERSION');
    expect(of('openjdk:17')?.state.env).toBeUndefined();
  });

  it.each([
    ['php:8.3-fpm', ['9000'], 'SIGQUIT'],
    ['nginx', ['80'], 'SIGQUIT'],
    ['httpd', ['80'], 'SIGWINCH'],
    ['node:22', [], undefined],
  ])('%s exposes %j and stops on %s', (reference, exposes, stopSignal) => expect(of(reference)).toMatchObject({ exposes, stopSignal }));

  it.each([
    ['gradle:8', ['/home/gradle/.gradle']],
    ['postgres:16', ['/var/lib/postgresql/data']],
    ['postgres:18', ['/var/lib/postgresql']],
    ['node:22', []],
  ])('%s keeps %j', (reference, volumes) => expect(of(reference)?.volumes).toEqual(volumes));

  it.each([
    ['node:22', 1000, 'node'],
    ['ubuntu:24.04', 1000, 'ubuntu'],
    ['ubuntu:22.04', undefined, undefined],
    ['eclipse-temurin:21-jre-jammy', undefined, undefined],
    ['php:8.3', 33, 'www-data'],
    ['php:8.3-alpine', 82, 'www-data'],
    ['mcr.microsoft.com/dotnet/aspnet:8.0', 1654, 'app'],
    ['python:3.12', undefined, undefined],
  ])('%s has the user %s %s', (reference, uid, name) => {
    expect(of(reference)?.users[0]).toEqual(uid === undefined ? undefined : expect.objectContaining({ uid, name }));
  });

  it.each([
    ['node:22', true, false],
    ['debian', true, false],
    ['php:8.3-fpm', false, false],
    ['nginx', false, true],
    ['postgres', false, true],
    ['scratch', false, false],
  ])('%s is interactive: %s, a service: %s', (reference, interactive, service) =>
    expect(of(reference)).toMatchObject({ interactive, service }),
  );
});

describe('mirrors', () => {
  it.each([
    ['', 'node', 'node'],
    ['mirror.gcr.io', 'library/node', 'node'],
    ['mirror.gcr.io', 'node', 'node'],
    ['public.ecr.aws', 'docker/library/node', 'node'],
    ['public.ecr.aws', 'lambda/nodejs', undefined],
    ['registry.hub.docker.com', 'library/node', 'node'],
    ['ghcr.io', 'library/node', undefined],
    ['__proto__', 'node', undefined],
  ])('%s %s is %s on Docker Hub', (registry, repository, hub) => expect(mirrorOf({ registry, repository })).toBe(hub));

  it('a private registry may hold a copy', () => {
    expect(privateMirrorOf(images, partsOf('registry.example.com/docker/node:22'))?.repository).toBe('node');
    expect(privateMirrorOf(images, partsOf('registry.example.com/team/service'))).toBeUndefined();
    expect(privateMirrorOf(images, partsOf('node:22'))).toBeUndefined();
  });
});
