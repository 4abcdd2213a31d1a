// Room: verify/image/. An image's file system, read from `docker save` as it streams by: old layout, OCI layout, compressed layers.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { extract, type ExtractEvents } from 'tar-stream';
import { readLayer, scratchFile, type Scratch } from './layers.ts';
import { layersOf, type Archive, type HistoryEntry, type RawLayer } from './manifest.ts';
import { failure } from '../engine/problems.ts';
import { mergeLayers } from './tree.ts';
import { wantedAs, type Wanted } from './wanted.ts';
import { EngineError, type ImageContents, type Session } from '../types.ts';

/** `measure`: also how large each layer is when it is compressed as registries store it (gzip): costs time. */
export interface ReadOptions {
  compressed: 'measure' | 'leave';
  /** Which files are read as text; what the checks of `verify` ask for unless told. */
  wanted?: (path: string) => Wanted | undefined;
}

/** An image with what each of its layers does, and how it came to be: `layers` and `history` begin with the lowest. */
export interface WholeImage {
  contents: ImageContents;
  layers: readonly RawLayer[];
  history: readonly HistoryEntry[];
}

/** Manifests and configurations are smaller; what is larger, such as an attestation, is not read. */
const maxText = 4 * 1024 * 1024;
const maxTexts = 1000;

/**
 * Reads an image without running it. In: a session, a tag or id that the engine has. Memory stays flat: layers stream by, files are looked into only as far as
 * checks need. Throws an EngineError when the engine does not hand the image out, or what comes is no image.
 */
export async function readImage(session: Session, image: string, options: ReadOptions): Promise<ImageContents> {
  return (await readWholeImage(session, image, options)).contents;
}

/** As `readImage`, with the layers one by one and the image's history. */
export async function readWholeImage(session: Session, image: string, options: ReadOptions): Promise<WholeImage> {
  const { name } = session.engine;
  const format = name === 'podman' ? ['--format', 'docker-archive'] : [];
  const program = session.engine.stream(['save', ...format, image], { signal: session.signal });
  const scratch = scratchFile(join(session.directory, `elf-${randomUUID()}`));
  try {
    const contents = await readArchive(program.stdout, scratch, options).catch((error: unknown) => {
      // At its end it says why it ended early, if it did.
      if (!program.stdout.readableEnded) program.stop();
      return error instanceof Error ? error : new Error(String(error));
    });
    const { code, stderr, killed } = await program.ended;
    const stopped = session.signal.aborted ? 'aborted' : code === undefined && !killed ? 'not-startable' : undefined;
    // An engine that fails says why; the archive is then cut short.
    if (stopped !== undefined || (code !== 0 && !killed)) {
      throw failure({ code, stdout: '', stderr, stopped }, { task: 'ask', what: `${name} save`, engine: name });
    }
    if (!(contents instanceof Error)) return contents;
    const message = `the archive of ${image} that ${name} wrote cannot be read: ${contents.message}`;
    throw new EngineError({ kind: 'engine-failed', message, hint: undefined, log: stderr });
  } finally {
    scratch.close();
  }
}

/** Reads the archive of an image. In: its bytes. Rejects when it holds no image. */
export async function readArchive(input: Readable, scratch: Scratch, options: ReadOptions): Promise<WholeImage> {
  const archive: Archive = { layers: new Map(), links: new Map(), texts: new Map() };
  const tar = extract();
  tar.on('entry', (header, stream, next) => {
    if (header.type === 'symlink' || header.type === 'link') archive.links.set(header.name, header.linkname);
    const done = header.type === 'file' ? readEntry(stream, header.name, archive, scratch, options) : drain(stream);
    done.then(() => next(), next);
  });
  await pipeline(input, tar);
  const { raw, digests, history } = layersOf(archive);
  const merged = mergeLayers(raw.map((layer) => layer.entries));
  const layers = raw.map(({ bytes, compressed }, index) => ({ digest: digests[index] ?? '', bytes, compressed }));
  return { contents: { ...merged, layers }, layers: raw, history };
}

async function drain(stream: Content): Promise<void> {
  for await (const _ of stream);
}

type Content = ExtractEvents['entry'][1];
type Kind = 'text' | 'tar' | 'gzip' | 'zstd';

async function readEntry(stream: Content, name: string, archive: Archive, scratch: Scratch, options: ReadOptions): Promise<void> {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const head = await firstBytes(chunks, 512);
  const rest = { [Symbol.asyncIterator]: () => joined(head, chunks) };
  const kind = kindOf(head, name);
  if (kind !== 'text') {
    archive.layers.set(name, await rawLayer(rest, kind, scratch, options));
    return;
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of rest) {
    size += chunk.length;
    if (size <= maxText) parts.push(chunk);
  }
  if (size <= maxText && archive.texts.size < maxTexts) archive.texts.set(name, Buffer.concat(parts).toString('utf8'));
}

async function firstBytes(chunks: AsyncIterator<Buffer>, length: number): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < length) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* joined(head: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

/** By the first bytes: names say nothing in the OCI layout. An empty layer is two blocks of zeros. */
function kindOf(head: Buffer, name: string): Kind {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  const isTar = head.subarray(257, 262).toString('latin1') === 'ustar' || (head.length === 512 && head.every((byte) => byte === 0));
  return isTar || name.endsWith('/layer.tar') ? 'tar' : 'text';
}

async function rawLayer(
  chunks: AsyncIterable<Buffer>,
  kind: Exclude<Kind, 'text'>,
  scratch: Scratch,
  options: ReadOptions,
): Promise<RawLayer> {
  const stored = { bytes: 0 };
  const unpacked = { bytes: 0 };
  const gzip = options.compressed === 'measure' && kind === 'tar' ? gzipCounter() : undefined;
  const packed = counted(chunks, stored);
  const tar = counted(kind === 'tar' ? packed : decompressed(packed, kind), unpacked, gzip);
  const entries = await readLayer(tar, scratch, options.wanted ?? wantedAs);
  const compressed = kind === 'tar' ? await gzip?.end() : options.compressed === 'measure' ? stored.bytes : undefined;
  return { bytes: unpacked.bytes, compressed, entries };
}

async function* counted(
  chunks: AsyncIterable<Buffer>,
  count: { bytes: number },
  counter?: ReturnType<typeof gzipCounter>,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    count.bytes += chunk.length;
    await counter?.add(chunk);
    yield chunk;
  }
}

function decompressed(chunks: AsyncIterable<Buffer>, kind: 'gzip' | 'zstd'): AsyncIterable<Buffer> {
  const make = kind === 'gzip' ? zlib.createGunzip : (zlib as { createZstdDecompress?: () => zlib.Gunzip }).createZstdDecompress;
  // Node has zstd since 22.15 and 23.8: https://nodejs.org/api/zlib.html#zlibcreatezstddecompressoptions
  if (!make) throw new Error('its layers are compressed with zstd, which this Node.js cannot read; Node.js 22.15 and newer can');
  const stream = make();
  // An error of the input ends the stream with it; its reader is told.
  pipeline(chunks, stream).catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
  return stream as AsyncIterable<Buffer>;
}

/** Bytes after gzip at its default level: registries hold layers so. */
function gzipCounter(): { add(chunk: Buffer): Promise<void>; end(): Promise<number> } {
  const gzip = zlib.createGzip();
  let bytes = 0;
  gzip.on('data', (chunk: Buffer) => (bytes += chunk.length));
  return {
    async add(chunk) {
      if (!gzip.write(chunk)) await once(gzip, 'drain');
    },
    async end() {
      gzip.end();
      await once(gzip, 'end');
      return bytes;
    },
  };
}
