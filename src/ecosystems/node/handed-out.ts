// Room: ecosystems/node. A front end that is built in the image of a server of files: commands bring what the build makes to where the server looks, and nothing else of it is read.
import { isFileServer } from '../../effects/rows/servers.ts';
import { allOf } from '../../effects/effects.ts';
import { within } from '../../effects/places.ts';
import type { Effects } from '../../effects/types.ts';
import { outermost } from '../../facts/applications.ts';
import { cleanPath, inside, originOf } from '../../facts/copies.ts';
import { standsOn } from '../../facts/project.ts';
import { isRoot } from '../../facts/reading.ts';
import type { Subject } from '../../facts/subject.ts';
import { walk } from '../../context/walk.ts';
import { isStandardDirectory } from '../../knowledge/directories.ts';
import { oncePer } from '../../once.ts';
import { serverCommand, type RunCommand } from '../../runtime/run-command.ts';
import { fromBuilder } from '../../../transforms/multi-stage/distribute.ts';
import { leavesPackages } from '../../../transforms/multi-stage/gain.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';
import { emptySplit, type Split } from '../../../transforms/multi-stage/split.ts';
import type { HandsOut } from '../types.ts';
import { installedAt, madeIn, settings } from './front-ends.ts';
import { nodeAsGuest } from './guest.ts';
import { nodeImages } from './images.ts';

/**
 * What the container hands out, or why that cannot be told; undefined: it is no server of files, or starts more.
 */
export const handedOut = oncePer((subject: Subject): HandsOut | { why: string } | undefined => {
  const { final } = subject;
  const command = standsOn(nodeImages, final.base) ? undefined : serverCommand(subject);
  const run = command && 'value' in command ? command.value : undefined;
  const [place, ...others] = outermost(installedAt(final));
  if (!run || !servesAlone(run) || place === undefined) return undefined;
  const no = (why: string): { why: string } => ({ why: `${run.program} hands out files, and ${why}` });
  if (place === '/' || others.length > 0) return no(`packages are installed in ${[place, ...others].join(' and ')}`);
  // a COPY of all to a directory above it brings what is not of the build
  const above = final.copies.find(({ dest }) => dest === undefined || (dest !== place && inside(place, dest)));
  if (above) return no(`line ${above.instruction.line} fills a directory that ${place} is in`);
  const effects = allOf(final.runs.flatMap(({ parts }) => parts.map((part) => part.effects)));
  const made = madeAt(subject, place);
  const named = namedPaths(subject, place, effects);
  const untold = named.find((path) => !made.some((dir) => inside(path, dir)));
  if (untold !== undefined) return no(`it may read ${untold}, which no build is known to make`);
  const dirs = outermost([
    ...effects.flatMap((one) => broughtBy(one, place)),
    ...made.filter((dir) => named.some((path) => inside(path, dir))),
  ]);
  const [system] = dirs.filter((dir) => dir === '/' || isStandardDirectory(dir) || inside(place, dir));
  if (dirs.length === 0) return no('no command is known to bring what is built to where it looks');
  if (system !== undefined) return no(`a command brings what is built to ${system}, which has more in it`);
  if (effects.some((one) => changesModes(one, dirs)))
    return no(`a command changes the mode or owner of ${dirs.join(', ')}, which a copy does not bring`);
  const cleared = dirs.filter((dir) =>
    effects.some(({ removes }) => removes.known.some(({ path }) => !inside(dir, place) && (inside(path, dir) || within(dir, path)))),
  );
  if (cleared.length > 0 && !isRoot(final.end)) return no(`the user in force may not remove ${cleared.join(', ')}`);
  return { place, dirs, cleared };
});

/** What the builds make in the directory, as image paths; nothing where that cannot be told. */
function madeAt(subject: Subject, place: string): string[] {
  const { tree } = subject.project;
  const dir = originOf(subject.final.copies, tree, place);
  const made = dir === undefined ? undefined : madeIn(subject.final, tree, place);
  return (made ?? [])
    .filter((path) => path !== dir && inside(path, dir ?? ''))
    .map((path) => `${place}/${dir === '' ? path : path.slice((dir ?? '').length + 1)}`);
}

