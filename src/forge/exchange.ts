// Room: forge/. One exchange with a forge, repeated where that is safe: pace, limits, retries, errors.
import type { Connection } from './connection.ts';
import { cutOff, untimed } from './deadline.ts';
import { isTransient, kindOf, message, sentence, unanswered } from './errors.ts';
import type { Meaning } from './errors.ts';
import { limited, remaining } from './limits.ts';
import { readBounded, sendOnce } from './send.ts';
import { ForgeError } from './types.ts';
import type { Request } from './types.ts';

/** A request with all that decides how it is treated. */
export interface Exchange {
  method: string;
  /** Of the forge's own origin; another one is refused. */
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  kind: Request;
  /** Bytes of the answer's body; more is ForgeError `unprocessable`. */
  maxBytes: number;
  /** When a limit refuses: wait and send again, or throw `rate-limited`. */
  onLimit: 'wait' | 'throw';
}

/** A good answer (2xx), whole; the body is empty or JSON. */
export interface Received {
  status: number;
  headers: Headers;
  body: string;
}

export interface ExchangeRules {
  connection: Connection;
  /** The only origin that is asked. */
  origin: string;
  meaning: Meaning;
  /** A refusal that comes with a 200 (GraphQL): its status and words. */
  hidden?: (json: unknown) => { status: number; message: string } | undefined;
}

const retries = 5;
/** A limit that refuses so often in a row will not end by waiting. */
const waits = 20;
const firstPause = 500;
const longestPause = 30_000;
const firstSleep = 60_000;
const longestSleep = 60 * 60_000;

/** Makes the function that all requests of an actor to a host pass, so that one refusal puts all to sleep. */
export function exchanger(rules: ExchangeRules): (exchange: Exchange) => Promise<Received> {
  const { clock } = rules.connection;
  const sleeps = new Sleeps(rules.connection);
  return async (exchange) => {
    const signal = cutOff(rules.connection.signal);
    let failures = 0;
    let refusals = 0;
    for (;;) {
      const outcome = await attempt(rules, sleeps, exchange);
      if (!(outcome instanceof ForgeError)) return outcome;
      signal?.throwIfAborted();
      if (outcome.kind === 'rate-limited') {
        refusals += 1;
        if (exchange.onLimit === 'throw' || refusals > waits) throw outcome;
        continue; // The budget sleeps: the next attempt waits for it.
      }
      if (!outcome.retryable || exchange.kind !== 'read' || failures >= retries) throw outcome;
      // Full jitter: anything between nothing and the doubled pause.
      await clock.sleep(clock.random() * Math.min(firstPause * 2 ** failures, longestPause), signal);
      failures += 1;
    }
  };
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
async function attempt(rules: ExchangeRules, sleeps: Sleeps, exchange: Exchange): Promise<Received | ForgeError> {
  const { clock, pace, redactor, timeout } = rules.connection;
  const signal = cutOff(rules.connection.signal);
  const doing = `${exchange.method} ${exchange.url.pathname}`;
  if (exchange.url.origin !== rules.origin) {
    return new ForgeError('unprocessable', `${doing}: an address of another host is not asked`, { retryable: false });
  }
  await untimed(() => pace.take(exchange.kind, signal));
  try {
    const response = await sendOnce(exchange, { timeout, signal });
    const body = await readBounded(response, exchange.maxBytes, doing);
    const { status, headers } = response;
    const header = (name: string): string | null => headers.get(name);
    const budget = remaining(header, clock.now());
    if (budget) pace.remaining(budget.left, budget.of, budget.resetsAt);
    if (!response.ok) return refusal(rules, sleeps, { status, header, said: sentence(body), doing });
    const json = parsed(body, doing);
    const hidden = rules.hidden?.(json);
    if (hidden) return refusal(rules, sleeps, { status: hidden.status, header, said: hidden.message, doing });
    if (exchange.kind === 'content') sleeps.awake();
    return { status, headers, body };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    return unanswered(error, doing, redactor);
  }
}

function refusal(
  { connection, meaning }: ExchangeRules,
  sleeps: Sleeps,
  answer: { status: number; header(name: string): string | null; said: string; doing: string },
): ForgeError {
  const { status, header, said, doing } = answer;
  const text = message(`${doing}: ${status}${said ? `: ${said}` : ''}`, connection.redactor);
  const limit = limited(status, said, header, connection.clock.now());
  if (limit) {
    const ms = sleeps.sleep(limit.kind, limit.wait);
    return new ForgeError('rate-limited', text, { status, retryable: true, limit: limit.kind, retryAfter: ms });
  }
  return new ForgeError(meaning(status, said) ?? kindOf(status), text, { status, retryable: isTransient(status) });
}

/** JSON of a body; undefined when it is empty. Throws ForgeError `network`: cut off, or a proxy's page, as if there had been no answer. */
export function parsed(body: string, doing: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw new ForgeError('network', `${doing}: the answer is not JSON`, { retryable: true });
  }
}
