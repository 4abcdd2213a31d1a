// Room: bulk/. Every option of a campaign, once: what it may be, its default, its flag, and what is said of it. Types, campaign.yml and flags come from here.
import * as a from './option-kinds.ts';
import type { Section } from './option-kinds.ts';

const yesNo = a.choice('yes', 'no');

export const general = {
  platform: {
    kind: a.choice('github', 'gitlab', 'gitea', 'git', 'local'),
    default: 'local',
    says: 'The forge; git pushes branches only, local works on checkouts.',
    flag: { group: 'platform', flags: '--platform <platform>', help: 'the forge; git pushes branches only' },
  },
  baseUrl: {
    kind: a.address,
    says: 'Address of the forge, when it is not the public one.',
    flag: { group: 'platform', flags: '--base-url <url>', help: 'address of the forge' },
  },
  transport: {
    kind: a.choice('api', 'git', 'auto'),
    default: 'auto',
    flag: { group: 'platform', flags: '--transport <transport>', help: 'how repositories are read and written' },
  },
} as const satisfies Section;

/** Where repositories come from; several are added up, each repository once. */
export const sources = {
  directories: {
    kind: a.names,
    says: 'Checkouts below these directories.',
    flag: { group: 'source', flags: '--from-dir <dir>', help: 'checkouts below a directory', path: 'directory' },
  },
  repositories: {
    kind: a.names,
    says: 'owner/name or clone URLs.',
    flag: { group: 'source', flags: '--repo <repo>', help: 'owner/name or a clone URL' },
  },
  organisations: { kind: a.names, flag: { group: 'source', flags: '--org <name>', help: 'repositories of an organisation' } },
  users: { kind: a.names, flag: { group: 'source', flags: '--user <name>', help: 'repositories of a user' } },
  groups: {
    kind: a.names,
    says: 'GitLab groups, with their subgroups.',
    flag: { group: 'source', flags: '--group <path>', help: 'repositories of a GitLab group and its subgroups' },
  },
  topics: { kind: a.names, flag: { group: 'source', flags: '--topic <topic>', help: 'repositories with a topic' } },
  search: { kind: a.text(500), flag: { group: 'source', flags: '--search <query>', help: "what the forge's search finds" } },
} as const satisfies Section;

export const filters = {
  include: {
    kind: a.regex,
    says: 'Only these owner/name.',
    flag: { group: 'source', flags: '--include <regex>', help: 'only these owner/name' },
  },
  exclude: { kind: a.regex, flag: { group: 'source', flags: '--exclude <regex>', help: 'not these owner/name' } },
  forks: {
    kind: a.choice('skip', 'take'),
    default: 'skip',
    flag: { group: 'source', flags: '--with-forks', help: 'forks too', means: 'take' },
  },
  visibility: {
    kind: a.choice('public', 'internal', 'private'),
    flag: { group: 'source', flags: '--visibility <visibility>', help: 'only such' },
  },
  pushedSince: { kind: a.day, flag: { group: 'source', flags: '--pushed-since <date>', help: 'only with a push since (ISO 8601)' } },
  maxSizeKb: { kind: a.number(), flag: { group: 'source', flags: '--max-size-kb <n>', help: 'leave out larger ones' } },
  dockerfiles: {
    kind: a.texts(1000, { least: 1, most: 100 }),
    says: 'Only Dockerfiles whose path matches: services/**/Dockerfile.',
    flag: {
      group: 'source',
      flags: '--dockerfile <glob>',
      help: 'only Dockerfiles whose path in the repository matches: "services/**/Dockerfile" (repeatable)',
    },
  },
} as const satisfies Section;

/** Their flags are those of the main command. */
export const refactor = {
  level: { kind: a.choice('safe', 'balanced', 'max') },
  base: { kind: a.choice('slim', 'distroless', 'scratch', 'alpine', 'keep', 'smallest') },
  only: { kind: a.names },
  skip: { kind: a.names },
} as const satisfies Section;

