// Room: checkout/. Reads one Dockerfile as bytes and as text, or says why it is none.
import { localDisk, type Disk } from '../context/disk.ts';
import type { Problem } from '../report/types.ts';
import { reasonOf } from './paths.ts';

/** Bytes. Ours: real Dockerfiles have a few KB, generated ones some hundred. */
export const maxDockerfile = 1024 * 1024;

export interface Text {
  bytes: Buffer;
  text: string;
}
export type TextOrProblem = Text | { problem: Problem };

const notADockerfile = 'Nothing was changed. Give the path of a Dockerfile, or of a directory that has one.';

/** The Dockerfile at an absolute path that is no link, named `path` in messages. Reads regular files only. */
export function readDockerfile(at: string, path: string, disk: Disk = localDisk): TextOrProblem {
  try {
    const { entry, bytes } = disk.read(at, maxDockerfile);
    if (entry.kind === 'dir') return problemAt(path, 'is a directory, not a Dockerfile', notADockerfile);
    if (entry.kind !== 'file') return problemAt(path, 'is not a regular file', notADockerfile);
    if (entry.size > maxDockerfile) return tooLarge(path, entry.size);
    return textOf(bytes, path);
  } catch (error) {
    return problemAt(path, `cannot be read: ${reasonOf(error)}`, 'Nothing was changed. Check the path and its permissions.');
  }
}

/** The Dockerfile on a stream, no more of it than a Dockerfile may have. */
export async function readStream(stream: AsyncIterable<Uint8Array | string>, path: string): Promise<TextOrProblem> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size > maxDockerfile) break;
    }
  } catch (error) {
    return problemAt(path, `cannot be read: ${reasonOf(error)}`, undefined);
  }
  return textOf(Buffer.concat(chunks), path);
}

export const problemAt = (path: string, message: string, hint: string | undefined, line = 1, column = 1): { problem: Problem } => ({
  problem: { path, line, column, message, hint },
});

/** What is wrong with so many bytes; undefined: nothing. */
export const sizeProblem = (bytes: number, path: string): { problem: Problem } | undefined =>
  bytes > maxDockerfile ? tooLarge(path, bytes) : undefined;

function textOf(bytes: Buffer, path: string): TextOrProblem {
  if (bytes.length > maxDockerfile) return tooLarge(path, bytes.length);
  if (bytes.length === 0) return problemAt(path, 'is empty', 'Nothing was changed. A Dockerfile has at least a FROM instruction.');
  if (isUtf16(bytes))
    return problemAt(
      path,
      'is UTF-16 text; a Dockerfile is UTF-8',
      'Nothing was changed. Convert it (iconv -f UTF-16 -t UTF-8) and run again; Docker cannot read it either.',
    );
  const nul = bytes.indexOf(0);
  if (nul >= 0) return problemAt(path, `is a binary file (NUL byte at offset ${nul})`, notADockerfile);
  try {
    // The byte order mark stays in the text: what is not edited is written back as it was.
    return { bytes, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    const { line, column, byte } = firstBadByte(bytes);
    const hint = 'Nothing was changed. Convert the file to UTF-8 (for Western texts: iconv -f LATIN1 -t UTF-8) and run again.';
    return problemAt(path, `is not UTF-8 text (byte 0x${byte.toString(16).padStart(2, '0')})`, hint, line, column);
  }
}

function tooLarge(path: string, size: number): { problem: Problem } {
  const megabytes = (size / 1024 / 1024).toFixed(1);
  const about = size > maxDockerfile + 1 ? `is ${megabytes} MB` : 'is larger than 1 MB';
  return problemAt(path, `${about}; the limit for a Dockerfile is 1 MB`, notADockerfile);
}

/** With a byte order mark, or every other byte of the beginning NUL, as in ASCII text saved as UTF-16. */
function isUtf16(bytes: Buffer): boolean {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  if (mark === 0xfffe || mark === 0xfeff) return true;
  const probe = bytes.subarray(0, Math.min(bytes.length, 64));
  const nulAt = (parity: number): boolean => probe.length >= 4 && probe.every((byte, i) => (i % 2 === parity) === (byte === 0));
  return nulAt(0) || nulAt(1);
}

/** Where decoding stops: the longest prefix that is UTF-8, found by halving. */
function firstBadByte(bytes: Buffer): { line: number; column: number; byte: number } {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (startsWell(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, good));
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: before.length - lastBreak, byte: bytes[good] ?? 0 };
}

function startsWell(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
