// Room: runtime/. The projects whose sources the image runs: at the root of the context, and where the working directory comes from.
import type { EcosystemProject } from '../ecosystems/types.ts';
import { originThrough } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';

/** Every project that is found, each with its ecosystem and its directory of the context. */
export function projectsOf(subject: Subject): { ecosystem: string; dir: string; project: EcosystemProject }[] {
  const { project, final, stages } = subject;
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  const origin = workdir === undefined || workdir === '/' ? undefined : originThrough(stages, final, project.tree, workdir);
  const dirs = ['', ...(origin !== undefined && origin !== '' && project.tree.stat(origin)?.kind === 'dir' ? [origin] : [])];
  return project.ecosystems.flatMap(({ id }) => {
    const found = dirs.flatMap((dir) => {
      const one = project.of(id, dir);
      return one ? [{ ecosystem: id, dir, project: one }] : [];
    });
    // the root's sources hold those of its directories
    return found.slice(0, 1);
  });
}
