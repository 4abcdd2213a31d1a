// Room: cli/. The flags of verification: for `verify`, and for `--verify`.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { given } from '../checkout/given.ts';
import type { Prove, VerifyOptions } from '../verify/types.ts';
import type { Flags, VerifyFlags } from './flags.ts';
import type { World } from './world.ts';

const heading = 'Verification (with `verify` or `--verify`):';

/** Adds them, under a heading of their own. */
export function addVerifyOptions(command: Command): void {
  const add = (flags: string, says: string, parse?: (value: string, before: never) => unknown): void => {
    const option = new Option(flags, says).helpGroup(heading);
    command.addOption(parse ? option.argParser(parse as (value: string, before: unknown) => unknown) : option);
  };
  add('--verify', 'build and run before and after; write only what behaves the same');
  add('--smallest', 'begin at the smallest base, and assume what is unknown where a check would show it to be wrong');
  command.addOption(
    new Option('--prove <where>', 'where to begin: the base that --base names, or a split on the same base (default: slim)')
      .choices(['slim', 'same'])
      .helpGroup(heading),
  );
  add('--probe <path>', 'ask servers for this path too, as in --probe /health (repeatable)', more);
  add('--run <command>', 'compare the output of this command in both images (repeatable)', more);
  add('--smoke <script>', 'run this program of yours for both images, with $IMAGE');
  add('--env <name=value>', 'set this in the containers (repeatable)', more);
  add('--build-arg <name=value>', 'as for `docker build` (repeatable)', more);
  add('--target <stage>', 'build this stage');
  add('--platform <platform>', 'build for this platform');
  command.addOption(
    new Option('--engine <name>', 'container engine (default: the first on PATH)')
      .choices(['docker', 'podman', 'nerdctl'])
      .helpGroup(heading),
  );
  add('--timeout <seconds>', 'longest build (default: 1800)', seconds);
  add('--start-timeout <seconds>', 'longest start of an image (default: 60)', seconds);
  add('--memory <size>', 'cap of each container (default: 1g)');
  add('--cpus <number>', 'cap of each container (default: 2)');
  add('--pids-limit <number>', 'cap of each container (default: 512)', count);
  command.addOption(
    new Option(
      '--measure <depth>',
      'none: what the engine tells; sizes: also compressed; full: also the times of cold builds and rebuilds (default: full, none with --verify)',
    )
      .choices(['none', 'sizes', 'full'])
      .helpGroup(heading),
  );
  add('--edit <file>', 'the source file to edit when rebuilds are measured');
  add('--since <revision>', 'compare with the files of this git revision instead of refactoring');
  add('--html <file>', 'write a report that stands alone');
  add('--keep', 'leave the images for a closer look');
}

const more = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

function count(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('Expected a whole number from 1 up.');
  return number;
}

function seconds(value: string): number {
  const number = Number(value.replace(/s$/, ''));
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('Expected seconds, as in 600.');
  return number;
}

/** Where the ladder begins. */
export const proveOf = ({ smallest, prove }: VerifyFlags): Prove => (smallest ? 'smallest' : (prove ?? 'slim'));

/** The options of verification that were given, as they are written. */
export const givenOfVerify = (command: Command): string[] =>
  command.options
    .filter((option) => option.helpGroupHeading === heading && command.getOptionValueSource(option.attributeName()) === 'cli')
    .map((option) => option.long ?? option.flags);

/** What the flags ask `verify` for. */
export function verifyOptionsOf(paths: readonly string[], flags: Flags & VerifyFlags, world: World): VerifyOptions {
  return {
    paths,
    cwd: world.cwd,
    env: world.env,
    refactor: given({ level: flags.level, base: flags.base, only: flags.only, skip: flags.skip }),
    ...given({ context: flags.context, since: flags.since, engine: flags.engine, edit: flags.edit, keep: flags.keep }),
    prove: proveOf(flags),
    measure: flags.measure ?? (flags.verify ? 'none' : 'full'),
    build: given({
      buildArgs: flags.buildArg,
      target: flags.target,
      platform: flags.platform,
      timeout: flags.timeout,
    }),
    run: given({
      probes: flags.probe,
      commands: flags.run,
      smoke: flags.smoke,
      env: flags.env,
      startTimeout: flags.startTimeout,
    }),
    limits: given({ memory: flags.memory, cpus: flags.cpus, pids: flags.pidsLimit }),
  };
}
