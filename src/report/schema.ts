// Room: report/. The form of `--format json`, once: types, JSON Schema and tests come from here.
import { z } from 'zod';

const line = z.int().min(1);
const evidence = z
  .object({
    file: z.string().describe("Path in the build context; 'Dockerfile' stands for the file itself."),
    line: line.optional(),
    says: z.string(),
  })
  .strict();

const applied = z
  .object({
    transform: z.string().describe('Id of the transform, see `dockerfile-mod list`.'),
    title: z.string(),
    safety: z.enum(['safe', 'review', 'risky']),
    why: z.string(),
    evidence: z.array(evidence),
  })
  .strict();

const skipped = z
  .object({
    transform: z.string(),
    reason: z.string().describe('Stable id of the skip.'),
    message: z.string(),
    line: line.describe('Line of the original Dockerfile.'),
    allow: z.string().optional().describe('What would allow it.'),
    evidence: z.array(evidence).optional(),
  })
  .strict();

const note = z.object({ transform: z.string(), id: z.string(), message: z.string(), line: line.optional() }).strict();

const problem = z.object({ message: z.string(), line, column: z.int().min(1), hint: z.string().optional() }).strict();

const file = z
  .object({
    path: z.string().describe("The Dockerfile, relative to the working directory where it lies below it; '-' is standard input."),
    context: z.string().nullable().describe('The build context; null when there is none.'),
    changed: z.boolean(),
    before: z.string().nullable().describe('Null when the file could not be read as text.'),
    after: z.string().nullable().describe('Equal to `before` when nothing changes.'),
    diff: z.string().describe('Unified diff for `git apply`, files of the context included; empty when nothing changes.'),
    created: z.array(z.object({ path: z.string(), content: z.string() }).strict()).describe('New files, such as .dockerignore.'),
    updated: z
      .array(z.object({ path: z.string(), before: z.string(), after: z.string() }).strict())
      .describe('Files of the context that were there.'),
    applied: z.array(applied),
    skipped: z.array(skipped),
    notes: z.array(note),
    error: problem.optional(),
  })
  .strict();

/** The one document that `--format json` prints. */
export const resultSchema = z
  .object({
    version: z.string().describe('Version of dockerfile-mod.'),
    files: z.array(file),
    summary: z
      .object({
        files: z.int().min(0),
        changed: z.int().min(0),
        created: z.int().min(0),
        applied: z.int().min(0),
        skipped: z.int().min(0),
        errors: z.int().min(0),
      })
      .strict(),
  })
  .strict();

export type ResultDocument = z.infer<typeof resultSchema>;

/** The same as JSON Schema (draft 2020-12): published as `dockerfile-mod/result.schema.json`. */
export const jsonSchema: Record<string, unknown> = {
  title: 'Result of dockerfile-mod --format json',
  ...z.toJSONSchema(resultSchema, { target: 'draft-2020-12' }),
};
