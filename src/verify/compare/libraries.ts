// Room: verify/compare/. Whether every program and library of the rewritten image finds the libraries that it needs.
import { linkerOf, type Linker, type Loaded } from '../image/linker.ts';
import { nameOf } from '../image/lookup.ts';
import type { Check, Difference, ImageContents } from '../types.ts';

/** What a file needs and does not find: a library, or the linker itself. */
export interface Unresolved {
  file: string;
  needs: string;
  kind: 'library' | 'interpreter';
}
type Env = Readonly<Record<string, string>>;

const maxTold = 20;

/** Files of a base that lack a library there by its makers' choice. */
const optional: readonly { file: RegExp; why: string }[] = [
  // https://github.com/docker-library/python: the slim variants are built with Tk, and do not keep it.
  { file: /\/lib-dynload\/_tkinter\.[^/]*\.so$/, why: 'Python’s slim images come without Tk' },
];

/**
 * Looks for the needed libraries of every ELF file. In: both images, and their environments (LD_LIBRARY_PATH). Fails with what the original found and
 * the rewritten image does not; what the original did not find either, or in the same way, is only counted.
 */
export function checkLibraries(before: ImageContents, after: ImageContents, env: { before: Env; after: Env }): Check {
  const missing = unresolved(after, env.after);
  const counted = after.elf.size === 1 ? '1 program or library' : `${after.elf.size} programs and libraries`;
  if (missing.length === 0) return say('passed', `Every library needed by ${counted} is in the image`);
  const { fresh, names } = freshOf(missing, before, env);
  const left = optional.filter(({ file }) => fresh.some((one) => file.test(one.file))).map(({ why }) => why);
  const counting = fresh.filter((one) => !optional.some(({ file }) => file.test(one.file)));
  const lost = counting.filter((one) => names.has(nameOf(one.file)));
  const foreign = counting.length - lost.length;
  const same = missing.length - fresh.length;
  const rest = [
    ...(same > 0 ? [`${lacking(same)} a library in the original too`] : []),
    ...left,
    ...(foreign > 0 ? [`${lacking(foreign)} a library, new in the rewritten image`] : []),
  ].join('; ');
  if (lost.length === 0)
    return say(foreign > 0 ? 'warned' : 'passed', `${counted}: every library found in the original is found${rest && `; ${rest}`}`);
  const told = lost.map((one) => differenceOf(one, before));
  return {
    ...say('failed', `${sentence(lost[0], told[0])}${lost.length > 1 ? `; ${lost.length - 1} more such files` : ''}${rest && `; ${rest}`}`),
    differences: told.slice(0, maxTold),
    about: [...new Set(lost.flatMap((one) => [one.file, ...sourcesOf(one, before)]))].slice(0, 2 * maxTold),
  };
}

/** Libraries that files of the original find in it and do not find in the rewritten image. */
export function lostLibraries(before: ImageContents, after: ImageContents, env: { before: Env; after: Env }): Unresolved[] {
  const { fresh, names } = freshOf(unresolved(after, env.after), before, env);
  return fresh.filter((one) => names.has(nameOf(one.file)) && !optional.some(({ file }) => file.test(one.file)));
}

/** What the original does not miss, and the names of its programs and libraries. */
function freshOf(
  missing: readonly Unresolved[],
  before: ImageContents,
  env: { before: Env },
): { fresh: Unresolved[]; names: ReadonlySet<string> } {
  const earlier = missingBefore(before, env.before);
  const isOld = (file: string, needs: string): boolean => earlier.has(`${file}\0${needs}`);
  const fresh = missing.filter(({ file, needs }) => !isOld(file, needs) && !isOld(nameOf(file), needs));
  return { fresh, names: new Set([...before.elf.keys()].map(nameOf)) };
}

const lacking = (files: number): string => (files === 1 ? '1 file lacks' : `${files} files lack`);

const say = (outcome: Check['outcome'], detail: string): Check => ({ id: 'libraries', outcome, detail, differences: [] });

function sentence(one: Unresolved | undefined, difference: Difference | undefined): string {
  if (!one || !difference) return '';
  const what = one.kind === 'interpreter' ? `cannot be started: ${one.needs}, its dynamic linker,` : `needs ${one.needs}, which`;
  return `${one.file} ${what} is not in the rewritten image (in the original: ${difference.before})`;
}

