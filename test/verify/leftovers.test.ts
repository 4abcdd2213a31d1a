// What is removed, at the end and at the next start: what carries the labels of a run that has ended, and nothing else.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findEngine } from '../../src/verify/engine/engine.ts';
import { cleanLeftovers, cleanUp } from '../../src/verify/engine/leftovers.ts';
import { endOrphans } from '../../src/verify/engine/orphans.ts';
import { ownerText, ownOwner, parseOwner, stateOfOwner } from '../../src/process/owner.ts';
import { ownerLabel, sessionLabel } from '../../src/verify/engine/labels.ts';
import { ownTemporary } from '../temporary.ts';
import { standInSession } from './session.ts';
import { dockerAnswers, standInEngine, type Answer } from './stand-in-engine.ts';

const own = ownOwner();
/** A process that has ended: the number is this one's, the start another. */
const dead = { ...own, started: '1' };
const elsewhere = { ...dead, host: 'other-machine:1' };
const deadSession = 'dddddddddddd';

describe('the owner of what is found', () => {
  it('is alive, dead, or elsewhere', () => {
    expect(stateOfOwner(own)).toBe('alive');
    expect(stateOfOwner({ ...own, pid: 2 ** 22 + 1 })).toBe('dead');
    expect(stateOfOwner(elsewhere)).toBe('elsewhere');
  });
  it.skipIf(own.started === '')('is another process with the same number (skipped where the system tells no start)', () => {
    expect(stateOfOwner(dead)).toBe('dead');
  });
  it('is read as it is written', () => {
    expect(parseOwner(ownerText(own))).toEqual(own);
    for (const text of ['', 'host', 'host/1', 'host/x/1', '../1/2/3', 'kept']) expect(parseOwner(text)).toBeUndefined();
  });
});

describe('the end of a session', () => {
  const answers: Answer[] = [
    { to: '^ps .*label=dockerfile-mod.verify=', stdout: 'c1\nc2\n' },
    { to: '^images .*label=dockerfile-mod.verify=', stdout: 'i1\ni1\ni2\n' },
    { to: '^network ls .*label=dockerfile-mod.verify=', stdout: 'n1\n' },
    { to: '^rmi', stderr: 'no such image', code: 1 },
  ];
  it('removes its containers with volumes, networks, images and directory, and asks for nothing else', async () => {
    const { session, calls, abort } = await standInSession(answers);
    abort();
    await cleanUp(session);
    const changing = calls().filter((call) => /^(?:rm|rmi|network rm|builder prune|volume|system prune)/.test(call));
    expect(changing).toEqual(['rm --force --volumes c1 c2', 'network rm n1', 'rmi --force i1', 'rmi --force i2']);
    expect(
      calls()
        .filter((call) => call.includes('--filter'))
        .every((call) => call.endsWith(`label=${sessionLabel}=${session.id}`)),
    ).toBe(true);
    expect(existsSync(session.directory)).toBe(false);
    await cleanUp(session);
  });

  it('leaves the images that are to be kept, and says so by a tag', async () => {
    const { session, calls } = await standInSession(answers);
    await cleanUp(session, 'keep-images');
    expect(calls().some((call) => call.startsWith('rmi'))).toBe(false);
    expect(calls()).toContain(`tag i1 dockerfile-mod-kept:${session.id}-1`);
  });

  it('empties its cache mounts alone', async () => {
    const records = (session: string): Answer => ({
      to: '^system df',
      stdout: JSON.stringify({
        BuildCache: [
          { ID: 'mine*', Description: `cached mount /root/.npm/.${session}-before-1/.. from exec /bin/sh -c npm ci` },
          { ID: 'theirs', Description: 'cached mount /root/.npm from exec /bin/sh -c npm ci' },
        ],
      }),
    });
    const engine = await findEngine(undefined, standInEngine(dockerAnswers()).env, new AbortController().signal);
    const { session } = await standInSession();
    const stand = standInEngine([...dockerAnswers(), { to: '^builder prune', stdout: '' }, records(session.id)]);
    const asked = await findEngine(undefined, stand.env, new AbortController().signal);
    await cleanUp({ ...session, engine: asked });
    expect(engine.name).toBe('docker');
    const pruned = stand.calls().filter((call) => call.startsWith('builder prune'));
    expect(new Set(pruned)).toEqual(new Set(['builder prune --force --filter id=mine']));
  });

  it('reads the records of buildx', async () => {
    const { session } = await standInSession();
    const stand = standInEngine([
      ...dockerAnswers('27.3.1'),
      {
        to: '^builder du',
        stdout: `ID:\t\tother\nDescription:\tcached mount /a from exec x with id "/a"\n\nID:\t\tmine\nMutable:\ttrue\nDescription:\tcached mount /a from exec x with id "/a-${session.id}-after-1"\n\nReclaimable:\t1B\n`,
      },
    ]);
    await cleanUp({ ...session, engine: await findEngine(undefined, stand.env, new AbortController().signal) });
    expect(stand.calls()).toContain('builder prune --force --filter id=mine');
    expect(stand.calls()).not.toContain('builder prune --force --filter id=other');
  });
});

