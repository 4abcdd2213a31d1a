// Room: cli/. The flags of `bulk` and `pr`: what they are called, what they may be, and what the help says.
import { Option, type Command } from 'commander';
import type { FlagGroup } from '../../bulk/option-kinds.ts';
import { filters } from '../../bulk/option-table.ts';
import type { Flags } from '../flags.ts';
import { addCampaignFlags, list, positive, whole } from './campaign-flags.ts';
import { actionNames, type BulkAction, type BulkFlags, type BulkRequest } from './types.ts';

/** What stands behind the help, and in the manual page. */
export const bulkEpilogue = `
Exit codes:
  0  done
  1  some repositories failed; with --check: something would change
  2  bad usage; with --check: some repositories failed
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
    .addHelpText('after', bulkEpilogue);
  proofFlags(reportFlags(bulk))
    .option('--concurrency <n>', 'repositories at once', positive)
    .option('--dockerfile <glob>', filters.dockerfiles.flag.help, list)
    .action((dir: string | undefined, _: unknown, command: Command) => act({ action: 'dry-run', dir, flags: flagsOf(command) }));
  for (const action of actionNames) {
    const command = bulk.command(action).description(about[action]).addHelpText('after', bulkEpilogue);
    runFlags(command);
    specific[action]?.(command);
    command.action((_: unknown, self: Command) => act({ action, dir: undefined, flags: flagsOf(self) }));
  }
  const pr = program
    .command('pr')
    .description('open or update the pull request of one repository, as a campaign would; for a CI job or a bot')
    .option('--repo <owner/name>', 'the repository (default: the origin of the checkout in the working directory)', list)
    .addHelpText('after', bulkEpilogue);
  proofFlags(addCampaignFlags(pr, ['platform', 'pull', 'policy']))
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
  plan: (command) => void planFlags(command),
  review: (command) => {
    command
      .option('--approve <what>', 'all, or ids of clusters or repositories (comma-separated, repeatable)', list)
      .option('--reject <what>', 'ids of clusters or repositories', list)
      .option('--reason <text>', 'why it is rejected')
      .option('--html <file>', 'write the diffs as a page');
  },
  apply: (command) => {
    boundFlags(addCampaignFlags(command, ['limit']))
      .option('--only-approved', 'leave out what was not approved in review')
      .option('--max-prs <n>', 'pull requests opened in this run', whole)
      .option('--yes', 'do not ask');
  },
  sync: (command) => void boundFlags(command),
  verify: (command) => void boundFlags(command),
  status: (command) => void queueFlag(command.option('--json', 'as JSON')),
  enqueue: (command) => {
    queueFlag(planFlags(command))
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

const metricsHelp = 'write metrics of Prometheus there: at the start, each minute, at the end';

/** What a run may be told of its own. */
const boundFlags = (command: Command): Command =>
  addCampaignFlags(command, ['bound'])
    .option('--fail-fast', 'pause this run at the first failure')
    .option('--metrics-file <file>', metricsHelp);

const planGroups: readonly FlagGroup[] = ['source', 'platform', 'pull', 'policy', 'limit', 'pace'];

/** Everything that a campaign is planned with. */
function planFlags(command: Command): Command {
  addCampaignFlags(command, planGroups).option('--repos <file>', 'one owner/name or clone URL a line; - reads standard input');
  return proofFlags(boundFlags(command)).option('--fresh', 'take other options than the campaign was planned with, and plan all again');
}

/** Of the main command, told here too: the help of a command shows its own flags alone. */
const proofFlags = (command: Command): Command =>
  command
    .option('--verify', 'build and run both versions of what would change; only what behaves the same is proposed')
    .option('--smallest', 'with --verify: begin at the smallest base, and assume what is unknown where a check would show it')
    .addOption(new Option('--prove <where>', 'with --verify: where to begin, slim or the same base').choices(['slim', 'same']))
    .addOption(new Option('--measure <depth>', 'with --verify: sizes, or also times of builds').choices(['none', 'sizes', 'full']))
    .option('--probe <path>', 'with --verify: ask servers for this path too (repeatable)', (value: string, before: string[] = []) => [
      ...before,
      value,
    ]);
