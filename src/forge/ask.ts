// Room: forge/. Answers of a forge, read by a schema: what does not fit is an error of the forge, never a crash later.
import type { z } from 'zod';
import { ForgeError } from './types.ts';
import type { Call, Door } from './request.ts';

/** A door whose answers are read by schemas. */
export interface Api {
  /** As in RepoRef. */
  host: string;
  door: Door;
}

/** Sends the call and reads the answer. Throws ForgeError `server` when it has another shape. */
export async function ask<Shape extends z.ZodType>(api: Api, shape: Shape, call: Call): Promise<z.infer<Shape>> {
  return read(shape, (await api.door.request(call)).json, `${call.method} ${call.path}`);
}

/** Reads a value by a schema; ForgeError `server` (not retryable) names the first place that does not fit, never the value. */
export function read<Shape extends z.ZodType>(shape: Shape, value: unknown, doing: string): z.infer<Shape> {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ForgeError('server', `${doing}: unexpected answer at ${issue?.path.join('.') || 'the top'}: ${issue?.message ?? ''}`, {
    retryable: false,
  });
}

/** `undefined` where the call fails with this kind. */
export async function unless<T>(kind: ForgeError['kind'], doing: Promise<T>): Promise<T | undefined> {
  try {
    return await doing;
  } catch (error) {
    if (error instanceof ForgeError && error.kind === kind) return undefined;
    throw error;
  }
}

/** Throws ForgeError `unprocessable` above a number: a list without end is not read to its end. */
export function atMost(most: number, what: string, count: number): void {
  if (count > most) throw new ForgeError('unprocessable', `more than ${most} ${what}`, { retryable: false });
}

/** Asks at the first call and gives all the same answer; a failure (cut off with the repository that it was asked for) is not remembered. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  const again = (error: unknown): never => {
    asked = undefined;
    throw error;
  };
  return () => (asked ??= ask().catch(again));
}

/** A warning for each that fails for a reason of its own; what concerns the whole actor is thrown. */
export async function orWarn(what: string, doing: () => Promise<unknown>): Promise<string[]> {
  try {
    await doing();
    return [];
  } catch (error) {
    if (!(error instanceof ForgeError) || ['unauthorized', 'rate-limited', 'network', 'timeout'].includes(error.kind)) throw error;
    return [`${what}: ${error.message}`];
  }
}
