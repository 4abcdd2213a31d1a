// Room: forge/. One HTTP exchange by fetch: redirects stay on the host, bodies have an end.
import { ForgeError } from './types.ts';

export interface Sent {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
}

const redirects = 5;

/**
 * Sends and answers with headers (the body is still to be read). A redirect is followed when it stays on the origin, at most
 * 5 times, with the method that it had: 307 and 308 always, 301 and 302 for GET alone. Any other one is ForgeError
 * `unprocessable`: the token would leave for another host, or a write would become a read.
 */
export async function sendOnce(sent: Sent, ends: { timeout: number; signal: AbortSignal | undefined }): Promise<Response> {
  let { url } = sent;
  const { origin } = url;
  const timeout = AbortSignal.timeout(ends.timeout);
  const signal = ends.signal ? AbortSignal.any([ends.signal, timeout]) : timeout;
  for (let followed = 0; ; followed += 1) {
    const response = await fetch(url, {
      method: sent.method,
      redirect: 'manual',
      signal,
      headers: sent.headers,
      ...(sent.body === undefined ? {} : { body: sent.body }),
    });
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    url = redirected(response, { from: url, origin, method: sent.method, followed });
  }
}

function redirected(
  response: Response,
  { from, origin, method, followed }: { from: URL; origin: string; method: string; followed: number },
): URL {
  const { status } = response;
  const location = response.headers.get('location') ?? '';
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const keepsMethod = status === 307 || status === 308 || (method === 'GET' && status !== 303);
  const refuse = (why: string): ForgeError =>
    new ForgeError('unprocessable', `${method} ${from.pathname}: ${status}: ${why}`, { status, retryable: false });
  if (!to) throw refuse('a redirect to nowhere');
  if (to.origin !== origin) throw refuse('a redirect to another host is not followed');
  if (!keepsMethod) throw refuse('a redirect of a write is not followed');
  if (followed >= redirects) throw refuse('too many redirects');
  return to;
}

/** The body as text; ForgeError `unprocessable` when it has more bytes. The rest is not read. */
export async function readBounded(response: Response, maxBytes: number, doing: string): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw new ForgeError('unprocessable', `${doing}: the answer has more than ${maxBytes} bytes`, { retryable: false });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
