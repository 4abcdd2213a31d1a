// Room: cli/. The program: hands the process to `run`.
import manifest from '../../package.json' with { type: 'json' };
import { processWorld } from './pipes.ts';
import { run } from './run.ts';
import type { Core } from '../checkout/types.ts';

let loaded = false;

/** Whether a Dockerfile was read: `--help` and the like need little of the bundle (see start.ts). */
export const hasWorked = (): boolean => loaded;

const core = async (): Promise<Core> => {
  const { core: library } = await import('../checkout/core.ts');
  loaded = true;
  return library;
};
void run(process.argv.slice(2), processWorld({ version: manifest.version, core })).then((code) => {
  process.exitCode = code;
});
