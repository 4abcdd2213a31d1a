// Writes a zip file. APPNOTE.TXT 6.3: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { crc32, deflateRawSync } from 'node:zlib';

/** The first time that a zip file can name, 1 January 1980: the same files give the same bytes. */
const noDate = 0x0021;
const utf8Names = 0x0800;
const deflated = 8;

/** In: names with `/`, in their order. Out: the bytes of the archive. */
export function zip(files: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of files) {
    const path = Buffer.from(name);
    const packed = deflateRawSync(content, { level: 9 });
    const common = numbers(
      [20, 2],
      [utf8Names, 2],
      [deflated, 2],
      [0, 2],
      [noDate, 2],
      [crc32(content), 4],
      [packed.length, 4],
      [content.length, 4],
      [path.length, 2],
      [0, 2],
    );
    const local = Buffer.concat([numbers([0x04034b50, 4]), common, path, packed]);
    directory.push(numbers([0x02014b50, 4], [20, 2]), common, numbers([0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), path);
    parts.push(local);
    at += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [files.size, 2], [files.size, 2], [entries.length, 4], [at, 4], [0, 2]);
  return Buffer.concat([...parts, entries, end]);
}

/** Numbers in so many bytes each, the smallest first. */
function numbers(...all: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  return Buffer.concat(
    all.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );
}
