// Room: cli/. The process as the outside of a run. A stream is made when it is asked for: each costs milliseconds, and a usual run reads no input
// and tells no error.
import type { World } from './world.ts';

/** `| head` is no error: what was to be written to disk is written by then, and nobody reads the rest. */
function quiet<S extends NodeJS.WriteStream>(stream: S): S {
  return stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** In: what the process does not know. */
export function processWorld(own: Pick<World, 'version' | 'core'>): World {
  let out: NodeJS.WriteStream | undefined;
  let err: NodeJS.WriteStream | undefined;
  return {
    ...own,
    cwd: process.cwd(),
    env: process.env,
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return (out ??= quiet(process.stdout));
    },
    get stderr() {
      return (err ??= quiet(process.stderr));
    },
  };
}
