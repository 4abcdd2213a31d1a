// Room: bulk/. The connection to Redis: an optional package, an address without secrets in it, a sentence when nobody answers.
import type { Redis } from 'ioredis';

/** Everything of ours in Redis begins so; the braces put it on one node of a cluster. */
export const prefix = '{dockerfile-mod}';

/** Why the queue cannot be used; for people, without a password. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
  /** `later`: it may be there when it is asked again. */
  readonly again: 'later' | 'never';
  constructor(message: string, again: 'later' | 'never' = 'never') {
    super(message);
    this.again = again;
  }
}

export interface QueueAddress {
  url: string;
  /** For messages: scheme, host, port, database. */
  told: string;
  /** To be redacted everywhere; undefined: none. */
  password: string | undefined;
}

/** Reads `redis://` or `rediss://`. Throws `QueueError`, which does not repeat what was given: a password may be in it. */
export function queueAddress(text: string): QueueAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new QueueError('the address of the queue is no URL: expected redis://host:6379/0');
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw new QueueError('the address of the queue begins with redis:// (or rediss:// for TLS)');
  if (url.hostname === '') throw new QueueError('the address of the queue names no host');
  const path = /^\/\d{0,5}$/.test(url.pathname) ? url.pathname : '';
  return { url: text, told: `${url.protocol}//${url.host}${path}`, password: url.password === '' ? undefined : decoded(url.password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Imports an optional package. */
export async function optional<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND'))
      throw new QueueError(`a queue needs the package ${name}, which is not installed: npm install ${name}`);
    throw error;
  }
}

/** Milliseconds for the first answer. */
const patience = 10_000;

/**
 * Connects. Later, a connection that breaks is made again for as long as it takes: commands wait. `warn`: what would lose jobs.
 * @throws QueueError when the package is missing or nobody answers at first.
 */
export async function connectRedis(address: QueueAddress, warn: (message: string) => void): Promise<Redis> {
  const { Redis: Client } = await optional('ioredis', () => import('ioredis'));
  let connected = false;
  const redis = new Client(address.url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: patience,
    // At first a wrong address must be told; later a restart of Redis is waited for.
    retryStrategy: (times) => (connected ? Math.min(times * 100, 2_000) : null),
  });
  // Without a listener an error would end the process; the reconnection is what answers it.
  let last = '';
  redis.on('error', (error: Error) => (last = error.message));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    throw new QueueError(
      `the queue at ${address.told} does not answer: ${last || (error instanceof Error ? error.message : 'no connection')}`,
      'later',
    );
  }
  connected = true;
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  if (policy !== undefined && policy !== 'noeviction')
    warn(`Redis at ${address.told} has maxmemory-policy ${policy}: jobs may be lost, set noeviction`);
  return redis;
}