function differenceOf(one: Unresolved, before: ImageContents): Difference {
  const [path, owner] = sourcesOf(one, before);
  const where = path === undefined ? 'found' : owner === undefined ? path : `${path} of ${owner}`;
  return { what: `${one.file} needs ${one.needs}`, before: where, after: 'not found' };
}

/** Where the original has a library: its path, and the package of it when dpkg knows. */
function sourcesOf(one: Unresolved, before: ImageContents): string[] {
  const name = nameOf(one.needs);
  const path = [...before.files.keys()].find((candidate) => nameOf(candidate) === name);
  const list = [...before.texts].find(([file, text]) => file.startsWith(lists) && `${text}\n`.includes(`/${name}\n`))?.[0];
  const owner = list?.slice(lists.length).replace(/(?::[\w-]+)?\.list$/, '');
  return [path, owner].filter((source) => source !== undefined);
}
const lists = '/var/lib/dpkg/info/';

/** By path, and by name: a rewrite puts files elsewhere. */
function missingBefore(before: ImageContents, env: Env): Set<string> {
  return new Set(unresolved(before, env).flatMap((one) => [`${one.file}\0${one.needs}`, `${nameOf(one.file)}\0${one.needs}`]));
}

/** What no ELF file of an image finds. Debug files, which nothing loads, are left out. */
export function unresolved(contents: ImageContents, env: Env): Unresolved[] {
  const linker = linkerOf(contents, env);
  const missing: Unresolved[] = [];
  for (const [path, elf] of contents.elf) {
    if (path.startsWith('/usr/lib/debug/')) continue;
    if (elf.interpreter !== undefined && !linker.exists(elf.interpreter))
      missing.push({ file: path, needs: elf.interpreter, kind: 'interpreter' });
    else
      missing.push(...missingOf({ path, elf, by: undefined }, linker).map((needs): Unresolved => ({ file: path, needs, kind: 'library' })));
  }
  if (missing.length === 0) return missing;
  const inCompany = foundInCompany(contents, linker, new Set(missing.map((one) => `${one.file}\0${one.needs}`)));
  const done = missing.filter((one) => !inCompany.has(`${one.file}\0${one.needs}`));
  const open = new Set(done.map((one) => one.file));
  return done.filter((one) => !hasTwin(one.file, contents, linker, open));
}

const missingOf = (loaded: Loaded, linker: Linker): string[] =>
  loaded.elf.needed.filter((name) => linker.find(name, loaded, linker.libcOf(loaded.elf)) === undefined);

/** What a library does not find alone but finds below what loads it: by the RPATH of that, or because it was loaded before. */
function foundInCompany(contents: ImageContents, linker: Linker, missing: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (const [path, elf] of contents.elf) {
    if (elf.needed.length === 0) continue;
    const libc = linker.libcOf(elf);
    const loaded = new Map<string, Loaded>([[path, { path, elf, by: undefined }]]);
    const sonames = new Set<string>();
    const waiting: { name: string; from: Loaded }[] = elf.needed.map((name) => ({ name, from: { path, elf, by: undefined } }));
    for (const { name, from } of waiting) {
      const at = linker.find(name, from, libc);
      const other = at === undefined ? undefined : contents.elf.get(at);
      if ((at !== undefined || sonames.has(name)) && missing.has(`${from.path}\0${name}`)) found.add(`${from.path}\0${name}`);
      if (at === undefined || !other || loaded.has(at)) continue;
      const next: Loaded = { path: at, elf: other, by: from };
      loaded.set(at, next);
      sonames.add(name).add(other.soname ?? name);
      waiting.push(...other.needed.map((needed) => ({ name: needed, from: next })));
    }
  }
  return found;
}

/** Packages bring one file for glibc and one for musl, and load the one that fits: the other finds nothing, and is not missed. */
function hasTwin(path: string, { elf }: ImageContents, linker: Linker, open: ReadonlySet<string>): boolean {
  const own = elf.get(path);
  if (!own || own.interpreter !== undefined) return false;
  const neutral = (text: string): string => text.replace(/-?(?:glibc|gnu|musl)/g, '');
  const key = neutral(path);
  return [...elf].some(
    ([other, its]) =>
      other !== path &&
      neutral(other) === key &&
      its.machine === own.machine &&
      !open.has(other) &&
      linker.libcOf(its) !== linker.libcOf(own),
  );
}
