// install-lockfile: npm installs what the lockfile says, or fails.
import type { Edit } from '../src/dockerfile/edits.ts';
import type { Word } from '../src/dockerfile/types.ts';
import { needsNpm7 } from '../src/ecosystems/node/lock.ts';
import { landingOf } from '../src/facts/copies.ts';
import type { RunReading, StageReading } from '../src/facts/reading.ts';
import type { Subject } from '../src/facts/subject.ts';
import { installsOf, type Install } from '../src/installs/sites.ts';
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
  plan(subject) {
    const edits: Edit[] = [];
    const skips: Refusal[] = [];
    const evidence = [];
    for (const { reading, run, install } of npmInstalls(subject)) {
      const found = planInstall(subject, reading, run, install);
      if (isRefusal(found)) skips.push(found);
      else {
        edits.push(...found);
        evidence.push(
          { file: 'Dockerfile', line: run.instruction.line, says: 'runs npm install' },
          { file: lockOf(subject, install) ?? 'package-lock.json', says: 'agrees with package.json' },
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

function npmInstalls(subject: Subject): { reading: StageReading; run: RunReading; install: Install; verb: Word }[] {
  return subject.stages.flatMap((reading) =>
    reading.runs.flatMap((run) =>
      installsOf(reading, run, subject).flatMap((install) => {
        const verb = install.part.command.words[1];
        return install.manager.id === 'npm' && verb && ['install', 'i'].includes(verb.value ?? '') ? [{ reading, run, install, verb }] : [];
      }),
    ),
  );
}
const lockOf = (subject: Subject, install: Install): string | undefined =>
  subject.project.node(install.dir ?? '')?.lockfiles.find((l) => l.manager === 'npm')?.path;

function planInstall(subject: Subject, reading: StageReading, run: RunReading, install: Install): Edit[] | Refusal {
  const { command } = install.part;
  const at = command.start;
  const project = install.dir === undefined ? undefined : subject.project.node(install.dir);
  if (!project) return refusal('no-lockfile', 'No lock file: package.json is not in the build context', at);
  const other = project.lockfiles[0];
  const lock = lockOf(subject, install);
  if (!lock)
    return other
      ? refusal('pm-lock-mismatch', `RUN uses npm but the lock file is ${other.path}`, at)
      : refusal('no-lockfile', 'No lock file', at, { allow: 'Commit package-lock.json.' });
  if (subject.project.ignore.ignores(lock))
    return refusal('lock-ignored', `Lock file is excluded by ${subject.project.ignore.path}`, at, {
      allow: `Take ${lock} out of ${subject.project.ignore.path}.`,
    });
  const before = reading.copies.filter((c) => c.instruction.index < run.instruction.index);
  const landing = landingOf(before, lock);
  if (
    landing === undefined ||
    install.cwd === undefined ||
    landing !== `${install.cwd === '/' ? '' : install.cwd}/${lock.substring(lock.lastIndexOf('/') + 1)}`
  )
    return refusal('lock-ignored', `${lock} is not copied before the install`, at, { allow: `COPY ${lock} beside package.json.` });
  const { family, tag } = reading.base;
  const read = subject.project.tree.read(lock);
  if (family?.repository === 'node' && Number.parseInt(tag.version ?? '', 10) < 15 && read.kind === 'text' && needsNpm7(read.text))
    return refusal(
      'pm-lock-mismatch',
      `${lock} was written by npm 7 or newer, and node ${tag.version} has npm 6, whose npm ci fails on it`,
      at,
    );
  const sync = project.lockInSync();
  if ('unknown' in sync) return refusal('lock-out-of-sync', `Whether package.json and lock agree is unknown: ${sync.unknown}`, at);
  if (!sync.value)
    return refusal('lock-out-of-sync', `package.json and lock disagree${sync.evidence[0] ? ` (${sync.evidence[0].says})` : ''}`, at, {
      allow: 'Run npm install and commit the lock.',
      evidence: sync.evidence,
    });
  if (run.opaque !== undefined)
    return refusal('opaque-run', `RUN at line ${run.instruction.line} is too dynamic to classify (${run.opaque})`, at);
  return verbEdits(command.words);
}

/** `install` becomes `ci`; options that only `install` has are taken over or dropped. Source: npm docs, npm-ci. */
function verbEdits(words: readonly Word[]): Edit[] {
  return words.flatMap((word, n): Edit[] => {
    if (n === 1) return [{ start: word.start, end: word.end, text: ['ci'] }];
    if (word.value === '--production' || word.value === '--only=production' || word.value === '--only=prod')
      return [{ start: word.start, end: word.end, text: ['--omit=dev'] }];
    if (word.value === '--no-save' || word.value === '--no-package-lock')
      return [{ start: words[n - 1]?.end ?? word.start, end: word.end, text: [] }];
    return [];
  });
}
