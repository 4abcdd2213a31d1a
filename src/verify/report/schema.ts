// Room: verify/report/. The form of `verify --format json`, once: types, JSON Schema and tests come from here.
import { z } from 'zod';
import { checkTexts, outcomeTexts, problemTexts, rungTexts } from './checks.ts';

const keysOf = <T extends string>(table: Readonly<Record<T, unknown>>): T[] => Object.keys(table) as T[];

const seconds = z.number().min(0);
const bytes = z.int().min(0);
const count = z.int().min(0);
const checkId = z.enum(keysOf(checkTexts));

const difference = z
  .object({
    what: z.string(),
    before: z.string(),
    after: z.string(),
    expected: z.string().optional().describe('Why the difference is intended; it then does not fail the check.'),
  })
  .strict();

const check = z
  .object({
    id: checkId,
    title: z.string(),
    outcome: z.enum(['passed', 'failed', 'warned', 'not-checked']),
    detail: z.string().describe('What was found, or why it was not looked at.'),
    differences: z.array(difference),
    about: z.array(z.string()).describe('Paths that it is about.'),
    log: z.string().optional(),
  })
  .strict();

const rolledBack = z
  .object({
    transform: z.string(),
    check: checkId.describe('The check that failed with it.'),
    reason: z.string(),
    causes: z.array(z.string()).describe('What in the repository is behind it.'),
    log: z.string(),
  })
  .strict();

const ladderStep = z
  .object({
    rung: z.enum(keysOf(rungTexts)),
    title: z.string(),
    outcome: z.enum(['stands', 'failed', 'larger', 'not-possible']),
    base: z.string().nullable().describe('Image of its last stage; null when there is no plan.'),
    size: bytes.nullable().describe('Bytes of its image, unpacked; null when it was not built.'),
    check: checkId.nullable().describe('The check that failed.'),
    reason: z.string().nullable().describe('What the check says, or why there is no such plan.'),
    mended: z.array(z.string()).describe('What a failure of it named as missing, and its next round kept.'),
    assumed: z.array(z.string()).describe('What was taken for true although it is not known.'),
    against: z.array(checkId).describe('The checks that would have shown it to be wrong.'),
  })
  .strict();

const problem = z
  .object({ kind: z.enum(keysOf(problemTexts)), message: z.string(), hint: z.string().optional(), log: z.string() })
  .strict();

const vulnerabilities = z.union([
  z.object({ scanner: z.string(), critical: count, high: count, medium: count, low: count, other: count }).strict(),
  z.object({ notMeasured: z.string() }).strict(),
]);

const measures = z
  .object({
    size: bytes.describe('Bytes, unpacked.'),
    compressed: bytes.nullable().describe('Bytes as a registry stores it.'),
    layers: count,
    files: count,
    packages: count.describe('Packages of the distribution.'),
    contextBytes: bytes.describe('Bytes that the build sends to the engine.'),
    coldSeconds: seconds.nullable(),
    sourceEditSeconds: seconds.nullable(),
    dependencyEditSeconds: seconds.nullable(),
    vulnerabilities,
  })
  .strict();

const layers = z.array(z.object({ digest: z.string(), bytes, compressed: bytes.nullable() }).strict());

const file = z
  .object({
    path: z.string(),
    context: z.string().nullable(),
    outcome: z.enum(keysOf(outcomeTexts)),
    before: z.string(),
    after: z.string().describe('The text that was verified; equal to `before` when nothing could be kept.'),
    diff: z.string().describe('Unified diff for `git apply`, files of the context included.'),
    applied: z.array(z.string()).describe('Transforms of the verified text.'),
    rolledBack: z.array(rolledBack),
    ladder: z.array(ladderStep).describe('What was tried, the smallest first; the last one stands.'),
    checks: z.array(check),
    measures: z.object({ before: measures, after: measures }).strict().nullable(),
    layers: z.object({ before: layers, after: layers }).strict().nullable(),
    edited: z
      .object({ source: z.string(), dependency: z.string() })
      .strict()
      .nullable()
      .describe('Which file was edited for each rebuild time, or why it was not measured.'),
    problem: problem.nullable(),
    seconds,
  })
  .strict();

/** The one document that `verify --format json` prints. */
export const verifySchema = z
  .object({
    version: z.string().describe('Version of dockerfile-mod.'),
    engine: z.string().nullable().describe('The container engine with its version.'),
    ok: z.boolean().describe('Every file is verified, or there was nothing to rewrite.'),
    files: z.array(file),
  })
  .strict();

export type VerifyDocument = z.infer<typeof verifySchema>;

/** The same as JSON Schema (draft 2020-12): published as `dockerfile-mod/verify.schema.json`. */
export const verifyJsonSchema: Record<string, unknown> = {
  title: 'Result of dockerfile-mod verify --format json',
  ...z.toJSONSchema(verifySchema, { target: 'draft-2020-12' }),
};
