// Room: runtime/. What a command that starts another brings into the image before it does so: `uv run` makes the environment as the lock says.
import { projectsOf } from '../facts/applications.ts';
import { lookupIn } from '../dockerfile/state.ts';
import type { HomeQuestion } from '../ecosystems/types.ts';
import type { Effects } from '../effects/types.ts';
import type { Subject } from '../facts/subject.ts';
import { chainOf } from './chain.ts';

/** The image of the final stage, as its projects are asked about it. */
export function imageQuestion(subject: Subject): HomeQuestion {
  const { base, end } = subject.final;
  const parts = chainOf(subject).flatMap(({ runs }) => runs.flatMap((run) => run.parts));
  return {
    repository: base.family?.repository ?? '',
    version: base.tag.version,
    commands: parts.map((part) => ({ manager: part.manager?.id, command: part.command })),
    lookup: lookupIn(end),
  };
}

/** `uv run` installs the project itself when the container starts, `prisma db push` its client: as the beginning of a sentence, and what would help. */
export function addedAtStart(
  subject: Subject,
  { wrappers, command }: Effects,
): { says: string; compiles: boolean; allow: string } | undefined {
  for (const words of [command.words, ...wrappers.map((wrapper) => wrapper.words)]) {
    const texts = words.map((word) => word.value ?? word.raw);
    for (const { project } of projectsOf(subject)) {
      const found = project.addsAtStart?.(texts, imageQuestion(subject));
      if (found !== undefined)
        return {
          says: `\`${texts.slice(0, words === command.words ? 3 : 2).join(' ')}\` installs ${found.added} when the container starts`,
          compiles: found.compiles === true,
          allow: found.allow ?? 'Install in a RUN what the container needs.',
        };
    }
  }
  return undefined;
}
