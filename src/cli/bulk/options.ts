// Room: cli/. The flags of `bulk` and `pr`: what they are called, what they may be, and what the help says.
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Flags } from '../options.ts';
import { actionNames, type BulkAction, type BulkFlags, type BulkRequest } from './types.ts';

const epilogue = `
Exit codes:
  0  done
  1  some repositories failed
  2  bad usage
  3  changes are pending (--check)
  4  interrupted, or paused by failures: run it again to resume
  5  a limit of this run is reached (--max-prs, --max-open, a window): run it again later

The token is read from DOCKERFILE_MOD_TOKEN, GITHUB_TOKEN, GITLAB_TOKEN or GITEA_TOKEN, or from --token-file; there is no flag for it.`;

const secretHelp = `
The secret is read from DOCKERFILE_MOD_WEBHOOK_SECRET, or from --secret-file; there is no flag for it.`;

const about: Readonly<Record<Exclude<BulkAction, 'dry-run' | 'pr' | 'serve'>, string>> = {
  plan: 'find the repositories and work out what would change; writes nothing to any forge',
  review: 'show the distinct diffs, approve or reject them',
  apply: 'push branches, open and update pull requests; run it again to resume',
  status: 'say where the campaign stands',
  sync: 'ask the forge what became of the pull requests',
  report: 'write a report: table, JSON, CSV, Markdown or HTML',
  verify: 'look at the default branches of merged pull requests again',
  enqueue: 'give the campaign to workers, and write down what they tell; with --publish, its pull requests',
  work: 'do what is in the queue, on this machine; ends after the running jobs on SIGTERM',
  close: 'close the open pull requests of the campaign',
  merge: 'merge the open pull requests that are approved and whose checks pass',
};

/** Adds `bulk` with its commands, and `pr`. */
export function addBulk(program: Command, act: (request: BulkRequest) => Promise<void>): void {
  const bulk = program
    .command('bulk')
    .argument('[dir]', 'a directory of checkouts, with --dry-run: plan and report in one')
    .description('the same refactoring for many repositories, as pull requests')
    .addHelpText('after', epilogue);
  proofFlags(reportFlags(bulk))
    .option('--concurrency <n>', 'repositories at once', positive)
    .option('--dockerfile <glob>', dockerfileHelp, list)
    .action((dir: string | undefined, _: unknown, command: Command) => act({ action: 'dry-run', dir, flags: flagsOf(command) }));
  for (const action of actionNames) {
    const command = bulk.command(action).description(about[action]).addHelpText('after', epilogue);
    runFlags(command);
    specific[action]?.(command);
    command.action((_: unknown, self: Command) => act({ action, dir: undefined, flags: flagsOf(self) }));
  }
  const pr = program
    .command('pr')
    .description('open or update the pull request of one repository, as a campaign would; for a CI job or a bot')
    .option('--repo <owner/name>', 'the repository (default: the origin of the checkout in the working directory)', list)
    .addHelpText('after', epilogue);
  proofFlags(platformFlags(pullFlags(policyFlags(pr))))
    .option('--id <id>', 'name of the campaign: the branch is dockerfile-mod/<id>')
    .option('-c, --config <file>', 'campaign.yml')
    .option('--token-file <file>', 'file with the token, mode 0600')
    .option('--timeout-repo <seconds>', 'for all that is done (default: 120)', positive)
    .action((_: unknown, self: Command) => act({ action: 'pr', dir: undefined, flags: flagsOf(self) }));
  const serve = program
    .command('serve')
    .description("receive a forge's webhooks for the pull requests of a campaign: base moved, closed, boxes, comments")
    .addHelpText('after', secretHelp);
  runFlags(serve)
    .option('--listen <address>', 'host:port to listen on; put a proxy with TLS before it', '127.0.0.1:8787')
    .option('--secret-file <file>', "file with the webhooks' secret, mode 0600")
    .option('--metrics-file <file>', metricsHelp)
    .action((_: unknown, self: Command) => act({ action: 'serve', dir: undefined, flags: flagsOf(self) }));
}

const flagsOf = (command: Command): BulkFlags & Flags => command.optsWithGlobals();