export const pull = {
  // Its default holds the campaign's name.
  branch: {
    kind: a.branch,
    flag: { group: 'pull', flags: '--branch <name>', help: 'branch of the pull requests (default: dockerfile-mod/<id>)' },
  },
  base: {
    kind: a.branch,
    says: 'The branch that pull requests go to; the default branch unless told.',
    flag: { group: 'pull', flags: '--base-branch <name>', help: 'branch that they go to (default: the default branch)' },
  },
  title: { kind: a.text(200), flag: { group: 'pull', flags: '--title <text>', help: 'their title' } },
  bodyTemplate: {
    kind: a.text(60_000),
    says: 'Text of the template, not its path.',
    flag: { group: 'pull', flags: '--body-template <file>', help: 'template of their body', path: 'text' },
  },
  commitMessage: { kind: a.text(10_000), flag: { group: 'pull', flags: '--commit-message <text>', help: 'message of the commits' } },
  signOff: {
    kind: yesNo,
    default: 'no',
    flag: { group: 'pull', flags: '--sign-off', help: 'add Signed-off-by', means: 'yes' },
  },
  author: { kind: a.person, flag: { group: 'pull', flags: '--author <name-and-mail>', help: 'author of the commits: Name <mail>' } },
  labels: { kind: a.names, default: [], flag: { group: 'pull', flags: '--label <names>', help: 'labels' } },
  reviewers: { kind: a.names, default: [], flag: { group: 'pull', flags: '--reviewer <names>', help: 'reviewers' } },
  teamReviewers: { kind: a.names, default: [], flag: { group: 'pull', flags: '--team-reviewer <names>', help: 'reviewing teams' } },
  codeownersReviewers: {
    kind: yesNo,
    default: 'no',
    says: "Reviewers too: owners of the changed files, by the base's CODEOWNERS.",
    flag: {
      group: 'pull',
      flags: '--codeowners-reviewers',
      help: 'ask the owners of the changed files too, as CODEOWNERS of the base says',
      means: 'yes',
    },
  },
  assignees: { kind: a.names, default: [], flag: { group: 'pull', flags: '--assignee <names>', help: 'assignees' } },
  draft: { kind: yesNo, default: 'no', flag: { group: 'pull', flags: '--draft', help: 'open them as drafts', means: 'yes' } },
  autoMerge: {
    kind: a.choice('no', 'merge', 'squash', 'rebase'),
    default: 'no',
    says: 'The forge merges it when what its base requires is there.',
    flag: {
      group: 'pull',
      flags: '--auto-merge [method]',
      help: 'let the forge merge them when what their base requires is there',
      preset: 'squash',
    },
  },
  fork: {
    kind: a.choice('auto', 'always', 'never'),
    default: 'auto',
    flag: { group: 'pull', flags: '--fork <when>', help: 'push to a fork' },
  },
  forkOwner: { kind: a.text(200), flag: { group: 'pull', flags: '--fork-owner <name>', help: 'organisation that holds the forks' } },
  contact: { kind: a.text(500), flag: { group: 'pull', flags: '--contact <text>', help: 'who runs the campaign; said in the body' } },
  link: { kind: a.address, flag: { group: 'pull', flags: '--link <url>', help: 'where the campaign is described; said in the body' } },
} as const satisfies Section;

export const policy = {
  onExisting: {
    kind: a.choice('update', 'skip', 'fail'),
    default: 'update',
    flag: { group: 'policy', flags: '--on-existing <what>', help: 'a pull request of ours is open' },
  },
  onHumanEdit: {
    kind: a.choice('freeze', 'fail'),
    default: 'freeze',
    flag: { group: 'policy', flags: '--on-human-edit <what>', help: 'a person pushed to the branch' },
  },
  onClosed: {
    kind: a.choice('respect', 'recreate-if-changed'),
    default: 'respect',
    flag: { group: 'policy', flags: '--on-closed <what>', help: 'a person closed it' },
  },
  onConflict: {
    kind: a.choice('rebase', 'freeze'),
    default: 'rebase',
    flag: { group: 'policy', flags: '--on-conflict <what>', help: 'it conflicts with its base' },
  },
  closeObsolete: {
    kind: yesNo,
    default: 'yes',
    flag: { group: 'policy', flags: '--keep-obsolete', help: 'leave it open when nothing is left to do', means: 'no' },
  },
} as const satisfies Section;

