// Room: knowledge/. Registries that serve what others have, as they were told: which image is which.
import { partsOf } from '../dockerfile/image.ts';
import type { Images } from './images.ts';

interface Named {
  registry: string;
  repository: string;
}
/** Images below `from`, or the one of that name, are those of `of`: registry and repository, as far as both say. */
interface Mirror {
  from: string;
  of: string;
}

const hub = 'docker.io';

/** An image's name in full, as registries know it: `docker.io/library/node`. */
function whole({ registry, repository }: Named): string {
  if (registry !== '') return `${registry.toLowerCase()}/${repository}`;
  return `${hub}/${repository.includes('/') ? '' : 'library/'}${repository}`;
}

/** What stands behind the name of a mirror; undefined: it is not of that mirror. */
const below = (name: string, place: string): string | undefined =>
  name === place ? '' : name.startsWith(`${place}/`) ? name.slice(place.length) : undefined;

/** The images, where registries serve what others have. The longest name counts, of the same the last. */
export function withMirrors(images: Images, mirrors: readonly Mirror[]): Images {
  const known = mirrors
    .map(({ from, of }) => ({ from: from.toLowerCase(), of }))
    .reverse()
    .toSorted((a, b) => b.from.length - a.from.length);
  const mirrorOf = (image: Named): Mirror | undefined => known.find(({ from }) => below(whole(image), from) !== undefined);
  const original: Images['original'] = (image) => {
    const mirror = mirrorOf(image);
    if (!mirror) return image;
    const name = `${mirror.of}${below(whole(image), mirror.from)}`;
    const at = name.indexOf('/');
    return { registry: name.slice(0, at), repository: name.slice(at + 1) };
  };
  return {
    ...images,
    original,
    hub: (image) => images.hub(original(image)),
    family: (image) => images.family({ ...image, ...original(image) }),
    onMirrorOf(beside, image) {
      const mirror = mirrorOf(beside);
      const rest = mirror && below(whole(image), mirror.of);
      if (!mirror || rest === undefined) return images.onMirrorOf(beside, image);
      // As the other is named there: some registries want `library/`, some do not know it.
      const isShort = mirror.of === hub && !below(whole(beside), mirror.from)?.startsWith('/library/');
      return `${mirror.from}${isShort ? rest.replace(/^\/library(?=\/)/, '') : rest}`;
    },
  };
}

/** An image under one name, whatever registry serves it: that of the original. */
export function originalName(images: Images, image: Named): string {
  const repository = images.hub(image);
  return whole(repository === undefined ? images.original(image) : { registry: '', repository });
}

/** The name and the tag of a pattern for images: `registry.example.com/node:*-slim`. Without a tag: any. */
export function patternParts(pattern: string): { image: Named; tag: string } {
  const { tag = '*', ...image } = partsOf(pattern);
  return { image, tag };
}
