// The command line as a process, with the stand-in for the library.
import { run } from '../../src/cli/run.ts';
import { quietPipes } from '../../src/cli/pipes.ts';
import { standIn } from './stand-in.ts';

quietPipes();
const { argv, env, stdin, stdout, stderr } = process;
process.exitCode = await run(argv.slice(2), {
  cwd: process.cwd(),
  env,
  stdin,
  stdout,
  stderr,
  version: '1.2.3',
  core: () => Promise.resolve(standIn),
});
