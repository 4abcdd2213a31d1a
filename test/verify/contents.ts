// test/verify: contents of an image, written down by hand.
import { parseElf, bytesOf } from '../../src/verify/image/elf.ts';
import type { ImageConfig, ImageContents, ImageFile, Observation } from '../../src/verify/types.ts';
import { elfFile, type ElfParts } from './archives.ts';

/** A file: its text, an ELF file, a link (`-> target`), or attributes. */
export type Entry = string | { elf: ElfParts } | Partial<ImageFile>;

/** Files by path; directories above them are made, for root with 0755. */
export function contentsOf(entries: Readonly<Record<string, Entry>>): ImageContents {
  const files = new Map<string, ImageFile>();
  const elf = new Map<string, NonNullable<ReturnType<typeof parseElf>>>();
  const texts = new Map<string, string>();
  const plain: ImageFile = { kind: 'file', size: 1, mode: 0o644, uid: 0, gid: 0 };
  for (const [path, entry] of Object.entries(entries)) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const above = path.slice(0, at);
      if (!files.has(above)) files.set(above, { ...plain, kind: 'dir', mode: 0o755, size: 0 });
    }
    if (typeof entry === 'string' && entry.startsWith('-> ')) files.set(path, { ...plain, kind: 'link', link: entry.slice(3), size: 0 });
    else if (typeof entry === 'string') {
      files.set(path, plain);
      texts.set(path, entry);
    } else if ('elf' in entry) {
      files.set(path, { ...plain, mode: 0o755 });
      const parsed = parseElf(bytesOf(elfFile(entry.elf)));
      if (parsed) elf.set(path, parsed);
    } else files.set(path, { ...plain, ...entry });
  }
  return { layers: [], files, packages: [], elf, texts };
}

export const config = (settings: Partial<ImageConfig> = {}): ImageConfig => ({
  user: '',
  env: {},
  entrypoint: undefined,
  cmd: undefined,
  workdir: '/',
  exposedPorts: [],
  volumes: [],
  labels: {},
  healthcheck: undefined,
  stopSignal: undefined,
  shell: undefined,
  os: 'linux',
  architecture: 'amd64',
  ...settings,
});

/** An observation of which only what was written matters. */
export const wrote = (...written: string[]): Observation => ({ written }) as unknown as Observation;
