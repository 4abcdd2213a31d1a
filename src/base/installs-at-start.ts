// Room: base/. Packages that are installed when the container starts: a compiler of the full image may be needed for them then.
import { allOf } from '../effects/effects.ts';
import { shortened } from '../facts/eligible.ts';
import type { Subject } from '../facts/subject.ts';
import { hitEvidence } from '../facts/project.ts';
import { spawnedBy } from '../runtime/spawned.ts';
import { addedAtStart } from '../runtime/added-at-start.ts';
import type { RunCommand } from '../runtime/run-command.ts';
import { refusal, type Refusal } from '../refusal.ts';

/** The first install of a language's packages among the commands that run at start: a smaller image may not be able to make them. */
export function installAtStart(subject: Subject, run: RunCommand): Refusal | undefined {
  const { final, project } = subject;
  if (final.base.tag.variant !== 'full') return undefined;
  const languages = new Set(project.managers.filter(({ ecosystem }) => ecosystem !== 'system').map(({ id }) => id));
  const spawned = spawnedBy(subject).flatMap(({ hit, effects }) =>
    effects.map((one) => ({ effects: one, evidence: hitEvidence(hit), by: `${hit.file}:${hit.line}` })),
  );
  const started = run.started.map((one) => ({ ...one, by: undefined }));
  for (const { effects, evidence, by } of [...started, ...spawned]) {
    const install = allOf([effects]).find(
      ({ does }) => does.kind === 'package' && languages.has(does.manager) && ['install', 'install-named'].includes(does.what),
    );
    const told = install?.command.words.map(({ raw }) => raw).join(' ');
    const added = told === undefined ? addedAtStart(subject, effects) : undefined;
    if (told === undefined && added?.compiles !== true) continue;
    return refusal(
      'needs-compiler',
      told === undefined
        ? `${added?.says}: that may compile, and the smaller image has no compiler`
        : `${by === undefined ? `\`${shortened(told)}\` installs packages when the container starts` : `${by} starts \`${shortened(told.replaceAll('"', ''))}\`, which installs packages`}: they may compile, and the smaller image has no compiler`,
      run.at,
      { evidence: [evidence], allow: 'Install in a RUN what the container needs.' },
    );
  }
  return undefined;
}

/** A command at start whose words are computed: it may be any program. */
export function computedAtStart(run: RunCommand): Refusal | undefined {
  const found = run.started.find(
    ({ effects }) => effects.unread !== undefined && effects.program !== '' && run.program !== effects.program,
  );
  return (
    found &&
    refusal('dynamic-subprocess', `${found.evidence.file}:${found.evidence.line ?? 1} ${found.effects.unread}`, run.at, {
      evidence: [found.evidence],
      allow: 'Write out what is started.',
    })
  );
}
