// Room: forge/. From an HTTP answer, or none, to a ForgeError.
import { visible } from '../report/visible.ts';
import { ForgeError } from './types.ts';
import type { ForgeErrorKind } from './types.ts';
import type { Redactor } from './secrets.ts';

/** What a forge means by a status, where it differs from the general table. */
export type Meaning = (status: number, message: string) => ForgeErrorKind | undefined;

const kinds: Readonly<Record<number, ForgeErrorKind>> = {
  400: 'unprocessable',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'locked',
  408: 'timeout',
  409: 'conflict',
  410: 'not-found',
  412: 'conflict',
  422: 'unprocessable',
  423: 'locked',
  451: 'forbidden',
};

/** The general table, for what the forge's own one does not name. 5xx: the call may have worked all the same. */
export function kindOf(status: number): ForgeErrorKind {
  return kinds[status] ?? (status >= 500 ? 'server' : 'unprocessable');
}

/** Whether an answer of this status may be followed by a better one. */
export const isTransient = (status: number): boolean => status === 408 || (status >= 500 && status !== 501 && status !== 505);

const longestMessage = 500;

/** Text of a forge for people: redacted, one line, no control characters, at most 500 characters. */
export function message(text: string, redactor: Redactor): string {
  const line = visible(redactor.redact(text).replace(/\s+/g, ' ').trim());
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line;
}

/**
 * The sentence in an answer's body: `message` (GitHub, Gitea; GitLab also as a list or an object), `error`,
 * `error_description`, with GitHub's `errors[].message`. The start of the text when it is not JSON.
 */
export function sentence(body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return body.replace(/<[^>]*>/g, ' ').slice(0, longestMessage);
  }
  const { message, error, error_description, errors } = Object(parsed) as Record<string, unknown>;
  const more = Array.isArray(errors) ? errors.map((entry) => flat(Object(entry).message ?? entry)) : [];
  const parts = [message, error, error_description].filter((part) => part !== undefined && part !== null).map(flat);
  return [...parts, ...more].join(': ') || body.slice(0, longestMessage);
}

function flat(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A failure without an answer. `AbortSignal.timeout` names its error TimeoutError. */
export function unanswered(error: unknown, doing: string, redactor: Redactor): ForgeError {
  if (error instanceof ForgeError) return error;
  const { name, message: text, cause } = Object(error) as { name?: string; message?: string; cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return new ForgeError('timeout', `${doing}: no answer in time`, { retryable: true });
  const why = [text, cause?.code ?? cause?.message].filter(Boolean).join(': ');
  return new ForgeError('network', message(`${doing}: ${why}`, redactor), { retryable: true });
}
