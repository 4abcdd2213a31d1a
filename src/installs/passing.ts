// Room: installs/. What the COPY of the sources may pass when it goes behind an install: what neither reads nor changes what it brings.
import type { Instruction } from '../dockerfile/types.ts';
import { HOME_UNKNOWN, file, tree, within } from '../effects/places.ts';
import type { Place, Places } from '../effects/types.ts';
import type { ManifestSet } from '../ecosystems/types.ts';
import { cleanPath, landingIn, originOf, resolvePath, type CopyReading } from '../facts/copies.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';

/** The COPY of the sources, and where it stands. */
export interface Sources {
  subject: Subject;
  reading: StageReading;
  copy: CopyReading;
}

/** Why the COPY of the sources may not pass an instruction behind it, as a sentence; undefined: it may. */
export function inTheWay(sources: Sources, i: Instruction): string | undefined {
  const { reading, copy } = sources;
  const line = `line ${i.line}`;
  if (i.keyword === 'RUN') {
    for (const part of reading.run(i.index)?.parts ?? []) {
      const why = needsSources(sources, part);
      if (why !== undefined) return `\`${part.name}\` at ${line} ${why}`;
    }
    return undefined;
  }
  if (i.keyword === 'COPY' || i.keyword === 'ADD') {
    const own = reading.copy(i.index);
    if (!own || sameFiles(copy, own)) return undefined;
    const over = touched(sources, filled(own), { whole: true });
    return over === undefined ? undefined : `${i.keyword} at ${line} puts files over what the COPY of the sources brings`;
  }
  if (i.keyword === 'VOLUME') {
    const over = touched(sources, { known: i.words.map(({ value }) => tree(cleanPath(value))) }, { whole: true });
    return over === undefined ? undefined : `VOLUME at ${line} holds the sources, and a builder may drop what is copied there later`;
  }
  if (i.keyword === 'ENV' || i.keyword === 'ARG') {
    const name = i.pairs.map((pair) => pair.name).find((set) => namesIn(copy).has(set));
    return name === undefined ? undefined : `${i.keyword} at ${line} sets ${name}, which the COPY of the sources uses`;
  }
  return undefined;
}

/** The variables that a COPY is written with. */
function namesIn({ instruction }: CopyReading): ReadonlySet<string> {
  return new Set([...instruction.logical.text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name]) => name ?? ''));
}

/** What a command has to do with the sources, as the end of a sentence; undefined: nothing. */
export function needsSources(sources: Sources, part: RunPart): string | undefined {
  const { does, reads, writes, removes } = part.effects;
  const whole = !['users', 'configure', 'package', 'clean'].includes(does.kind);
  const made = does.kind === 'files' && does.makes === true;
  const changed = touched(sources, { known: [...removes.known, ...writes.known] }, { whole, itself: does.kind === 'own', made });
  if (changed !== undefined && does.kind !== 'users') return `changes ${changed}, which the COPY of the sources would bring back`;
  const read = touched(sources, { known: reads.known }, { whole, itself: true });
  if (read !== undefined) return `reads ${read}, which the COPY of the sources brings`;
  const open = [reads, removes, ...(does.kind === 'configure' ? [] : [writes])].some(
    ({ unknown }) => unknown !== undefined && unknown !== HOME_UNKNOWN,
  );
  return open ? 'may read or change the sources: what it does is not known' : undefined;
}

interface Meant {
  /** A place above the sources means them, too. */
  whole?: boolean;
  /** Their directory alone, without what is in it, counts. */
  itself?: boolean;
  /** The places are directories that are made. */
  made?: boolean;
}
/** The first of the places that the COPY of the sources brings something to. */
function touched({ subject, copy }: Sources, { known }: Places, meant: Meant): string | undefined {
  return known.find((place) => brings(subject, copy, place, meant))?.path;
}

function brings({ project }: Subject, copy: CopyReading, { path, below }: Place, { whole, itself, made }: Meant): boolean {
  const { dest } = copy;
  return copy.sources.some((source) => {
    if (source.kind !== 'dir' || dest === undefined) {
      const landings = source.files.map((from) => landingIn(copy, from));
      return landings.some((landing) => landing === undefined || landing === path || (below && whole && within(landing, path)));
    }
    if (!within(path, dest)) return below && whole && within(dest, path);
    const rest = path === dest ? '' : path.slice(dest === '/' ? 1 : dest.length + 1);
    if (rest === '') return below || itself;
    const from = [source.path, rest].filter(Boolean).join('/');
    // what git leaves out lies in the context of whoever builds, or does not; a directory that is made is there either way
    return (project.tree.stat(from) !== undefined || (!made && project.gitIgnores(from))) && !project.ignore.ignores(from);
  });
}

