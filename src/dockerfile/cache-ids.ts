// Room: dockerfile/. Cache mounts with ids of one build's own. Source: BuildKit v0.34.2, frontend/dockerfile/instructions/commands_runmount.go and dockerfile2llb/convert_runmount.go.
import { applyEdits, startHistory, type Edit } from './edits.ts';
import { parseDockerfile } from './parse.ts';
import type { Mount } from './types.ts';

/**
 * Gives every `RUN --mount=type=cache` an id that ends with `-suffix`. Mounts that shared a cache still share one; BuildKit's id of a mount
 * without one is its target. In: a Dockerfile's text and a suffix of letters, digits and hyphens. Out: the text with nothing but `,id=…` behind
 * such mounts added; the text itself when it is no Dockerfile.
 */
export function withCacheIds(source: string, suffix: string): string {
  const parsed = parseDockerfile(source);
  if (!parsed.ok) return source;
  const { instructions, eol } = parsed.dockerfile;
  const mounts = instructions.flatMap((one) => (one.keyword === 'RUN' ? one.mounts : [])).filter(({ type }) => type === 'cache');
  // The last of two options with one name is in force, so that what is written need not be taken out.
  const edits = mounts.map((mount): Edit => ({ start: mount.flag.end, end: mount.flag.end, text: [`,id=${cacheOf(mount)}-${suffix}`] }));
  const applied = applyEdits(source, edits, eol, 'cache-ids', startHistory(source));
  return 'conflict' in applied ? source : applied.text;
}

const cacheOf = ({ id, target }: Mount): string => plain(id ?? cleaned(target ?? ''));

/** What Go's path.Clean does to a target, but for `..`. */
const cleaned = (path: string): string => path.replace(/\/(?:\.?\/)+/g, '/').replace(/(.)\/\.?$/, '$1');

/** Free of what ends or quotes a word or a field: such characters as their code, so that different names stay different. */
const plain = (name: string): string =>
  name.replace(/[^A-Za-z0-9_./${}:@+~-]/gu, (character) => `=${(character.codePointAt(0) ?? 0).toString(16)}=`);
