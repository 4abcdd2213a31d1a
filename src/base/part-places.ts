// Room: base/. Where one command of a RUN belongs once the stages are split, by its effects.
import type { Word } from '../dockerfile/types.ts';
import { joined, nowhere, placeOf, within } from '../effects/places.ts';
import type { Effects, Place as ImagePlace, ShellState } from '../effects/types.ts';
import { inside, isPlainName } from '../facts/copies.ts';

import type { RunPart } from '../facts/reading.ts';
import { lackingDirectory } from './directories.ts';
import { bringsGuest } from './guests.ts';
import { ofApplication } from './copied-files.ts';
import { fetchPlace } from './fetched-places.ts';
import type { PackagePlan } from './packages.ts';
import type { Place, Where } from './place-types.ts';
import { putsProgram } from '../runtime/put-elsewhere.ts';
import { leftBy } from './seen-places.ts';

const RANK: readonly Place['place'][] = ['state', 'build', 'workdir', 'owner', 'keep', 'fixed', 'unknown'];

const BUILD: Place = { place: 'build' };

/** The place of commands that stay together: the strongest of theirs. */
export function unitPlace(parts: readonly RunPart[], where: Where): Place {
  if (bringsGuest(where.guests, parts) || makesKeyrings(parts, where)) return BUILD;
  const places = parts.map((part) => partPlace(part, where));
  return places.reduce((a, b) => (RANK.indexOf(b.place) > RANK.indexOf(a.place) ? b : a), { place: 'state' });
}

/** The directory of a repository's key, above the repository of tools that nothing starts. */
const makesKeyrings = (parts: readonly RunPart[], { guests, run }: Where): boolean =>
  parts.every(({ effects: { program, writes } }) => program === 'mkdir' && writes.known.every(({ path }) => inside(path, '/etc/apt'))) &&
  bringsGuest(guests, run.parts);

/** A script or a makefile: where each of its commands is the build's alone, it is, too; else it is one command, of which all is kept or nothing. */
function partPlace(part: RunPart, where: Where): Place {
  const place = ofCommand(part, where);
  if (place.place === 'build' || !part.opened || !where.opens) return place;
  const gathered = {
    fetched: [...where.fetched],
    libraries: [...where.libraries],
    evidence: [...where.evidence],
    dirs: [...where.dirs],
    fresh: new Set(where.fresh),
  };
  const inside = part.opened.map((one, n) => insidePlace(one, part.opened?.slice(n + 1) ?? [], { ...where, ...gathered }));
  if (!inside.every((one) => ['state', 'build', 'workdir'].includes(one.place))) {
    const other = inside.find(({ place: one }) => one === 'unknown') ?? inside.find(({ place: one }) => one === 'fixed');
    const why = other?.why ?? keptInside(part.opened[inside.findIndex(({ place: one }) => one === 'keep')]);
    return place.place === 'unknown' && why !== undefined ? { ...place, why } : place;
  }
  where.fetched.push(...gathered.fetched.slice(where.fetched.length));
  where.libraries.push(...gathered.libraries.slice(where.libraries.length));
  where.evidence.push(...gathered.evidence.slice(where.evidence.length));
  return BUILD;
}

/** Why a script is needed at run time as well. */
const keptInside = (part: RunPart | undefined): string | undefined =>
  part &&
  `runs \`${part.effects.program}\` in a script, which leaves ${part.effects.writes.known[0]?.path ?? 'something'} for the container`;

/** A command of a script. A directory that it makes is the build's where a command behind it names it. */
function insidePlace(part: RunPart, behind: readonly RunPart[], where: Where): Place {
  if (part.manager?.ecosystem === 'system') return { place: 'fixed', why: 'installs packages in a script' };
  const installs = ['install', 'install-named', 'prune'].includes(part.kind);
  if (installs && where.made === undefined && part.manager?.ecosystem === where.ecosystem)
    return { place: 'unknown', why: 'installs packages of the project in a script' };
  const { does, writes } = part.effects;
  const makes = does.kind === 'files' && does.makes === true && writes.unknown === undefined;
  const isNamed = (path: string): boolean =>
    behind.some(({ effects }) => effects.command.words.some((word) => namesBelow(word, path, effects.before)));
  if (makes && writes.known.every(({ path }) => isNamed(path))) return BUILD;
  return ofCommand(part, where);
}

