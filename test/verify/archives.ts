// test/verify: small tar archives and ELF files, made for tests.
import { pack, type Header } from 'tar-stream';

export interface TarEntry extends Partial<Omit<Header, 'name'>> {
  name: string;
  content?: string | Buffer;
}

/** A tar archive in memory. */
export async function tarOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) archive.entry(header, content ?? '');
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export interface ElfParts {
  class?: 32 | 64;
  endian?: 'little' | 'big';
  interpreter?: string;
  needed?: readonly string[];
  soname?: string;
  rpath?: string;
  runpath?: string;
  /** Bytes between headers and tables. */
  padding?: number;
}

/** An ELF file with what the dynamic linker reads and nothing else: headers, PT_LOAD over all, PT_INTERP, PT_DYNAMIC, a string table. */
export function elfFile(parts: ElfParts): Buffer {
  const wide = (parts.class ?? 64) === 64;
  const little = (parts.endian ?? 'little') === 'little';
  const base = 0x10000;
  let strings = '\0';
  const string = (text: string): number => {
    strings += `${text}\0`;
    return Buffer.byteLength(strings) - Buffer.byteLength(text) - 1;
  };
  const dynamic: [number, number][] = (parts.needed ?? []).map((name) => [1, string(name)]);
  if (parts.soname !== undefined) dynamic.push([14, string(parts.soname)]);
  if (parts.rpath !== undefined) dynamic.push([15, string(parts.rpath)]);
  if (parts.runpath !== undefined) dynamic.push([29, string(parts.runpath)]);
  const [headerSize, entrySize, dynSize] = wide ? [64, 56, 16] : [52, 32, 8];
  const interpreter = Buffer.from(parts.interpreter === undefined ? '' : `${parts.interpreter}\0`);
  const interpreterAt = headerSize + 3 * entrySize + (parts.padding ?? 0);
  const dynamicAt = interpreterAt + interpreter.length;
  const stringsAt = dynamicAt + (dynamic.length + 3) * dynSize;
  dynamic.push([5, base + stringsAt], [10, Buffer.byteLength(strings)], [0, 0]);
  const file = Buffer.alloc(stringsAt + Buffer.byteLength(strings));
  const half = (at: number, value: number): unknown => (little ? file.writeUInt16LE(value, at) : file.writeUInt16BE(value, at));
  const word = (at: number, value: number): unknown => (little ? file.writeUInt32LE(value, at) : file.writeUInt32BE(value, at));
  const address = (at: number, value: number): unknown =>
    wide ? (little ? file.writeBigUInt64LE(BigInt(value), at) : file.writeBigUInt64BE(BigInt(value), at)) : word(at, value);
  file.write('\x7fELF', 0, 'latin1');
  file.set([wide ? 2 : 1, little ? 1 : 2, 1], 4);
  half(16, 3);
  half(18, wide ? 62 : 3);
  address(wide ? 32 : 28, headerSize);
  half(wide ? 54 : 42, entrySize);
  half(wide ? 56 : 44, 3);
  const segment = (index: number, type: number, offset: number, size: number): void => {
    const at = headerSize + index * entrySize;
    word(at, type);
    address(at + (wide ? 8 : 4), offset);
    address(at + (wide ? 16 : 8), base + offset);
    address(at + (wide ? 32 : 16), size);
  };
  segment(0, 1, 0, file.length);
  segment(1, parts.interpreter === undefined ? 0 : 3, interpreterAt, interpreter.length);
  segment(2, 2, dynamicAt, dynamic.length * dynSize);
  interpreter.copy(file, interpreterAt);
  for (const [index, [tag, value]] of dynamic.entries()) {
    address(dynamicAt + index * dynSize, tag);
    address(dynamicAt + index * dynSize + dynSize / 2, value);
  }
  file.write(strings, stringsAt);
  return file;
}
