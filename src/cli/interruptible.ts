// Room: cli/. Work that a signal ends in good order.

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does the work; a signal meanwhile aborts it, waits until it has cleaned up, and then ends the process as it would have. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let by: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    by ??= signal;
    abort.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(abort.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
    if (by) process.kill(process.pid, by);
  }
}
