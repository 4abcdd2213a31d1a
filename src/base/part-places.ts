// Room: base/. Where one command of a RUN belongs once the stages are split, by its effects.
import { joined, nowhere, within } from '../effects/places.ts';
import type { Effects, Place as ImagePlace, Places } from '../effects/types.ts';
import { inside, isPlainName } from '../facts/copies.ts';

import type { RunPart, RunReading } from '../facts/reading.ts';
import { lackingDirectory } from './directories.ts';
import type { PackagePlan } from './packages.ts';
import { putsProgram } from '../runtime/put-elsewhere.ts';

export interface Place {
  /**
   * `state`: the shell, for what stands behind it. `build`: the build's alone. `keep`: run time, and any image of the same system can repeat it.
   * `fixed`: run time, on the original's own image. `unknown`: it needs the sources, and what it leaves cannot be told.
   * `workdir`: makes the directory that WORKDIR makes. `owner`: gives the application to a user.
   */
  place: 'state' | 'build' | 'workdir' | 'owner' | 'keep' | 'fixed' | 'unknown';
  why?: string;
  owner?: { owner: string; path: string };
  /** Installs or readies packages of the system: another image gets them in one line. */
  packages?: true;
  /** Only some of the packages are for the run time: the build stage keeps the command, the other stages get those. */
  parted?: true;
}

/** What holds for every RUN of the stage. */
export interface Asked {
  /** The directory whose artefacts are copied. */
  app: string | undefined;
  /** Names of the programs that the container needs. */
  programs: ReadonlySet<string>;
  /** Programs that the project's own packages bring. */
  own(name: string): boolean;
  packages: PackagePlan;
  /** Directories that the split carries as a whole: what is written there is not lost. */
  carried: readonly string[];
  /** The ecosystem that splits: its installs and builds are its own matter. */
  ecosystem: string;
  /** The program that the container runs, where the build makes it. */
  made?: { program: string; imagePath: string | undefined } | undefined;
}

/** What holds for the commands of one RUN. */
export interface Where extends Asked {
  run: RunReading;
  /** Sources were copied before this RUN. */
  sourcesAbove: boolean;
  /** What the same RUN removes again. */
  removed: Places;
  /** Directories that COPYs fill from the context. */
  filled: readonly string[];
  /** Files that RUNs brought from the network or printed to, gathered on the way. */
  fetched: string[];
  /** Directories that kept commands and COPYs make, gathered on the way. */
  dirs: string[];
}

const RANK: readonly Place['place'][] = ['state', 'build', 'workdir', 'owner', 'keep', 'fixed', 'unknown'];

/** The place of commands that stay together: the strongest of theirs. */
export function unitPlace(parts: readonly RunPart[], where: Where): Place {
  const places = parts.map((part) => partPlace(part, where));
  return places.reduce((a, b) => (RANK.indexOf(b.place) > RANK.indexOf(a.place) ? b : a), { place: 'state' });
}

const BUILD: Place = { place: 'build' };

function partPlace(part: RunPart, where: Where): Place {
  const { effects, manager } = part;
  if (manager?.ecosystem === 'system') return systemPlace(part, where);
  if (manager?.ecosystem === where.ecosystem && effects.does.kind !== 'configure') return ownPlace(part, where);
  if (manager && effects.does.kind === 'package') return foreignPlace(part, where);
  if (effects.does.kind === 'state' && effects.starts.length === 0) return { place: 'state' };
  return unclear(effects) ? unclearPlace(part, where) : knownPlace(part, where);
}

/** A package manager of the system. */
function systemPlace({ kind, effects }: RunPart, where: Where): Place {
  const { packages, run } = where;
  const own = packages.byRun.get(run.instruction.index);
  if (isUpgrade(effects)) return { place: 'keep' };
  if (kind === 'install-named' && effects.does.kind === 'package' && own) {
    if (packages.problem) return { place: 'fixed', why: packages.problem.message, packages: true };
    if (own.runtime.length === 0) return BUILD;
    return { place: 'keep', packages: true, ...(own.build.length > 0 ? { parted: true as const } : {}) };
  }
  if (kind === 'download' && run.parts.some((p) => isUpgrade(p.effects))) return { place: 'keep' };
  if (packages.problem) return { place: 'fixed', why: packages.problem.message, packages: true };
  const plain = own !== undefined && own.runtime.length > 0 && own.build.length === 0;
  if (kind === 'download' || kind === 'clean-cache')
    return plain || (!own && kind === 'download') ? { place: 'keep', packages: true } : BUILD;
  if (kind === 'prune') return removesBuild(effects, packages) ? BUILD : { place: 'keep', packages: true };
  return effects.writes.unknown === undefined ? BUILD : { place: 'fixed', why: `runs \`${effects.program}\` in a way that is not known` };
}

const isUpgrade = ({ command }: Effects): boolean =>
  command.words.some((word) => /^(upgrade|dist-upgrade|full-upgrade)$/.test(word.value ?? ''));

/** `apt-get purge gcc`, `apk del .build-deps`: what only the build has. */
function removesBuild({ command }: Effects, packages: PackagePlan): boolean {
  const names = command.words.slice(2).flatMap((word) => (word.value?.startsWith('-') ? [] : [word.value]));
  return names.every((name) => name !== undefined && !packages.both.includes(name));
}

