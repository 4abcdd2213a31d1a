// A Redis of its own for a test: a free port of 127.0.0.1, a directory of its own, noeviction, an append-only file.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export interface RedisServer {
  /** With its password. */
  url: string;
  password: string;
  /** SIGKILL, and started again over the same files. */
  restart(): Promise<void>;
  /** `used_memory` of INFO, bytes. */
  memory(): Promise<number>;
  end(): Promise<void>;
}

/** Why there is none; undefined: there is. */
export function whyNoRedis(): string | undefined {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no redis-server on PATH';
  }
}

export async function redisServer(): Promise<RedisServer> {
  const dir = mkdtempSync(join(tmpdir(), 'dockerfile-mod-redis-'));
  const port = await freePort();
  const password = randomBytes(16).toString('hex');
  const url = `redis://:${password}@127.0.0.1:${port}/0`;
  let running = await start(dir, port, password, url);
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  };
  return {
    url,
    password,
    async restart() {
      await stop();
      running = await start(dir, port, password, url);
    },
    memory: () => asked(url, async (redis) => Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])),
    async end() {
      await stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function start(dir: string, port: number, password: string, url: string): Promise<ChildProcess> {
  // `everysec` holds writes back while the disk is busy, and a kill loses them.
  const options = {
    bind: '127.0.0.1',
    port,
    dir,
    requirepass: password,
    'maxmemory-policy': 'noeviction',
    appendonly: 'yes',
    appendfsync: 'always',
  };
  const lines = Object.entries(options).map(([name, value]) => `${name} ${value}\n`);
  // Not as arguments: the password is looked for there.
  writeFileSync(join(dir, 'redis.conf'), `${lines.join('')}save ""\n`, { mode: 0o600 });
  const child = spawn('redis-server', [join(dir, 'redis.conf')], { stdio: 'ignore' });
  await asked(url, (redis) => redis.ping());
  return child;
}

/** Waits for an answer: it may still be reading its file. */
async function asked<T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => 100, reconnectOnError: () => true });
  redis.on('error', () => undefined);
  for (let tries = 0; ; tries++) {
    try {
      return await ask(redis);
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      if (tries > 200 || redis.status === 'ready') redis.disconnect();
    }
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
