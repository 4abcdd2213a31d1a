// The piece `=== image-facts` of a golden: facts of the image in a short form, and the document of `observe` that it stands for.
import { imageInstructions } from '../../src/dockerfile/settings.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import type {
  BaseFacts,
  FileFacts,
  ImageFacts,
  InstructionFacts,
  OsPackageFacts,
  ProgramFacts,
  RunningFacts,
} from '../../src/image/types.ts';
import { documentOf } from '../image-document.ts';

/**
 * What a golden says of an image. All of it may be left out. Files are words: `/srv/` (a directory), `/srv/app 5MB`, `/bin/a -> b`, with
 * `0700`, `33:33` (the owner) or `of=libpq5` (the package) behind them.
 */
interface Short {
  image?: Partial<Omit<ImageFacts['image'], 'size'>> & { size?: string };
  /** Left out, it was not looked at: then tables say what they know. */
  base?: Partial<Omit<BaseFacts, 'size'>> | { unknown: string };
  system?: Partial<ImageFacts['system']>;
  /** By line; or why they are not known. */
  lines?: Readonly<Record<string, ShortInstruction>> | { unknown: string };
  /** Packages of the base image, each with what it depends on; those of lines are taken from there. */
  packages?: Readonly<Record<string, readonly string[]>>;
  languagePackages?: ImageFacts['languagePackages'];
  /** By path: `static`, or what it needs: `libpq.so.5 /usr/lib/libpq.so.5 of=libpq5`. A library that is not found has no path. */
  programs?: Readonly<Record<string, 'static' | readonly string[]>>;
  running?: Partial<RunningFacts>;
}
interface ShortInstruction {
  added?: readonly string[];
  changed?: readonly string[];
  removed?: readonly string[];
  /** Packages that it brings, each with what it depends on; and those that it removes. */
  installs?: Readonly<Record<string, readonly string[]>>;
  uninstalls?: readonly string[];
}

const keys: Readonly<Record<string, true>> = {
  image: true,
  base: true,
  system: true,
  lines: true,
  packages: true,
  languagePackages: true,
  programs: true,
  running: true,
};

/** The document that a short form stands for, of a text of its Dockerfile. Throws an error on a word that nobody knows. */
export function imageFactsOf(short: string, dockerfile: string): ImageFacts {
  const given = JSON.parse(short) as Short;
  const odd = Object.keys(given).find((key) => keys[key] === undefined);
  if (odd !== undefined) throw new Error(`no part of image facts: ${odd} (${Object.keys(keys).join(', ')})`);
  const instructions = instructionsOf(given.lines, dockerfile);
  const document = documentOf(dockerfile, given.base && !('unknown' in given.base) ? { base: given.base as Partial<BaseFacts> } : {});
  return {
    ...document,
    base: given.base ? document.base : { unknown: 'left out' },
    ...(given.base && 'unknown' in given.base ? { base: given.base } : {}),
    image: { ...document.image, ...given.image, size: given.image?.size === undefined ? document.image.size : bytesOf(given.image.size) },
    system: { ...document.system, ...given.system },
    instructions,
    osPackages: packagesOf(given),
    languagePackages: given.languagePackages ?? [],
    programs: Object.entries(given.programs ?? {}).map(([path, needs]) => programOf(path, needs)),
    ...(given.running ? { running: { ...atRest, ...given.running } } : {}),
  };
}

const atRest: RunningFacts = {
  at: '2026-01-01T00:00:00Z',
  probes: [],
  kind: 'serves',
  exitCode: null,
  processes: [],
  ports: [],
  written: [],
  mapped: [],
};

function instructionsOf(lines: Short['lines'], dockerfile: string): ImageFacts['instructions'] {
  if (lines && 'unknown' in lines && typeof lines['unknown'] === 'string') return { unknown: lines['unknown'] };
  const of = (lines ?? {}) as Readonly<Record<string, ShortInstruction>>;
  const parsed = parseDockerfile(dockerfile);
  const instructions = parsed.ok ? imageInstructions(parsed.dockerfile, undefined, new Map()).instructions : [];
  const missing = Object.keys(of).find((line) => !instructions.some((one) => String(one.line) === line));
  if (missing !== undefined) throw new Error(`no instruction at line ${missing}`);
  return instructions.map((one): InstructionFacts => {
    const { added = [], changed = [], removed = [], installs = {}, uninstalls = [] } = of[one.line] ?? {};
    const files = { added: added.map(fileOf), changed: changed.map(fileOf) };
    return {
      ...one,
      bytes: [...files.added, ...files.changed].reduce((sum, { size }) => sum + size, 0),
      ...files,
      removed,
      packagesAdded: Object.keys(installs),
      packagesRemoved: uninstalls,
    };
  });
}

function fileOf(text: string): FileFacts {
  const [path = '', ...words] = text.split(' ');
  const isDir = path.endsWith('/');
  const to = words[words.indexOf('->') + 1];
  const isLink = words.includes('->');
  const fact: FileFacts = {
    path: isDir ? path.slice(0, -1) : path,
    kind: isDir ? 'dir' : isLink ? 'link' : 'file',
    size: isDir || isLink ? 0 : 1000,
    mode: isDir ? '0755' : isLink ? '0777' : '0644',
    uid: 0,
    gid: 0,
    ...(isLink && to !== undefined ? { link: to } : {}),
  };
  for (const word of words) {
    const owner = /^(\d+):(\d+)$/.exec(word);
    if (/^0[0-7]{3,4}$/.test(word)) fact.mode = word;
    else if (owner) [fact.uid, fact.gid] = [Number(owner[1]), Number(owner[2])];
    else if (word.startsWith('of=')) fact.owner = word.slice(3);
    else if (/^\d+(?:kB|MB)?$/.test(word)) fact.size = bytesOf(word);
    else if (word !== '->' && word !== to) throw new Error(`no word of a file in image facts: ${word}`);
  }
  return fact;
}

function bytesOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d+)(kB|MB)?$/.exec(text) ?? [];
  if (number === '') throw new Error(`no size: ${text}`);
  return Number(number) * ({ kB: 1000, MB: 1_000_000 }[unit] ?? 1);
}

function packagesOf({ packages = {}, lines = {} }: Short): OsPackageFacts[] {
  const one = (name: string, depends: readonly string[], from: 'base' | number): OsPackageFacts => ({
    manager: 'dpkg',
    name,
    version: '1',
    size: null,
    manual: null,
    from,
    ...(depends.length > 0 ? { depends } : {}),
  });
  const brought = Object.entries(lines as Readonly<Record<string, ShortInstruction>>).flatMap(([line, { installs }]) =>
    Object.entries(installs ?? {}).map(([name, depends]) => one(name, depends, Number(line))),
  );
  return [...Object.entries(packages).map(([name, depends]) => one(name, depends, 'base')), ...brought];
}

function programOf(path: string, needs: 'static' | readonly string[]): ProgramFacts {
  if (needs === 'static') return { path, interpreter: null, static: true, needs: [] };
  const isLibrary = /\.so(?:\.|$)|\.node$/.test(path);
  return {
    path,
    interpreter: isLibrary ? null : '/lib64/ld-linux-x86-64.so.2',
    static: false,
    needs: needs.map((text) => {
      const [name = '', ...words] = text.split(' ');
      const owner = words.find((word) => word.startsWith('of='))?.slice(3) ?? null;
      return { name, path: words.find((word) => word.startsWith('/')) ?? null, owner };
    }),
  };
}
