// Room: cli/. One run of the command line, from arguments to exit code.
import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { visibleLines } from '../report/visible.ts';
import { list } from './list.ts';
import { mistakenPath } from './mistaken.ts';
import type { Flags } from './flags.ts';
import { program } from './options.ts';
import { refactorPaths } from './refactor-paths.ts';
import { refactorStdin } from './refactor-stdin.ts';
import { colourOf } from './terminal.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from './world.ts';

/** Runs dockerfile-mod. In: the arguments (without node and script) and the outside. Out: the exit code; nothing is thrown. */
export async function run(args: readonly string[], world: World): Promise<ExitCode> {
  let code: ExitCode = 0;
  const wants = { color: !args.includes('--no-color') };
  const act = async (outcome: Promise<ExitCode | UsageError>): Promise<void> => {
    const done = await outcome;
    code = isUsageError(done) ? usage(done, world) : done;
  };
  const checked = async (paths: string[], then: () => Promise<ExitCode | UsageError>): Promise<ExitCode | UsageError> =>
    mistakenPath(
      paths,
      world.cwd,
      command.commands.map((one) => one.name()),
    ) ?? then();
  const command = program(
    world.version,
    {
      refactor: (paths, flags) => act(checked(paths, () => refactor(paths, flags, world))),
      list: (flags) => act(list(flags, world)),
      explain: async (id, flags) => act((await import('./explain.ts')).explain(id, flags, world)),
      completion: (shell, whole) => act(completion(shell, whole, world)),
      lsp: async () => act((await import('./lsp.ts')).languageServer(world)),
      init: async (flags) => act((await import('./config.ts')).initConfig(flags, world)),
      observe: (paths, flags) => act(checked(paths, async () => (await import('./observe.ts')).observeCommand(paths, flags, world))),
      verify: (paths, flags) => act(checked(paths, () => verifyPaths(paths, flags, world, 'tell'))),
      bulk: async (request) => act((await import('./bulk/run.ts')).runBulk(request, world)),
    },
    args,
  );
  for (const each of withCommands(command)) {
    each.exitOverride().configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => void world.stderr.write(text),
      getOutHasColors: () => colourOf(world.stdout, world.env, wants) === 'always',
      getErrHasColors: () => colourOf(world.stderr, world.env, wants) === 'always',
    });
  }
  try {
    await command.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const told = error instanceof Error ? (args.includes('--debug') ? (error.stack ?? error.message) : error.message) : String(error);
    world.stderr.write(`error: internal error: ${told}\n  This is a bug of dockerfile-mod: please report it with the output of --debug.\n`);
    return 2;
  }
}

const withCommands = (command: Command): Command[] => [command, ...command.commands.flatMap(withCommands)];

async function refactor(paths: string[], flags: Flags, world: World): Promise<ExitCode | UsageError> {
  if (flags.interactive) {
    const wrong = (await import('./interactive.ts')).notAsking(paths, flags, world);
    if (wrong) return wrong;
  }
  if (flags.printConfig) return (await import('./config.ts')).printConfig(paths.length === 0 ? ['.'] : paths, flags, world);
  if (flags.verify) return verifyPaths(paths, flags, world, 'write');
  if (flags.stdinFilename !== undefined && !paths.includes('-'))
    return { usage: '--stdin-filename goes with standard input: dockerfile-mod --stdin-filename PATH -' };
  if (!paths.includes('-')) return refactorPaths(paths.length === 0 ? ['.'] : paths, flags, world);
  if (paths.length > 1) return { usage: '- (standard input) cannot be given together with other paths' };
  return refactorStdin(flags, world);
}

async function completion(shell: string, whole: Command, world: World): Promise<ExitCode> {
  const { completionScript, shells } = await import('./completion.ts');
  const ids = (await world.core()).listTransforms().map(({ id }) => id);
  world.stdout.write(completionScript(whole, shells.find((one) => one === shell) ?? 'bash', ids));
  return 0;
}

/** Loaded when it is asked for: the rest starts fast without it. */
async function verifyPaths(paths: string[], flags: Flags, world: World, then: 'tell' | 'write'): Promise<ExitCode | UsageError> {
  const { verifyCommand } = await import('./verify.ts');
  return verifyCommand(paths.length === 0 ? ['.'] : paths, flags, world, then);
}

function usage(error: UsageError, world: World): ExitCode {
  world.stderr.write(`error: ${visibleLines(error.usage)}\n(dockerfile-mod --help shows all options)\n`);
  return 2;
}
