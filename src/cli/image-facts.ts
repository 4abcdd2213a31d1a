// Room: cli/. `--image-facts FILE`: a document of `observe`, read and checked.
import { openSync, closeSync, fstatSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ImageFacts } from '../image/types.ts';
import { reasonOf } from '../checkout/paths.ts';
import type { UsageError, World } from './world.ts';

/** Bytes. Ours: an image of half a million files makes some 100 MB. */
const longest = 256 * 1024 * 1024;

const again = 'make it anew: dockerfile-mod observe --format json DOCKERFILE > FILE';

/** The document in a file, or what is wrong with it. */
export async function imageFactsAt(path: string, { cwd }: World): Promise<ImageFacts | UsageError> {
  const text = textAt(resolve(cwd, path));
  if (typeof text === 'object') return { usage: `--image-facts: ${path} ${text.problem}` };
  const bad = (problem: string): UsageError => ({ usage: `--image-facts: ${path} ${problem}; ${again}` });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return bad(text.trim() === '' ? 'is empty' : 'is no JSON');
  }
  if (typeof document !== 'object' || document === null || !('schemaVersion' in document) || !('of' in document))
    return bad('holds no image facts');
  if (document.schemaVersion !== 1)
    return bad(
      `has version ${JSON.stringify(document.schemaVersion)?.slice(0, 20)} of the schema, and this version of dockerfile-mod reads 1`,
    );
  const { imageFactsSchema } = await import('../observe/report/schema.ts');
  const checked = imageFactsSchema.safeParse(document);
  if (checked.success) return checked.data as ImageFacts;
  const [first] = checked.error.issues;
  return bad(`holds no image facts: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'wrong'}`);
}

function textAt(at: string): string | { problem: string } {
  try {
    const file = openSync(at, 'r');
    try {
      const { size } = fstatSync(file);
      if (size > longest) return { problem: `has ${Math.round(size / 1024 / 1024)} MB; the limit is ${longest / 1024 / 1024} MB` };
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { problem: `cannot be read: ${reasonOf(error)}` };
  }
}
