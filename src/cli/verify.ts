// Room: cli/. `verify`, and `--verify`: proof by building and running, told as a table, JSON, or a page.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { given } from '../checkout/given.ts';
import { codeOf, reasonOf } from '../checkout/paths.ts';
import type { Verification } from '../verify/verify.ts';
import { visible } from '../report/visible.ts';
import { ready } from './ready.ts';
import type { Flags, VerifyFlags } from './flags.ts';
import { interruptible } from './interruptible.ts';
import { tellErrors, tellProblem, wrongFormat } from './tell.ts';
import { colourOf } from './terminal.ts';
import { verifyOptionsOf } from './verify-options.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from './world.ts';
import { writeAll } from './write-all.ts';

/** Verifies; with `--verify` what passed is written. Exit code 0 only if everything matched, 1 if not, 2 when it could not be done. */
export async function verifyCommand(
  paths: readonly string[],
  flags: Flags & VerifyFlags,
  world: World,
  then: 'tell' | 'write',
): Promise<ExitCode | UsageError> {
  if (wrongFormat(flags, '')) return { usage: `--format ${flags.format} does not go with verification; use pretty or json` };
  if (paths.includes('-')) return { usage: 'verification needs files; it does not read standard input' };
  const prepared = await ready(flags, world);
  if (isUsageError(prepared)) return prepared;
  const done = await interruptible(async (signal) => {
    const { verifyPaths } = await import('../verify/verify.ts');
    const { progress } = await import('../verify/report/progress.ts');
    const shown = flags.quiet ? undefined : progress(world.stderr, { colour: colourOf(world.stderr, world.env, flags) });
    try {
      const options = verifyOptionsOf(paths, flags, world);
      return await verifyPaths({
        ...options,
        ...given({ image: prepared.places.image }),
        core: prepared.places.core,
        signal,
        onProgress: shown?.tell,
      });
    } finally {
      shown?.end();
    }
  });
  const writes = !flags.dryRun && !flags.check && done.problem === undefined;
  if (then === 'write' && writes) await writeAll(done.planned);
  return tell(done, flags, world, then === 'write' ? (writes ? 'written' : 'dry-run') : undefined);
}

async function tell(
  done: Verification,
  flags: Flags & VerifyFlags,
  world: World,
  writing?: 'written' | 'dry-run',
): Promise<ExitCode | UsageError> {
  const { result, problems, problem, planned } = done;
  for (const one of problems) tellProblem(one, flags, world);
  tellErrors(planned, flags, world);
  if (flags.html !== undefined) {
    const { verifyHtml } = await import('../verify/report/html.ts');
    const at = resolve(world.cwd, flags.html);
    try {
      await writeFile(at, await verifyHtml(result));
    } catch (error) {
      return { usage: `--html: ${flags.html}: ${reasonOf(error) || codeOf(error)}` };
    }
  }
  if (flags.format === 'json') {
    const { verifyDocument } = await import('../verify/report/json.ts');
    world.stdout.write(`${JSON.stringify(verifyDocument(result), undefined, 2)}\n`);
  } else if (!flags.quiet || !result.ok) {
    const { verifyTable } = await import('../verify/report/table.ts');
    world.stdout.write(
      verifyTable(result, { colour: colourOf(world.stdout, world.env, flags), flags: rewriting(flags), ...given({ writing }) }),
    );
  }
  // With files it stands in the table, at each of them.
  if (problem !== undefined && result.files.length === 0)
    world.stderr.write(`error: ${visible(problem.message)}\n${problem.hint === undefined ? '' : `  ${visible(problem.hint)}\n`}`);
  if (problem !== undefined || problems.length > 0 || planned.some(({ report }) => report.error)) return 2;
  return result.ok ? 0 : 1;
}

/** The flags that decide what is rewritten, for the command that shows a failure again. */
function rewriting({ level, base, context }: Flags): string[] {
  return [
    ...(level === undefined ? [] : ['--level', level]),
    ...(base === undefined ? [] : ['--base', base]),
    ...(context === undefined ? [] : ['--context', context]),
  ];
}
