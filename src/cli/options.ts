// Room: cli/. The flags: what they are called, what they may be, and what the help says.
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { BaseChoice, LevelName } from '../types.ts';
import type { Flags, Format, ObserveFlags } from './flags.ts';
import { addVerifyOptions, givenOfVerify } from './verify-options.ts';
import { addBulk } from './bulk/options.ts';
import type { BulkRequest } from './bulk/types.ts';

export interface Actions {
  refactor(paths: string[], flags: Flags): Promise<void>;
  list(flags: Flags): Promise<void>;
  init(flags: Flags): Promise<void>;
  explain(id: string, flags: Flags): Promise<void>;
  completion(shell: string, command: Command): Promise<void>;
  lsp(): Promise<void>;
  observe(paths: string[], flags: Flags & ObserveFlags): Promise<void>;
  verify(paths: string[], flags: Flags): Promise<void>;
  bulk(request: BulkRequest): Promise<void>;
}

const levels = ['safe', 'balanced', 'max'] satisfies LevelName[];
const bases = ['slim', 'distroless', 'scratch', 'alpine', 'keep', 'smallest'] satisfies BaseChoice[];
const formats = ['pretty', 'diff', 'json', 'sarif', 'github', 'gitlab', 'markdown'] satisfies Format[];

/** What stands behind the help, and in the manual page. */
export const epilogue = `
Safety levels:
  safe      what a process can see at run time stays the same
  balanced  also what is expected to behave the same, when every precondition is proven
  max       also where a fact is unknown; such assumptions are noted

Exit codes:
  0  done, whether something changed or not
  1  --check found changes
  2  bad usage or bad input (the other files are done all the same)

Examples:
  dockerfile-mod --dry-run .
  dockerfile-mod --check --format diff services/api/Dockerfile
  dockerfile-mod verify --probe /health services/api
  dockerfile-mod observe services/api
  dockerfile-mod --context . - < Dockerfile > Dockerfile.new`;

/** Words with which the flags of campaigns are wanted: most of all flags, and a usual run needs none of them. */
const wantsBulk: ReadonlySet<string> = new Set(['bulk', 'pr', 'serve', 'completion', 'help', '--help', '-h']);

/**
 * The command line. It parses, and calls an action; it prints help and usage errors to the given streams. In: the words that will be parsed,
 * so that nothing is built that they cannot name.
 */
