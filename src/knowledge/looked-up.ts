// Room: knowledge/. The image that a Dockerfile stands on, where it was looked up: what it declares is no longer told by tables.
import { isSeen, type BaseFacts, type ImageFacts } from '../image/types.ts';
import type { ImageRef } from '../dockerfile/types.ts';
import type { Images } from './images.ts';
import type { ImageFamily } from './types.ts';

/** Facts of the image that a Dockerfile builds, and the FROM (as written) of the image that it stands on. */
export interface LookedUp {
  facts: ImageFacts;
  from: string;
}

/** A value that the document does not tell. */
const hidden = '***';
/** One bare word: a shell or another program that waits for a person. An image that starts it is a tool, and no service. */
const waits = (cmd: BaseFacts['cmd']): boolean => cmd?.length === 1 && /^[\w/-]+$/.test(cmd[0] ?? '');

/** The published images, and the one that was looked up. In: what tables know of an image of this name, an official one elsewhere among it. */
export function withLookedUp(images: Images, { facts, from }: LookedUp, known: (image: ImageRef) => ImageFamily | undefined): Images {
  const { base } = facts;
  if (!isSeen(base)) return images;
  let found: ImageFamily | undefined;
  const isOurs = (image: Parameters<Images['family']>[0]): image is ImageRef => 'raw' in image && image.raw === from;
  return { ...images, family: (image) => (isOurs(image) ? (found ??= familyOf(base, image, known(image))) : images.family(image)) };
}

function familyOf(base: BaseFacts, image: ImageRef, known: ImageFamily | undefined): ImageFamily {
  const { registry, repository } = image;
  const secrets = Object.entries(base.env).flatMap(([name, value]) => (value.includes(hidden) ? [name] : []));
  const free = base.system.users.some(({ uid, gid }) => uid === 1000 || gid === 1000) ? 10001 : 1000;
  const source = `the image ${base.reference}, looked up`;
  return {
    row: known?.row ?? { registry, repository, source, runAs: { uid: free, name: 'app' } },
    registry: known?.registry ?? registry,
    repository: known?.repository ?? repository,
    entrypoint: base.entrypoint === null ? undefined : [...base.entrypoint],
    entry: base.entrypoint?.join(' ') === known?.entrypoint?.join(' ') ? known?.entry : undefined,
    cmd: base.cmd === null ? undefined : [...base.cmd],
    state: {
      env: Object.fromEntries(Object.entries(base.env).filter(([name]) => !secrets.includes(name))),
      workdir: base.workdir === '' ? '/' : base.workdir,
      user: base.user === '' ? 'root' : base.user,
      shell: base.shell === null ? ['/bin/sh', '-c'] : [...base.shell],
    },
    unknownEnv: secrets,
    users: base.system.users.filter(({ uid }) => uid !== 0),
    volumes: [...base.volumes],
    exposes: [...base.ports],
    stopSignal: known?.stopSignal,
    interactive: known?.interactive ?? waits(base.cmd),
    service: known?.service ?? false,
    source,
    lookedUp: known ? 'of a row' : 'of no row',
    ...(base.system.id === 'debian' && base.system.codename !== null ? { suite: base.system.codename } : {}),
  };
}