/** Installs and builds of the ecosystem that splits are its own matter; programs installed for the whole image are kept, and files that it prints to are copied. */
function ownPlace({ manager, kind, effects }: RunPart, where: Where): Place {
  where.fetched.push(...left({ ...effects, writes: effects.redirected, removes: nowhere }, where).map(({ path }) => path));
  const named = kind === 'install-named' ? (manager?.globals?.(effects.command) ?? []) : [];
  if (named.some((name) => where.programs.has(name) || manager?.buildTools?.has(name) !== true)) return { place: 'keep' };
  // what a script or a program of a package starts is told one by one: one that is not known may write anywhere
  const other = kind === 'other' && effects.does.kind === 'package';
  return (other || effects.starts.length > 0) && unclear(effects) ? unclearPlace({ effects } as RunPart, where) : BUILD;
}

/** A package manager of another language: inside the application it builds, elsewhere it brings programs. */
function foreignPlace({ kind, manager, effects }: RunPart, where: Where): Place {
  const cwd = effects.before.cwd;
  if (kind !== 'install-named' && cwd !== undefined && where.app !== undefined && inside(cwd, where.app)) return BUILD;
  if (kind === 'clean-cache' || kind === 'download') return BUILD;
  return where.sourcesAbove && kind !== 'install-named'
    ? { place: 'unknown', why: `runs \`${manager?.id ?? effects.program}\` outside of the application` }
    : { place: 'fixed', why: `installs with \`${manager?.id ?? effects.program}\`` };
}

const unclear = (e: Effects): boolean =>
  e.does.kind === 'unknown' || e.startsUnknown !== undefined || e.writes.unknown !== undefined || e.removes.unknown !== undefined;

/** A reason as the end of "RUN at line N …". */
export function toldOf(program: string, reason: string): string {
  if (/^(runs|reads|is|writes|finds) /.test(reason)) return reason;
  return reason.includes(' ') ? `runs \`${program}\`: ${reason}` : `runs \`${program}\`, whose effects are not known`;
}

/** What a command leaves cannot be told: kept with all that it may need, or no split where it may need the sources. */
function unclearPlace({ effects: e }: Pick<RunPart, 'effects'>, where: Where): Place {
  const inner = [e, ...e.starts].find((one) => one.does.kind === 'unknown');
  const reason =
    inner?.does.kind === 'unknown'
      ? inner.does.why
      : (e.startsUnknown ?? `writes ${e.writes.unknown ?? e.removes.unknown ?? 'what cannot be told'}`);
  const why =
    where.run.opaque !== undefined && e.program === '' ? `is too dynamic to classify (${where.run.opaque})` : toldOf(e.program, reason);
  return where.sourcesAbove && e.reads.unknown !== undefined ? { place: 'unknown', why } : { place: 'fixed', why };
}

/** Directories whose contents no container needs. */
const THROWN = [
  '/tmp',
  '/var/tmp',
  '/var/cache',
  '/var/lib/apt',
  '/var/log',
  '/usr/share/doc',
  '/usr/share/man',
  '/usr/share/info',
  '/usr/share/locale',
  '/dev',
  '/proc',
];
/** Settings and caches of build tools below a home directory. Sources: the manuals of npm, yarn, pip, git, ssh, gpg, cargo, maven, gradle. */
const TOOL_FILES = [
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.pip',
  '.config/pip',
  '.cargo',
  '.gnupg',
  '.m2',
  '.gradle',
  '.npm',
  '.cache/pip',
  '.cache/uv',
  '.cache/go-build',
  '.cache/yarn',
  '.cache/node-gyp',
  '.cache/pypoetry',
  '.cache/pipenv',
];

/** Settings of git and ssh, which the container may run as well. */
const SCM_FILES = ['.netrc', '.gitconfig', '.git-credentials', '.ssh'];
const SCM = ['git', 'ssh', 'scp', 'sftp', 'rsync'];

/** The places that the last stage may miss: outside of the application, of what is thrown away, of what the same RUN removes again. */
function left({ writes, removes, before }: Effects, where: Where): ImagePlace[] {
  const home = before.home;
  const thrown = [
    ...THROWN,
    ...(home === undefined
      ? []
      : [...TOOL_FILES, ...(SCM.some((name) => where.programs.has(name)) ? [] : SCM_FILES)].map((name) => `${home}/${name}`)),
    ...(where.app === undefined ? [] : [where.app]),
    ...where.carried,
  ];
  return joined(writes, removes).known.filter(
    ({ path }) =>
      !thrown.some((dir) => inside(path, dir)) &&
      !where.removed.known.some((gone) => gone.below && within(path, gone.path) && !removes.known.includes(gone)),
  );
}

/** All that it makes is removed again by the same RUN. */
const gone = ({ writes }: Effects, { removed }: Where): boolean =>
  writes.known.length > 0 && writes.known.every(({ path }) => removed.known.some((other) => other.below && within(path, other.path)));

