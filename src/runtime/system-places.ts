// Room: runtime/. Places of a system that the program names: an empty image has neither the files nor the directories.
import type { SourceHit } from '../ecosystems/types.ts';
import { parentOf } from '../effects/places.ts';
import { inside } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { hasDirectory } from '../knowledge/directories.ts';
import { namedElsewhere } from './named-elsewhere.ts';
import type { RunCommand } from './run-command.ts';

/** What the kernel and the engine put into every container, and the orchestrator, with the directories above it. Sources: OCI runtime specification; docs.docker.com, networking. */
const GIVEN = /^\/(?:proc|sys|dev)(?:\/|$)|^\/etc\/(?:hosts|hostname|resolv\.conf)$|^(?:\/var)?\/run\/(?:secrets|docker\.sock)(?:\/|$)/;
/** What scratch-essentials brings. */
const ESSENTIAL = /^\/(?:etc\/ssl|usr\/share\/zoneinfo|etc\/mime\.types)(?:\/|$)/;

/** Paths in directories that every small system has, and an empty image has not: sources, settings, ENV and the command line name them. */
export function systemPlaces(subject: Subject, run: RunCommand, hits: readonly SourceHit[]): Evidence[] {
  const volumes = subject.final.stage.instructions.flatMap((i) =>
    i.keyword === 'VOLUME' ? (i.json?.map((a) => a.value) ?? i.words.map((w) => w.value)) : [],
  );
  const has = (dir: string): boolean => dir !== '/' && hasDirectory(dir, () => false);
  const own = hits.flatMap(({ kind, literal, file, line }) =>
    ['read', 'template', 'write'].includes(kind) && literal?.startsWith('/') === true
      ? [{ path: literal, evidence: { file, line, says: `names ${literal}` } }]
      : [],
  );
  return [...own, ...namedElsewhere(subject, run)]
    .filter(({ path }) => !GIVEN.test(path) && !ESSENTIAL.test(path) && (has(path) || has(parentOf(path))))
    .filter(({ path }) => !volumes.some((volume) => inside(path, volume)))
    .filter(({ path }) => !subject.final.copies.some(({ dest }) => dest !== undefined && dest !== '/' && inside(path, dest)))
    .map(({ evidence }) => evidence);
}
