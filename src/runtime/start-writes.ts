// Room: runtime/. What the commands write that run when the container starts: the programs themselves, entry scripts, shell commands.
import { joined, nowhere } from '../effects/places.ts';
import type { Effects, Places } from '../effects/types.ts';
import { shortened } from '../facts/eligible.ts';
import { projectIn } from '../facts/applications.ts';
import type { Evidence } from '../facts/types.ts';
import type { Subject } from '../facts/subject.ts';
import { devServer } from '../effects/rows/development.ts';
import { inside, originThrough, resolvePath } from '../facts/copies.ts';
import { chainOf } from './chain.ts';
import { isFetched, liesInBuilt, liesInPut } from './filled.ts';
import { applications, originOf } from './write-found.ts';
import { addedAtStart } from './added-at-start.ts';
import { builtHere, namedByBuild } from './built-here.ts';
import type { RunCommand, Started } from './run-command.ts';

/** What one command that runs at start means for its user. */
export interface StartWrite {
  evidence: Evidence;
  effects: Effects;
  /** Places that it writes or removes. */
  places: Places;
  /** Why what it writes cannot be told: a sentence. `always`: not even at the level max; `allow`: what would help. */
  unknown?: { why: string; always?: true; allow?: string };
  /** It runs sources of this ecosystem, in this directory: they may write where they are. */
  sources?: { ecosystem: string; cwd: string | undefined };
}

/** One answer for each command that runs, in order. */
export function startWrites(subject: Subject, run: RunCommand): StartWrite[] {
  return [
    ...run.started.map((one) => ({ effects: one.effects, ...writesOf(subject, one) })),
    // of a health check what it names: that it looks at something by a program of its own is no reason against a user
    ...run.health.map(({ effects, evidence }) => ({ effects, evidence, places: { known: joined(effects.own, effects.removes).known } })),
  ];
}

function writesOf(subject: Subject, started: Started): Omit<StartWrite, 'effects'> {
  const { effects, evidence, starter } = started;
  const added = addedAtStart(subject, effects);
  if (added !== undefined)
    return {
      evidence,
      places: nowhere,
      unknown: {
        why: `${added.says}, into an environment that belongs to root`,
        always: true,
        allow: added.allow,
      },
    };
  if (starter) return { evidence, places: effects.does.kind === 'serve' ? effects.own : effects.redirected };
  const sources = effects.sources ?? compiledHere(subject, effects);
  const told = shown(effects);
  if (effects.does.kind === 'unknown' && develops(subject, effects) && sources === undefined)
    return {
      evidence,
      places: nowhere,
      unknown: { why: `\`${told}\` is a development server: what it writes is unknown`, always: true },
    };
  if (effects.does.kind === 'build' && sources === undefined)
    return {
      evidence,
      places: nowhere,
      unknown: { why: `\`${told}\` builds, tests or checks when the container starts: what it writes is unknown`, always: true },
    };
  if (effects.does.kind === 'package') return { evidence, places: nowhere, unknown: { why: ofManager(effects, told), always: true } };
  if (sources !== undefined) {
    if (projectIn(subject, sources) === undefined)
      return {
        evidence,
        places: nowhere,
        unknown: {
          why: `\`${told}\` runs sources that no manifest of a project in the build context belongs to: they are not read, and what they write is unknown`,
        },
      };
    if (isForeign(subject, effects))
      return {
        evidence,
        places: nowhere,
        unknown: {
          why: `\`${told}\` runs a file that no COPY brings from the build context: it is not read, and what it writes is unknown`,
        },
      };
    const fetched = fetchedSources(subject, effects);
    if (fetched)
      return {
        evidence,
        places: nowhere,
        unknown: { why: `\`${told}\` runs sources that ${fetched}: they are not read, and what they write is unknown` },
      };
    const own = effects.does.kind === 'serve' || effects.does.kind === 'database' ? effects.own : effects.redirected;
    return { evidence, places: own, sources: { ecosystem: sources, cwd: effects.worksIn ?? effects.before.cwd }, ...unknownOf(own, told) };
  }
  if (effects.does.kind === 'serve' && effects.own.unknown !== undefined)
    return {
      evidence,
      places: effects.redirected,
      unknown: { why: `\`${told}\` is a program whose sources are not read: what it writes is unknown` },
    };
  if (
    effects.does.kind === 'unknown' &&
    subject.project.ecosystems.some((one) => one.toolchain && builtHere(subject, one.id, effects.command.words[0]?.value ?? ''))
  )
    return {
      evidence,
      places: effects.redirected,
      unknown: { why: `\`${told}\` is built from sources that are not read: what it writes is unknown` },
    };
  if (effects.does.kind === 'unknown')
    return { evidence, places: effects.redirected, unknown: { why: `${sentence(effects.does.why, told)}: what it writes is unknown` } };
  const places = joined(effects.own, effects.removes);
  return { evidence, places, ...unknownOf(places, told) };
}