function knownPlace(part: RunPart, where: Where): Place {
  const { effects } = part;
  const { does } = effects;
  if (does.kind === 'users') return { place: 'keep' };
  const owner = ownerPlace(effects, where);
  if (owner) return owner;
  if (does.kind === 'configure') return configurePlace(part, where);
  const places = left(effects, where);
  if (
    effects.program === 'mkdir' &&
    !where.sourcesAbove &&
    where.app !== undefined &&
    effects.writes.known.every(({ path }) => within(where.app ?? '/', path))
  )
    return { place: 'workdir' };
  // `touch src/main.rs` makes a build look again; the file itself comes from the context
  if (effects.program === 'touch' && effects.writes.known.every(({ path }) => effects.before.read?.(path) !== undefined)) return BUILD;
  // directories and owners, also those inside of the application: COPY brings neither
  if (does.kind === 'files' && does.makes) where.dirs.push(...effects.writes.known.map(({ path }) => path));
  if (['mkdir', 'touch'].includes(effects.program) || does.kind === 'own') return gone(effects, where) ? BUILD : { place: 'keep' };
  if (places.length === 0) return BUILD;
  if (does.kind === 'database')
    return { place: 'unknown', why: `has \`${effects.program}\`, which fills a database at ${places[0]?.path ?? 'another place'}` };
  if (does.kind === 'fetch' && does.alone === true) {
    where.fetched.push(...places.map(({ path }) => path));
    return BUILD;
  }
  if (
    where.made &&
    does.kind === 'files' &&
    putsProgram(
      places.map(({ path }) => path),
      where.made,
    )
  )
    return BUILD;
  if (effects.writes.known.length === 0 && places.every(({ path }) => where.filled.some((dir) => inside(path, dir)))) return BUILD;
  if (does.kind === 'fetch' && places.every(({ below }) => !below)) return fetchPlace(places, where);
  if (places.every(({ path }) => where.fetched.includes(path))) return BUILD;
  if (does.kind === 'fetch' || does.kind === 'unpack' || does.kind === 'build')
    return {
      place: 'fixed',
      why: `has \`${effects.program}\`, which fills ${places[0]?.path ?? 'a directory'}, which the container may need`,
    };
  const source = effects.reads.known.find(({ path }) => where.sourcesAbove && where.app !== undefined && inside(path, where.app));
  if (source && does.kind === 'files')
    return {
      place: 'unknown',
      why: `has \`${effects.program}\`, which brings files of the application to ${places[0]?.path ?? 'another place'}`,
    };
  return elsewhere(effects, places, where) ?? { place: 'keep' };
}

/** Another image may lack what a kept command reads, or the directory that it writes to. */
function elsewhere({ program, reads }: Effects, places: readonly ImagePlace[], { dirs, filled, run }: Where): Place | undefined {
  if (reads.unknown !== undefined) return { place: 'fixed', why: `has \`${program}\`, and what that reads cannot be told` };
  const lost = lackingDirectory(places, [...dirs, ...filled], run.parts);
  return lost === undefined ? undefined : { place: 'fixed', why: `writes to ${lost}, whose directory a smaller image may not have` };
}

/** `chown -R USER:GROUP` of the application: the owner of every COPY. */
function ownerPlace({ does, writes }: Effects, { app, sourcesAbove }: Where): Place | undefined {
  if (does.kind !== 'own') return undefined;
  const [only, ...others] = writes.known;
  const { owner, recursive } = does;
  if (!recursive || !sourcesAbove || app === undefined || owner === undefined || !only || others.length > 0 || writes.unknown !== undefined)
    return undefined;
  if (!isPlainName(owner) || !isPlainName(only.path) || !inside(app, only.path) || only.path === '/') return undefined;
  return { place: 'owner', owner: { owner, path: only.path } };
}

/** Settings of a tool that the container does not have are the build's; those of the system are kept. */
function configurePlace({ effects, manager }: RunPart, where: Where): Place {
  const { does } = effects;
  if (does.kind !== 'configure') return BUILD;
  if ([does.tool, ...(does.brings ?? [])].some((name) => where.programs.has(name))) return { place: 'keep' };
  return does.brings || manager || left(effects, where).length === 0 ? BUILD : { place: 'keep' };
}

/** Programs that are published as one static file: any image runs them. Source: the release notes of each. */
const STATIC: ReadonlySet<string> = new Set(
  'dumb-init tini gosu su-exec yq jq kubectl helm dockerize supercronic migrate grpc_health_probe grpc-health-probe wait-for-it.sh wait-for-it wait-for s6-overlay terraform shfmt hadolint caddy traefik cloudflared aws-lambda-rie'.split(
    ' ',
  ),
);

/** A file from the network, at a path that is known: the last stage copies it, where any image can use it. */
function fetchPlace(places: readonly ImagePlace[], where: Where): Place {
  for (const { path } of places) {
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/-(linux|amd64|x86_64|static).*$/, '');
    const program = /\/s?bin\//.test(path) || !name.includes('.');
    if (program && !STATIC.has(name)) return { place: 'fixed', why: `brings ${path} from the network, whose libraries are not known` };
    where.fetched.push(path);
  }
  return BUILD;
}
