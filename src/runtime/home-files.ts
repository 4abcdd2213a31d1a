// Room: runtime/. What RUNs put into the home directory of root and the program reads there: browsers, models, Pythons.
import { projectsOf } from '../facts/applications.ts';
import { allOf } from '../effects/effects.ts';
import { within } from '../effects/places.ts';
import { names } from '../effects/words.ts';
import type { Effects } from '../effects/types.ts';
import { startsGit } from '../facts/git.ts';
import { originThrough, stageNamed, type CopyReading } from '../facts/copies.ts';
import { isRoot, type StageReading } from '../facts/reading.ts';
import { imageQuestion } from './added-at-start.ts';
import { chainOf } from './chain.ts';
import type { EcosystemProject, HomeFile } from '../ecosystems/types.ts';
import type { Subject } from '../facts/subject.ts';
import type { RunCommand } from './run-command.ts';
import { spawnedBy } from './spawned.ts';

const HOME = '/root';

/** The first RUN of the image that puts something into root's home which a program may look for in its own, as the beginning of a sentence. */
export function homeFiles(subject: Subject, run: RunCommand): HomeFile | undefined {
  const settings = settingsOfBuild(subject, run);
  for (const stage of chainOf(subject))
    for (const { instruction, parts } of stage.runs) {
      if (!isRoot(stage.before(instruction))) continue;
      const all = allOf(parts.map((part) => part.effects));
      for (const effects of all) {
        const found = inHome(effects, settings);
        if (found === undefined) continue;
        const gone = all.some(({ removes }) =>
          removes.known.some((place) => effects.own.known.some(({ path }) => within(path, place.path))),
        );
        if (gone) continue;
        const { what } = found;
        return {
          ...found,
          what: `Line ${instruction.line}: ${what}`,
          evidence: { file: 'Dockerfile', line: instruction.line, says: what },
        };
      }
    }
  return fetchedAgain(subject, run) ?? copiedHome(subject, settings) ?? ofProjects(subject);
}

/** A RUN of root fetches a program by its name, which the container, or its sources, call so again: another user would fetch it anew. */
function fetchedAgain(subject: Subject, run: RunCommand): HomeFile | undefined {
  const { managers } = subject.project;
  const fetched = ({ command }: Effects): string[] => managers.flatMap((manager) => manager.fetches?.(command) ?? []);
  const called = new Set(
    [...spawnedBy(subject).flatMap(({ effects }) => effects), ...run.started.map(({ effects }) => effects)].flatMap(fetched),
  );
  if (called.size === 0) return undefined;
  const stages = chainOf(subject);
  const parts = stages.flatMap(({ runs }) => runs.flatMap((one) => one.parts));
  const has = new Set(parts.flatMap(({ manager, command }) => manager?.globals?.(command) ?? []));
  for (const stage of stages)
    for (const { instruction, parts: own } of stage.runs) {
      if (!isRoot(stage.before(instruction))) continue;
      for (const effects of allOf(own.map((part) => part.effects))) {
        const name = fetched(effects).find((one) => called.has(one) && !has.has(one));
        if (name === undefined || projectsAt(subject, stage, effects).some((project) => project.provides?.(name))) continue;
        const told = effects.command.words.map((word) => word.raw).join(' ');
        return {
          what: `Line ${instruction.line}: \`${told}\` keeps ${name} in ${HOME}`,
          evidence: { file: 'Dockerfile', line: instruction.line, says: `fetches ${name}` },
          allow: `Install ${name} for all users: as a dependency, or globally.`,
        };
      }
    }
  return undefined;
}

/** The projects of the image, and that of the directory in which a command runs. */
function projectsAt(subject: Subject, stage: StageReading, { before: { cwd } }: Effects): EcosystemProject[] {
  const { project, stages } = subject;
  const dir = cwd === undefined ? undefined : originThrough(stages, stage, project.tree, cwd);
  const here = dir === undefined ? [] : project.ecosystems.flatMap(({ id }) => project.of(id, dir) ?? []);
  return [...here, ...projectsOf(subject).map((one) => one.project)];
}

