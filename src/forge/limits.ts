// Room: forge/. What an answer says about rate limits: headers of GitHub, GitLab and the IETF draft, words of secondary limits.

/** Reads one header of an answer, case-insensitively; null when it is missing (as `Headers.get`). */
export type HeaderReader = (name: string) => string | null;

/** What is left of the primary limit. Times are milliseconds since the epoch. */
export interface Remaining {
  left: number;
  of: number;
  resetsAt: number;
}

/** That an answer was refused because of a limit. */
export interface Limited {
  kind: 'primary' | 'secondary';
  /** Milliseconds to wait, when the forge says so. */
  wait: number | undefined;
}

const longest = 24 * 60 * 60 * 1000;

/** `Retry-After` in milliseconds from `now`: seconds or an HTTP date (RFC 9110 §10.2.3), at most a day; undefined when it is neither. */
export function retryAfter(value: string | null, now: number): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, longest);
  const date = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(date - now, 0), longest);
}

/**
 * `x-ratelimit-*` (GitHub: reset is a time in seconds since the epoch) or `RateLimit-*` (GitLab: the same; IETF draft:
 * seconds from now). Undefined when one is missing or is no number.
 */
export function remaining(header: HeaderReader, now: number): Remaining | undefined {
  for (const prefix of ['x-ratelimit', 'ratelimit']) {
    const [left, of, reset] = ['remaining', 'limit', 'reset'].map((name) => number(header(`${prefix}-${name}`)));
    if (left === undefined || of === undefined || reset === undefined) continue;
    // Later than 2001 as seconds since the epoch; less is a number of seconds from now.
    const resetsAt = reset > 1e9 ? reset * 1000 : now + reset * 1000;
    return { left, of, resetsAt: Math.min(resetsAt, now + longest) };
  }
  return undefined;
}

/** The draft allows `100;w=60` and lists (`10, 10;window=1`): the first number counts. */
function number(value: string | null): number | undefined {
  const found = /^\s*(\d{1,15})/.exec(value ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

// GitHub says secondary limits with 403 or 429 and one of these; "was submitted too quickly" comes as 403 and as 422
// (cli/cli #4801). docs.github.com "Rate limits for the REST API", "Exceeding the rate limit".
const secondaryWords = /secondary rate limit|submitted too quickly|abuse detection/i;
const primaryWords = /API rate limit exceeded/i;

/** Whether an answer is a refusal by a rate limit, and how long to wait. */
export function limited(status: number, message: string, header: HeaderReader, now: number): Limited | undefined {
  const wait = retryAfter(header('retry-after'), now);
  if ((status === 403 || status === 422 || status === 429) && secondaryWords.test(message)) return { kind: 'secondary', wait };
  if (status !== 403 && status !== 429) return undefined;
  const budget = remaining(header, now);
  if (budget?.left === 0) return { kind: 'primary', wait: wait ?? Math.max(budget.resetsAt - now, 0) + 1000 };
  if (primaryWords.test(message)) return { kind: 'primary', wait };
  return status === 429 || wait !== undefined ? { kind: 'secondary', wait } : undefined;
}
