// Room: cli/. The GitHub Action: inputs come from the environment, answers go to annotations, the job's summary and outputs.
import manifest from '../../package.json' with { type: 'json' };
import { runAction } from './action/run.ts';
import { processWorld } from './pipes.ts';
import type { Core } from '../checkout/types.ts';

const core = async (): Promise<Core> => (await import('../checkout/core.ts')).core;
const cwd = process.env.GITHUB_WORKSPACE ?? process.cwd();
process.exitCode = await runAction({ ...processWorld({ version: manifest.version, core }), cwd });
