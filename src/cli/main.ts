// Room: cli/. The program: hands the process to `run`.
import manifest from '../../package.json' with { type: 'json' };
import { quietPipes } from './pipes.ts';
import { run } from './run.ts';
import type { Core } from '../checkout/types.ts';

quietPipes();
const { argv, env, stdin, stdout, stderr } = process;
const core = async (): Promise<Core> => (await import('../checkout/core.ts')).core;
process.exitCode = await run(argv.slice(2), { cwd: process.cwd(), env, stdin, stdout, stderr, version: manifest.version, core });