const specific: Partial<Record<BulkAction, (command: Command) => void>> = {
  plan: (command) => {
    proofFlags(sourceFlags(platformFlags(pullFlags(policyFlags(paceFlags(command))))));
    command.option('--fresh', 'take other options than the campaign was planned with, and plan all again');
  },
  review: (command) => {
    command
      .option('--approve <what>', 'all, or ids of clusters or repositories (comma-separated, repeatable)', list)
      .option('--reject <what>', 'ids of clusters or repositories', list)
      .option('--reason <text>', 'why it is rejected')
      .option('--html <file>', 'write the diffs as a page');
  },
  apply: (command) => {
    limitFlags(command)
      .option('--only-approved', 'leave out what was not approved in review')
      .option('--max-prs <n>', 'pull requests opened in this run', whole)
      .option('--yes', 'do not ask');
  },
  sync: (command) => void boundFlags(command),
  verify: (command) => void boundFlags(command),
  status: (command) => void queueFlag(command.option('--json', 'as JSON')),
  enqueue: (command) => {
    proofFlags(sourceFlags(platformFlags(pullFlags(policyFlags(queueFlag(paceFlags(command)))))))
      .option('--fresh', 'take other options than the campaign was planned with, and plan all again')
      .option('--publish', 'push branches, open and update pull requests (without it: plan)')
      .option('--only-approved', 'leave out what was not approved in review')
      .option('--max-prs <n>', 'pull requests opened in this run', whole)
      .option('--yes', 'do not ask');
  },
  work: (command) => {
    queueFlag(command)
      .option('--concurrency <n>', 'repositories planned at once by this worker (default: 2)', positive)
      .option('--write-concurrency <n>', 'pull requests written at once by this worker (default: 1)', positive)
      .option('--lost-after <seconds>', 'a worker that says nothing for so long is lost, its jobs go to others (default: 30)', positive)
      .option('--until-empty', 'end when there is nothing left to do');
  },
  report: (command) => void reportFlags(command),
  close: (command) => {
    boundFlags(command)
      .option('--reason <text>', 'said in the comment')
      .option('--delete-branch', 'delete the branches too')
      .option('--delete-forks', 'delete the forks that the campaign made, where they hold nothing else')
      .option('--superseded-by <id>', 'only where this newer campaign has a pull request, with its address')
      .option('--yes', 'do not ask');
  },
  merge: (command) => {
    boundFlags(command)
      .addOption(new Option('--method <method>', 'how to merge').choices(['merge', 'squash', 'rebase']).default('squash'))
      .option('--require-checks', 'only where checks passed and there are some')
      .option('--require-approval', 'only what a person approved')
      .option('--yes', 'do not ask');
  },
};

function runFlags(command: Command): Command {
  return command
    .option('--id <id>', 'name of the campaign')
    .option('-c, --config <file>', 'campaign.yml')
    .option('--journal <dir>', 'where campaigns are kept', '.dockerfile-mod')
    .option('--token-file <file>', 'file with the token, mode 0600');
}

const queueFlag = (command: Command): Command =>
  command.option('--queue <url>', 'redis://host:6379/0, or rediss:// (default: DOCKERFILE_MOD_QUEUE; a password is safer there)');

function reportFlags(command: Command): Command {
  return command
    .option('--json', 'as JSON')
    .option('--csv', 'as CSV')
    .option('--md', 'as Markdown')
    .option('--html <file>', 'as a page that stands alone')
    .option('--output <file>', 'write it there, not to standard output');
}

const dockerfileHelp = 'only Dockerfiles whose path in the repository matches: "services/**/Dockerfile" (repeatable)';

function sourceFlags(command: Command): Command {
  return command
    .option('--org <name>', 'repositories of an organisation', list)
    .option('--user <name>', 'repositories of a user', list)
    .option('--group <path>', 'repositories of a GitLab group and its subgroups', list)
    .option('--topic <topic>', 'repositories with a topic', list)
    .option('--search <query>', "what the forge's search finds")
    .option('--repo <repo>', 'owner/name or a clone URL', list)
    .option('--repos <file>', 'one owner/name or clone URL a line; - reads standard input')
    .option('--from-dir <dir>', 'checkouts below a directory', list)
    .option('--include <regex>', 'only these owner/name')
    .option('--exclude <regex>', 'not these owner/name')
    .option('--with-forks', 'forks too')
    .addOption(new Option('--visibility <visibility>', 'only such').choices(['public', 'internal', 'private']))
    .option('--pushed-since <date>', 'only with a push since (ISO 8601)')
    .option('--max-size-kb <n>', 'leave out larger ones', positive)
    .option('--dockerfile <glob>', dockerfileHelp, list);
}

function platformFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--platform <platform>', 'the forge; git pushes branches only').choices(['github', 'gitlab', 'gitea', 'git', 'local']),
    )
    .option('--base-url <url>', 'address of the forge')
    .addOption(new Option('--transport <transport>', 'how repositories are read and written').choices(['api', 'git', 'auto']));
}

