// Room: cli/. `--metrics-file`: the campaign's metrics in a file, replaced as a whole each minute and at the end.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { metricsText, type MetricsInput } from '../../bulk/report/metrics.ts';
import { reasonOf } from '../../checkout/paths.ts';
import type { UsageError, World } from '../world.ts';

const interval = 60_000;

/** Writes at once; `end` writes a last time. A usage error when the file cannot be written; later failures are told once, and the run goes on. */
export function metricsTo(
  file: string,
  world: Pick<World, 'cwd' | 'stderr'>,
  now: () => Omit<MetricsInput, 'at' | 'run'>,
): { end(): void } | UsageError {
  const path = resolve(world.cwd, file);
  let told = false;
  const write = (run: MetricsInput['run']): string | undefined => {
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
    try {
      rmSync(temporary, { force: true });
      // Never through a link that somebody put there.
      writeFileSync(temporary, metricsText({ ...now(), at: Date.now(), run }), { flag: 'wx' });
      renameSync(temporary, path);
      return undefined;
    } catch (error) {
      rmSync(temporary, { force: true });
      return `--metrics-file ${file}: ${reasonOf(error)}`;
    }
  };
  const again = (run: MetricsInput['run']): void => {
    const wrong = write(run);
    if (wrong !== undefined && !told) world.stderr.write(`warning: ${wrong}\n`);
    told ||= wrong !== undefined;
  };
  const wrong = write('active');
  if (wrong !== undefined) return { usage: wrong };
  const timer = setInterval(() => again('active'), interval);
  // It keeps no process alive.
  timer.unref();
  return {
    end() {
      clearInterval(timer);
      again('ended');
    },
  };
}
