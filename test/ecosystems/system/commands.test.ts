// Room: ecosystems/system. What commands of apt and apk do.
import { describe, expect, it } from 'vitest';
import { apkAdd, aptInstall, systemManagers } from '../../../src/ecosystems/system/managers.ts';
import { command } from './shell.ts';

const [apt, apk] = systemManagers;
const kindOf = (text: string): string | undefined =>
  systemManagers
    .map((row) => ({ row, kind: row.classify(command(text)) }))
    .filter(({ kind }) => kind !== undefined)
    .map(({ row, kind }) => `${row.id} ${kind}`)[0];

describe('classify', () => {
  it.each([
    ['apt-get update', 'apt download'],
    ['apt-get -qq update', 'apt download'],
    ['apt-get install -y curl', 'apt install-named'],
    ['apt install curl', 'apt install-named'],
    ['sudo -E apt-get install -y curl', 'apt install-named'],
    ['DEBIAN_FRONTEND=noninteractive apt-get -y install curl', 'apt install-named'],
    ['env DEBIAN_FRONTEND=noninteractive apt-get install -y curl', 'apt install-named'],
    ['/usr/bin/apt-get -o Acquire::Retries=3 install curl', 'apt install-named'],
    ['apt-get -o Acquire::Retries=3 update', 'apt download'],
    ['apt-get purge -y --auto-remove gcc', 'apt prune'],
    ['apt-get autoremove -y', 'apt prune'],
    ['apt-get clean', 'apt clean-cache'],
    ['apt-get autoclean', 'apt clean-cache'],
    ['apt-get upgrade -y', 'apt other'],
    ['apt-get', 'apt other'],
    ['apk add --no-cache git', 'apk install-named'],
    ['apk --no-cache add git', 'apk install-named'],
    ['apk -X http://example.org/alpine add git', 'apk install-named'],
    ['apk update', 'apk download'],
    ['apk del .build', 'apk prune'],
    ['apk cache clean', 'apk clean-cache'],
    ['rm -rf /var/lib/apt/lists/*', undefined],
    ['npm ci', undefined],
    ['$APT install curl', undefined],
    ['FOO=bar', undefined],
  ])('%s', (text, kind) => expect(kindOf(text)).toBe(kind));
});

describe('aptInstall', () => {
  it.each([
    ['apt-get install -y --no-install-recommends gcc libpq-dev', ['gcc', 'libpq-dev'], ['-y', '--no-install-recommends']],
    ['apt-get install -y curl=7.88.* "git"', ['curl=7.88.*', '"git"'], ['-y']],
    ['apt-get install -t bookworm-backports -y golang-go', ['golang-go'], ['-t bookworm-backports', '-y']],
    ['apt-get -y -o Dpkg::Use-Pty=0 install g++ nano-', ['g++'], ['-y', '-o Dpkg::Use-Pty=0']],
    ['apt-get install -y -- curl', ['curl'], ['-y']],
  ])('%s', (text, packages, flags) => {
    const install = aptInstall(command(text));
    expect(install?.packages.map((word) => text.slice(word.start, word.end))).toEqual(packages);
    expect(install?.flags).toEqual(flags);
    expect(install?.update).toBe(false);
  });

  it('leaves computed packages without a value', () => {
    expect(aptInstall(command('apt-get install -y $PACKAGES'))?.packages.map((word) => word.value)).toEqual([undefined]);
    expect(aptInstall(command('xargs apt-get install -y'))?.packages.map((word) => [word.raw, word.value])).toEqual([['xargs', undefined]]);
    expect(aptInstall(command('apt-get install -y $(cat packages.txt)'))?.packages.map((word) => word.value)).toEqual([undefined]);
  });

  it('is told by the command whether lists are brought up to date', () =>
    expect(aptInstall(command('apt install --update curl'))?.update).toBe(true));
  it.each(['apt-get update', 'apt-get remove curl', 'apk add curl', 'echo apt-get install'])('%s installs nothing', (text) =>
    expect(aptInstall(command(text))).toBeUndefined(),
  );
});

describe('apkAdd', () => {
  it.each([
    ['apk add --no-cache --virtual .build gcc musl-dev', ['gcc', 'musl-dev'], '.build'],
    ['apk add -t .deps git', ['git'], '.deps'],
    ['apk add --virtual=.deps git', ['git'], '.deps'],
    ['apk add "nodejs>20" !busybox', ['nodejs>20'], undefined],
  ])('%s', (text, packages, virtual) => {
    const add = apkAdd(command(text));
    expect(add?.packages.map((word) => word.value)).toEqual(packages);
    expect(add?.virtual).toBe(virtual);
  });
});

describe('caches', () => {
  it('are locked, and leave extended_states in the image', () => {
    expect(apt?.caches.map(({ target, sharing }) => [target, sharing])).toEqual([
      ['/var/cache/apt', 'locked'],
      ['/var/lib/apt/lists', 'locked'],
    ]);
    expect(apk?.caches.map(({ target, sharing }) => [target, sharing])).toEqual([['/var/cache/apk', 'locked']]);
  });

  it.each([
    ['apt-get update', true],
    ['apt-get install -y curl', true],
    ['apt-get dist-upgrade', true],
    ['apt-get purge -y gcc', false],
    ['apt-get clean', false],
    ['rm -rf /var/lib/apt/lists/*', false],
  ])('%s uses the cache: %s', (text, uses) => expect(apt?.usesCache(command(text))).toBe(uses));

  it.each([
    ['rm -rf /var/lib/apt/lists/*', true],
    ['rm -rf /var/lib/apt/lists', true],
    ['rm -r "/var/lib/apt/lists/"*', true],
    ['rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb', true],
    ['rm -rf /var/cache/apt/*', true],
    ['find /var/lib/apt/lists -type f -delete', true],
    ['apt-get clean', true],
    ['apt-get -y autoclean', true],
    ['rm -rf /var/lib/apt/lists/* /tmp/*', false],
    ['rm -rf /var/lib/apt', false],
    ['rm -rf /var/lib/apt/lists/../x', false],
    ['rm -rf /var/lib/apt/lists/$X', false],
    ['rm -rf /var/cache/apt-cacher', false],
    ['rm -rf', false],
    ['apt-get autoremove', false],
    ['find / -delete', false],
  ])('%s empties it: %s', (text, clears) => expect(apt?.clearsCache(command(text))).toBe(clears));

  it.each([
    ['rm -rf /var/cache/apk/*', true],
    ['apk cache clean', true],
    ['rm -rf /var/cache/*', false],
  ])('%s empties apk: %s', (text, clears) => expect(apk?.clearsCache(command(text))).toBe(clears));
});
