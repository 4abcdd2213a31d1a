// Room: facts/. Frontend features that a file uses (rule book §0.5, "Minimum Dockerfile frontend").
import type { Subject } from './subject.ts';

/** The first instruction that needs a newer frontend than 1.0. */
export function mountsUsed(subject: Subject): { what: string; version: string; line: number } | undefined {
  for (const i of subject.dockerfile.instructions) {
    if (i.keyword === 'RUN' && i.mounts.length > 0) return { what: 'RUN --mount', version: '1.2', line: i.line };
    if (i.heredocs.length > 0) return { what: 'a heredoc', version: '1.4', line: i.line };
    if ((i.keyword === 'COPY' || i.keyword === 'ADD') && i.link) return { what: `${i.keyword} --link`, version: '1.4', line: i.line };
  }
  return undefined;
}
