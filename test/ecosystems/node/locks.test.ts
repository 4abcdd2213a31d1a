// Room: test of ecosystems/node. What the locks say, in the forms that npm 10, yarn 1 and 4, pnpm 8 and 9, and bun 1.2 write.
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/facts/types.ts';
import { npmLock, project } from './sample.ts';

const value = <T>(fact: Fact<T>): T | string => ('value' in fact ? fact.value : `unknown: ${fact.unknown}`);
const manifest = { dependencies: { sharp: '^0.33.0', ms: '^2.0.0' }, devDependencies: { esbuild: '^0.21.0', rimraf: '^5.0.0' } };

describe('package-lock.json', () => {
  const lock = npmLock({
    sharp: { version: '0.33.5', hasInstallScript: true },
    '@img/sharp-linux-x64': { version: '0.33.5', cpu: ['x64'], os: ['linux'], optional: true },
    '@img/sharp-darwin-arm64': { version: '0.33.5', cpu: ['arm64'], os: ['darwin'], optional: true },
    ms: { version: '2.1.3' },
    'core-js': { version: '3.0.0', hasInstallScript: true },
    esbuild: { version: '0.21.5', dev: true, hasInstallScript: true, bin: { esbuild: 'bin/esbuild' } },
    rimraf: { version: '5.0.0', dev: true, bin: { rimraf: 'bin.js' } },
    'sharp/node_modules/rimraf': { version: '3.0.0', bin: { rimraf: 'bin.js', old: 'old.js' } },
    mine: { resolved: 'packages/mine', link: true },
  });
  const given = project(manifest, { 'package-lock.json': lock });
  it('names native packages, of production and of Linux', () => {
    expect(value(given.nativePackages())).toEqual(['sharp', '@img/sharp-linux-x64']);
    expect(given.nativePackages()).toMatchObject({
      evidence: [{ file: 'package-lock.json', line: 5, says: 'sharp holds compiled code' }, {}],
    });
  });
  it('names install scripts', () => expect(value(given.installScriptPackages())).toEqual(['core-js', 'sharp']));
  it('says who brings a program', () => {
    expect(value(given.bin('rimraf'))).toEqual({ package: 'rimraf', dev: true });
    expect(value(given.bin('old'))).toBeUndefined();
    expect(value(given.bin('tsc'))).toBeUndefined();
  });
  it('of version 1 knows less', () => {
    const old = project(manifest, {
      'package-lock.json': JSON.stringify({
        lockfileVersion: 1,
        dependencies: { sharp: { version: '0.33.5', dependencies: { bcrypt: { version: '5' } } }, esbuild: { version: '1', dev: true } },
      }),
    });
    expect(value(old.nativePackages())).toEqual(['sharp', 'bcrypt']);
    expect(value(old.installScriptPackages())).toMatch(/does not say/);
    expect(value(old.bin('rimraf'))).toEqual({ package: 'rimraf', dev: true });
    expect(value(old.lockInSync())).toMatch(/lockfileVersion 1/);
  });
});