/** The numbers leave room for people below GitHub's limits for content (80 a minute, 500 an hour). https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export const pace = {
  concurrency: {
    kind: a.number(100),
    default: 8,
    flag: { group: 'pace', flags: '--concurrency <n>', help: 'repositories planned at once' },
  },
  writeConcurrency: {
    kind: a.number(100),
    default: 1,
    flag: { group: 'limit', flags: '--write-concurrency <n>', help: 'pull requests written at once' },
  },
  contentPerMinute: {
    kind: a.number(),
    default: 20,
    says: 'Commits, pull requests, comments, labels a minute.',
    flag: { group: 'pace', flags: '--content-per-minute <n>', help: 'commits, pull requests, comments, labels a minute' },
  },
  prsPerHour: { kind: a.number(), default: 400, flag: { group: 'pace', flags: '--prs-per-hour <n>', help: 'pull requests an hour' } },
  maxOpen: {
    kind: a.whole,
    flag: { group: 'limit', flags: '--max-open <n>', help: 'open pull requests of the campaign at one time' },
  },
  maxPendingChecks: {
    kind: a.whole,
    flag: { group: 'limit', flags: '--max-pending-checks <n>', help: 'checks running over all of them' },
  },
  windows: {
    kind: a.windows,
    default: [],
    flag: { group: 'limit', flags: '--window <window>', help: 'only then: "mon-fri 06:00-16:00 UTC" (repeatable)' },
  },
  canary: {
    kind: a.whole,
    default: 10,
    flag: { group: 'limit', flags: '--canary <n>', help: 'pull requests opened one by one before the rest' },
  },
  maxFailures: {
    kind: a.share,
    default: 0.05,
    flag: { group: 'pace', flags: '--max-failures <share>', help: 'pause when so many failed: 5%' },
  },
  maxFailuresInRow: { kind: a.number(), default: 20 },
  timeoutRepo: {
    kind: a.number(),
    default: 120_000,
    says: 'Milliseconds for one repository.',
    flag: {
      group: 'bound',
      flags: '--timeout-repo <seconds>',
      help: 'for all that is done for one repository (default: 120)',
      times: 1000,
    },
  },
} as const satisfies Section;

/** How both versions of every Dockerfile are built and run before anything is proposed. Its flags are those of `dockerfile-mod verify`. */
export const proof = {
  prove: {
    kind: a.choice('smallest', 'slim', 'same'),
    says: 'Where the ladder begins: at the smallest base, at the base of refactor.base (slim unless told), at a split on the same base.',
  },
  measure: {
    kind: a.choice('none', 'sizes', 'full'),
    default: 'none',
    says: 'full: also how long builds and rebuilds take, by cold builds.',
  },
  probes: { kind: a.texts(2000, { most: 100 }), default: [], says: 'Paths that servers are asked for, as in /health.' },
  engine: { kind: a.choice('docker', 'podman', 'nerdctl') },
  timeout: { kind: a.seconds, says: 'Seconds for one build.' },
  startTimeout: { kind: a.seconds, says: 'Seconds for the start of one image.' },
  memory: { kind: a.text(20) },
  cpus: { kind: a.text(20) },
  pidsLimit: { kind: a.number() },
} as const satisfies Section;

/** The parts of campaign.yml that have options of their own. */
export const sections = { sources, filters, refactor, pull, policy, pace } as const;
