// Room: verify/engine/. Cache mounts of podman: directories on this machine, one for each id. Source: github.com/containers/buildah, internal/volumes/volumes.go (GetCacheMount, CacheParent).
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../types.ts';

/**
 * Removes the directories of the ids that stand in the Dockerfiles of a session's directory. In: the engine (podman), the session's id and
 * directory. Files of a rootless podman belong to other numbers outside of its user namespace, so that it removes them itself. Never throws.
 */
export async function removeBuildahCaches(engine: Engine, sessionId: string, directory: string): Promise<void> {
  const own = process.getuid?.() ?? 0;
  const temporary = process.env['TMPDIR'] ?? '/var/tmp';
  const parents = [join(temporary, 'buildah-cache'), join(temporary, `buildah-cache-${own}`)];
  const names = (await idsIn(directory, sessionId)).flatMap((id) => [id, createHash('sha256').update(id).digest('hex').slice(0, 16)]);
  const paths = parents.flatMap((parent) => names.map((name) => join(parent, name))).filter((path) => existsSync(path));
  if (paths.length === 0) return;
  if (own === 0) for (const path of paths) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  else await engine.run(['unshare', 'rm', '-rf', '--', ...paths], { signal: new AbortController().signal, timeout: 120_000 });
}

/** The ids that `withOwnMounts` wrote. */
async function idsIn(directory: string, sessionId: string): Promise<string[]> {
  const ids = new Set<string>();
  for (const name of await readdir(directory).catch((): string[] => [])) {
    const text = await readFile(join(directory, name, 'Dockerfile'), 'utf8').catch(() => '');
    for (const [, id] of text.matchAll(new RegExp(`,id=([^\\s,]*-${sessionId}-(?:before|after)-\\d+)`, 'g')))
      if (id !== undefined && !id.split('/').includes('..')) ids.add(id);
  }
  return [...ids];
}