describe('other locks', () => {
  it('pnpm 9: production is what the importers reach', () => {
    const lock = `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      sharp:\n        specifier: ^0.33.0\n        version: 0.33.5\n      ms:\n        specifier: ^2.0.0\n        version: 2.1.3\n    devDependencies:\n      esbuild:\n        specifier: ^0.21.0\n        version: 0.21.5\n\npackages:\n\n  '@esbuild/linux-x64@0.21.5':\n    resolution: {integrity: sha512-x}\n    cpu: [x64]\n    os: [linux]\n\n  '@img/sharp-linux-x64@0.33.5':\n    resolution: {integrity: sha512-x}\n    cpu: [x64]\n    os: [linux]\n    libc: [glibc]\n\n  esbuild@0.21.5:\n    resolution: {integrity: sha512-x}\n    hasBin: true\n\n  ms@2.1.3:\n    resolution: {integrity: sha512-x}\n\n  sharp@0.33.5:\n    resolution: {integrity: sha512-x}\n\nsnapshots:\n\n  '@esbuild/linux-x64@0.21.5':\n    optional: true\n\n  '@img/sharp-linux-x64@0.33.5':\n    optional: true\n\n  esbuild@0.21.5:\n    optionalDependencies:\n      '@esbuild/linux-x64': 0.21.5\n\n  ms@2.1.3: {}\n\n  sharp@0.33.5:\n    optionalDependencies:\n      '@img/sharp-linux-x64': 0.33.5\n`;
    const given = project(manifest, { 'pnpm-lock.yaml': lock });
    expect(value(given.nativePackages())).toEqual(['sharp', '@img/sharp-linux-x64']);
    expect(value(given.installScriptPackages())).toMatch(/does not say/);
    expect(value(given.bin('esbuild'))).toEqual({ package: 'esbuild', dev: true });
  });
  it('pnpm 8: flags stand in it', () => {
    const lock = `lockfileVersion: '6.0'\n\npackages:\n\n  /@swc/core@1.0.0:\n    requiresBuild: true\n    dev: true\n\n  /bcrypt@5.1.1(x@1.0.0):\n    resolution: {integrity: sha512-x}\n    requiresBuild: true\n    dev: false\n\n  /ms@2.1.3:\n    dev: false\n`;
    const given = project(manifest, { 'pnpm-lock.yaml': lock });
    expect(value(given.nativePackages())).toEqual(['bcrypt']);
    expect(value(given.installScriptPackages())).toEqual(['bcrypt']);
  });
  it('yarn 1: names alone', () => {
    const lock = `# yarn lockfile v1\n\n\n"@img/sharp-linux-x64@0.33.5":\n  version "0.33.5"\n\nesbuild@^0.21.0:\n  version "0.21.5"\n\nms@^2.0.0, ms@^2.1.0:\n  version "2.1.3"\n\nsharp@^0.33.0:\n  version "0.33.5"\n  dependencies:\n    ms "^2.1.0"\n  optionalDependencies:\n    "@img/sharp-linux-x64" "0.33.5"\n`;
    const given = project(manifest, { 'yarn.lock': lock });
    expect(given.yarn).toBe('classic');
    expect(value(given.nativePackages())).toEqual(['sharp', '@img/sharp-linux-x64']);
  });
  it('yarn 4: conditions and programs', () => {
    const lock = `__metadata:\n  version: 8\n  cacheKey: 10c0\n\n"@img/sharp-linux-x64@npm:0.33.5":\n  version: 0.33.5\n  resolution: "@img/sharp-linux-x64@npm:0.33.5"\n  conditions: os=linux & cpu=x64 & libc=glibc\n  languageName: node\n\n"esbuild@npm:^0.21.0":\n  version: 0.21.5\n  bin:\n    esbuild: bin/esbuild\n\n"rimraf@npm:^5.0.0":\n  version: 5.0.0\n  bin:\n    rimraf: bin.js\n\n"sharp@npm:^0.33.0":\n  version: 0.33.5\n  dependencies:\n    "@img/sharp-linux-x64": "npm:0.33.5"\n\n"x@workspace:.":\n  version: 0.0.0-use.local\n  dependencies:\n    sharp: "npm:^0.33.0"\n`;
    const given = project(manifest, { 'yarn.lock': lock });
    expect([given.yarn, given.linker]).toEqual(['berry', 'pnp']);
    expect(value(given.nativePackages())).toEqual(['sharp', '@img/sharp-linux-x64']);
    expect(value(given.bin('rimraf'))).toEqual({ package: 'rimraf', dev: true });
    expect(value(given.bin('none'))).toBeUndefined();
  });
  it('bun', () => {
    const lock = `{\n  "lockfileVersion": 1,\n  "workspaces": { "": { "name": "x", "dependencies": { "sharp": "^0.33.0", "ms": "^2.0.0", }, "devDependencies": { "esbuild": "^0.21.0", }, }, },\n  "packages": {\n    "@img/sharp-linux-x64": ["@img/sharp-linux-x64@0.33.5", "", { "os": "linux", "cpu": "x64" }, "sha512-x"],\n    "esbuild": ["esbuild@0.21.5", "", { "bin": { "esbuild": "bin/esbuild" } }, "sha512-x"],\n    "ms": ["ms@2.1.3", "", {}, "sha512-x"],\n    "sharp": ["sharp@0.33.5", "", { "optionalDependencies": { "@img/sharp-linux-x64": "0.33.5" } }, "sha512-x"],\n  }\n}\n`;
    const given = project(manifest, { 'bun.lock': lock });
    expect(value(given.nativePackages())).toEqual(['sharp', '@img/sharp-linux-x64']);
    expect(value(given.bin('esbuild'))).toEqual({ package: 'esbuild', dev: true });
  });
  it('none, or binary', () => {
    expect(value(project(manifest).nativePackages())).toBe('unknown: there is no lock file');
    expect(value(project(manifest, { 'bun.lockb': 'a\0' }).nativePackages())).toBe('unknown: bun.lockb is binary');
    expect(value(project(manifest).bin('rimraf'))).toEqual({ package: 'rimraf', dev: true });
    expect(value(project({ devDependencies: { typescript: '^5' } }).bin('tsc'))).toEqual({ package: 'typescript', dev: true });
  });
});

