// Room: observe/. What the programs and libraries of an image need, and whose it is.
import type { ProgramFacts } from '../image/types.ts';
import { linkerOf } from '../verify/image/linker.ts';
import type { ImageContents } from '../verify/types.ts';

/**
 * The needs of ELF files. In: what is in the image, its environment (LD_LIBRARY_PATH), which files are asked for, and who owns a file. A library that
 * only what loads it can find (by its RPATH) has no path.
 */
export function programFacts(
  contents: ImageContents,
  env: Readonly<Record<string, string>>,
  wanted: (path: string) => boolean,
  ownerOf: (path: string) => string | undefined,
): ProgramFacts[] {
  const linker = linkerOf(contents, env);
  return [...contents.elf].flatMap(([path, elf]): ProgramFacts[] => {
    if (!wanted(path)) return [];
    const libc = linker.libcOf(elf);
    const needs = elf.needed.map((name) => {
      const found = linker.find(name, { path, elf, by: undefined }, libc);
      const at = found === 'itself' ? (elf.interpreter ?? null) : (found ?? null);
      return { name, path: at, owner: at === null ? null : (ownerOf(at) ?? null) };
    });
    return [{ path, interpreter: elf.interpreter ?? null, static: elf.interpreter === undefined && elf.needed.length === 0, needs }];
  });
}
