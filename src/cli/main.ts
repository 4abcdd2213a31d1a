// Room: cli/. The program: hands the process to `run`.
import manifest from '../../package.json' with { type: 'json' };
import { run } from './run.ts';

// A reader that stops early (`| head`) is no error; what was to be written to disk is written by then.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  version: manifest.version,
  core: async () => (await import('./core.ts')).core,
});
