// Room: forge/. Blobs as forges send them: base64 in JSON, with a limit.
import { ForgeError } from './types.ts';

/** Bytes that a JSON answer with a base64 blob of so many bytes may have: a third more, line breaks, the fields around it. */
export const encodedLimit = (maxBytes: number): number => Math.ceil(maxBytes * 1.4) + 16 * 1024;

/** ForgeError for a blob with too many bytes. */
export function tooLarge(sha: string, maxBytes: number): ForgeError {
  return new ForgeError('unprocessable', `blob ${sha} has more than ${maxBytes} bytes`, { retryable: false });
}

/** The bytes; ForgeError `unprocessable` when they are more than allowed, `server` when they are not as many as was said. */
export function decoded(blob: { content: string; size: number | undefined }, sha: string, maxBytes: number): Uint8Array {
  if (blob.size !== undefined && blob.size > maxBytes) throw tooLarge(sha, maxBytes);
  const bytes = Buffer.from(blob.content, 'base64');
  if (bytes.byteLength > maxBytes) throw tooLarge(sha, maxBytes);
  if (blob.size !== undefined && bytes.byteLength !== blob.size) {
    throw new ForgeError('server', `blob ${sha}: ${bytes.byteLength} bytes instead of ${blob.size}`, { retryable: true });
  }
  return bytes;
}

/** Calls for several, at most so many at one time, in the order asked. */
export async function inOrder<In, Out>(values: readonly In[], atOnce: number, one: (value: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  for (let from = 0; from < values.length; from += atOnce) results.push(...(await Promise.all(values.slice(from, from + atOnce).map(one))));
  return results;
}
