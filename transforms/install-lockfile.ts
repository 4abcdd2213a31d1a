// install-lockfile: npm installs what the lockfile says, or fails.
import type { Edit } from '../src/dockerfile/edits.ts';
import type { Locked } from '../src/ecosystems/types.ts';
import { committedPackages } from '../src/facts/committed.ts';
import { landingOf } from '../src/facts/copies.ts';
import { leftOut } from '../src/facts/pragmas.ts';
import type { RunReading, StageReading } from '../src/facts/reading.ts';
import type { Subject } from '../src/facts/subject.ts';
import { filesDoubt } from '../src/installs/manifest-origin.ts';
import type { Install } from '../src/installs/shapes.ts';
import { installsOf } from '../src/installs/sites.ts';
import { isRefusal, refusal, type Refusal, type Transform } from '../src/transform.ts';

/**
 * before: RUN npm install                              after: RUN npm ci
 * Safe because: the lock holds every range of package.json, and stands where the install runs.
 * Skipped when: there is no lock, it is hidden or not copied before the install, or it disagrees with package.json.
 * Untouched when: the install names packages, or is `npm ci` already.
 */
export const installLockfile: Transform = {
  id: 'install-lockfile',
  title: 'Install from the lockfile',
  rationale:
    '`npm install` may choose newer versions than the lockfile and change it, so two builds of one commit differ. `npm ci` installs exactly what is locked, faster, and fails where lock and manifest disagree.',
  structural: false,
  oneByOne: true,
  plan(subject) {
    const edits: Edit[] = [];
    const skips: Refusal[] = [];
    const evidence = [];
    for (const { reading, run, install, exact } of looseInstalls(subject)) {
      const found =
        leftOut(subject.dockerfile, 'install-lockfile', (i) => i === run.instruction) ?? forbidden(subject, reading, run, install) ?? exact;
      if (isRefusal(found)) skips.push(found);
      else {
        edits.push(...found);
        evidence.push(
          { file: 'Dockerfile', line: run.instruction.line, says: `runs ${install.manager.id} install` },
          { file: lockOf(subject, install)?.path ?? 'package-lock.json', says: 'agrees with package.json' },
        );
      }
    }
    if (edits.length === 0) return skips[0];
    return {
      edits,
      skips,
      safety: 'review',
      why: 'package-lock.json agrees with package.json, so npm ci installs the same versions each time',
      evidence,
    };
  },
};

function looseInstalls(subject: Subject): { reading: StageReading; run: RunReading; install: Install; exact: Edit[] }[] {
  return subject.stages.flatMap((reading) =>
    reading.runs.flatMap((run) =>
      installsOf(reading, run, subject).flatMap((install) => {
        const exact = install.manager.exactInstall?.(install.part.command);
        return exact ? [{ reading, run, install, exact }] : [];
      }),
    ),
  );
}
const lockOf = ({ project }: Subject, { manager, dir }: Install): Locked | undefined =>
  dir === undefined ? undefined : project.of(manager.ecosystem, dir)?.locked?.(manager.id);

/** Why what is locked cannot be installed. */
function forbidden(subject: Subject, reading: StageReading, run: RunReading, install: Install): Refusal | undefined {
  const at = install.part.command.start;
  const locked = lockOf(subject, install);
  if (install.changed !== undefined)
    return refusal('lock-out-of-sync', `Whether package.json and lock agree is unknown: ${install.changed}`, at, {
      allow: 'Let the image have the package.json that the lock was written for.',
    });
  if (install.cwd === undefined)
    return refusal('no-lockfile', 'Which lock file counts is unknown: the directory that the install runs in is not known', at, {
      allow: 'Write WORKDIR without a build argument.',
    });
  if (install.dir === undefined)
    return refusal('no-lockfile', 'No lock file: the package.json that is installed comes from elsewhere than the build context', at, {
      allow: 'COPY package.json and package-lock.json from the build context.',
    });
  if (!locked) return refusal('no-lockfile', 'No lock file: package.json is not in the build context', at);
  const { path: lock, other } = locked;
  if (lock === undefined)
    return other === undefined
      ? refusal('no-lockfile', 'No lock file', at, { allow: 'Commit package-lock.json.' })
      : refusal('pm-lock-mismatch', `RUN uses ${install.manager.id} but the lock file is ${other}`, at);
  if (subject.project.ignore.ignores(lock))
    return refusal('lock-ignored', `Lock file is excluded by ${subject.project.ignore.path}`, at, {
      allow: `Take ${lock} out of ${subject.project.ignore.path}.`,
    });
  const landing = landingOf(reading.copies, lock, run.instruction.index);
  if (
    landing === undefined ||
    install.cwd === undefined ||
    landing !== `${install.cwd === '/' ? '' : install.cwd}/${lock.substring(lock.lastIndexOf('/') + 1)}`
  )
    return refusal('lock-ignored', `${lock} is not copied before the install`, at, { allow: `COPY ${lock} beside package.json.` });
  const doubt = filesDoubt(reading, run, install, subject.project.tree);
  if (doubt !== undefined) return refusal('lock-out-of-sync', `Whether package.json and lock agree is unknown: ${doubt}`, at);
  const tooNew = locked.tooNewFor({ repository: reading.base.family?.repository ?? '', version: reading.base.tag.version });
  if (tooNew !== undefined) return refusal('pm-lock-mismatch', tooNew, at);
  const sync = locked.inSync();
  if ('unknown' in sync)
    return refusal('lock-out-of-sync', `Whether package.json and lock agree is unknown: ${sync.unknown}`, at, {
      ...(sync.unknown.includes('lockfileVersion 1') ? { allow: 'Write the lock file anew with npm 7 or newer, and commit it.' } : {}),
    });
  if (!sync.value)
    return refusal('lock-out-of-sync', `package.json and lock disagree${sync.evidence[0] ? ` (${sync.evidence[0].says})` : ''}`, at, {
      allow: 'Run npm install and commit the lock.',
      evidence: sync.evidence,
    });
  const committed = committedPackages(subject.project, [install.dir, install.manager.installsInto?.name].filter(Boolean).join('/'), at);
  if (committed) return committed;
  if (run.opaque !== undefined)
    return refusal('opaque-run', `RUN at line ${run.instruction.line} is more than a list of commands (${run.opaque})`, at);
  return undefined;
}
