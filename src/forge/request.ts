// Room: forge/. The one HTTP door to a forge: pace, time-outs, size caps, redirects, limits, retries, errors.
import type { ApiPath } from './address.ts';
import type { Connection } from './connection.ts';
import { isTransient, kindOf, message, sentence, unanswered } from './errors.ts';
import type { Meaning } from './errors.ts';
import { limited, remaining } from './limits.ts';
import { ForgeError } from './types.ts';
import type { Request } from './types.ts';
import { readBounded, sendOnce } from './send.ts';

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: ApiPath;
  query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  body?: unknown;
  /** By default: GET is a read, all else creates content. */
  kind?: Request;
  /** Bytes of the answer's body; more is ForgeError `unprocessable`. */
  maxBytes?: number;
  /** When a limit refuses: wait and send again (default for reads), or throw `rate-limited` (default for content). */
  onLimit?: 'wait' | 'throw';
}

export interface Answer {
  status: number;
  header(name: string): string | null;
  /** Parsed JSON; undefined for an empty body. */
  json: unknown;
}

export interface Door {
  /** Throws ForgeError alone, or the reason of the connection's signal. */
  request(call: Call): Promise<Answer>;
}

export interface DoorOptions {
  connection: Connection;
  /** Where the API's paths begin: `https://gitea.example.com/api/v1`. */
  root: string;
  /** Headers of every request; asked each time, because tokens of apps expire. */
  headers(): Promise<Readonly<Record<string, string>>>;
  meaning: Meaning;
}

const retries = 5;
/** A limit that refuses so often in a row will not end by waiting. */
const waits = 20;
const firstPause = 500;
const longestPause = 30_000;
const defaultBytes = 32 * 1024 * 1024;
const firstSleep = 60_000;
const longestSleep = 60 * 60_000;

/** Makes the door. All requests of an actor to a host pass one door, so that one refusal puts all to sleep. */
export function openDoor(options: DoorOptions): Door {
  const { connection } = options;
  const { clock, signal } = connection;
  const sleeps = new Sleeps(connection);

  async function request(call: Call): Promise<Answer> {
    let failures = 0;
    for (let refusals = 0; ;) {
      const outcome = await attempt(options, sleeps, call);
      if (!(outcome instanceof ForgeError)) return outcome;
      signal?.throwIfAborted();
      const kind = call.kind ?? (call.method === 'GET' ? 'read' : 'content');
      if (outcome.kind === 'rate-limited') {
        refusals += 1;
        if ((call.onLimit ?? (kind === 'read' ? 'wait' : 'throw')) === 'throw' || refusals > waits) throw outcome;
        continue; // The budget sleeps: the next attempt waits for it.
      }
      if (!outcome.retryable || kind !== 'read' || failures >= retries) throw outcome;
      // Full jitter: anything between nothing and the doubled pause.
      await clock.sleep(clock.random() * Math.min(firstPause * 2 ** failures, longestPause), signal);
      failures += 1;
    }
  }
  return { request };
}

/** How long the whole budget sleeps when the forge does not say: a minute, doubled each time in a row up to an hour. */
class Sleeps {
  private inRow = 0;
  private until = 0;
  constructor(private readonly connection: Connection) {}
  /** Answers the milliseconds that it sleeps. */
  sleep(kind: 'primary' | 'secondary', wait: number | undefined): number {
    const { clock, pace } = this.connection;
    const now = clock.now();
    // Requests that were under way together are refused together: that is one time.
    if (now >= this.until) this.inRow += 1;
    const ms = wait ?? Math.min(firstSleep * 2 ** Math.max(this.inRow - 1, 0), longestSleep);
    this.until = Math.max(this.until, now + ms);
    pace.sleepUntil(now + ms, kind);
    return ms;
  }
  awake(): void {
    this.inRow = 0;
  }
}

/** One attempt: the answer, or why there is none. */
async function attempt(options: DoorOptions, sleeps: Sleeps, call: Call): Promise<Answer | ForgeError> {
  const { connection, root } = options;
  const { clock, pace, redactor, signal } = connection;
  const doing = `${call.method} ${call.path}`;
  const kind = call.kind ?? (call.method === 'GET' ? 'read' : 'content');
  await pace.take(kind, signal);
  try {
    const response = await sendOnce(
      { root, path: call.path, query: call.query, method: call.method, body: call.body, headers: await options.headers() },
      { timeout: connection.timeout, signal },
    );
    const body = await readBounded(response, call.maxBytes ?? defaultBytes, doing);
    const header = (name: string): string | null => response.headers.get(name);
    const now = clock.now();
    const budget = remaining(header, now);
    if (budget) pace.remaining(budget.left, budget.of, budget.resetsAt);
    if (response.ok) {
      if (kind === 'content') sleeps.awake();
      return { status: response.status, header, json: parsed(body, doing) };
    }
    return refusal(options, sleeps, { status: response.status, header, body, doing });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    return unanswered(error, doing, redactor);
  }
}

function refusal(
  options: DoorOptions,
  sleeps: Sleeps,
  answer: { status: number; header(name: string): string | null; body: string; doing: string },
): ForgeError {
  const { redactor, clock } = options.connection;
  const { status, header, doing } = answer;
  const said = sentence(answer.body);
  const text = message(`${doing}: ${status}${said ? `: ${said}` : ''}`, redactor);
  const limit = limited(status, said, header, clock.now());
  if (limit) {
    const ms = sleeps.sleep(limit.kind, limit.wait);
    return new ForgeError('rate-limited', text, { status, retryable: true, limit: limit.kind, retryAfter: ms });
  }
  const kind = options.meaning(status, said) ?? kindOf(status);
  return new ForgeError(kind, text, { status, retryable: isTransient(status) });
}

function parsed(body: string, doing: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    // Cut off, or a proxy's page: as if there had been no answer.
    throw new ForgeError('network', `${doing}: the answer is not JSON`, { retryable: true });
  }
}