function pullFlags(command: Command): Command {
  return command
    .option('--branch <name>', 'branch of the pull requests (default: dockerfile-mod/<id>)')
    .option('--base-branch <name>', 'branch that they go to (default: the default branch)')
    .option('--title <text>', 'their title')
    .option('--body-template <file>', 'template of their body')
    .option('--commit-message <text>', 'message of the commits')
    .option('--sign-off', 'add Signed-off-by')
    .option('--author <name-and-mail>', 'author of the commits: Name <mail>')
    .option('--label <names>', 'labels', list)
    .option('--reviewer <names>', 'reviewers', list)
    .option('--team-reviewer <names>', 'reviewing teams', list)
    .option('--codeowners-reviewers', 'ask the owners of the changed files too, as CODEOWNERS of the base says')
    .option('--assignee <names>', 'assignees', list)
    .option('--draft', 'open them as drafts')
    .addOption(
      new Option('--auto-merge [method]', 'let the forge merge them when what their base requires is there')
        .choices(['merge', 'squash', 'rebase'])
        .preset('squash'),
    )
    .addOption(new Option('--fork <when>', 'push to a fork').choices(['auto', 'always', 'never']))
    .option('--fork-owner <name>', 'organisation that holds the forks')
    .option('--contact <text>', 'who runs the campaign; said in the body')
    .option('--link <url>', 'where the campaign is described; said in the body');
}

function policyFlags(command: Command): Command {
  return command
    .addOption(new Option('--on-existing <what>', 'a pull request of ours is open').choices(['update', 'skip', 'fail']))
    .addOption(new Option('--on-human-edit <what>', 'a person pushed to the branch').choices(['freeze', 'fail']))
    .addOption(new Option('--on-closed <what>', 'a person closed it').choices(['respect', 'recreate-if-changed']))
    .addOption(new Option('--on-conflict <what>', 'it conflicts with its base').choices(['rebase', 'freeze']))
    .option('--keep-obsolete', 'leave it open when nothing is left to do');
}

const metricsHelp = 'write metrics of Prometheus there: at the start, each minute, at the end';

function boundFlags(command: Command): Command {
  return command
    .option('--timeout-repo <seconds>', 'for all that is done for one repository (default: 120)', positive)
    .option('--fail-fast', 'pause this run at the first failure')
    .option('--metrics-file <file>', metricsHelp);
}

function limitFlags(command: Command): Command {
  return boundFlags(command)
    .option('--max-open <n>', 'open pull requests of the campaign at one time', whole)
    .option('--max-pending-checks <n>', 'checks running over all of them', whole)
    .option('--window <window>', 'only then: "mon-fri 06:00-16:00 UTC" (repeatable)', list)
    .option('--canary <n>', 'pull requests opened one by one before the rest', whole)
    .option('--write-concurrency <n>', 'pull requests written at once', positive);
}

function paceFlags(command: Command): Command {
  return limitFlags(command)
    .option('--concurrency <n>', 'repositories planned at once', positive)
    .option('--content-per-minute <n>', 'commits, pull requests, comments, labels a minute', positive)
    .option('--prs-per-hour <n>', 'pull requests an hour', positive)
    .option('--max-failures <share>', 'pause when so many failed: 5%', share);
}

/** Of the main command, told here too: the help of a command shows its own flags alone. */
const proofFlags = (command: Command): Command =>
  command
    .option('--verify', 'build and run both versions of what would change; only what behaves the same is proposed')
    .addOption(new Option('--measure <depth>', 'with --verify: sizes, or also times of builds').choices(['none', 'sizes', 'full']))
    .option('--probe <path>', 'with --verify: ask servers for this path too (repeatable)', (value: string, before: string[] = []) => [
      ...before,
      value,
    ]);

function list(value: string, before: string[] | undefined): string[] {
  const given = value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (given.length === 0) throw new InvalidArgumentError('Expected at least one name.');
  return [...(before ?? []), ...given];
}

function whole(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(value);
}

function positive(value: string): number {
  const number = whole(value);
  if (number === 0) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
}

function share(value: string): number {
  const percent = /^(\d{1,3}(?:\.\d+)?)%$/.exec(value)?.[1];
  if (percent === undefined || Number(percent) > 100) throw new InvalidArgumentError('Expected a percentage, such as 5%.');
  return Number(percent) / 100;
}