/**
 * Variables that name files to an installer: settings, certificates, constraints. Sources: the configuration pages of pip, npm, yarn, poetry,
 * uv and go; OpenSSL, requests, curl, Node.js.
 */
const NAMES_FILES =
  /^(pip|npm_config|yarn|pnpm|bun|poetry|uv|go|git|netrc|bash_env|node_extra_ca_certs|node_options|ssl_cert|requests_ca|curl_ca)/i;

/** What an install reads of the sources beside its manifests: files that its options or its variables name. Undefined: none is seen. */
export function readsBeside(
  sources: Sources,
  run: RunReading,
  part: RunPart,
  { set, named }: { set: ManifestSet; named: readonly string[] },
): string | undefined {
  const { subject, reading, copy } = sources;
  const { env, args } = reading.before(run.instruction);
  const known = [...set.files, ...set.dirs, ...named];
  const variables = [...env, ...args].flatMap(([name, value]) => (NAMES_FILES.test(name) && 'value' in value ? [value.value] : []));
  const own = part.command.assignments.flatMap(({ value }) => value ?? []);
  const words = part.command.words.slice(1).flatMap(({ raw, value }, n) => {
    const path = /[./]/.test(raw) || /find-links$|^-f$|config$|cert$|rc$/.test(part.command.words[n]?.raw ?? '');
    return path ? [value ?? '', /=(.*)$/.exec(value ?? raw)?.[1] ?? ''] : [];
  });
  const texts = [...words, ...[...variables, ...own].flatMap((text) => text.split(/[\s,=]+/))];
  for (const text of new Set(texts)) {
    const path = text === '' || text.startsWith('-') ? undefined : resolvePath(part.effects.after.cwd, text);
    const origin = path === undefined || path === copy.dest ? undefined : originOf([copy], subject.project.tree, path);
    if (origin === undefined || origin === '' || known.some((one) => origin === one || one.startsWith(`${origin}/`))) continue;
    return origin;
  }
  return undefined;
}

/** Where a COPY puts files, as far as its sources tell their names. */
function filled(copy: CopyReading): Places {
  const { dest, instruction, sources, intoDirectory } = copy;
  if (dest === undefined) return { known: [tree('/')] };
  const named = sources.flatMap((source) => source.files.flatMap((from) => landingIn(copy, from) ?? []));
  const plain = instruction.keyword === 'COPY' && sources.length > 0 && sources.every(({ kind }) => kind === 'file' || kind === 'glob');
  if (plain && named.length > 0) return { known: named.map((path) => tree(path)) };
  const written = [...sources.filter(({ kind }) => kind === 'heredoc')].length === sources.length && sources.length > 0 && !intoDirectory;
  return { known: [written ? file(dest) : tree(dest)] };
}

/** A COPY that puts files where the broad COPY above put them already. */
function sameFiles(broad: CopyReading, own: CopyReading): boolean {
  return (
    own.fromContext &&
    !own.broad &&
    own.sources.length > 0 &&
    own.sources.every(
      (s) =>
        s.kind !== 'heredoc' &&
        s.files.every((from) => landingIn(own, from) !== undefined && landingIn(own, from) === landingIn(broad, from)),
    )
  );
}

/** How the COPY of the sources is written where it stands behind another instruction: its destination as it was meant, or undefined where the text means the same there. */
export function destinationBehind(reading: StageReading, copy: CopyReading, i: Instruction): string | undefined {
  const written = copy.instruction.dest?.value ?? '';
  const [from, to] = [reading.before(copy.instruction).workdir, reading.before(i).workdir];
  const same = 'value' in from && 'value' in to && from.value === to.value;
  const [, name = ''] = /^\$\{?([A-Za-z_]\w*)/.exec(written) ?? [];
  const begins = name === '' ? undefined : reading.before(copy.instruction).env.get(name);
  const absolute = written.startsWith('/') || (begins !== undefined && 'value' in begins && begins.value.startsWith('/'));
  if (absolute || same || copy.dest === undefined) return undefined;
  return copy.dest === '/' ? '/' : `${copy.dest}/`;
}