const namesBelow = (word: Word, path: string, state: ShellState): boolean => {
  const named = placeOf({ ...word, value: word.value?.replace(/^-[\w-]+=/, '') }, state, false);
  return named !== undefined && named.path !== path && inside(named.path, path);
};

function ofCommand(part: RunPart, where: Where): Place {
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
  const idle = where.guests.some(({ programs }) => manager?.programs.some((name) => programs.includes(name)));
  const named = kind === 'install-named' && !idle ? (manager?.globals?.(effects.command) ?? []) : [];
  if (named.some((name) => where.programs.has(name) || manager?.buildTools?.has(name) !== true))
    return manager?.ready?.(effects.command) === true
      ? { place: 'keep' }
      : { place: 'fixed', why: `installs by \`${effects.program}\` what may be compiled there` };
  // what a script or a program of a package starts is told one by one: one that is not known may write anywhere
  const other = kind === 'other' && effects.does.kind === 'package';
  if (!((other || effects.starts.length > 0) && unclear(effects))) return BUILD;
  const place = unclearPlace({ effects }, where);
  // it runs on the packages of the project, which another stage installs
  return place.place === 'fixed' && kind !== 'install-named' ? { ...place, place: 'unknown' } : place;
}

/** A package manager of another language: inside the application it builds, elsewhere it brings programs. */
function foreignPlace({ kind, manager, effects }: RunPart, where: Where): Place {
  const cwd = effects.before.cwd;
  if (kind !== 'install-named' && cwd !== undefined && where.app !== undefined && inside(cwd, where.app)) return BUILD;
  if (kind === 'clean-cache' || kind === 'download') return BUILD;
  if (cwd !== undefined && where.builtBeside.some((dir) => inside(cwd, dir))) return BUILD;
  // programs for a build that nothing else uses
  if (kind === 'install-named' && where.guests.some(({ programs }) => manager?.programs.some((name) => programs.includes(name))))
    return BUILD;
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
  const seen = seenPlace(e, where);
  if (seen) return seen;
  const why =
    where.run.opaque !== undefined && e.program === ''
      ? `is more than a list of commands (${where.run.opaque})`
      : toldOf(e.program, reason);
  // what it writes may lie in the application, which stands above it
  const open = e.reads.unknown ?? e.writes.unknown ?? e.removes.unknown;
  return where.sourcesAbove && open !== undefined ? { place: 'unknown', why } : { place: 'fixed', why };
}

/** By what its layer holds, where that was looked at: copies bring it. Undefined: they do not, or it was not. */
function seenPlace(effects: Effects, where: Where): Place | undefined {
  const { run, image, made } = where;
  // what is kept of the RUN stands above it then
  const behind = run.parts.slice(run.parts.findIndex((part) => part.effects === effects) + 1);
  if (behind.some((part) => takesAway(part, where))) return undefined;
  const [app, home] = [where.app, run.parts[0]?.effects.before.home];
  const kept = [...thrownAway(home, where), ...(app === undefined ? [] : [app]), ...where.carried];
  const clear = run.parts.filter(({ effects, manager }) => !manager && !unclear(effects));
  const known = clear.flatMap(({ effects: { writes } }) => writes.known);
  const left = leftBy(run, image, { stays: (path) => kept.some((dir) => inside(path, dir)), known, static: made !== undefined });
  if (!left || 'no' in left) return undefined;
  where.fetched.push(...left.copies);
  where.libraries.push(...left.packages);
  const { line } = run.instruction;
  const told = left.copies.length === 0 ? 'nothing outside of what is copied' : left.copies.join(', ');
  where.evidence.push({ file: 'Dockerfile', line, says: `image: its layer writes ${told}` });
  return BUILD;
}

