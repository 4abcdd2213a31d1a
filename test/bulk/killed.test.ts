// Killed at every single call to the forge, before it and after it: resumed, each repository is done once and no person's commit is lost.
import { appendFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JournalError } from '../../src/bulk/journal/log.ts';
import { takeLock } from '../../src/bulk/journal/lock.ts';
import { fakeForge, type FakeForge } from './fake-forge.ts';
import { harness, project, type Harness } from './harness.ts';

const branch = 'dockerfile-mod/test';

/** From the given call on, nothing is answered any more: the process is gone. */
function killAt(forge: FakeForge, moment: number, when: 'before' | 'after'): () => number {
  let count = 0;
  forge.hook = (_, now) => {
    if (now === 'before') count += 1;
    if (count > moment || (count === moment && now === when)) throw new Killed();
  };
  return () => count;
}
/** Not a ForgeError: it is not handled as one. */
class Killed extends Error {
  override readonly name = 'AbortError';
}

/** Runs until the kill; what the dead process would have written to the journal afterwards is cut off. */
async function runKilled(at: Harness, forge: FakeForge, moment: number, when: 'before' | 'after'): Promise<'killed' | 'finished'> {
  const calls = killAt(forge, moment, when);
  await at
    .session(async (session) => {
      const controller = new AbortController();
      const hook = forge.hook;
      forge.hook = (name, now, args) => {
        try {
          void hook(name, now, args);
        } catch (error) {
          controller.abort();
          throw error;
        }
      };
      const { applyAll } = await import('../../src/bulk/run/apply.ts');
      await applyAll({ ...session, signal: controller.signal }, { maxPrs: undefined, onlyApproved: 'no', progress: () => undefined });
    })
    .catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
  forge.hook = () => undefined;
  return calls() >= moment ? 'killed' : 'finished';
}

function setUp(): { forge: FakeForge; at: Harness } {
  const forge = fakeForge();
  for (const name of ['a', 'b']) forge.addRepo(name, project(name));
  return { forge, at: harness(forge) };
}

describe('killed', () => {
  it.each(['before', 'after'] as const)(
    '%s any call while pull requests are opened',
    async (when) => {
      for (let moment = 1; moment < 60; moment++) {
        const { forge, at } = setUp();
        await at.plan();
        const ended = await runKilled(at, forge, moment, when);
        const resumed = await at.apply();
        expect(resumed.outcomes.failed, `call ${moment}`).toBeUndefined();
        for (const name of ['a', 'b']) {
          const repo = forge.repos.get(`acme/${name}`);
          expect(repo?.pulls.length, `call ${moment}: pull requests of ${name}`).toBe(1);
          expect(repo?.pulls[0]?.state).toBe('open');
          expect(await at.state(name), `call ${moment}`).toBe('open');
        }
        forge.calls.length = 0;
        expect((await at.apply()).outcomes, `call ${moment}: a second run`).toEqual({ same: 2 });
        if (ended === 'finished') {
          expect(moment).toBeGreaterThan(8);
          return;
        }
      }
      throw new Error('there was no end');
    },
    240_000,
  );

  it.each(['before', 'after'] as const)(
    '%s any call while they are updated and a person pushes',
    async (when) => {
      for (let moment = 1; moment < 60; moment++) {
        const { forge, at } = setUp();
        await at.plan();
        await at.apply();
        at.options.refactor = { skip: ['non-root-user'] };
        await at.plan();
        const ended = await runKilled(at, forge, moment, when);
        const ref = { host: 'forge.example', owner: 'acme', name: 'b' };
        forge.push(ref, branch, { 'mine.txt': 'by a person' });
        await at.apply();
        await at.apply();
        expect(forge.opened(), `call ${moment}`).toBe(2);
        expect(forge.filesAt(ref, branch)['mine.txt'], `call ${moment}`).toBe('by a person');
        expect(await at.state('b')).toBe('frozen');
        expect(forge.repos.get('acme/b')?.pulls[0]?.comments.length, `call ${moment}`).toBe(1);
        expect(forge.filesAt({ ...ref, name: 'a' }, branch).Dockerfile).not.toContain('USER');
        if (ended === 'finished') return;
      }
      throw new Error('there was no end');
    },
    240_000,
  );
});

describe('the journal', () => {
  const lastFile = (at: Harness): string =>
    join(
      at.directory,
      readdirSync(at.directory)
        .filter((name) => name.startsWith('journal-'))
        .sort()
        .at(-1) ?? '',
    );

  it('forgets a last line that was torn, wherever it was torn', async () => {
    const { forge, at } = setUp();
    await at.plan();
    await at.apply();
    const whole = readFileSync(lastFile(at));
    const lines = whole.toString().trimEnd().split('\n');
    const last = Buffer.byteLength(`${lines.at(-1)}\n`);
    for (const cut of [1, 2, Math.floor(last / 2), last - 1]) {
      writeFileSync(lastFile(at), whole.subarray(0, whole.length - cut));
      expect((await at.apply()).outcomes).toEqual({ same: 2 });
    }
    expect(forge.opened()).toBe(2);
  });

  it('refuses one that is damaged elsewhere, with the line', async () => {
    const { at } = setUp();
    await at.plan();
    const text = readFileSync(lastFile(at), 'utf8');
    const [first, second, ...rest] = text.split('\n');
    writeFileSync(lastFile(at), [first, '{"v":1', ...rest].join('\n'));
    await expect(at.records()).rejects.toThrow(/:2: is no JSON/);
    writeFileSync(lastFile(at), [first, ...rest].join('\n'));
    await expect(at.records()).rejects.toThrow(/:2: event 2 is missing/);
    writeFileSync(lastFile(at), [first, second?.replace('"v":1', '"v":7'), ...rest].join('\n'));
    await expect(at.records()).rejects.toThrow(JournalError);
  });

  it('is the same read again, also after events that it does not know', async () => {
    const { at } = setUp();
    await at.plan();
    await at.apply();
    const records = await at.records();
    expect(await at.records()).toEqual(records);
    const seq = readFileSync(lastFile(at), 'utf8').trimEnd().split('\n').length + 1;
    appendFileSync(
      lastFile(at),
      `${JSON.stringify({ v: 1, seq, t: '', run: '', repo: 'forge.example/acme/a', ev: 'of-tomorrow', data: {} })}\n`,
    );
    expect(await at.records()).toEqual(records);
  });

  it('has one writer', () => {
    const { at } = setUp();
    return at.session(async () => {
      const lock = takeLock(at.directory);
      if ('heldBy' in lock) throw new Error(lock.heldBy);
      const second = takeLock(at.directory);
      expect('heldBy' in second && second.heldBy).toContain(`process ${process.pid}`);
      lock.release();
      // Of a process that is gone.
      writeFileSync(
        join(at.directory, 'lock'),
        JSON.stringify({ pid: 2 ** 22 - 1, host: (await import('node:os')).hostname(), since: 'then' }),
      );
      const third = takeLock(at.directory);
      expect('heldBy' in third).toBe(false);
      if (!('heldBy' in third)) third.release();
    });
  });
});
