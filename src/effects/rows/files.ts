// Room: effects/rows. Programs that make, move, change and remove the files that they name. Sources: POSIX utilities; GNU coreutils, sed, tar; Info-ZIP.
import type { Word } from '../../dockerfile/types.ts';
import { anywhere, file, nowhere, placeOf, placesOf, tree, valueOf } from '../places.ts';
import type { Call, Places, Row, Told } from '../types.ts';
import { names, options } from '../words.ts';

const files: Told['does'] = { kind: 'files' };
const writes = (places: Places, reads: Places = nowhere): Told => ({ does: files, writes: places, reads });

const makes = (places: Places): Told => ({ does: { kind: 'files', makes: true }, writes: places });

/** The last word is where it puts the others; with `-t DIR` all are sources. */
function puts(valued: string) {
  return ({ args, state }: Call): Told => {
    const read = options(args, names(valued));
    const target = read.value('-t', '--target-directory') ?? read.rest[read.rest.length - 1];
    const sources = read.value('-t', '--target-directory') ? read.rest : read.rest.slice(0, -1);
    return writes(placesOf(target ? [target] : [], state, true), placesOf(sources, state, true));
  };
}

function moves(call: Call): Told {
  const put = puts('-t --target-directory -S --suffix')(call);
  return { ...put, removes: put.reads ?? nowhere };
}

/** `install -d DIR…` makes directories; else it copies. Source: install(1). */
function installs(call: Call): Told {
  const valued = '-m -o -g -t -S --mode --owner --group --target-directory';
  const read = options(call.args, names(valued));
  return read.flags.has('-d') || read.flags.has('--directory') ? makes(placesOf(read.rest, call.state, false)) : puts(valued)(call);
}

/** The first word is a mode or an owner, unless `--reference` gives it. */
function changes({ name, args, state }: Call): Told {
  const read = options(args);
  const [first] = read.rest;
  const paths = read.flags.has('--reference') ? read.rest : read.rest.slice(1);
  const recursive = read.flags.has('-R') || read.flags.has('--recursive');
  const places = placesOf(paths, state, recursive);
  if (name !== 'chown' && name !== 'chgrp') return writes(places);
  return { does: { kind: 'own', owner: first && valueOf(first, state), recursive }, writes: places };
}

/** sed writes with -i alone. Source: sed(1). */
function sed({ args, state }: Call): Told {
  const read = options(args, names('-e -f -l --expression --file --line-length'));
  const inPlace = [...read.flags].some((flag) => flag === '-i' || flag === '--in-place');
  const script = read.value('-e', '-f', '--expression', '--file') ? read.rest : read.rest.slice(1);
  const places = placesOf(script, state, false);
  return inPlace ? writes(places, places) : { does: { kind: 'nothing' }, reads: places };
}

/** perl changes files with -i; else it is a program of its own. Source: perlrun(1). */
function perl({ args, state }: Call): Told | undefined {
  const inPlace = args.some((word) => /^-[a-z]*i/.test(word.value ?? ''));
  const e = args.findIndex((word) => /^-[a-z]*e$/.test(word.value ?? ''));
  if (!inPlace || e === -1) return args.some((word) => word.value === '-v') ? { does: { kind: 'nothing' } } : undefined;
  const places = placesOf(args.slice(e + 2), state, false);
  return writes(places, places);
}

function dd({ args, state }: Call): Told {
  const named = (key: string): Word[] =>
    args.filter((word) => word.raw.startsWith(`${key}=`)).map((word) => ({ ...word, raw: word.raw.slice(3), value: word.value?.slice(3) }));
  return writes(placesOf(named('of'), state, false), placesOf(named('if'), state, false));
}

/** Source: tar(1). Old-style letters without a dash are options too. */
function tar({ args, state }: Call): Told {
  const [first, ...others] = args;
  const old =
    first && /^[A-Za-z]+$/.test(first.value ?? '') ? [{ ...first, value: `-${first.value}`, raw: `-${first.raw}` }, ...others] : args;
  const read = options(old, names('-f -C -T -X --file --directory --exclude --strip-components --transform --owner --group'));
  const has = (short: string, long: string): boolean => read.flags.has(short) || read.flags.has(long);
  const archive = read.value('-f', '--file');
  const dir = read.value('-C', '--directory');
  const into = dir ? placeOf(dir, state, true) : state.cwd === undefined ? undefined : tree(state.cwd);
  const named = archive && archive.value !== '-' ? placesOf([archive], state, false) : nowhere;
  const also = COMPRESSORS.filter(
    ([options, ending]) =>
      options.some((o) => read.flags.has(o)) || (has('-f', '--file') && ending.test(archive?.value ?? archive?.raw ?? '')),
  ).map(([, , program]) => program);
  if (has('-x', '--extract'))
    return { does: { kind: 'unpack' }, writes: into ? { known: [into] } : anywhere('by tar'), reads: named, also };
  const from = dir ? { ...state, cwd: into?.path } : state;
  const members = read.rest.filter((word) => word !== archive);
  const packed =
    has('-T', '--files-from') || members.length === 0 ? (into ? { known: [into] } : anywhere('by tar')) : placesOf(members, from, true);
  if (has('-c', '--create')) return { ...writes(named, packed), also };
  return { does: { kind: 'nothing' }, reads: named, also };
}
/** What tar starts, by option or by the name of the archive. Source: tar(1), "Compression options". */
const COMPRESSORS: readonly (readonly [options: readonly string[], ending: RegExp, program: string])[] = [
  [['-J', '--xz'], /\.(?:xz|txz)$/, 'xz'],
  [['-j', '--bzip2'], /\.(?:bz2|tbz2?)$/, 'bzip2'],
  [['--zstd'], /\.(?:zst|tzst)$/, 'zstd'],
];

