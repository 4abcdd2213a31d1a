// Room: verify/image/. /etc/ld.so.cache: what ldconfig wrote down, name → paths. A library that was copied later is not in it, and is not found.
// Source of the format: glibc 2.42, sysdeps/generic/dl-cache.h (struct cache_file_new, file_entry_new).

const magic = 'glibc-ld.so.cache1.1';
const headerSize = 48;
const entrySize = 24;
const maxEntries = 50_000;

/** Paths by the name that a program asks for. In: the file's bytes as latin1. Empty when it is none. */
export function readLdCache(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  // Before 2.32 an older table stands in front; offsets count from the newer one's begin.
  const start = text.indexOf(magic);
  if (start < 0) return found;
  const bytes = Buffer.from(text.slice(start), 'latin1');
  if (bytes.length < headerSize) return found;
  // The byte order is that of the machine (the byte behind the two lengths says so since 2.33); all that run containers are little endian but s390x.
  const big = (bytes[28] ?? 0) % 4 === 3;
  const word = (at: number): number => (big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  const string = (at: number): string => bytes.toString('utf8', at, Math.max(at, bytes.indexOf(0, at)));
  const count = Math.min(word(magic.length), maxEntries, Math.floor((bytes.length - headerSize) / entrySize));
  for (let index = 0; index < count; index += 1) {
    const at = headerSize + index * entrySize;
    const name = string(word(at + 4));
    if (name !== '') found.set(name, [...(found.get(name) ?? []), string(word(at + 8))]);
  }
  return found;
}
