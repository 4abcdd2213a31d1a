// The command line as a process, with the stand-in for the library.
import { run } from '../../src/cli/run.ts';
import { processWorld } from '../../src/cli/pipes.ts';
import { standIn } from './stand-in.ts';

process.exitCode = await run(process.argv.slice(2), processWorld({ version: '1.2.3', core: () => Promise.resolve(standIn) }));
