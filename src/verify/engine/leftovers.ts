// Room: verify/engine/. Removes what runs made: a run's own at its end, and at the start of the next what a run that was killed left behind.
import { leftDirectories, removeDirectory } from '../../process/owned-directory.ts';
import { parseOwner, stateOfOwner, type Owner } from '../../process/owner.ts';
import { removeCacheMounts } from './cache-mounts.ts';
import { ownerLabel, sessionLabel } from './labels.ts';
import { endOrphans } from './orphans.ts';
import type { Engine, Session } from '../types.ts';
import { directoryPrefix } from './workspace.ts';

/** Images with a tag of this repository stay: the user asked for them. */
const keptRepository = 'dockerfile-mod-kept';
/** Nothing aborts the removal: it is what is done when everything else was aborted. */
const never = new AbortController().signal;
const removeTime = 120_000;

/**
 * Removes what a session made: containers with their volumes, networks, images, the contents of its cache mounts, its directory. Also after it
 * was aborted; twice does no harm; never throws. In: `keep-images` leaves the images, with a tag more that says so (`dockerfile-mod-kept:…`).
 */
export async function cleanUp(session: Session, what: 'all' | 'keep-images' = 'all'): Promise<void> {
  const { engine, id } = session;
  const filter = `label=${sessionLabel}=${id}`;
  await removeContainers(engine, await listed(engine, 'containers', filter));
  await removeNetworks(engine, await listed(engine, 'networks', filter));
  const images = await listed(engine, 'images', filter);
  if (what === 'all') await removeImages(engine, images);
  else for (const [i, image] of images.entries()) await quiet(engine, ['tag', image, `${keptRepository}:${id}-${i + 1}`]);
  await removeCacheMounts(engine, id, session.directory);
  await removeDirectory(session.directory);
}

/**
 * Removes what runs left behind whose process has ended without cleaning up: its engine commands that still run, containers, images, cache mounts,
 * directories. Only of processes of this machine, found by labels and by `owner.json`; what another process uses stays. Never throws.
 */
export async function cleanLeftovers(engine: Engine): Promise<void> {
  await endOrphans();
  const sessions = new Set<string>();
  const dead = async (kind: Kind): Promise<string[]> => {
    const found = await labelled(engine, kind, await listed(engine, kind, `label=${ownerLabel}`));
    const left = found.filter(({ owner, kept }) => !kept && owner !== undefined && stateOfOwner(owner) === 'dead');
    for (const { session } of left) if (session !== undefined) sessions.add(session);
    return left.map(({ id }) => id);
  };
  await removeContainers(engine, await dead('containers'));
  await removeNetworks(engine, await dead('networks'));
  await removeImages(engine, await dead('images'));
  for (const { path, told } of await leftDirectories(directoryPrefix)) {
    if (isSessionId(told['session'])) await removeCacheMounts(engine, told['session'], path);
    await removeDirectory(path);
  }
  for (const session of sessions) await removeCacheMounts(engine, session);
}

type Kind = 'containers' | 'networks' | 'images';
const listing: Readonly<Record<Kind, readonly string[]>> = {
  containers: ['ps', '--all', '--quiet', '--no-trunc'],
  networks: ['network', 'ls', '--quiet'],
  images: ['images', '--quiet', '--no-trunc'],
};
const inspecting: Readonly<Record<Kind, readonly string[]>> = {
  containers: ['container', 'inspect', '--format', '{{.Id}}\t{{json .Config.Labels}}'],
  networks: ['network', 'inspect', '--format', '{{.Id}}\t{{json .Labels}}'],
  images: ['image', 'inspect', '--format', '{{.Id}}\t{{json .Config.Labels}}\t{{json .RepoTags}}'],
};

async function listed(engine: Engine, kind: Kind, filter: string): Promise<string[]> {
  const { stdout } = await quiet(engine, [...listing[kind], '--filter', filter]);
  return [...new Set(stdout.split(/\s+/).filter(Boolean))];
}

interface Labelled {
  id: string;
  session: string | undefined;
  owner: Owner | undefined;
  kept: boolean;
}

/** What went away meanwhile is not in the answer. */
async function labelled(engine: Engine, kind: Kind, ids: readonly string[]): Promise<Labelled[]> {
  if (ids.length === 0) return [];
  const { stdout } = await quiet(engine, [...inspecting[kind], ...ids]);
  return stdout.split('\n').flatMap((line) => {
    const [id, labelText, tagText] = line.split('\t');
    if (id === undefined || id === '' || labelText === undefined) return [];
    const labels = (parsed(labelText) ?? {}) as Record<string, unknown>;
    const tags = (parsed(tagText ?? 'null') ?? []) as unknown[];
    const [session, owner] = [labels[sessionLabel], labels[ownerLabel]];
    return {
      id,
      session: isSessionId(session) ? session : undefined,
      owner: typeof owner === 'string' ? parseOwner(owner) : undefined,
      kept: tags.some((tag) => typeof tag === 'string' && new RegExp(`(?:^|/)${keptRepository}:`).test(tag)),
    };
  });
}

const isSessionId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{12}$/.test(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function removeContainers(engine: Engine, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await quiet(engine, ['rm', '--force', '--volumes', ...ids]);
}
async function removeNetworks(engine: Engine, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await quiet(engine, ['network', 'rm', ...ids]);
}
async function removeImages(engine: Engine, ids: readonly string[]): Promise<void> {
  // One by one: an image that is gone already must not keep the others.
  for (const id of ids) await quiet(engine, ['rmi', '--force', id]);
}

const quiet = (engine: Engine, args: readonly string[]): ReturnType<Engine['run']> =>
  engine.run(args, { signal: never, timeout: removeTime });
