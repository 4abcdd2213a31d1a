// What is done for one repository has an end, and leaves nothing running.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { path } from '../../src/forge/address.ts';
import { once } from '../../src/forge/ask.ts';
import { clock, type Connection } from '../../src/forge/connection.ts';
import { cutOff, untimed, withDeadline } from '../../src/forge/deadline.ts';
import { git } from '../../src/forge/git/environment.ts';
import { createPace, defaultLimits } from '../../src/forge/pace.ts';
import { openDoor, type Door } from '../../src/forge/request.ts';
import { createRedactor } from '../../src/forge/secrets.ts';
import type { Pace } from '../../src/forge/types.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const timedOut = { name: 'ForgeError', kind: 'timeout', retryable: true };

/** A server that never answers. */
async function silent(): Promise<Server> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

const doorTo = (server: Server, pace: Pace = createPace({ ...defaultLimits, contentPerMinute: 80, clock })): Door => {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection: Connection = {
    ...{ baseUrl, credential: undefined, pace, redactor: createRedactor(), clock },
    ...{ signal: new AbortController().signal, timeout: 60_000 },
  };
  return openDoor({ connection, root: baseUrl, headers: {}, meaning: () => undefined });
};

describe('a deadline', () => {
  it('ends a request that is not answered, and tells that the repository took too long', async () => {
    const door = doorTo(await silent());
    const read = withDeadline(50, () => door.request({ method: 'GET', path: path`/x` }));
    await expect(read).rejects.toMatchObject({ ...timedOut, message: 'more than 0.05 s were needed for this repository' });
  });

  it('ends a git command', async () => {
    const server = await silent();
    const cwd = mkdtempSync(join(tmpdir(), 'dockerfile-mod-'));
    onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
    const access = { env: process.env, token: undefined, protocols: 'network', redact: (text: string) => text, timeout: 60_000 } as const;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a/b.git`;
    await expect(withDeadline(200, () => git(access, ['ls-remote', url], { cwd }))).rejects.toMatchObject(timedOut);
  });

  it('does not count what is waited for the budget that all share', async () => {
    // No time passes but what is told: the request is a real one.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const slow: Pace = { ...createPace({ ...defaultLimits, contentPerMinute: 80, clock }), take: () => wait(300) };
    const server = await silent();
    const asked = new Promise((resolve) => server.once('request', resolve));
    const door = doorTo(server, slow);
    let taken = 'no';
    const read = withDeadline(100, async () => {
      await untimed(() => wait(300));
      taken = cutOff(undefined)?.aborted ? 'cut off' : 'yes';
      await door.request({ method: 'GET', path: path`/x` });
    });
    const ended = expect(read).rejects.toMatchObject(timedOut);
    await vi.advanceTimersByTimeAsync(600);
    expect(taken).toBe('yes');
    await asked;
    await vi.advanceTimersByTimeAsync(100);
    await ended;
  });

  it('leaves alone what is in time, and what is done for others', async () => {
    const outside = cutOff(undefined);
    const [, other] = await Promise.all([
      withDeadline(30, async () => wait(60)),
      withDeadline(60_000, async () => {
        await wait(90);
        return cutOff(undefined)?.aborted;
      }),
    ]);
    expect([outside, other]).toEqual([undefined, false]);
  });

  it('still hears the signal of the connection', async () => {
    const stop = new AbortController();
    const heard = await withDeadline(60_000, async () => {
      const signal = cutOff(stop.signal);
      stop.abort(new Error('interrupted'));
      return [signal?.aborted, String(signal?.reason), cutOff(stop.signal) === signal];
    });
    expect(heard).toEqual([true, 'Error: interrupted', true]);
  });
});

it('what is asked once is asked again after a failure', async () => {
  let asked = 0;
  const login = once(async () => {
    asked += 1;
    if (asked === 1) throw new Error('cut off');
    return 'bot';
  });
  await expect(login()).rejects.toThrow('cut off');
  expect([await login(), await login(), asked]).toEqual(['bot', 'bot', 2]);
});
