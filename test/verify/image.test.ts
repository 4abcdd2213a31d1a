// test/verify: image archives made here: layouts, compression, order of layers, white-outs, hostile entries.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { streamProgram } from '../../src/process/stream.ts';
import { readArchive, readImage } from '../../src/verify/image/image.ts';
import { scratchFile } from '../../src/verify/image/layers.ts';
import type { ImageContents, ImageFile, Session } from '../../src/verify/types.ts';
import { elfFile, tarOf, type TarEntry } from './archives.ts';

const directory = mkdtempSync(join(tmpdir(), 'dockerfile-mod-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let count = 0;
async function read(entries: readonly TarEntry[], compressed: 'measure' | 'leave' = 'leave'): Promise<ImageContents> {
  const bytes = await tarOf(entries);
  const scratch = scratchFile(join(directory, String((count += 1))));
  try {
    return (await readArchive(Readable.from(chunksOf(bytes)), scratch, { compressed })).contents;
  } finally {
    scratch.close();
  }
}
/** Odd pieces, so that nothing depends on where chunks end. */
function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 7001) yield bytes.subarray(at, at + 7001);
}

/** The layout of `docker save` before 25.0, with the manifest at the end. */
async function dockerArchive(...layers: (readonly TarEntry[])[]): Promise<TarEntry[]> {
  const tars = await Promise.all(layers.map((layer) => tarOf(layer)));
  const names = tars.map((_, index) => `l${index}/layer.tar`);
  return [
    // Not in their order: it is the manifest that says it.
    ...names.map((name, index): TarEntry => ({ name, content: tars[index] ?? '' })).reverse(),
    { name: 'cafe.json', content: JSON.stringify({ rootfs: { diff_ids: names.map((_, index) => `sha256:${index}`) } }) },
    { name: 'manifest.json', content: JSON.stringify([{ Config: 'cafe.json', Layers: names }]) },
  ];
}
const merged = async (...layers: (readonly TarEntry[])[]): Promise<Record<string, ImageFile>> =>
  Object.fromEntries((await read(await dockerArchive(...layers))).files);
const paths = async (...layers: (readonly TarEntry[])[]): Promise<string[]> => Object.keys(await merged(...layers));

