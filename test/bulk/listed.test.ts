// A repository of which only a listing is here gives the same plan as its checkout, byte for byte.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { localDisk } from '../../src/context/disk.ts';
import { planCheckout, type CheckoutPlan } from '../../src/bulk/plan/checkout.ts';
import { listedDisk, listedRoot } from '../../src/bulk/plan/listed-disk.ts';
import { planListed, TooManyBlobs } from '../../src/bulk/plan/listed.ts';
import type { TreeEntry } from '../../src/forge/types.ts';
import { FIXTURES as fixtures, goldenCases, readGolden, writeInput } from '../golden/cases.ts';

const scratch = realpathSync.native(mkdtempSync(join(tmpdir(), 'dockerfile-mod-listed-')));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'core.hooksPath=/dev/null', ...args], {
    cwd,
    encoding: 'utf8',
  });

function repository(name: string, fill: (dir: string) => void): string {
  const dir = join(scratch, name);
  mkdirSync(dir, { recursive: true });
  fill(dir);
  git(dir, 'init', '-q');
  git(dir, 'add', '-f', '.');
  git(dir, 'commit', '-qm', 'all');
  return dir;
}

function listingOf(dir: string): TreeEntry[] {
  return git(dir, 'ls-tree', '-r', '-t', '-z', '--full-tree', 'HEAD')
    .split('\0')
    .flatMap((line) => {
      const [, mode, sha, path] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(line) ?? [];
      return path === undefined ? [] : [{ path, mode: mode as TreeEntry['mode'], sha: sha ?? '', size: undefined }];
    });
}

async function both(dir: string): Promise<{ disk: CheckoutPlan; listed: CheckoutPlan; reads: number }> {
  const disk = planCheckout({ disk: localDisk, root: dir, core, options: {} });
  const { blobs, ...listed } = await planListed({
    entries: listingOf(dir),
    bring: async (shas) => new Map(shas.map((sha) => [sha, execFileSync('git', ['cat-file', 'blob', sha], { cwd: dir })])),
    core,
    options: {},
    maxBlobs: 10_000,
  });
  return { disk, listed, reads: blobs };
}

/** Repositories by name, each with what writes its files. */
function cases(): [string, (at: string) => void][] {
  const hard = goldenCases().filter(({ group }) => group === 'hard');
  return [
    ...hard.map((one): [string, (at: string) => void] => [one.name, (at) => writeInput(readGolden(one), at)]),
    ...readdirSync(join(fixtures, 'apps')).map((app): [string, (at: string) => void] => [
      app,
      (at) => cpSync(join(fixtures, 'apps', app), at, { recursive: true }),
    ]),
  ];
}

describe('a listing', () => {
  it.each(cases())('%s', async (name, fill) => {
    const dir = repository(name, fill);
    const { disk, listed } = await both(dir);
    expect(listed).toEqual(disk);
    expect(disk.dockerfiles).toBeGreaterThan(0);
    expect(listed.files.every((file) => file.before === undefined || file.beforeSha !== undefined)).toBe(true);
  });

  it('follows links inside, and names those that leave', async () => {
    const dir = repository('links', (at) => {
      mkdirSync(join(at, 'docker'));
      mkdirSync(join(at, 'app'));
      writeFileSync(
        join(at, 'docker/real'),
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "a.js"]\n',
      );
      symlinkSync('../docker/real', join(at, 'app/Dockerfile'));
      symlinkSync('docker', join(at, 'again'));
      symlinkSync('/etc/passwd', join(at, 'Dockerfile.secret'));
      symlinkSync('../../../../etc/passwd', join(at, 'docker/secret.Dockerfile'));
      symlinkSync('loop', join(at, 'loop'));
      writeFileSync(join(at, 'app/package.json'), '{"name":"a","version":"1.0.0"}\n');
      writeFileSync(join(at, 'app/package-lock.json'), '{"name":"a","lockfileVersion":3,"packages":{"":{"name":"a"}}}\n');
      writeFileSync(join(at, 'app/a.js'), 'console.log(1)\n');
    });
    const { disk, listed } = await both(dir);
    // What lies outside is not known to a listing: only the words differ.
    const errors = (plan: CheckoutPlan): string[] => plan.reports.flatMap((one) => (one.error ? [one.path] : []));
    expect(errors(listed)).toEqual(errors(disk));
    expect(errors(listed)).toEqual(['Dockerfile.secret', 'docker/secret.Dockerfile']);
    expect(listed.files).toEqual(disk.files);
    expect(listed.files.map((file) => file.path)).toContain('docker/real');
  });

  it('reads no more than is wanted', async () => {
    const dir = repository('large', (at) => {
      cpSync(join(fixtures, 'apps/node-express'), at, { recursive: true });
      mkdirSync(join(at, 'assets'));
      for (let i = 0; i < 300; i++) writeFileSync(join(at, `assets/${i}.png`), `image ${i}`);
    });
    const { reads, listed, disk } = await both(dir);
    expect(listed).toEqual(disk);
    expect(reads).toBeLessThan(60);
  });

  it('stops where too much would be read', async () => {
    const dir = join(scratch, 'node-express');
    await expect(planListed({ entries: listingOf(dir), bring: async () => new Map(), core, options: {}, maxBlobs: 1 })).rejects.toThrow(
      TooManyBlobs,
    );
  });
});

describe('a hostile listing', () => {
  const entry = (path: string, mode: TreeEntry['mode'] = '100644', sha = path): TreeEntry => ({ path, mode, sha, size: undefined });

  it('has no path that a checkout would not have', () => {
    const { disk, left } = listedDisk(
      [
        entry('../../etc/passwd'),
        entry('/etc/passwd'),
        entry('a//b'),
        entry('.git/config'),
        entry('a/.GIT/hooks/x'),
        entry('ok'),
        entry('a\0b'),
      ],
      new Map(),
    );
    expect(left).toBe(6);
    expect(disk.entries(listedRoot, 10)?.map(({ name }) => name)).toEqual(['.git', 'ok']);
  });

  it('has links that go in circles, through files, and far', () => {
    const blobs = new Map([
      ['l1', Buffer.from('b')],
      ['l2', Buffer.from('a')],
      ['l3', Buffer.from('file/..')],
      ['l4', Buffer.from('../..')],
      ['l5', Buffer.from('x'.repeat(5000))],
    ]);
    const { disk } = listedDisk(
      [
        entry('a', '120000', 'l1'),
        entry('b', '120000', 'l2'),
        entry('file'),
        entry('c', '120000', 'l3'),
        entry('up', '120000', 'l4'),
        entry('far', '120000', 'l5'),
      ],
      blobs,
    );
    expect(() => disk.realpath(`${listedRoot}/a`)).toThrow('ELOOP');
    expect(() => disk.realpath(`${listedRoot}/c`)).toThrow('ENOTDIR');
    expect(() => disk.realpath(`${listedRoot}/far`)).toThrow('ENOENT');
    expect(disk.realpath(`${listedRoot}/up`).startsWith(listedRoot)).toBe(false);
    expect(() => disk.stat(`${listedRoot}/up/etc/passwd`)).toThrow('ENOENT');
  });

  it('gives an empty directory for a submodule', () => {
    const { disk } = listedDisk([entry('vendor/lib', '160000')], new Map());
    expect(disk.stat(`${listedRoot}/vendor/lib`).kind).toBe('dir');
    expect(disk.entries(`${listedRoot}/vendor/lib`, 10)).toEqual([]);
  });
});