describe('the start of the next run', () => {
  const inspected = (id: string, owner: string, tags?: string[]): string =>
    [id, JSON.stringify({ [sessionLabel]: deadSession, [ownerLabel]: owner }), ...(tags ? [JSON.stringify(tags)] : [])].join('\t');

  it('removes what dead processes of this machine left, and nothing else', async () => {
    const stand = standInEngine([
      ...dockerAnswers(),
      { to: '^ps ', stdout: 'c1\nc2\nc3\nc4\n' },
      { to: '^images ', stdout: 'i1\ni2\ni3\n' },
      {
        to: '^container inspect',
        stdout: `${inspected('c1', ownerText(dead))}\n${inspected('c2', ownerText(own))}\n${inspected('c3', ownerText(elsewhere))}\n${inspected('c4', 'nonsense')}\n`,
        code: 1,
      },
      {
        to: '^image inspect',
        stdout: `${inspected('i1', ownerText(dead), ['x:1'])}\n${inspected('i2', ownerText(dead), ['dockerfile-mod-kept:1'])}\n${inspected('i3', ownerText(own), [])}\n`,
      },
    ]);
    await cleanLeftovers(await findEngine(undefined, stand.env, new AbortController().signal));
    expect(stand.calls().filter((call) => /^(?:rm|rmi|network rm) /.test(call))).toEqual(['rm --force --volumes c1', 'rmi --force i1']);
    expect(stand.calls().some((call) => call.startsWith('system df'))).toBe(true);
  });

  it('removes the directories of dead processes, and no other', async () => {
    const base = ownTemporary();
    const make = (name: string, owner: string | undefined): string => {
      const path = join(base, name);
      mkdirSync(join(path, 'context'), { recursive: true });
      if (owner !== undefined) writeFileSync(join(path, 'owner.json'), owner);
      return path;
    };
    const gone = make('dockerfile-mod-verify-1', JSON.stringify({ ...dead, session: deadSession }));
    const stay = [
      make('dockerfile-mod-verify-2', JSON.stringify({ ...own, session: deadSession })),
      make('dockerfile-mod-verify-3', JSON.stringify({ ...elsewhere, session: deadSession })),
      make('dockerfile-mod-verify-4', 'no json'),
      make('dockerfile-mod-verify-5', undefined),
      make('something-else', JSON.stringify({ ...dead, session: deadSession })),
    ];
    await cleanLeftovers(await findEngine(undefined, standInEngine(dockerAnswers()).env, new AbortController().signal));
    expect(existsSync(gone)).toBe(false);
    expect(stay.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('ends commands of dead runs, and no other', async () => {
    const sleeper = (label: string): ReturnType<typeof spawn> => {
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)', '--', label], { stdio: 'ignore' });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    };
    const orphan = sleeper(`${ownerLabel}=${ownerText(dead)}`);
    const others = [
      sleeper(`${ownerLabel}=${ownerText(own)}`),
      sleeper(`${ownerLabel}=${ownerText(elsewhere)}`),
      sleeper(`x${ownerLabel}=${ownerText(dead)}`),
    ];
    const ended = new Promise<NodeJS.Signals | null>((resolve) => orphan.on('exit', (_, signal) => resolve(signal)));
    await Promise.all([orphan, ...others].map((child) => new Promise((resolve) => child.on('spawn', resolve))));
    await endOrphans();
    expect(await ended).toBe('SIGTERM');
    expect(others.map((child) => child.exitCode ?? child.signalCode)).toEqual([null, null, null]);
  });
});
