// Room: runtime/. Files of the context that only their owner may read.
import { walk } from '../context/walk.ts';
import { landingOf } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import { refusal, type Refusal } from '../refusal.ts';

/** COPY keeps modes: a file that others may not read is unreadable for the user (a `.env` is given to the user). */
export function unreadable(subject: Subject): Refusal | undefined {
  const copies = subject.stages.flatMap((s) => s.copies);
  for (const entry of walk(subject.project.tree, '')) {
    if (
      entry.kind !== 'file' ||
      entry.name === '.env' ||
      entry.mode === undefined ||
      (entry.mode & 0o004) !== 0 ||
      subject.project.ignore.ignores(entry.path)
    )
      continue;
    if (landingOf(copies, entry.path) !== undefined)
      return refusal(
        'unreadable-mode',
        `${entry.path} has mode ${(entry.mode & 0o777).toString(8)}; the user could not read it`,
        subject.final.stage.from.start,
        { allow: `chmod o+r ${entry.path}` },
      );
  }
  return undefined;
}
