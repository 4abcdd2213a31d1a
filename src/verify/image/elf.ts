// Room: verify/image/. What the dynamic linker reads of an ELF file, from any bytes: bounded, and it never throws.
import type { Elf } from '../types.ts';

/** Reads `length` bytes at an offset of the file: fewer at its end, none behind it. */
export type ByteSource = (offset: number, length: number) => Uint8Array;

/** The bytes of a file held in memory. */
export const bytesOf =
  (bytes: Uint8Array): ByteSource =>
  (offset, length) =>
    bytes.subarray(offset, offset + length);

/** Whether a file that begins with these bytes may be an ELF file. */
export const isElf = (start: Uint8Array): boolean => start[0] === 0x7f && start[1] === 0x45 && start[2] === 0x4c && start[3] === 0x46;

// Caps: no real file comes near (the largest in Debian has some 30 program headers and 400 dynamic entries).
const maxHeaders = 1024;
const maxDynamicBytes = 256 * 1024;
const maxNeeded = 1000;
const maxName = 4096;

// Names and values of https://man7.org/linux/man-pages/man5/elf.5.html
const PT = { load: 1, dynamic: 2, interpreter: 3 };
const DT = { needed: 1, strtab: 5, strsz: 10, soname: 14, rpath: 15, runpath: 29 };
const ET = { executable: 2, shared: 3 };

/** Numbers of a file: its class says how wide addresses are, its data encoding which byte comes first. */
interface Format {
  class: 32 | 64;
  little: boolean;
}
interface Segment {
  type: number;
  offset: number;
  address: number;
  size: number;
}

/**
 * Program, or library, as the dynamic linker sees it. In: the file's bytes by offset. Undefined: no ELF file, or one that is neither run nor loaded
 * (object files, kernel modules, core dumps), or a broken one. Source: https://man7.org/linux/man-pages/man5/elf.5.html
 */
export function parseElf(read: ByteSource): Elf | undefined {
  const header = read(0, 64);
  if (!isElf(header) || header.length < 52) return undefined;
  const [width, encoding] = [header[4], header[5]];
  if ((width !== 1 && width !== 2) || (encoding !== 1 && encoding !== 2)) return undefined;
  const format: Format = { class: width === 1 ? 32 : 64, little: encoding === 1 };
  if (format.class === 64 && header.length < 64) return undefined;
  const type = half(header, 16, format);
  if (type !== ET.executable && type !== ET.shared) return undefined;
  const found = segments(read, header, format);
  const interpreter = found.find((one) => one.type === PT.interpreter);
  return {
    machine: half(header, 18, format),
    class: format.class,
    interpreter: interpreter && nonEmpty(text(read, interpreter.offset, Math.min(interpreter.size, maxName))),
    ...dynamicOf(read, found, format),
  };
}

function segments(read: ByteSource, header: Uint8Array, format: Format): Segment[] {
  const wide = format.class === 64;
  const start = address(header, wide ? 32 : 28, format);
  const entry = half(header, wide ? 54 : 42, format);
  const count = Math.min(half(header, wide ? 56 : 44, format), maxHeaders);
  if (start === undefined || entry < (wide ? 56 : 32)) return [];
  const table = read(start, entry * count);
  const found: Segment[] = [];
  for (let at = 0; at + entry <= table.length; at += entry) {
    const offset = address(table, at + (wide ? 8 : 4), format);
    const virtual = address(table, at + (wide ? 16 : 8), format);
    const size = address(table, at + (wide ? 32 : 16), format);
    if (offset === undefined || virtual === undefined || size === undefined) continue;
    found.push({ type: word(table, at, format), offset, address: virtual, size });
  }
  return found;
}

type Dynamic = Pick<Elf, 'needed' | 'soname' | 'rpath' | 'runpath'>;

function dynamicOf(read: ByteSource, all: readonly Segment[], format: Format): Dynamic {
  const nothing: Dynamic = { needed: [], soname: undefined, rpath: [], runpath: [] };
  const segment = all.find((one) => one.type === PT.dynamic);
  if (!segment) return nothing;
  const entries = dynamicEntries(read(segment.offset, Math.min(segment.size, maxDynamicBytes)), format);
  const valueOf = (tag: number): number | undefined => entries.find((one) => one.tag === tag)?.value;
  const table = offsetOf(valueOf(DT.strtab), all);
  if (table === undefined) return nothing;
  const end = table + (valueOf(DT.strsz) ?? Number.MAX_SAFE_INTEGER);
  const string = (value: number | undefined): string | undefined =>
    value === undefined || table + value >= end ? undefined : nonEmpty(text(read, table + value, Math.min(maxName, end - table - value)));
  const paths = (tag: number): string[] => (string(valueOf(tag)) ?? '').split(':').filter((path) => path !== '');
  const needed = entries.filter((one) => one.tag === DT.needed).slice(0, maxNeeded);
  return {
    needed: needed.map((one) => string(one.value)).filter((name) => name !== undefined),
    soname: string(valueOf(DT.soname)),
    rpath: paths(DT.rpath),
    runpath: paths(DT.runpath),
  };
}

/** Tags and values up to DT_NULL. */
function dynamicEntries(bytes: Uint8Array, format: Format): { tag: number; value: number }[] {
  const step = format.class === 64 ? 16 : 8;
  const found: { tag: number; value: number }[] = [];
  for (let at = 0; at + step <= bytes.length; at += step) {
    const tag = address(bytes, at, format);
    const value = address(bytes, at + step / 2, format);
    if (tag === 0) break;
    if (tag !== undefined && value !== undefined) found.push({ tag, value });
  }
  return found;
}

/** Where in the file an address of the loaded program lies. */
function offsetOf(virtual: number | undefined, all: readonly Segment[]): number | undefined {
  if (virtual === undefined) return undefined;
  const segment = all.find((one) => one.type === PT.load && virtual >= one.address && virtual < one.address + one.size);
  return segment && segment.offset + virtual - segment.address;
}

/** The text up to the first zero byte. */
function text(read: ByteSource, offset: number, length: number): string {
  const bytes = read(offset, length);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
const nonEmpty = (value: string): string | undefined => (value === '' ? undefined : value);

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const half = (bytes: Uint8Array, at: number, { little }: Format): number => view(bytes).getUint16(at, little);
const word = (bytes: Uint8Array, at: number, { little }: Format): number => view(bytes).getUint32(at, little);
/** An address, offset or size; undefined when no file can be so large. */
function address(bytes: Uint8Array, at: number, format: Format): number | undefined {
  if (format.class === 32) return word(bytes, at, format);
  const value = view(bytes).getBigUint64(at, format.little);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}