/** A COPY that puts files there, settings aside. */
function copiedHome(subject: Subject, settings: (path: string) => boolean): HomeFile | undefined {
  for (const { copies } of chainOf(subject))
    for (const { dest, instruction } of copies) {
      if (dest === undefined || !within(dest, HOME) || settings(dest)) continue;
      return {
        what: `Files are copied into ${dest}`,
        evidence: { file: 'Dockerfile', line: madeAt(subject, instruction) ?? instruction.line, says: `puts files into ${dest}` },
      };
    }
  return undefined;
}

/** The line of the RUN that made in another stage what a COPY brings. */
function madeAt({ stages }: Subject, { from, sources }: CopyReading['instruction']): number | undefined {
  return stageNamed(stages, from)?.runs.find(({ parts }) =>
    allOf(parts.map(({ effects }) => effects)).some(({ own }) =>
      own.known.some(({ path }) => sources.some(({ value }) => within(path, value.replace(/(.)\/+$/, '$1')))),
    ),
  )?.instruction.line;
}

function ofProjects(subject: Subject): HomeFile | undefined {
  for (const { project } of projectsOf(subject)) {
    const found = project.inHome?.(imageQuestion(subject));
    if (found) return found;
  }
  return undefined;
}

/** Settings of tools that the build runs. */
const SETTINGS =
  /^\/root\/\.(?:npmrc|yarnrc|pip|pypirc|config\/(?:pip|uv|pypoetry|pdm|yarn|pnpm|configstore|composer|NuGet)(?:$|\/)|docker|m2|gradle|bashrc|profile|bash_profile|zshrc|npm|cargo|composer)/;
/** Settings of git, ssh and what fetches, which the container may run as well. */
const FETCHES = /^\/root\/\.(?:netrc|gitconfig|git-credentials|config\/git(?:$|\/)|curlrc|wgetrc|gnupg)/;
const FETCHERS = names('git ssh scp sftp rsync curl wget gpg');

/** Whether a path holds settings that nothing reads when the container runs. */
function settingsOfBuild(subject: Subject, run: RunCommand): (path: string) => boolean {
  const programs = [...spawnedBy(subject).flatMap(({ effects }) => effects), ...run.started.map(({ effects }) => effects)].map(
    ({ program }) => program,
  );
  const fetches = startsGit(subject) || programs.some((program) => FETCHERS.has(program));
  return (path) => SETTINGS.test(path) || (FETCHES.test(path) && !fetches);
}

/** Settings are read by the tools that made them, and caches of downloads by nobody: what is left is there to be read. */
function inHome(effects: Effects, settings: (path: string) => boolean): Pick<HomeFile, 'what' | 'allow'> | undefined {
  const { does, starts, command } = effects;
  // `npx mjml`, `uvx playwright install`: a program of a package that nobody follows
  const follows = does.kind === 'package' && does.what === 'run' && starts.length === 0;
  const own = starts.length > 0 || does.kind === 'package' ? effects.redirected : effects.own;
  if (
    (does.kind === 'package' && !follows && own.known.length === 0) ||
    (does.kind === 'configure' && !own.known.some(({ path }) => FETCHES.test(path) && !settings(path))) ||
    does.kind === 'users' ||
    does.kind === 'clean'
  )
    return undefined;
  const told = command.words.map((word) => word.raw).join(' ');
  const shown = told.length > 60 ? `${told.slice(0, 59)}…` : told;
  const place =
    does.kind === 'files' && does.makes
      ? undefined
      : own.known.find(({ path, below }) => (path !== HOME || (below && does.kind === 'unpack')) && within(path, HOME) && !settings(path));
  if (place) return { what: `\`${shown}\` writes to ${place.path}` };
  return follows || (does.kind === 'unknown' && starts.length === 0)
    ? { what: `what \`${shown}\` leaves may lie in ${HOME}`, allow: 'Run it in a build stage, and COPY what it makes.' }
    : undefined;
}
