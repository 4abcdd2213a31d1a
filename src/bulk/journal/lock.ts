// Room: bulk/. One writer for a campaign: a lock file with a heartbeat.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

export interface Lock {
  release(): void;
}

interface Holder {
  pid: number;
  host: string;
  since: string;
}

const beat = 5_000;
/** A holder on another machine that has not beaten for so long is gone. */
const stale = 60_000;

/** Takes the lock, from a holder that is dead as well. Answers a sentence when somebody else works on the campaign. */
export function takeLock(directory: string): Lock | { heldBy: string } {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    if (create(path)) return held(path);
    const holder = holderOf(path);
    if (holder && isAlive(holder, path)) return { heldBy: `process ${holder.pid} on ${holder.host}, since ${holder.since}` };
    rmSync(path, { force: true });
  }
  return { heldBy: 'another process' };
}

function create(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    writeFileSync(file, JSON.stringify(holder));
    closeSync(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function held(path: string): Lock {
  const timer = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // Taken away by hand; the next run sees it.
    }
  }, beat);
  timer.unref();
  return {
    release: () => {
      clearInterval(timer);
      rmSync(path, { force: true });
    },
  };
}

function holderOf(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    // Killed between making the file and writing it, or gone.
    return undefined;
  }
}

function isAlive({ pid, host }: Holder, path: string): boolean {
  if (host !== hostname()) return Date.now() - statSync(path).mtimeMs < stale;
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
