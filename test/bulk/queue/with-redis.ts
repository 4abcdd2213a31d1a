// One Redis for the tests of a file; where there is no redis-server they are skipped, and say why.
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe } from 'vitest';
import { redisServer, whyNoRedis, type RedisServer } from './redis-server.ts';

export interface At {
  redis: Redis;
  server: RedisServer;
}

/** A group of tests; `at()` is the connection, empty at first. */
export function withRedis(name: string, tests: (at: () => At) => void): void {
  const why = whyNoRedis();
  describe.skipIf(why !== undefined)(why === undefined ? name : `${name} (skipped: ${why})`, () => {
    let found: At | undefined;
    beforeAll(async () => {
      const server = await redisServer();
      const redis = new Redis(server.url, { maxRetriesPerRequest: null });
      // A test kills it; the connection is made again.
      redis.on('error', () => undefined);
      found = { server, redis };
    }, 60_000);
    afterAll(async () => {
      found?.redis.disconnect();
      await found?.server.end();
    });
    tests(() => {
      if (!found) throw new Error('only inside of a test');
      return found;
    });
  });
}
