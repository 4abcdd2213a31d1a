// Room: ecosystems/rust. What a Cargo package may want hidden from the build: its build output.
import { landingOf } from '../../facts/copies.ts';
import type { Subject } from '../../facts/subject.ts';
import { candidate, type Candidate } from '../../ignore/candidates.ts';

/** `target`, where a stage builds and a COPY would bring it along. */
export function rustIgnored({ stages }: Subject): Candidate[] {
  const builds = stages.some((s) => s.runs.some((r) => r.parts.some((p) => p.manager?.id === 'cargo' && p.kind === 'build')));
  const copied = landingOf(
    stages.flatMap((s) => s.copies),
    'target',
  );
  return builds && copied !== undefined ? [candidate('target', { essential: true, review: true, made: true })] : [];
}
