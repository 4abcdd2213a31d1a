// Room: bulk/. The form of the JSON report, once: types, JSON Schema and tests come from here.
import { z } from 'zod';
import { stateOrder } from './words.ts';

const count = z.int().min(0);
const state = z.enum(stateOrder as [(typeof stateOrder)[number], ...typeof stateOrder]);
const bytes = z.number().nullable().describe('Bytes; null: not known.');

const gain = z
  .object({
    kind: z.enum(['estimated', 'measured']),
    imageBefore: bytes,
    imageAfter: bytes,
    rebuildBefore: z.number().nullable().describe('Seconds; null: not known.'),
    rebuildAfter: z.number().nullable().describe('Seconds; null: not known.'),
    how: z.string().describe('What it rests on.'),
  })
  .strict();

const repository = z
  .object({
    repository: z.string().describe('`host/owner/name`, or `local/<directory>`.'),
    state,
    reason: z.string().nullable(),
    dockerfiles: count,
    changed: count.describe('Dockerfiles that change.'),
    applied: z.record(z.string(), count).describe('Transform id → how often.'),
    skipped: z.record(z.string(), count).describe('`transform/reason` → how often.'),
    cluster: z.string().nullable().describe('Repositories with the same id have diffs that differ only in names and numbers.'),
    pullRequest: z
      .object({ number: z.int(), url: z.string(), state: z.enum(['open', 'closed', 'merged']) })
      .strict()
      .nullable(),
    gain: gain.nullable(),
    failure: z.string().nullable(),
  })
  .strict();

/** The one document that `bulk report --json` prints. */
export const bulkSchema = z
  .object({
    version: z.string().describe('Version of dockerfile-mod.'),
    campaign: z.object({ id: z.string(), platform: z.string(), createdAt: z.string(), specHash: z.string() }).strict(),
    at: z.string().describe('When the report was made (ISO 8601).'),
    states: z.partialRecord(state, count),
    reasons: z.array(z.object({ state, reason: z.string(), count }).strict()).describe('Most frequent first.'),
    skips: z
      .array(z.object({ transform: z.string(), reason: z.string(), count, example: z.string() }).strict())
      .describe('Most frequent first, each with one message.'),
    transforms: z.array(z.object({ transform: z.string(), count }).strict()),
    clusters: z.array(
      z
        .object({
          id: z.string(),
          count,
          transforms: z.array(z.string()),
          example: z
            .object({ repository: z.string(), patch: z.string().describe('For `git apply`; empty when it was not kept.') })
            .strict(),
          repositories: z.array(z.string()).describe('At most 50; `count` says how many there are.'),
        })
        .strict(),
    ),
    savings: z
      .object({ estimated: z.number(), measured: z.number(), repositoriesEstimated: count, repositoriesMeasured: count })
      .strict()
      .describe('Sums in bytes over the repositories that have a gain.'),
    repositories: z.array(repository),
  })
  .strict();

export type BulkDocument = z.infer<typeof bulkSchema>;

/** The same as JSON Schema (draft 2020-12): published as `dockerfile-mod/bulk.schema.json`. */
export const bulkJsonSchema: Record<string, unknown> = {
  title: 'Result of dockerfile-mod bulk report --json',
  ...z.toJSONSchema(bulkSchema, { target: 'draft-2020-12' }),
};
