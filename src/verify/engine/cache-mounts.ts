// Room: verify/engine/. Cache mounts of a run's own: a cold build is cold, and the user's caches are neither read nor written.
import { setTimeout as wait } from 'node:timers/promises';
import type { Core } from '../../checkout/types.ts';
import { removeBuildahCaches } from './buildah-caches.ts';
import { majorOf } from './engine.ts';
import type { Engine, Recipe, Session, Side } from '../types.ts';

/** How often each side of a session was built cold: each time with empty caches. */
const coldBuilds = new WeakMap<Session, Map<Side, number>>();

/**
 * The recipe with ids of the session's own for its cache mounts. A cold build gets new ones; a warm build has those of the last cold build of
 * the same side. BuildKit's own id of a mount is its target, which every project of the machine shares.
 */
export function withOwnMounts(
  session: Session,
  core: Pick<Core, 'withCacheIds'>,
  { recipe, side, cache }: { recipe: Recipe; side: Side; cache: 'cold' | 'warm' },
): Recipe {
  const sides = coldBuilds.get(session) ?? new Map<Side, number>();
  coldBuilds.set(session, sides);
  if (cache === 'cold') sides.set(side, (sides.get(side) ?? 0) + 1);
  const suffix = `${session.id}-${side}-${sides.get(side) ?? 0}`;
  return { ...recipe, dockerfile: core.withCacheIds(recipe.dockerfile, suffix, tellsIds(session.engine) ? 'id' : 'id-and-target') };
}

/** A line of a build as it would be without what `withOwnMounts` added. */
export const withoutMarks = ({ id }: Session, text: string): string =>
  text.replaceAll(new RegExp(`,id=[^\\s,]*-${id}-(?:before|after)-\\d+(?:,target=[^\\s,]*/\\.\\.)?`, 'g'), '');

/** Docker 25 has BuildKit 0.12, the first whose records name the ids: https://github.com/moby/buildkit/blob/v0.12.0/solver/llbsolver/mounts/mount.go */
const tellsIds = ({ name, version }: Engine): boolean => name !== 'docker' || majorOf(version.replace(/^\D+/, '')) >= 25;

const signal = new AbortController().signal;
const timeout = 120_000;

/**
 * Removes what the cache mounts of a session hold. BuildKit's are found by its id in their description; podman's by the Dockerfiles in the
 * session's directory, which must still be there. Never throws.
 */
export async function removeCacheMounts(engine: Engine, sessionId: string, directory?: string): Promise<void> {
  if (engine.name === 'podman' && directory !== undefined) return removeBuildahCaches(engine, sessionId, directory);
  // A build that was called off a moment ago may hold its mounts a little longer.
  for (let round = 0; round < 5; round += 1) {
    const ids = await records(engine, sessionId);
    if (ids.length === 0) return;
    if (round > 0) await wait(500);
    for (const id of ids) await engine.run(['builder', 'prune', '--force', '--filter', `id=${id}`], { signal, timeout });
  }
}

/**
 * Ids of build cache records. Their description: `cached mount /root/.npm from exec /bin/sh -c npm ci with id "/root/.npm-SESSION-before-1"`;
 * of older engines `cached mount /root/.npm/.SESSION-before-1/.. from exec /bin/sh -c npm ci`.
 */
async function records(engine: Engine, sessionId: string): Promise<string[]> {
  if (engine.name !== 'docker') return [];
  if (majorOf(engine.clientVersion) >= 23) {
    const { stdout } = await engine.run(['builder', 'du', '--verbose'], { signal, timeout });
    return stdout
      .split(/\n\s*\n/)
      .flatMap((record) => (record.includes(sessionId) ? withoutMark(/^ID:\s+(\S+)/m.exec(record)?.[1] ?? '') : []));
  }
  const { stdout } = await engine.run(['system', 'df', '--verbose', '--format', '{{json .}}'], { signal, timeout });
  try {
    const { BuildCache } = JSON.parse(stdout) as { BuildCache?: readonly { ID: string; Description?: string }[] };
    return (BuildCache ?? []).flatMap(({ ID, Description }) => (Description?.includes(sessionId) ? withoutMark(ID) : []));
  } catch {
    return [];
  }
}

/** The command line marks records that can be written with a star. */
const withoutMark = (id: string): string[] => [id.replace(/\*$/, '')].filter(Boolean);