describe('layouts', () => {
  const layer: TarEntry[] = [{ name: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\n', mode: 0o640, uid: 3, gid: 4 }];

  it('docker save, old: layers in the order of the manifest, which comes last', async () => {
    const { files, layers, texts } = await read(await dockerArchive(layer, [{ name: 'etc/passwd', content: 'x' }]));
    expect(files.get('/etc/passwd')).toEqual({ kind: 'file', size: 1, mode: 0o644, uid: 0, gid: 0 });
    expect(texts.get('/etc/passwd')).toBe('x');
    expect(layers.map((one) => one.digest)).toEqual(['sha256:0', 'sha256:1']);
    expect(layers.map((one) => one.compressed)).toEqual([undefined, undefined]);
  });

  it('a layer that is a link to another', async () => {
    const archive = await dockerArchive(layer);
    archive.splice(-1, 1, { name: 'b/layer.tar', type: 'symlink', linkname: '../l0/layer.tar' });
    const { layers } = await read([
      ...archive,
      { name: 'manifest.json', content: '[{"Config":"cafe.json","Layers":["l0/layer.tar","b/layer.tar"]}]' },
    ]);
    expect(layers).toHaveLength(2);
    expect(layers[1]?.bytes).toBe(layers[0]?.bytes);
  });

  it.each(['tar', 'gzip'] as const)('OCI, by its index alone, layers as %s', async (kind) => {
    const tar = await tarOf(layer);
    const stored = kind === 'gzip' ? gzipSync(tar) : tar;
    const { files, layers } = await read(
      [
        { name: 'blobs/sha256/aa', content: stored },
        { name: 'blobs/sha256/bb', content: '{"rootfs":{"diff_ids":["sha256:dd"]}}' },
        { name: 'blobs/sha256/cc', content: '{"config":{"digest":"sha256:bb"},"layers":[{"digest":"sha256:aa"}]}' },
        { name: 'blobs/sha256/ee', content: '{"manifests":[{"digest":"sha256:ff"},{"digest":"sha256:cc"}]}' },
        { name: 'index.json', content: '{"manifests":[{"digest":"sha256:ee"}]}' },
      ],
      'measure',
    );
    expect(files.get('/etc/passwd')).toEqual({ kind: 'file', size: 26, mode: 0o640, uid: 3, gid: 4 });
    expect(layers).toEqual([
      { digest: 'sha256:dd', bytes: tar.length, compressed: kind === 'gzip' ? stored.length : gzipSync(tar).length },
    ]);
  });

  it('an archive without an image is an error, as is one with a layer missing', async () => {
    await expect(read([{ name: 'x', content: 'y' }])).rejects.toThrow('it has no manifest');
    await expect(read([{ name: 'manifest.json', content: '[{"Config":"c","Layers":["a/layer.tar"]}]' }])).rejects.toThrow(
      'layer a/layer.tar is missing',
    );
  });
});

describe('layers over each other', () => {
  const low: TarEntry[] = [
    { name: 'a/', type: 'directory' },
    { name: 'a/one', content: '1' },
    { name: 'a/two', content: '2' },
    { name: 'b/deep/er', content: '3' },
  ];

  it('a white-out removes, one for a directory with all below it', async () => {
    expect(
      await paths(low, [
        { name: 'a/.wh.one', content: '' },
        { name: '.wh.b', content: '' },
      ]),
    ).toEqual(['/a', '/a/two']);
  });
  it('an opaque directory keeps what its own layer brings, wherever that stands', async () => {
    const high: TarEntry[] = [
      { name: 'a/new', content: '' },
      { name: 'a/.wh..wh..opq', content: '' },
      { name: 'a/newer', content: '' },
    ];
    expect(await paths(low, high)).toEqual(['/a', '/a/new', '/a/newer', '/b', '/b/deep', '/b/deep/er']);
  });
  it('a white-out does not touch what its own layer brings', async () => {
    expect(
      await paths(low, [
        { name: 'b', type: 'symlink', linkname: 'a' },
        { name: '.wh.b', content: '' },
      ]),
    ).toContain('/b');
  });
  it('AUFS notes are no files', async () => {
    expect(await paths([{ name: '.wh..wh.plnk/', type: 'directory' }])).toEqual([]);
  });
  it('a file takes the place of a directory, a directory keeps what is in it', async () => {
    expect(
      await paths(low, [
        { name: 'a', content: 'file' },
        { name: 'b/', type: 'directory', mode: 0o700 },
      ]),
    ).toEqual(['/a', '/b', '/b/deep', '/b/deep/er']);
  });
  it('what lies below a link to a directory lands where the link leads', async () => {
    const links: TarEntry[] = [
      { name: 'lib', type: 'symlink', linkname: 'usr/lib' },
      { name: 'usr/lib/x', content: '' },
    ];
    expect(await paths(links, [{ name: 'lib/y', content: '' }])).toEqual(['/lib', '/usr', '/usr/lib', '/usr/lib/x', '/usr/lib/y']);
  });
  it('hard links: the size counts once, with the first name that is left', async () => {
    const files = await merged(
      [
        { name: 'z', content: '12345', mode: 0o755 },
        { name: 'm', type: 'link', linkname: 'z' },
        { name: 'n', type: 'link', linkname: 'm' },
      ],
      [{ name: '.wh.z', content: '' }],
    );
    expect(files).toEqual({
      '/m': { kind: 'file', size: 5, mode: 0o755, uid: 0, gid: 0 },
      '/n': { kind: 'file', size: 0, mode: 0o755, uid: 0, gid: 0, hardLink: '/m' },
    });
  });
});

describe('entries', () => {
  it('kinds, long names, and names that lead out', async () => {
    const long = `${'d'.repeat(90)}/${'é'.repeat(100)}`;
    const files = await merged([
      { name: './dev/null', type: 'character-device' },
      { name: 'link', type: 'symlink', linkname: '/abs' },
      { name: long, content: 'x' },
      { name: '../../out', content: 'x' },
      { name: '/abs//./file', content: 'x', mode: 0o4755 },
    ]);
    expect(Object.entries(files).map(([path, { kind, link, mode }]) => [path, kind, link ?? mode])).toEqual([
      ['/abs', 'dir', 0o755],
      ['/abs/file', 'file', 0o4755],
      [`/${'d'.repeat(90)}`, 'dir', 0o755],
      [`/${long}`, 'file', 0o644],
      ['/dev', 'dir', 0o755],
      ['/dev/null', 'other', 0o644],
      ['/link', 'link', '/abs'],
    ]);
  });
  it('links in a circle end', async () => {
    const circle: TarEntry[] = [
      { name: 'a', type: 'symlink', linkname: 'b' },
      { name: 'b', type: 'symlink', linkname: 'a' },
    ];
    expect(await paths(circle, [{ name: 'a/x', content: '' }])).toEqual(['/a', '/b']);
  });
  it('packages of dpkg, of distroless and of apk', async () => {
    const { packages, texts } = await read(
      await dockerArchive([
        {
          name: 'var/lib/dpkg/status',
          content:
            'Package: libc6\nStatus: install ok installed\nVersion: 2.36\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n',
        },
        { name: 'var/lib/dpkg/status.d/base', content: 'Package: base-files\nVersion: 12\n' },
        { name: 'var/lib/dpkg/status.d/base.md5sums', content: 'Package: no\n' },
        { name: 'lib/apk/db/installed', content: 'C:Q1\nP:musl\nV:1.2.5-r0\n\nP:zlib\nV:1.3\n\n' },
      ]),
    );
    expect(packages.map((one) => `${one.manager} ${one.name} ${one.version}`)).toEqual([
      'apk musl 1.2.5-r0',
      'apk zlib 1.3',
      'dpkg libc6 2.36',
      'dpkg base-files 12',
    ]);
    expect([...texts.keys()]).toEqual([]);
  });
  it('texts are cut at 256 KiB, and ELF files of any size are looked into', async () => {
    const elf = elfFile({ needed: ['libx.so.1'], padding: 5_000_000 });
    const { texts, elf: found } = await read(
      await dockerArchive([
        { name: 'app/.npmrc', content: 'x'.repeat(300_000) },
        { name: 'bin/big', content: elf },
        { name: 'bin/small', content: elfFile({ needed: ['liby.so'] }) },
      ]),
    );
    expect(texts.get('/app/.npmrc')).toHaveLength(256 * 1024);
    expect([...found].map(([path, { needed }]) => [path, needed])).toEqual([
      ['/bin/big', ['libx.so.1']],
      ['/bin/small', ['liby.so']],
    ]);
  });
});

describe('engine', () => {
  it('what is no engine, is said', async () => {
    const name = 'no-such-engine';
    const stream: Session['engine']['stream'] = (args, options) => streamProgram(name, args, options);
    const session = { engine: { name, stream }, directory, signal: new AbortController().signal } as unknown as Session;
    await expect(readImage(session, 'x', { compressed: 'leave' })).rejects.toMatchObject({ problem: { kind: 'no-engine' } });
  });
});
