// A project as the fragment of an address, and back. What comes out of an address was written by anyone: bounds and forms are checked, and
// its words are only ever put into text fields and text nodes.
import { cleanPath } from '../../../src/context/paths.ts';
import { bases, dockerfileName, levels, projectOf, type Project, type ProjectFile } from './types.ts';

const mark = 'v1=';
/** Letters of an address; browsers and chat programs cut longer ones. */
export const maxLink = 100_000;
/** Bytes of what it holds: a few kilobytes may be made to unpack to gigabytes. */
const maxBytes = 4_000_000;
const maxFiles = 500;

/** The fragment without `#`; undefined: the project is too large for an address. */
export async function fragmentOf({ files, settings }: Project): Promise<string | undefined> {
  const data = [files.map(({ path, text, unread }) => [path, unread ?? text]), settings.level, settings.base, settings.skip];
  const bytes = new TextEncoder().encode(JSON.stringify(data));
  if (bytes.length > maxBytes || files.length > maxFiles) return undefined;
  const packed = await collect(new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw')), Number.POSITIVE_INFINITY);
  let letters = '';
  for (const byte of packed) letters += String.fromCharCode(byte);
  const fragment = mark + btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return fragment.length > maxLink ? undefined : fragment;
}

export const isShared = (fragment: string): boolean => fragment.startsWith(mark);

/** The project of a fragment, or why there is none. */
export async function projectFrom(fragment: string, transforms: readonly string[]): Promise<Project | { wrong: string }> {
  const letters = fragment.slice(mark.length);
  if (letters.length > maxLink) return { wrong: 'it is longer than links of this page are' };
  if (!isShared(fragment) || !/^[\w-]+$/.test(letters)) return { wrong: 'a part of it is missing or was changed' };
  try {
    const binary = atob(letters.replaceAll('-', '+').replaceAll('_', '/'));
    const packed = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    const bytes = await collect(new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')), maxBytes);
    return checked(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), transforms);
  } catch (error) {
    return { wrong: error instanceof RangeError ? error.message : 'a part of it is missing or was changed' };
  }
}

async function collect(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError('it holds more than this page takes');
    }
    parts.push(next.value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function checked(data: unknown, transforms: readonly string[]): Project | { wrong: string } {
  const [files, level, base, skip] = Array.isArray(data) ? (data as unknown[]) : [];
  const other = { wrong: 'it holds something else than a project' };
  if (!Array.isArray(files) || files.length > maxFiles || !Array.isArray(skip)) return other;
  const read = files.map(fileOf);
  const knownLevel = Object.keys(levels).find((one) => one === level) as keyof typeof levels | undefined;
  const knownBase = bases.find((one) => one === base);
  if (read.includes(undefined) || !knownLevel || !knownBase) return other;
  const byPath = new Map(read.flatMap((file) => (file ? [[file.path, file] as const] : [])));
  const first = byPath.get(dockerfileName) ?? { path: dockerfileName, text: '' };
  byPath.delete(dockerfileName);
  return projectOf([first, ...byPath.values()], {
    level: knownLevel,
    base: knownBase,
    skip: transforms.filter((id) => skip.includes(id)),
  });
}

function fileOf(entry: unknown): ProjectFile | undefined {
  const [given, content] = Array.isArray(entry) ? (entry as unknown[]) : [];
  const path = typeof given === 'string' ? cleanPath(given) : undefined;
  if (path === undefined || path === '') return undefined;
  if (typeof content === 'string') return { path, text: content };
  return typeof content === 'number' && content >= 0 && path !== dockerfileName ? { path, text: '', unread: content } : undefined;
}
