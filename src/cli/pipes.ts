// Room: cli/. A reader that stops early.

/** `| head` is no error: what was to be written to disk is written by then, and nobody reads the rest. */
export function quietPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
