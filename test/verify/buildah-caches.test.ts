// Cache mounts of podman: the directories of a session's ids go, those of others stay.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withCacheIds } from '../../src/dockerfile/cache-ids.ts';
import { removeBuildahCaches } from '../../src/verify/engine/buildah-caches.ts';
import { findEngine } from '../../src/verify/engine/engine.ts';
import { ownTemporary } from '../temporary.ts';
import { standInEngine } from './stand-in-engine.ts';

const isRoot = process.getuid?.() === 0;

it('removes the directories of the ids in the Dockerfiles, as older and newer podman name them', async () => {
  const base = ownTemporary();
  const session = 'abcdefabcdef';
  const directory = join(base, 'session');
  mkdirSync(join(directory, 'before-1'), { recursive: true });
  const dockerfile = withCacheIds('FROM a\nRUN --mount=type=cache,target=/root/.npm npm ci\n', `${session}-before-1`);
  writeFileSync(
    join(directory, 'before-1/Dockerfile'),
    `${dockerfile}RUN --mount=type=cache,id=../../x,target=/x,id=../../x-${session}-before-1 true\n`,
  );
  const id = `/root/.npm-${session}-before-1`;
  const hashed = createHash('sha256').update(id).digest('hex').slice(0, 16);
  const own = [join(base, 'buildah-cache', id), join(base, `buildah-cache-${process.getuid?.() ?? 0}`, hashed)];
  const others = [
    join(base, 'buildah-cache/root/.npm'),
    join(base, `buildah-cache/root/.npm-${session}-before-2`),
    join(base, `x-${session}-before-1`),
  ];
  for (const path of [...own, ...others]) mkdirSync(path, { recursive: true });
  const stand = standInEngine(
    [
      { to: '--version', stdout: 'podman version 4.3.1\n' },
      { to: 'info', stdout: '4.3.1 linux/amd64\n' },
    ],
    ['podman'],
  );
  await removeBuildahCaches(await findEngine('podman', stand.env, new AbortController().signal), session, directory);
  if (isRoot) expect(own.filter((path) => existsSync(path))).toEqual([]);
  else expect(stand.calls()).toContain(`unshare rm -rf -- ${own.join(' ')}`);
  expect(others.filter((path) => !existsSync(path))).toEqual([]);
});