describe('the lock is in sync', () => {
  const root = { dependencies: { ms: '^2.0.0' }, devDependencies: { esbuild: '^0.21.0' } };
  const sync = (own: object, locked: object): boolean | string =>
    value(project(own, { 'package-lock.json': npmLock({}, locked) }).lockInSync());
  it('when the ranges are equal', () => expect(sync(root, root)).toBe(true));
  it('not when a range differs, is missing, or is too much', () => {
    expect(sync({ ...root, dependencies: { ms: '^3.0.0' } }, root)).toBe(false);
    expect(sync({ ...root, dependencies: {} }, root)).toBe(false);
    expect(sync({ ...root, dependencies: { ms: '^2.0.0', constructor: '1' } }, root)).toBe(false);
  });
  it('with optional dependencies, which npm lists once', () => {
    expect(
      sync(
        { dependencies: { ms: '1', fsevents: '2' }, optionalDependencies: { fsevents: '2' } },
        { dependencies: { ms: '1' }, optionalDependencies: { fsevents: '2' } },
      ),
    ).toBe(true);
  });
  it('unknown without a lock of npm', () => expect(value(project(root, { 'yarn.lock': '' }).lockInSync())).toMatch(/no package-lock/));
});

describe('what the system must have', () => {
  const needs = (dependencies: object, files: Record<string, string> = {}): unknown =>
    project({ dependencies }, files)
      .systemNeeds()
      .map((need) => [need.package, need.skip ?? need.debian.join(' ')]);
  it('by table', () => {
    expect(needs({ 'pg-native': '3', 'fluent-ffmpeg': '2', express: '4', '@sparticuz/chromium': '1', puppeteer: '22' })).toEqual([
      ['@sparticuz/chromium', 'browser-automation'],
      ['fluent-ffmpeg', 'ffmpeg'],
      ['pg-native', 'libpq5'],
      ['puppeteer', 'browser-automation'],
    ]);
  });
  it('Prisma needs OpenSSL, but not without its engine', () => {
    expect(needs({ '@prisma/client': '^5.0.0' })).toEqual([['@prisma/client', 'openssl ca-certificates']]);
    expect(needs({ '@prisma/client': '^7.0.0' })).toEqual([]);
    expect(needs({ '@prisma/client': '^6.16.0' }, { 'prisma/schema.prisma': 'generator client {\n  engineType = "client"\n}' })).toEqual(
      [],
    );
  });
  it('not for development', () =>
    expect(
      project({ devDependencies: { puppeteer: '1' } }, { 'package-lock.json': npmLock({ puppeteer: { dev: true } }) }).systemNeeds(),
    ).toEqual([]));
});