/** A server of files is all that stays, and nothing that starts before it is unknown, or a program of Node.js. */
const servesAlone = ({ program, started, needs, others }: RunCommand): boolean =>
  isFileServer(program) &&
  others.length === 0 &&
  needs.every((need) => !nodeAsGuest.programs.includes(need.program.replace(/^.*\//, ''))) &&
  started.every(
    ({ effects, starter }) =>
      starter || isFileServer(effects.program) || (effects.does.kind !== 'unknown' && effects.startsUnknown === undefined),
  );

/** `cp -r dist/* /usr/share/nginx/html`, `mv build /var/www`: where a command brings files of the directory. */
function broughtBy({ does, reads, removes, writes }: Effects, place: string): string[] {
  const from = [...reads.known, ...removes.known].some(({ path }) => inside(path, place));
  return does.kind === 'files' && from ? writes.known.flatMap(({ path }) => (inside(path, place) ? [] : [path])) : [];
}

/** Owners and modes of the directory itself are not copied. */
const changesModes = ({ does, program, writes }: Effects, dirs: readonly string[]): boolean =>
  (does.kind === 'own' || program === 'chmod') &&
  writes.known.some(({ path }) => dirs.some((dir) => inside(path, dir) || inside(dir, path)));

/** Paths of the directory that settings of the image, files that it has beside it, and what RUNs write name. */
function namedPaths(subject: Subject, place: string, effects: readonly Effects[]): string[] {
  const { final, project } = subject;
  const beside = final.copies.filter(({ fromContext, dest }) => fromContext && dest !== undefined && !inside(dest, place));
  const files = beside.flatMap(({ sources }) =>
    sources.flatMap(({ kind, path, files: own }) =>
      kind === 'dir' ? walk(project.tree, path).flatMap((entry) => (entry.kind === 'file' ? [entry.path] : [])) : own,
    ),
  );
  const written = effects.filter(
    ({ program, does, writes, redirected }) =>
      program === 'ln' ||
      redirected.known.some(({ path }) => !inside(path, place)) ||
      (!['files', 'state', 'package'].includes(does.kind) && writes.known.some(({ path }) => !inside(path, place))),
  );
  const texts = [
    ...settings(subject).map(({ text }) => text),
    ...project.uses().services.flatMap((service) => service.mounts.map(({ target }) => target)),
    ...written.flatMap(({ given }) => [...given.words, ...given.redirects.flatMap(({ target }) => target ?? [])].map(({ raw }) => raw)),
    ...files.flatMap((path) => {
      const read = project.tree.read(path);
      return read.kind === 'text' ? [read.text] : [];
    }),
  ];
  return [...new Set(texts.flatMap((text) => pathsIn(text, place)))];
}

/** Paths of a text that begin with the directory, up to what ends a path. */
function pathsIn(text: string, place: string): string[] {
  const found: string[] = [];
  for (let at = text.indexOf(place); at !== -1; at = text.indexOf(place, at + 1)) {
    const [rest = ''] = /^[^\s;:,"'`)}\]]*/.exec(text.slice(at + place.length, at + place.length + 256)) ?? [];
    if (rest === '' || rest.startsWith('/')) found.push(cleanPath(`${place}${rest}`));
  }
  return found;
}

/** The last stage stands on the image of the server, without what builds; it gets what is handed out. */
export function splitHandedOut(s: Situation, { dirs, cleared }: HandsOut): Split {
  const inDirs = s.reading.copies.filter(({ dest }) => dest !== undefined && dirs.some((dir) => inside(dest, dir)));
  return {
    ...emptySplit(s.stays ?? s.reading.base.image.raw),
    repeats: s.shared ? s.runs.again : s.runs.repeats,
    // what a RUN removes there would come back with the image: the build stage has the directory as it shall be
    setup: cleared.length === 0 ? [] : [[`RUN rm -rf ${cleared.join(' ')}`]],
    artefacts: dirs.map((dir) => fromBuilder(s.builder, dir, undefined)),
    brought: new Set(inDirs.map(({ instruction }) => instruction.index)),
    manager: s.reading.base.tag.variant === 'alpine' ? 'apk' : 'apt',
    evidence: s.runEvidence,
    why: `${s.run.program} hands out ${dirs.join(', ')}, which the build fills; ${leavesPackages(s) ? 'Node.js, ' : ''}sources and packages stay in the build stage`,
  };
}
