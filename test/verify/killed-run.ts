// A run that is killed in the middle: a program for build.e2e.test.ts. Opens a session and builds the Dockerfile text of its first argument.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../../src/verify/engine/build.ts';
import { findEngine } from '../../src/verify/engine/engine.ts';
import { cleanUp } from '../../src/verify/engine/leftovers.ts';
import { openSession } from '../../src/verify/engine/workspace.ts';

const stop = new AbortController();
process.on('SIGINT', () => stop.abort());
const engine = await findEngine('docker', process.env, stop.signal);
const session = await openSession(engine, {
  limits: { memory: '256m', cpus: '1', pids: 64 },
  signal: stop.signal,
  say: ({ text }) => console.log(text),
});
console.log(`session ${session.id} ${session.directory}`);
try {
  const context = join(session.directory, 'context');
  mkdirSync(context);
  writeFileSync(join(context, 'file'), '');
  const settings = { buildArgs: [], target: undefined, platform: undefined, timeout: 120 };
  await engine.ask(['create', ...session.labels, 'debian:bookworm-slim', 'true']);
  const recipe = { dockerfile: process.argv[2] ?? '', ignore: '' };
  await build(session, { side: 'before', recipe, context, settings, cache: 'cold', tag: `dockerfile-mod-verify:${session.id}` });
} finally {
  await cleanUp(session);
}