/** It removes what a command above it may have needed. */
function takesAway({ manager, kind, effects: { does, removes, before } }: RunPart, where: Where): boolean {
  if (manager?.ecosystem === 'system') return kind !== 'clean-cache';
  if (!manager && ['package', 'configure', 'database'].includes(does.kind)) return true;
  const kept = [...thrownAway(before.home, where), ...(where.app === undefined ? [] : [where.app])];
  return removes.unknown !== undefined || removes.known.some(({ path }) => !kept.some((dir) => inside(path, dir)));
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

function thrownAway(home: string | undefined, { programs }: Where): string[] {
  const files = [...TOOL_FILES, ...(SCM.some((name) => programs.has(name)) ? [] : SCM_FILES)];
  return [...THROWN, ...(home === undefined ? [] : files.map((name) => `${home}/${name}`))];
}

/** The places that the last stage may miss: outside of the application, of what is thrown away, of what the same RUN removes again. */
function left({ writes, removes, before }: Effects, where: Where): ImagePlace[] {
  const thrown = [...thrownAway(before.home, where), ...(where.app === undefined ? [] : [where.app]), ...where.carried];
  // what a COPY filled beside the application is the build's: that it is gone there means nothing to the last stage
  const gone = { ...removes, known: removes.known.filter(({ path }) => !where.filled.some((dir) => inside(path, dir))) };
  return joined(writes, writes.known.length > 0 ? gone : removes).known.filter(
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
  // `python -m spacy download` runs on the packages that the split brings along, and adds to them
  if (does.kind === 'package') return does.into === where.ecosystem ? BUILD : { place: 'fixed', why: `installs by \`${effects.program}\`` };
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
  const makes = does.kind === 'files' && does.makes === true;
  if (makes) {
    for (const { path } of effects.writes.known) {
      where.dirs.push(path);
      where.fresh.add(path);
    }
  }
  const ofMade = effects.program === 'chmod' && effects.writes.known.every(({ path }) => where.fresh.has(path));
  if (makes || ofMade || setsIds(effects) || effects.program === 'touch' || does.kind === 'own')
    return gone(effects, where) ? BUILD : { place: 'keep' };
  if (places.length === 0) return BUILD;
  if (does.kind === 'database')
    return { place: 'unknown', why: `has \`${effects.program}\`, which fills a database at ${places[0]?.path ?? 'another place'}` };
  if (does.kind === 'fetch' && part.command.optional && !places.every(({ path }) => isSeen(path, where)))
    return {
      place: 'fixed',
      why: `has \`${effects.program}\`, without which the build goes on too: ${places[0]?.path ?? 'what it brings'} may not be there`,
    };
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
  return ofApplication(part, places, where) ?? elsewhere(effects, places, where) ?? { place: 'keep' };
}

/** `chmod u+s`, `chmod 4755`: a `chown` that the last stage repeats takes the bit away. Source: chown(2). */
const setsIds = ({ program, command }: Effects): boolean =>
  program === 'chmod' && command.words.some(({ value = '' }) => /^[2467][0-7]{3}$|^[ugoa]*[+=][rwxX]*s/.test(value));

/** Its layer was looked into, and has it. */
const isSeen = (path: string, { run: { seen } }: Where): boolean => seen?.added.some((file) => inside(file.path, path)) === true;

/** Another image may lack what a kept command reads, or the directory that it writes to. */
function elsewhere({ program, reads }: Effects, places: readonly ImagePlace[], { dirs, filled, run }: Where): Place | undefined {
  if (reads.unknown !== undefined) return { place: 'fixed', why: `has \`${program}\`, and what that reads cannot be told` };
  const lost = lackingDirectory(places, [...dirs, ...filled], run.parts);
  return lost === undefined ? undefined : { place: 'fixed', why: `writes to ${lost}, whose directory a smaller image may not have` };
}

/** `chown -R USER:GROUP` of the application: the owner of every COPY. */
function ownerPlace({ does, writes }: Effects, { app, sourcesAbove, packagesAbove }: Where): Place | undefined {
  if (does.kind !== 'own') return undefined;
  const [only, ...others] = writes.known;
  const { owner, recursive } = does;
  if (
    !recursive ||
    !(sourcesAbove || packagesAbove) ||
    app === undefined ||
    owner === undefined ||
    !only ||
    others.length > 0 ||
    writes.unknown !== undefined
  )
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
