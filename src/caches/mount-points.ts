// Room: caches/. What a mount leaves in the layer: BuildKit before 0.12 (and Buildah) keep the directories that were made to mount on, and they are root's.
import { allOf } from '../effects/effects.ts';
import { within } from '../effects/places.ts';
import type { Effects } from '../effects/types.ts';
import { firstBelow } from '../facts/copies.ts';
import { isRoot, type RunReading, type StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { oncePer } from '../once.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { below } from './chain.ts';
import type { MountPlan } from './mounts.ts';

interface Owned {
  path: string;
  evidence: Evidence;
}

/** Directories of an image that nobody but root has anything in: what a mount leaves there is in nobody's way. Source: FHS 3.0. */
const OF_ROOT = ['/root', '/usr', '/var'];

/**
 * In the image, directories of a mount may be left to root: the user of this RUN could not write to its cache, and another user could not make
 * `.cache/x` below its own home.
 */
export function ownedMountPoint(subject: Subject, reading: StageReading, { run, manager, targets }: MountPlan): Refusal | undefined {
  const stages = below(subject, reading);
  if (!stages.includes(subject.final)) return undefined;
  const at = run.instruction.start;
  const state = reading.before(run.instruction);
  if (!isRoot(state) && !('unknown' in state.user))
    return refusal(
      'cache-user-unknown',
      'In the final stage a mount may leave its directory to root, and the user of this RUN could not write there',
      at,
    );
  for (const target of targets) {
    const owned = ownersOf(subject)
      .filter(({ path }) => path !== '/' && within(target, path))
      .sort((a, b) => a.path.length - b.path.length)[0];
    const left = owned && firstBelow(owned.path, target);
    if (left !== undefined && !settledLater(stages, run, left))
      return refusal('cache-user-unknown', `A mount on ${target} may leave ${left} to root, and ${owned?.path} is another user's`, at, {
        evidence: owned ? [owned.evidence] : [],
        allow: allowFor(manager, owned?.path ?? target),
      });
    if (owned === undefined && reading.base.family === undefined && !OF_ROOT.some((dir) => within(target, dir)))
      return refusal('cache-user-unknown', `A mount on ${target} may leave directories to root, and whose they are is not known`, at);
  }
  return undefined;
}

function allowFor({ caches }: MountPlan['manager'], dir: string): string {
  const moves = caches.flatMap(({ movedBy }) => movedBy.flatMap(({ env, suffix }) => (suffix === undefined ? [env] : [])))[0];
  const chown = `give ${dir} to its user behind the install (\`RUN chown -R\`)`;
  return moves === undefined
    ? `${chown[0]?.toUpperCase()}${chown.slice(1)}.`
    : `Set ${moves} to a directory outside of ${dir}, or ${chown}.`;
}

/** A later RUN gives the place to somebody with all that lies in it, or removes it. */
function settledLater(stages: readonly StageReading[], run: RunReading, place: string): boolean {
  const own = stages.findIndex(({ runs }) => runs.includes(run));
  return stages.slice(own).some(({ runs }, n) =>
    runs
      .filter(({ instruction }) => n > 0 || instruction.index > run.instruction.index)
      .flatMap(({ parts }) => allOf(parts.map(({ effects }) => effects)))
      .some(({ does, own: written, removes }) => {
        const given = does.kind === 'own' && does.recursive ? written.known : [];
        return [...given, ...removes.known].some(({ path }) => within(place, path));
      }),
  );
}

/** Directories that another user than root owns, or may own: homes, what was given away, and what another user made. */
const ownersOf = oncePer((subject: Subject): Owned[] => {
  const stages = subject.stages.filter((reading) => below(subject, reading).includes(subject.final));
  return stages.flatMap((reading) => [
    ...(reading.base.family?.users ?? [])
      .filter(({ uid }) => uid !== 0)
      .map(({ name, home }) => ({
        path: home,
        evidence: {
          file: 'Dockerfile',
          line: reading.stage.from.line,
          says: `${reading.base.image.raw} has ${name}, whose home is ${home}`,
        },
      })),
    ...reading.runs.flatMap(({ instruction, parts }) => {
      const root = isRoot(reading.before(instruction));
      return allOf(parts.map(({ effects }) => effects))
        .filter((effects) => givesAway(effects, root))
        .flatMap(({ writes, program }) =>
          writes.known.map(({ path }) => ({
            path,
            evidence: { file: 'Dockerfile', line: instruction.line, says: `\`${program}\` makes or gives ${path} to another user` },
          })),
        );
    }),
    ...reading.copies.flatMap(({ instruction, dest }) =>
      dest !== undefined && instruction.flags.some(({ name }) => name === 'chown')
        ? [{ path: dest, evidence: { file: 'Dockerfile', line: instruction.line, says: `copies to ${dest} for another user` } }]
        : [],
    ),
    ...madeByWorkdir(reading),
  ]);
});

/** It makes users with their homes, changes owners, or makes directories as somebody else. */
const givesAway = ({ does, command }: Effects, root: boolean): boolean =>
  does.kind === 'users' ||
  does.kind === 'own' ||
  (does.kind === 'files' &&
    does.makes === true &&
    (!root || command.words.some(({ value }) => value?.startsWith('--owner') === true || value === '-o')));

function madeByWorkdir(reading: StageReading): Owned[] {
  const { instructions } = reading.stage;
  return instructions.flatMap((i, n) => {
    if (i.keyword !== 'WORKDIR' || isRoot(reading.before(i))) return [];
    const next = instructions[n + 1];
    const { workdir } = next ? reading.before(next) : reading.end;
    if (!('value' in workdir)) return [];
    return [{ path: workdir.value, evidence: { file: 'Dockerfile', line: i.line, says: `makes ${workdir.value} as another user` } }];
  });
}
