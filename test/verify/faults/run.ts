// test/verify/faults: `npm run e2e:faults`: breaks rewrites on purpose and looks whether verification catches it, names it and takes it back.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { whyNoDocker } from '../../e2e/docker.ts';
import { applications } from './applications.ts';
import { faults } from './faults.ts';
import { markdown, plainTable, reportOf, type Report } from './report.ts';
import { injectAll, type Results } from './session.ts';

const usage = `npm run e2e:faults -- [options]
  --app NAME      faults of this application only (may be repeated): ${applications.map(({ name }) => name).join(', ')}
  --fault TEXT    faults whose name has this text only
  --rounds N      how often the rewrites without a fault are verified (3)
  --verbose       every step and every line of the builds
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      app: { type: 'string', multiple: true, default: [] },
      fault: { type: 'string', default: '' },
      rounds: { type: 'string', default: '3' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = values.app.filter((name) => !applications.some((app) => app.name === name));
  const rounds = Number(values.rounds);
  if (values.help || unknown.length > 0 || !Number.isInteger(rounds)) {
    process.stderr.write(`${unknown.length > 0 ? `no application is called ${unknown.join(', ')}\n` : ''}${usage}`);
    return values.help ? 0 : 2;
  }
  const reason = await whyNoDocker();
  if (reason) {
    console.log(`skipped: ${reason}`);
    return 0;
  }
  const chosen = faults.filter(
    ({ name, application }) => (values.app.length === 0 || values.app.includes(application)) && name.includes(values.fault),
  );
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
  const results = await injectAll({
    applications,
    faults: chosen,
    rounds,
    signal: stop.signal,
    say: (line) => console.log(line),
    ...(values.verbose ? { detail: (line: string) => console.log(line) } : {}),
  });
  const report = reportOf(results);
  console.log(`\n${plainTable(results)}\n`);
  // Applications of which all faults were injected.
  if (values.fault === '') await write(results);
  console.log(`${report.caught} of ${report.injected} faults caught and taken back to a working file, ${report.falseAlarms} false alarms`);
  return report.caught === report.injected && report.falseAlarms === 0 ? 0 : 1;
}

/** Writes the report; what an earlier run found of other applications stays in it. */
async function write(results: Results): Promise<void> {
  const directory = fileURLToPath(new URL('../../../bench/results/', import.meta.url));
  await mkdir(directory, { recursive: true });
  const earlier = await readFile(`${directory}faults.json`, 'utf8').catch(() => undefined);
  const report = reportOf(results, earlier === undefined ? undefined : (JSON.parse(earlier) as Report));
  await writeFile(`${directory}faults.json`, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(`${directory}faults.md`, await markdown(report));
  console.log('written: bench/results/faults.json, bench/results/faults.md');
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
