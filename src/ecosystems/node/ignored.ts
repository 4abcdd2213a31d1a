// Room: ecosystems/node. What a Node project may want hidden from the build: installed packages, and what its scripts build.
import type { Subject } from '../../facts/subject.ts';
import { committedDirectories } from '../../facts/committed.ts';
import { candidate, type Candidate } from '../../ignore/candidates.ts';
import { installsOf } from '../../installs/sites.ts';
import { nodeReader } from './facts.ts';

/** The patterns, where the Dockerfile installs packages. */
export function nodeIgnored(subject: Subject): Candidate[] {
  const installs = subject.stages
    .flatMap((s) => s.runs.flatMap((r) => installsOf(s, r, subject)))
    .filter((i) => i.manager.ecosystem === 'node');
  const project = subject.project.read(nodeReader, installs[0]?.dir ?? '');
  if (!project || installs.length === 0) return [];
  const modules = { essential: true, review: true, made: true };
  const list = [candidate('**/node_modules', { ...modules, sample: 'node_modules' })];
  // packages of a test, say, that are part of the repository: the others are hidden all the same
  const own = committedDirectories(subject.project, 'node_modules');
  for (const path of new Set(installs.map(({ dir }) => [dir, 'node_modules'].filter(Boolean).join('/'))))
    if (own.length > 0 && !own.includes(path)) list.push(candidate(path, modules));
  const scripts = subject.stages.flatMap((s) =>
    s.runs.flatMap((r) =>
      r.parts
        .filter((p) => p.manager?.ecosystem === 'node' && (p.kind === 'build' || p.kind === 'run'))
        .map(
          (p) => p.command.words.map((w) => w.value ?? '').filter((w) => !w.startsWith('-') && w !== 'run' && w !== 'run-script')[1] ?? '',
        ),
    ),
  );
  for (const script of new Set(scripts)) {
    const outputs = script === '' ? undefined : project.outputs(script);
    if (!outputs || 'unknown' in outputs) continue;
    for (const output of outputs.value)
      list.push(candidate([project.dir, output].filter(Boolean).join('/'), { essential: true, review: true, made: true }));
  }
  return list;
}
