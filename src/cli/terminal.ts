// Room: cli/. Whether to colour a stream.
import type { Output, World } from './world.ts';

/**
 * `--no-color` and NO_COLOR (https://no-color.org) decide first, then FORCE_COLOR (https://force-color.org), then whether the
 * stream is a terminal that can.
 */
export function colourOf(stream: Output, env: World['env'], wanted: { color: boolean }): 'always' | 'never' {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (!wanted.color || (NO_COLOR !== undefined && NO_COLOR !== '')) return 'never';
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR === '0' || FORCE_COLOR === 'false' ? 'never' : 'always';
  return stream.isTTY === true && TERM !== 'dumb' ? 'always' : 'never';
}
