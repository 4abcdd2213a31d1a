// Room: cli/. Ctrl-C while files are written leaves no temporary file.
import { removeTemporaries } from '../checkout/write.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does the work; a signal meanwhile removes the temporary files first and then ends the process as it would have. */
export async function cleanedUp(work: () => Promise<void>): Promise<void> {
  const stop = (signal: NodeJS.Signals): void => {
    for (const one of signals) process.off(one, stop);
    removeTemporaries();
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    await work();
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
