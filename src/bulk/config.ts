// Room: bulk/. campaign.yml: what may stand in it; published as schema/campaign.schema.json.
import { z } from 'zod';
import { given } from '../checkout/given.ts';
import { defaultOptions, defaultProof, isCampaignId } from './defaults.ts';
import type { CampaignOptions } from './options.ts';
import { parseWindow } from './run/window.ts';

const names = z.array(z.string().min(1).max(200)).max(10_000);
const regex = z.string().max(1000).refine(isRegex, 'is no regular expression');
const number = z.int().min(1);
const whole = z.int().min(0);

/** Branches as git allows them, without what a shell or a terminal would take for something else. Source: git-check-ref-format(1). */
const branch = z
  .string()
  .max(200)
  .regex(/^(?!.*(?:\.\.|\/\/|@\{|\.lock(?:\/|$)))[A-Za-z0-9_][A-Za-z0-9._/-]*(?<![./])$/, 'is no branch name');

export const campaignSchema = z
  .object({
    id: z.string().refine(isCampaignId, 'has lower case letters, digits and -, at most 40').describe('Name of the campaign.'),
    platform: z
      .enum(['github', 'gitlab', 'gitea', 'git', 'local'])
      .describe('The forge; git pushes branches only, local works on checkouts.'),
    baseUrl: z.url({ protocol: /^https?$/ }).describe('Address of the forge, when it is not the public one.'),
    transport: z.enum(['api', 'git', 'auto']),
    sources: z
      .object({
        directories: names.describe('Checkouts below these directories.'),
        repositories: names.describe('owner/name or clone URLs.'),
        organisations: names,
        users: names,
        groups: names.describe('GitLab groups, with their subgroups.'),
        topics: names,
        search: z.string().max(500),
      })
      .partial()
      .strict(),
    filters: z
      .object({
        include: regex.describe('Only these owner/name.'),
        exclude: regex,
        forks: z.enum(['skip', 'take']),
        visibility: z.enum(['public', 'internal', 'private']),
        pushedSince: z.iso.date(),
        maxSizeKb: number,
        dockerfiles: z
          .array(z.string().min(1).max(1000))
          .min(1)
          .max(100)
          .describe('Only Dockerfiles whose path matches: services/**/Dockerfile.'),
      })
      .partial()
      .strict(),
    refactor: z
      .object({
        level: z.enum(['safe', 'balanced', 'max']),
        base: z.enum(['slim', 'distroless', 'scratch', 'alpine', 'keep', 'smallest']),
        only: names,
        skip: names,
      })
      .partial()
      .strict(),
    pull: z
      .object({
        branch,
        base: branch.describe('The branch that pull requests go to; the default branch unless told.'),
        title: z.string().max(200),
        bodyTemplate: z.string().max(60_000).describe('Text of the template, not its path.'),
        commitMessage: z.string().max(10_000),
        signOff: z.enum(['yes', 'no']),
        author: z.object({ name: z.string().min(1).max(200), email: z.string().min(3).max(200) }).strict(),
        labels: names,
        reviewers: names,
        teamReviewers: names,
        codeownersReviewers: z.enum(['yes', 'no']).describe("Reviewers too: owners of the changed files, by the base's CODEOWNERS."),
        assignees: names,
        draft: z.enum(['yes', 'no']),
        autoMerge: z.enum(['no', 'merge', 'squash', 'rebase']).describe('The forge merges it when what its base requires is there.'),
        fork: z.enum(['auto', 'always', 'never']),
        forkOwner: z.string().max(200),
        contact: z.string().max(500),
        link: z.url({ protocol: /^https?$/ }),
      })
      .partial()
      .strict(),
    policy: z
      .object({
        onExisting: z.enum(['update', 'skip', 'fail']),
        onHumanEdit: z.enum(['freeze', 'fail']),
        onClosed: z.enum(['respect', 'recreate-if-changed']),
        onConflict: z.enum(['rebase', 'freeze']),
        closeObsolete: z.enum(['yes', 'no']),
      })
      .partial()
      .strict(),
    pace: z
      .object({
        concurrency: number.max(100),
        writeConcurrency: number.max(100),
        contentPerMinute: number.describe('Commits, pull requests, comments, labels a minute.'),
        prsPerHour: number,
        maxOpen: whole,
        maxPendingChecks: whole,
        windows: z.array(z.string().refine((text) => parseWindow(text) !== undefined, 'is no window: mon-fri 06:00-16:00 UTC')).max(50),
        canary: whole,
        maxFailures: z.number().min(0).max(1),
        maxFailuresInRow: number,
        timeoutRepo: number.describe('Milliseconds for one repository.'),
      })
      .partial()
      .strict(),
    verify: z
      .object({
        measure: z.enum(['none', 'sizes', 'full']).describe('full: also how long builds and rebuilds take, by cold builds.'),
        probes: z.array(z.string().min(1).max(2000)).max(100).describe('Paths that servers are asked for, as in /health.'),
        engine: z.enum(['docker', 'podman', 'nerdctl']),
        timeout: z.number().positive().describe('Seconds for one build.'),
        startTimeout: z.number().positive().describe('Seconds for the start of one image.'),
        memory: z.string().max(20),
        cpus: z.string().max(20),
        pidsLimit: number,
      })
      .partial()
      .strict()
      .describe(
        'Builds and runs both versions of each Dockerfile while planning; only what behaves the same is proposed. {}: with the defaults.',
      ),
  })
  .partial()
  .strict();

export type CampaignFile = z.infer<typeof campaignSchema>;

/** Reads a campaign file's text; answers what is wrong with it, with the place. */
export async function parseCampaignFile(text: string): Promise<CampaignFile | { wrong: string }> {
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 20 });
  } catch (error) {
    return { wrong: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
  const parsed = campaignSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return { wrong: `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is not valid'}` };
}

/** The same as JSON Schema (draft 2020-12), for editors. */
export const campaignJsonSchema = (): Record<string, unknown> => ({
  title: 'campaign.yml of dockerfile-mod bulk',
  ...z.toJSONSchema(campaignSchema, { target: 'draft-2020-12', io: 'input' }),
});

/** The file's options over the defaults. */
export function optionsFromFile(id: string, file: CampaignFile): CampaignOptions {
  const options = defaultOptions(id);
  const { organisations = [], users = [], groups = [], ...sources } = file.sources ?? {};
  return {
    ...options,
    ...given({ platform: file.platform, baseUrl: file.baseUrl, transport: file.transport }),
    sources: {
      ...options.sources,
      ...given(sources),
      owners: [
        ...organisations.map((name) => ({ kind: 'org' as const, name })),
        ...users.map((name) => ({ kind: 'user' as const, name })),
        ...groups.map((name) => ({ kind: 'group' as const, name })),
      ],
    },
    filters: { ...options.filters, ...given(file.filters ?? {}) },
    refactor: { ...options.refactor, ...given(file.refactor ?? {}) },
    pull: { ...options.pull, ...given(file.pull ?? {}) },
    policy: { ...options.policy, ...given(file.policy ?? {}) },
    pace: { ...options.pace, ...given(file.pace ?? {}) },
    verify: file.verify && { ...defaultProof, ...given(file.verify) },
  };
}

function isRegex(text: string): boolean {
  try {
    return new RegExp(text).source !== '';
  } catch {
    return false;
  }
}
