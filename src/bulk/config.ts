// Room: bulk/. campaign.yml: what may stand in it; published as schema/campaign.schema.json.
import { z } from 'zod';
import { given } from '../checkout/given.ts';
import type { Described, GivenOf, Kind, Section } from './option-kinds.ts';
import { general, proof, sections } from './option-table.ts';
import { defaultOptions, defaultProof, isCampaignId, type CampaignOptions } from './options.ts';
import { parseWindow } from './run/window.ts';

/** Branches as git allows them, without what a shell or a terminal would take for something else. Source: git-check-ref-format(1). */
const branch = z
  .string()
  .max(200)
  .regex(/^(?!.*(?:\.\.|\/\/|@\{|\.lock(?:\/|$)))[A-Za-z0-9_][A-Za-z0-9._/-]*(?<![./])$/, 'is no branch name');

const schemaOf: { [Name in Kind['kind']]: (kind: Extract<Kind, { kind: Name }>) => z.ZodType } = {
  choice: ({ values }) => z.enum([...values]),
  text: ({ max }) => z.string().max(max),
  branch: () => branch,
  address: () => z.url({ protocol: /^https?$/ }),
  regex: () => z.string().max(1000).refine(isRegex, 'is no regular expression'),
  day: () => z.iso.date(),
  names: () => z.array(z.string().min(1).max(200)).max(10_000),
  texts: ({ max, least = 0, most }) => {
    const list = z.array(z.string().min(1).max(max));
    return (least > 0 ? list.min(least) : list).max(most);
  },
  windows: () => z.array(z.string().refine((text) => parseWindow(text) !== undefined, 'is no window: mon-fri 06:00-16:00 UTC')).max(50),
  number: ({ most }) => (most === undefined ? z.int().min(1) : z.int().min(1).max(most)),
  whole: () => z.int().min(0),
  share: () => z.number().min(0).max(1),
  seconds: () => z.number().positive(),
  person: () => z.object({ name: z.string().min(1).max(200), email: z.string().min(3).max(200) }).strict(),
};

function optionSchema({ kind, says }: Described): z.ZodType {
  const schema = (schemaOf[kind.kind] as (kind: Kind) => z.ZodType)(kind);
  return says === undefined ? schema : schema.describe(says);
}
const shapeOf = (section: Section): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(section).map(([name, option]) => [name, optionSchema(option)]));
const sectionSchema = (section: Section) => z.object(shapeOf(section)).partial().strict();

const campaignSchema = z
  .object({
    id: z.string().refine(isCampaignId, 'has lower case letters, digits and -, at most 40').describe('Name of the campaign.'),
    ...shapeOf(general),
    ...Object.fromEntries(Object.entries(sections).map(([name, section]) => [name, sectionSchema(section)])),
    verify: sectionSchema(proof).describe(
      'Builds and runs both versions of each Dockerfile while planning; only what behaves the same is proposed. {}: with the defaults.',
    ),
  })
  .partial()
  .strict();

type Sections = { [Name in keyof typeof sections]?: GivenOf<(typeof sections)[Name]> };
/** What campaign.yml may hold. */
export interface CampaignFile extends GivenOf<typeof general>, Sections {
  id?: string | undefined;
  verify?: GivenOf<typeof proof> | undefined;
}

/** What is wrong in a file, and the path of the option: `pull.labels`. */
interface Wrong {
  wrong: string;
  path: string;
}

/** Checks what a file, or the flags in the form of one, say: what is wrong, with the place. */
export function checkedFile(value: unknown): CampaignFile | Wrong {
  const parsed = campaignSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data as CampaignFile;
  const issue = parsed.error.issues[0];
  // Of names that are not known the first is the place.
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])].join('.');
  return { wrong: `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is not valid'}`, path };
}

/** Reads a campaign file's text; answers what is wrong with it, with the line where it can be told. */
export async function parseCampaignFile(text: string): Promise<CampaignFile | (Wrong & { line?: number })> {
  const { LineCounter, parseDocument, isMap, isScalar } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) return { wrong: error.message, path: '', line: lines.linePos(error.pos[0]).line };
  try {
    const file = checkedFile(document.toJS({ maxAliasCount: 20 }));
    if (!('wrong' in file)) return file;
    const names = file.path.split('.');
    const above = document.getIn(names.slice(0, -1), true) ?? document.contents;
    const key = isMap(above) ? above.items.find((one) => isScalar(one.key) && one.key.value === names.at(-1))?.key : above;
    const start = (key as { range?: [number, number, number] } | undefined)?.range?.[0];
    return start === undefined ? file : { ...file, line: lines.linePos(start).line };
  } catch (thrown) {
    return { wrong: thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown), path: '' };
  }
}

/** The same as JSON Schema (draft 2020-12), for editors. */
export const campaignJsonSchema = (): Record<string, unknown> => ({
  title: 'campaign.yml of dockerfile-mod bulk',
  ...z.toJSONSchema(campaignSchema, { target: 'draft-2020-12', io: 'input' }),
});

/** The file's options over the defaults. */
export function optionsFromFile(id: string, file: CampaignFile): CampaignOptions {
  const options = defaultOptions(id);
  const { only, skip, ...refactor } = file.refactor ?? {};
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
    refactor: { ...options.refactor, ...given({ ...refactor, only: only && [...only], skip: skip && [...skip] }) },
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