/** Source: unzip(1): `-d DIR`, else the working directory; -p, -l, -t write nothing. */
function unzip({ args, state }: Call): Told {
  const read = options(args, names('-d -x -P'));
  const dir = read.value('-d');
  const into = dir ? placeOf(dir, state, true) : state.cwd === undefined ? undefined : tree(state.cwd);
  const reads = placesOf(read.rest.slice(0, 1), state, false);
  if (['-l', '-p', '-t', '-v', '-Z'].some((flag) => read.flags.has(flag))) return { does: { kind: 'nothing' }, reads };
  return { does: { kind: 'unpack' }, writes: into ? { known: [into] } : anywhere('by unzip'), reads };
}

/** gzip and its kin put a file in the place of the one they are given. Source: gzip(1). */
function packs({ args, state }: Call): Told {
  const read = options(args, names('-S'));
  const places = placesOf(read.rest, state, false);
  const near = { ...places, known: places.known.map(({ path }) => tree(path.slice(0, Math.max(1, path.lastIndexOf('/'))))) };
  const shows = read.flags.has('-c') || read.rest.length === 0;
  return shows ? { does: { kind: 'nothing' }, reads: places } : writes(near, places);
}

function sorts({ args, state }: Call): Told {
  const read = options(args, names('-o --output -k --key -t --field-separator -T -S'));
  const out = read.value('-o', '--output');
  const reads = placesOf(read.rest, state, false);
  return out ? writes(placesOf([out], state, false), reads) : { does: { kind: 'nothing' }, reads };
}

/** rsync SRC… DEST on one machine. Source: rsync(1). */
function rsync(call: Call): Told | undefined {
  if (call.args.some((word) => /^[\w.@-]+:/.test(word.raw) || word.raw.includes('://'))) return undefined;
  return puts('-e --exclude --include --filter --rsh')(call);
}

export const fileRows: readonly Row[] = [
  {
    programs: 'mkdir',
    source: 'mkdir(1)',
    tell: ({ args, state }) => makes(placesOf(options(args, names('-m --mode')).rest, state, false)),
  },
  {
    programs: 'touch truncate mkfifo mknod',
    source: 'touch(1), truncate(1)',
    tell: ({ args, state }) => writes(placesOf(options(args, names('-s --size -d -r -t')).rest, state, false)),
  },
  {
    programs: 'dos2unix unix2dos',
    source: 'dos2unix(1)',
    tell: ({ args, state }) => writes(placesOf(options(args).rest, state, false), placesOf(options(args).rest, state, false)),
  },
  {
    programs: 'strip upx',
    source: 'strip(1), upx(1)',
    tell: ({ args, state }) => writes(placesOf(options(args, names('-o')).rest, state, false), placesOf(options(args).rest, state, false)),
  },
  {
    programs: 'rm rmdir unlink shred',
    source: 'rm(1)',
    tell: ({ args, state }) => ({ does: files, removes: placesOf(options(args).rest, state, true) }),
  },
  { programs: 'cp', source: 'cp(1)', tell: puts('-t --target-directory -S --suffix') },
  { programs: 'ln', source: 'ln(1)', tell: linked },
  { programs: 'mv', source: 'mv(1)', tell: moves },
  { programs: 'install', source: 'install(1)', tell: installs },
  { programs: 'chmod chown chgrp setfacl', source: 'chmod(1), chown(1)', tell: changes },
  { programs: 'setcap', source: 'setcap(8)', tell: ({ args, state }) => writes(placesOf(options(args).rest.slice(1), state, false)) },
  { programs: 'sed', source: 'sed(1)', tell: sed },
  { programs: 'perl', source: 'perlrun(1)', tell: perl },
  { programs: 'tee', source: 'tee(1)', tell: ({ args, state }) => writes(placesOf(options(args).rest, state, false)) },
  { programs: 'dd', source: 'dd(1)', tell: dd },
  { programs: 'tar bsdtar', source: 'tar(1)', tell: tar },
  { programs: 'unzip', source: 'unzip(1)', tell: unzip },
  { programs: 'gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd', source: 'gzip(1)', tell: packs },
  { programs: 'rsync', source: 'rsync(1)', tell: rsync },
  { programs: 'sort', source: 'sort(1): -o writes', tell: sorts },
  { programs: 'envsubst', source: 'envsubst(1)', tell: () => ({ does: { kind: 'nothing' } }) },
  { programs: 'mktemp', source: 'mktemp(1)', tell: () => writes({ known: [tree('/tmp')] }) },
];

/** `ln -s TARGET NAME`, or `ln -s TARGET…  DIR`; with one word the name is in the working directory. A symbolic link means a place below its own directory. Source: ln(1). */
function linked({ args, state }: Call): Told {
  const { rest, flags } = options(args, names('-t -S'));
  const name = rest.length === 1 ? undefined : rest[rest.length - 1];
  const at = name && placeOf(name, state, false);
  const targets = rest.length === 1 ? rest : rest.slice(0, -1);
  const symbolic = flags.has('-s') || flags.has('--symbolic');
  const from = symbolic && at ? { ...state, cwd: at.path.slice(0, Math.max(1, at.path.lastIndexOf('/'))) } : state;
  if (rest.length === 1)
    return writes(state.cwd === undefined ? anywhere('by ln') : { known: [file(state.cwd)] }, placesOf(rest, state, true));
  return writes(placesOf(name ? [name] : [], state, true), placesOf(targets, from, true));
}
