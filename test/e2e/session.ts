// test/e2e: the whole run: which applications, where, with which tool, and that nothing stays behind.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { APPS, type Variant } from './apps.ts';
import { cleanUp, docker, run, stop } from './docker.ts';
import { type AppResult, measureApp, type Recheck, type Rewrite, type Session } from './measure.ts';
import { markdown, plainTable, type Results, summarise } from './report.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface RunOptions {
  /** Names of applications; empty: all. */
  apps: string[];
  variants: Variant[];
  rebuilds: Session['rebuilds'];
  /** Images, containers and copies stay. */
  keep: boolean;
  say: (line: string) => void;
  rewrite?: Rewrite;
  recheck?: Recheck;
  /** Called when an application is done and its images are gone. */
  afterEach?: () => void;
}

/** Runs the tool's command line on a directory, as a user would. */
async function tool(directory: string, flags: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return run(process.execPath, ['--import', 'tsx', path.join(root, 'src/cli/main.ts'), ...flags, directory], {
    cwd: root,
    timeout: 120_000,
  });
}

function flagsOf(variant: Variant): string[] {
  return variant === 'default' ? [] : ['--base', variant];
}

const rewriteByTool: Rewrite = async (_app, directory, variant) => {
  const { code, stdout, stderr } = await tool(directory, ['--no-color', ...flagsOf(variant)]);
  if (code !== 0) throw new Error(`dockerfile-mod ended with ${code}: ${stderr || stdout}`.trim());
};

const recheckByTool: Recheck = async (_app, directory, variant) => {
  const { code, stdout, stderr } = await tool(directory, ['--check', '--no-color', ...flagsOf(variant)]);
  return code === 0 ? undefined : `--check ended with ${code}: ${stdout}${stderr}`.trim();
};

/** Builds, runs and compares the applications. A daemon must answer. Results are written to bench/results when the run is whole. */
export async function runAll(options: RunOptions): Promise<Results> {
  const runId = `${Date.now().toString(36)}${process.pid.toString(36)}`;
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'dockerfile-mod-e2e-'));
  const tidy = async (): Promise<void> => {
    if (options.keep) return options.say(`kept: ${temporary}, images dockerfile-mod-e2e/*:*-${runId}`);
    await cleanUp(runId);
    await rm(temporary, { recursive: true, force: true });
  };
  const interrupted = (): void => {
    stop();
    void tidy().finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const chosen = APPS.filter(({ name }) => options.apps.length === 0 || options.apps.includes(name));
    const { rewrite = rewriteByTool, recheck = options.rewrite ? undefined : recheckByTool, variants, rebuilds, say } = options;
    const results: AppResult[] = [];
    for (const app of chosen) {
      results.push(
        await measureApp(app, { runId, fixtures: path.join(root, 'fixtures/apps'), temporary, variants, rebuilds, rewrite, recheck, say }),
      );
      if (!options.keep) await cleanUp(runId);
      options.afterEach?.();
    }
    const summary = summarise(results, await docker('version', '--format', '{{.Server.Version}}'));
    say(`\n${plainTable(results)}\n`);
    if (chosen.length === APPS.length && variants.length === 2 && rebuilds === 'all' && !options.rewrite) await write(summary, say);
    return summary;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await tidy();
  }
}

async function write(results: Results, say: (line: string) => void): Promise<void> {
  const directory = path.join(root, 'bench/results');
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, 'e2e.json'), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(path.join(directory, 'e2e.md'), await markdown(results));
  say('written: bench/results/e2e.json, bench/results/e2e.md');
}