export function program(version: string, actions: Actions, words: readonly string[] = ['bulk']): Command {
  const command = new Command('dockerfile-mod')
    .description('Refactors Dockerfiles: build and runtime stages, slim or scratch bases, cache mounts, a non-root user, and says why.')
    .version(version)
    .argument('[paths...]', 'Dockerfiles, or directories to search; - reads standard input', [])
    .option('--dry-run', 'print what would change, write nothing')
    .option('--check', 'write nothing; exit with 1 if something would change')
    .option('-i, --interactive', 'show each change with its reason, and ask; writes what was said yes to')
    .option('--only <ids>', 'run these transforms only (comma-separated, repeatable)', ids)
    .option('--skip <ids>', 'do not run these transforms (comma-separated, repeatable)', ids)
    .addOption(new Option('--level <level>', 'how much safety to ask for (default: balanced)').choices(levels))
    .addOption(new Option('--base <base>', 'what the final stage runs on (default: slim)').choices(bases))
    .option('--context <dir>', 'the build context (default: told by compose files and the layout)')
    .option('--stdin-filename <path>', 'with -: the file that standard input would be; its build context and configuration hold')
    .option('--image-facts <file>', 'what is in the image as the Dockerfile builds it: a document of `observe --format json`')
    .addOption(new Option('--format <format>', 'how to print the result').choices(formats).default('pretty'))
    .option('--explain', 'say for each hunk which transform made it and why, and for each skip what would allow it')
    .option('--report <file>', 'write a page as well: before and after side by side, with the reasons')
    .option('--print-config', 'print what holds for each Dockerfile, and which flag or file says it')
    .option('--quiet', 'print errors only')
    .option('--no-color', 'no colours (as NO_COLOR=1; FORCE_COLOR=1 forces them)')
    .option('--debug', 'print stack traces')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', epilogue)
    .showHelpAfterError('(dockerfile-mod --help shows all options)')
    .action((paths: string[], flags: Flags, self: Command) => {
      const idle = flags.verify ? [] : givenOfVerify(self);
      if (idle.length > 0)
        self.error(`error: ${idle.join(', ')}: only with --verify, or as \`dockerfile-mod verify\`; nothing was written`);
      return actions.refactor(paths, flags);
    })
    .hook('preAction', (self, called) => {
      if (self !== called && self.opts<Flags>().interactive)
        self.error(`error: --interactive does not go with ${called.name()}; nothing was written`);
    });
  addVerifyOptions(command);
  command
    .command('verify')
    .description('build and run Dockerfiles before and after, and say whether they behave the same; writes nothing')
    .argument('[paths...]', 'Dockerfiles, or directories to search', [])
    .action((paths: string[], _: unknown, verify: Command) => actions.verify(paths, verify.optsWithGlobals()));
  command
    .command('observe')
    .description('build a Dockerfile as it stands, and say what is in its image, what each line costs and what the process does')
    .argument('[path]', 'a Dockerfile, or a directory that has one', '.')
    .option('--no-start', 'build and read the image, and do not run it')
    .action((path: string, _: unknown, observe: Command) => actions.observe([path], observe.optsWithGlobals()));
  command
    .command('list')
    .description('print the transforms in the order in which they run')
    .action((_: unknown, list: Command) => actions.list(list.optsWithGlobals()));
  command
    .command('explain')
    .description('say what a transform does, or what a skip or a note means and what would allow it')
    .argument('<id>', 'as list and --explain print it')
    .action((id: string, _: unknown, explain: Command) => actions.explain(id, explain.optsWithGlobals()));
  command
    .command('completion')
    .description('print what makes a shell complete the command line: source <(dockerfile-mod completion bash)')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action((shell: string) => actions.completion(shell, command));
  command
    .command('lsp')
    .description('serve editors: the language server protocol on standard input and output')
    .addOption(new Option('--stdio', 'as editors ask for it; there is no other way').hideHelp())
    .addOption(new Option('--clientProcessId <id>').hideHelp())
    .action(() => actions.lsp());
  command
    .command('init')
    .description('write a configuration, .dockerfile-mod.yml, with what the flags say; with --dry-run it is printed')
    .action((_: unknown, init: Command) => actions.init(init.optsWithGlobals()));
  if (words.some((word) => wantsBulk.has(word))) addBulk(command, (request) => actions.bulk(request));
  // Names alone: a word near to one of them is a mistake and no path.
  else for (const name of ['bulk', 'pr', 'serve']) command.command(name);
  return command;
}

/** A comma-separated list, added to those before it. */
function ids(value: string, before: string[] | undefined): string[] {
  const given = value.split(',').map((id) => id.trim());
  if (given.some((id) => id === '')) throw new InvalidArgumentError('Expected transform ids, separated by commas.');
  return [...(before ?? []), ...given];
}

/** What is wrong with ids that are no transform's; undefined when all are known. `place`: what they are called where they were given. */
export function unknownIds(
  given: { only?: readonly string[] | undefined; skip?: readonly string[] | undefined },
  known: readonly string[],
  place: Readonly<Record<'only' | 'skip', string>> = { only: '--only', skip: '--skip' },
): string | undefined {
  for (const option of ['only', 'skip'] as const) {
    const unknown = (given[option] ?? []).filter((id) => !known.includes(id));
    if (unknown.length === 0) continue;
    const named = unknown.map((id) => `'${id}'`).join(', ');
    return `${place[option]}: no transform is called ${named}. The transforms are: ${known.join(', ')}`;
  }
  return undefined;
}