/** The file that an interpreter is given lies outside of the application, and neither a COPY nor a build of the file puts it there. */
function isForeign(subject: Subject, { command, does, before }: Effects): boolean {
  const [, file] = command.words;
  if (does.kind !== 'unknown' || file?.value === undefined || !/^\S*\/\S+\.\w+$/.test(file.value)) return false;
  const path = resolvePath(before.cwd, file.value);
  if (
    path === undefined ||
    applications(subject).some((dir) => inside(path, dir)) ||
    liesInBuilt(subject, path) ||
    liesInPut(subject, path)
  )
    return false;
  const fromStage = chainOf(subject).some(({ copies }) =>
    copies.some(({ fromContext, dest }) => !fromContext && dest !== undefined && inside(path, dest)),
  );
  return !fromStage && originOf(subject, path) === undefined;
}

/** What an interpreter runs was cloned, downloaded or unpacked in the build, and nothing of the build context lies there. */
function fetchedSources(subject: Subject, { command, before }: Effects): string | undefined {
  const file = command.words.slice(1).find(({ value }) => value !== undefined && /\.\w+$/.test(value))?.value;
  const path = resolvePath(before.cwd, file ?? '.');
  if (path === undefined || path === '/' || isBroughtTo(subject, path)) return undefined;
  if (isFetched(subject, path)) return 'a RUN brings from elsewhere';
  const archive = chainOf(subject).some(({ copies }) =>
    copies.some(
      ({ instruction, dest, sources }) =>
        instruction.keyword === 'ADD' &&
        dest !== undefined &&
        inside(path, dest) &&
        sources.some((one) => /\.(?:tar(?:\.\w{1,4})?|t[gbx]z2?)$/.test(one.path)),
    ),
  );
  return archive ? 'an archive holds' : undefined;
}

const isBroughtTo = (subject: Subject, path: string): boolean =>
  originThrough(subject.stages, subject.final, subject.project.tree, path) !== undefined;

/** `runs Java, whose sources are not read` said of the command. */
const sentence = (why: string, told: string): string =>
  why.startsWith('runs `')
    ? `\`${told}\` is a program that is not known`
    : why.startsWith('runs ')
      ? `\`${told}\` ${why}`
      : `\`${told}\` cannot be read`;

function unknownOf(places: Places, told: string): Pick<StartWrite, 'unknown'> {
  return places.unknown === undefined ? {} : { unknown: { why: `\`${told}\` writes ${places.unknown}` } };
}

function ofManager({ does }: Effects, told: string): string {
  const what = does.kind === 'package' ? does.what : '';
  return what.startsWith('install') || what === 'download'
    ? `\`${told}\` installs packages when the container starts, in directories of root`
    : `\`${told}\` builds when the container starts, and writes its output then`;
}

const shown = ({ command }: Effects): string => shortened(command.words.map((word) => word.raw).join(' '));

/** A program of no row that the project's own toolchain makes: its sources are read. */
function compiledHere(subject: Subject, effects: Effects): string | undefined {
  const word = effects.command.words[0]?.value;
  if (word === undefined) return undefined;
  const { project } = subject;
  // a program of this project may have the name of a tool: parcel, migrate, serve
  const named = project.ecosystems.find(
    (one) => one.toolchain && word.includes('/') && projectIn(subject, one.id) && namedByBuild(subject, one.id, word),
  );
  if (named) return named.id;
  if (effects.does.kind !== 'unknown' || develops(subject, effects)) return undefined;
  return (
    project.ecosystems.find((one) => one.toolchain && projectIn(subject, one.id) && builtHere(subject, one.id, word))?.id ??
    ownScript(subject, word)
  );
}
const develops = ({ project }: Subject, { command }: Effects): boolean =>
  devServer(
    command.words.map((word) => word.value ?? word.raw),
    project.knowledge.wrappers,
  );

/** A program that the project itself brings (`[project.scripts]`). */
function ownScript(subject: Subject, program: string): string | undefined {
  const interpreted = subject.project.ecosystems.filter(({ toolchain }) => toolchain === undefined);
  return interpreted.find(({ id }) => projectIn(subject, id)?.own?.(program) === true)?.id;
}
