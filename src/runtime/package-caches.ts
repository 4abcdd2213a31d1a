// Room: runtime/. Directories of installed packages that these write to themselves: models that are brought when they are first asked for.
import { resolvePath } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import type { Refusal } from '../refusal.ts';
import { projectsOf } from '../facts/applications.ts';
import { unknown, workdirOf, type Found } from './write-found.ts';

/** Gives them to the user where the packages lie below the working directory; no user where that cannot be told. */
export function ofPackages(subject: Subject, found: Found): Refusal | undefined {
  const workdir = workdirOf(subject);
  for (const { ecosystem, project } of projectsOf(subject))
    for (const kept of project.keptInPackages?.() ?? []) {
      const path = kept.at === undefined ? undefined : resolvePath(workdir, kept.at);
      const installed = subject.stages.some(({ runs }) =>
        runs.some(({ parts }) =>
          parts.some(
            ({ manager, kind, effects }) =>
              manager?.ecosystem === ecosystem && kind === 'install' && effects.before.cwd !== undefined && effects.before.cwd === workdir,
          ),
        ),
      );
      if (path === undefined || !installed) {
        const message = `${kept.package} keeps ${kept.what} in its own directory, and where that lies cannot be told`;
        const refused = unknown(
          subject,
          found,
          message,
          [kept.evidence],
          'Name a directory of the application for them, as its manual says.',
        );
        if (refused) return refused;
        continue;
      }
      found.evidence.push(kept.evidence);
      found.paths.add(path);
      found.unsure.add(path);
      if (kept.filled === true) found.deep.add(path);
    }
  return undefined;
}
