// Room: ignore/. Programs that get the files of the context and are not read: they may need each of them.
import { projectIn } from '../facts/applications.ts';
import { allOf } from '../effects/effects.ts';
import type { Effects } from '../effects/types.ts';
import type { Subject } from '../facts/subject.ts';
import { oncePer } from '../once.ts';
import { runCommand } from '../runtime/run-command.ts';

/** The first of them, as it stands behind "needed by"; undefined: all that runs with the sources is read. */
export const unreadReader = oncePer((subject: Subject): string | undefined => {
  for (const { copies, runs } of subject.stages) {
    const from = copies.find(({ fromContext, broad }) => fromContext && broad)?.instruction.index ?? Number.POSITIVE_INFINITY;
    for (const { instruction, parts } of runs) {
      const found = instruction.index < from ? undefined : unreadOf(subject, allOf(parts.map(({ effects }) => effects)));
      if (found !== undefined) return `\`${found}\` at line ${instruction.line}, as far as can be told`;
    }
  }
  const run = runCommand(subject);
  if ('unknown' in run) return subject.final.base.family?.service ? undefined : 'what the container starts, which is not known';
  const found = unreadOf(
    subject,
    run.value.started.filter(({ starter }) => !starter).map(({ effects }) => effects),
  );
  return found === undefined ? undefined : `\`${found}\`, as far as can be told`;
});

/** A program without sources that an ecosystem reads, which may do more than its row says. */
function unreadOf(subject: Subject, all: readonly Effects[]): string | undefined {
  const found = all.find(({ does, sources, own, startsUnknown, starts }) => {
    if (sources !== undefined && projectIn(subject, sources) !== undefined) return false;
    if (does.kind === 'unknown') return true;
    return (
      (does.kind === 'build' && startsUnknown !== undefined && starts.length === 0) || (does.kind === 'serve' && own.unknown !== undefined)
    );
  });
  return found?.program;
}
