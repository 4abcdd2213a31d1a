// Room: runtime/. What RUNs put into the home directory of root and the program reads there: browsers, models, Pythons.
import { allOf } from '../effects/effects.ts';
import { within } from '../effects/places.ts';
import type { Effects } from '../effects/types.ts';
import { isRoot, type StageReading } from '../facts/reading.ts';
import type { HomeFile } from '../ecosystems/types.ts';
import { lookupIn } from '../dockerfile/state.ts';
import type { Subject } from '../facts/subject.ts';

const HOME = '/root';

/** The first RUN of the image that puts something into root's home which a program may look for in its own, as the beginning of a sentence. */
export function homeFiles(subject: Subject): HomeFile | undefined {
  for (const stage of chainOf(subject))
    for (const { instruction, parts } of stage.runs) {
      if (!isRoot(stage.before(instruction))) continue;
      const all = allOf(parts.map((part) => part.effects));
      for (const effects of all) {
        const found = inHome(effects);
        const gone = all.some(({ removes }) =>
          removes.known.some((place) => effects.own.known.some(({ path }) => within(path, place.path))),
        );
        if (found === undefined || gone) continue;
        const { what } = found;
        return {
          ...found,
          what: `Line ${instruction.line}: ${what}`,
          evidence: { file: 'Dockerfile', line: instruction.line, says: what },
        };
      }
    }
  return copiedHome(subject) ?? ofProjects(subject);
}

/** A COPY that puts files there, settings aside. */
function copiedHome(subject: Subject): HomeFile | undefined {
  for (const { copies } of chainOf(subject))
    for (const { dest, instruction } of copies) {
      if (dest === undefined || !within(dest, HOME) || SETTINGS.test(dest)) continue;
      return {
        what: `Files are copied into ${dest}`,
        evidence: { file: 'Dockerfile', line: instruction.line, says: `puts files into ${dest}` },
      };
    }
  return undefined;
}

function ofProjects(subject: Subject): HomeFile | undefined {
  for (const project of subject.project.all('')) {
    const { base, end } = subject.final;
    const parts = chainOf(subject).flatMap(({ runs }) => runs.flatMap((run) => run.parts));
    const found = project.inHome?.({
      repository: base.family?.repository ?? '',
      version: base.tag.version,
      commands: parts.map((part) => ({ manager: part.manager?.id, command: part.command })),
      lookup: lookupIn(end),
    });
    if (found) return found;
  }
  return undefined;
}

/** The final stage and the stages that it is built FROM. */
function chainOf({ stages, final }: Subject): StageReading[] {
  const chain: StageReading[] = [];
  for (let stage: StageReading | undefined = final; stage && chain.length < 20;) {
    chain.push(stage);
    stage = stage.base.ofStage === undefined ? undefined : stages[stage.base.ofStage];
  }
  return chain;
}

/** Settings that tools read when they install. */
const SETTINGS =
  /^\/root\/\.(?:npmrc|netrc|gitconfig|git-credentials|yarnrc|pip|pypirc|config|docker|m2|gradle|bashrc|profile|bash_profile|zshrc|curlrc|wgetrc|gnupg|npm|cargo|composer)/;

/** Settings are read by the tools that made them, and caches of downloads by nobody: what is left is there to be read. */
function inHome(effects: Effects): Pick<HomeFile, 'what' | 'allow'> | undefined {
  const { does, starts, command } = effects;
  // `npx mjml`, `uvx playwright install`: a program of a package that nobody follows
  const follows = does.kind === 'package' && does.what === 'run' && starts.length === 0;
  const own = starts.length > 0 || does.kind === 'package' ? effects.redirected : effects.own;
  if (
    (does.kind === 'package' && !follows && own.known.length === 0) ||
    does.kind === 'configure' ||
    does.kind === 'users' ||
    does.kind === 'clean'
  )
    return undefined;
  const told = command.words.map((word) => word.raw).join(' ');
  const shown = told.length > 60 ? `${told.slice(0, 59)}…` : told;
  const place =
    does.kind === 'files' && does.makes
      ? undefined
      : own.known.find(({ path }) => path !== HOME && within(path, HOME) && !SETTINGS.test(path));
  if (place) return { what: `\`${shown}\` writes to ${place.path}` };
  return follows || (does.kind === 'unknown' && starts.length === 0)
    ? { what: `what \`${shown}\` leaves may lie in ${HOME}`, allow: 'Run it in a build stage, and COPY what it makes.' }
    : undefined;
}
