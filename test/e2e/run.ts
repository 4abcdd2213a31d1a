// test/e2e: `npm run e2e`: real builds of the bundled applications before and after the tool, compared and measured.
import { parseArgs } from 'node:util';
import { APPS } from './apps.ts';
import { whyNoDocker } from './docker.ts';
import { runAll } from './session.ts';

const USAGE = `npm run e2e -- [options]
  --app NAME      only this application (may be repeated): ${APPS.map(({ name }) => name).join(', ')}
  --only-before   build and run the applications as they are, without the tool
  --keep          leave images, containers and copies
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      app: { type: 'string', multiple: true, default: [] },
      'only-before': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = values.app.filter((name) => !APPS.some((app) => app.name === name));
  if (values.help || unknown.length > 0) {
    const complaint = unknown.length > 0 ? `no application is called ${unknown.join(', ')}\n` : '';
    process.stderr.write(`${complaint}${USAGE}`);
    return values.help ? 0 : 2;
  }
  const reason = await whyNoDocker();
  if (reason) {
    console.log(`skipped: ${reason}`);
    return 0;
  }
  const results = await runAll({
    apps: values.app,
    variants: values['only-before'] ? [] : ['default', 'smallest'],
    rebuilds: 'all',
    keep: values.keep,
    say: (line) => console.log(line),
  });
  const { passed, failed, notChecked } = results;
  if (notChecked > 0) console.log(`${notChecked} not checked`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
