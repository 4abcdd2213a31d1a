// Room: base/. Packages that are installed when the container starts: a compiler of the full image may be needed for them then.
import { allOf } from '../effects/effects.ts';
import { shortened } from '../facts/eligible.ts';
import type { Subject } from '../facts/subject.ts';
import { addedAtStart } from '../runtime/added-at-start.ts';
import type { RunCommand } from '../runtime/run-command.ts';
import { refusal, type Refusal } from '../refusal.ts';

/** The first install of a language's packages among the commands that run at start: a smaller image may not be able to make them. */
export function installAtStart(subject: Subject, run: RunCommand): Refusal | undefined {
  const { final, project } = subject;
  if (final.base.tag.variant !== 'full') return undefined;
  const languages = new Set(project.managers.filter(({ ecosystem }) => ecosystem !== 'system').map(({ id }) => id));
  for (const { effects, evidence } of run.started) {
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
        : `\`${shortened(told)}\` installs packages when the container starts: they may compile, and the smaller image has no compiler`,
      run.at,
      { evidence: [evidence], allow: 'Install in a RUN what the container needs.' },
    );
  }
  return undefined;
}
