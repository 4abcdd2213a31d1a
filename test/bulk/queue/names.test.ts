// Ids of jobs and names of queues: Redis takes them, and two repositories never share one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobIdOf, queueNameOf } from '../../../src/bulk/queue/names.ts';
import { queueAddress, QueueError } from '../../../src/bulk/queue/redis.ts';

const id = (repo: string, round = 1): string => jobIdOf({ campaign: 'c', repo, specHash: 'f'.repeat(32), round });
const publish = (identity: string): string => queueNameOf('publish', { campaign: 'c', identity });

describe('job ids', () => {
  it('read as what they are', () => {
    expect(id('github.com/acme/web.app')).toBe('c-github.com-acme-web.app-ffffffffffff-r1');
    expect(id('h/acme/my-app')).toBe('c-h-acme-my_2dapp-ffffffffffff-r1');
  });
  it.each([
    ['h/a-b/c', 'h/a/b-c'],
    ['h/a_b/c', 'h/a-b/c'],
    ['h:1/a/b', 'h_3a1/a/b'],
    ['h/a/b', 'h/a/b/c'],
  ])('%s and %s differ', (one, other) => expect(id(one)).not.toBe(id(other)));
  it('are taken by Redis and differ, whatever the names are', () => {
    const repo = fc.array(
      fc.string({ minLength: 1, maxLength: 60 }).filter((part) => !part.includes('/')),
      { minLength: 2, maxLength: 6 },
    );
    fc.assert(
      fc.property(repo, repo, (a, b) => {
        const [one, other] = [id(a.join('/')), id(b.join('/'))];
        expect(one).toMatch(/^[A-Za-z0-9._-]{1,260}$/);
        expect(one).not.toMatch(/^\d+$/);
        expect(one === other).toBe(a.join('/') === b.join('/'));
      }),
    );
  });
  it('are new in each round', () => expect(id('h/a/b', 1)).not.toBe(id('h/a/b', 2)));
});

describe('queues', () => {
  it('plan by campaign, publish by identity', () => {
    expect(queueNameOf('plan', { campaign: 'slim-2026', identity: undefined })).toBe('plan-slim_2d2026');
    expect(publish('git.example:3000:bot')).toBe('publish-git.example_3a3000-bot');
  });
  it('never share a name', () => expect(publish('a.b-c:d')).not.toBe(publish('a.b:c-d')));
  it('need an identity to publish', () => expect(() => publish('nobody')).toThrow(/host:actor/));
});

describe('the address of the queue', () => {
  it('is told without its password', () => {
    const { told, password } = queueAddress('rediss://user:pass%2Fword@redis.example:6380/2');
    expect(told).toBe('rediss://redis.example:6380/2');
    expect(password).toBe('pass/word');
  });
  it.each(['http://:hidden-word@h', ':hidden-word@h:6379', 'redis://', 'redis://:hidden-word@'])(
    'refuses %s without repeating it',
    (text) => {
      const refused = (): unknown => queueAddress(text);
      expect(refused).toThrow(QueueError);
      expect(refused).not.toThrow(/hidden-word/);
    },
  );
});
