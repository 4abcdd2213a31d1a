// Room: dockerfile/. Cache mounts with ids of one build's own. Source: BuildKit v0.34.2, frontend/dockerfile/instructions/commands_runmount.go and dockerfile2llb/convert_runmount.go.
import { applyEdits, startHistory, type Edit } from './edits.ts';
import { parseDockerfile } from './parse.ts';
import type { Mount } from './types.ts';

/**
 * Where a mount says whose it is. BuildKit tells the ids of its cache mounts since 0.12 (Docker 25); before, it tells only their targets:
 * `id-and-target` writes these as `/root/.npm/.SUFFIX/..`, which is the same directory.
 */
export type CacheMark = 'id' | 'id-and-target';

/**
 * Gives every `RUN --mount=type=cache` an id that ends with `-suffix`. Mounts that shared a cache still share one; BuildKit's id of a mount
 * without one is its target. In: a Dockerfile's text and a suffix of letters, digits and hyphens. Out: the text with nothing but options behind
 * such mounts added; the text itself when it is no Dockerfile.
 */
export function withCacheIds(source: string, suffix: string, mark: CacheMark = 'id'): string {
  const parsed = parseDockerfile(source);
  if (!parsed.ok) return source;
  const { instructions, eol } = parsed.dockerfile;
  // The last of two options with one name is in force, so that what is written need not be taken out.
  const edits = instructions.flatMap((one): Edit[] => {
    if (one.keyword !== 'RUN') return [];
    const caches = one.mounts.filter(({ type }) => type === 'cache');
    return caches.map((mount) => {
      const target = mark === 'id' ? '' : markedTarget(mount, one.mounts, suffix);
      return { start: mount.flag.end, end: mount.flag.end, text: [`,id=${cacheOf(mount)}-${suffix}${target}`] };
    });
  });
  const applied = applyEdits(source, edits, eol, 'cache-ids', startHistory(source));
  return 'conflict' in applied ? source : applied.text;
}

const cacheOf = ({ id, target }: Mount): string => plain(id ?? cleaned(target ?? ''));

/** Mounts are made in the order of their depth, and the detour counts: nothing else may be mounted within. Relative targets are cleaned by BuildKit. */
function markedTarget(mount: Mount, all: readonly Mount[], suffix: string): string {
  const target = cleaned(mount.target ?? '');
  const within = all.some((other) => other !== mount && cleaned(other.target ?? '').startsWith(target));
  if (!target.startsWith('/') || within || plain(target) !== target || /^\/(?:dev|etc|proc|run|sys)?$/.test(target)) return '';
  return `,target=${target}/.${suffix}/..`;
}

/** What Go's path.Clean does to a target, but for `..`. */
const cleaned = (path: string): string => path.replace(/\/(?:\.?\/)+/g, '/').replace(/(.)\/\.?$/, '$1');

/** Free of what ends or quotes a word or a field: such characters as their code, so that different names stay different. */
const plain = (name: string): string =>
  name.replace(/[^A-Za-z0-9_./${}:@+~-]/gu, (character) => `=${(character.codePointAt(0) ?? 0).toString(16)}=`);
