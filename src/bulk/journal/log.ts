// Room: bulk/. The journal: one JSON line per event, appended and flushed; read back from the last compaction on.
import {
  closeSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  write,
} from 'node:fs';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EventSink, JournalEvent, NewEvent, RepoKey, RepoRecord } from '../types.ts';
import { writeWhole } from './directory.ts';
import { fold, newRecord } from './fold.ts';

const writeAll = promisify(write);
const flush = promisify(fdatasync);
/** Bytes of journal files above which the state is written down and they are removed. */
const compactAbove = 50 * 1024 * 1024;

export interface Journal extends EventSink {
  /** State of every repository: the fold of its events. */
  records: ReadonlyMap<RepoKey, RepoRecord>;
  /** As of EventSink. `from`: where in a queue's stream the event came from, so that one that comes again is recognised. */
  append(event: NewEvent, from?: string): Promise<void>;
  /** `from` of the last event that had one. */
  from(): string | undefined;
  /** Resolves when everything appended so far is on disk. */
  flushed(): Promise<void>;
  close(): Promise<void>;
}

interface Snapshot {
  v: 1;
  seq: number;
  from?: string;
  records: RepoRecord[];
}

export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/** What the journal of a directory says, without opening it for writing: for status and report beside a running campaign. */
export async function readJournal(directory: string): Promise<ReadonlyMap<RepoKey, RepoRecord>> {
  return (await replay(directory)).records;
}

/** Opens the journal for its one writer (who has the lock). A torn last line is cut off. Throws `JournalError` for a damaged one. */
export async function openJournal(directory: string, run: string): Promise<Journal> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const state = await replay(directory);
  if (state.torn !== undefined) cutOff(state.torn.path, state.torn.at);
  let { seq } = state;
  let number = state.lastFile;
  if (state.bytes > compactAbove) {
    writeWhole(join(directory, 'snapshot.json'), JSON.stringify(snapshotOf(state)));
    for (const name of journalFiles(directory)) rmSync(join(directory, name));
    number += 1;
  }
  const file = openSync(join(directory, nameOf(Math.max(number, 1))), 'a', 0o600);
  let waiting: string[] = [];
  let failed: unknown;
  // One write and one flush at a time; what comes meanwhile goes together into the next.
  let writing: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const writeOut = async (): Promise<void> => {
    const text = waiting.join('');
    waiting = [];
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += (await writeAll(file, bytes, at)).bytesWritten;
    await flush(file);
  };
  const schedule = (): Promise<void> => {
    next ??= (writing ?? Promise.resolve()).then(() => {
      next = undefined;
      writing = writeOut().catch((error: unknown) => {
        failed = error;
        throw error;
      });
      return writing;
    });
    return next;
  };
  return {
    records: state.records,
    from: () => state.from,
    append: (event: NewEvent, from?: string) => {
      if (failed !== undefined) return Promise.reject(failed as Error);
      seq += 1;
      const line = { v: 1, seq, t: new Date().toISOString(), run, ...event, ...(from === undefined ? {} : { from }) } as JournalEvent;
      state.from = from ?? state.from;
      apply(state.records, line);
      waiting.push(`${JSON.stringify(line)}\n`);
      return schedule();
    },
    flushed: () => (waiting.length > 0 ? schedule() : (next ?? writing ?? Promise.resolve())),
    close: async () => {
      if (waiting.length > 0) await schedule();
      else await (next ?? writing);
      fsyncSync(file);
      closeSync(file);
    },
  };
}

interface Replayed {
  records: Map<RepoKey, RepoRecord>;
  seq: number;
  from: string | undefined;
  lastFile: number;
  bytes: number;
  /** Where a line begins that was not written to its end. */
  torn: { path: string; at: number } | undefined;
}

const snapshotOf = ({ seq, from, records }: Replayed): Snapshot => ({
  v: 1,
  seq,
  ...(from === undefined ? {} : { from }),
  records: [...records.values()],
});

async function replay(directory: string): Promise<Replayed> {
  const state: Replayed = { records: new Map(), seq: 0, from: undefined, lastFile: 0, bytes: 0, torn: undefined };
  const snapshot = readSnapshot(join(directory, 'snapshot.json'));
  for (const record of snapshot?.records ?? []) state.records.set(record.repo, { ...newRecord(record.repo), ...record });
  state.seq = snapshot?.seq ?? 0;
  state.from = snapshot?.from;
  const files = journalFiles(directory);
  for (const [i, name] of files.entries()) {
    const path = join(directory, name);
    state.lastFile = Number(/\d+/.exec(name)?.[0] ?? 0);
    state.bytes += statSync(path).size;
    state.torn = await replayFile(path, state, i === files.length - 1 ? 'last' : 'earlier');
  }
  return state;
}

async function replayFile(path: string, state: Replayed, place: 'last' | 'earlier'): Promise<Replayed['torn']> {
  const endsWell = endsInLineFeed(path);
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let number = 0;
  let at = 0;
  let pending: { line: string; at: number } | undefined;
  const take = (line: string): void => {
    number += 1;
    const event = parsed(line, `${path}:${number}`);
    // A compaction that was interrupted leaves files whose events the snapshot has.
    if (event.seq <= state.seq) return;
    if (event.seq !== state.seq + 1) throw new JournalError(`${path}:${number}: event ${state.seq + 1} is missing`);
    state.seq = event.seq;
    state.from = event.from ?? state.from;
    apply(state.records, event);
  };
  for await (const line of lines) {
    if (pending) take(pending.line);
    pending = { line, at };
    at += Buffer.byteLength(line) + 1;
  }
  if (!pending) return undefined;
  if (!endsWell && place === 'last') return { path, at: pending.at };
  take(pending.line);
  return undefined;
}

function apply(records: Map<RepoKey, RepoRecord>, event: JournalEvent): void {
  if (event.repo === '*') return;
  records.set(event.repo, fold(records.get(event.repo) ?? newRecord(event.repo), event));
}

function parsed(line: string, where: string): JournalEvent {
  let event: JournalEvent;
  try {
    event = JSON.parse(line) as JournalEvent;
  } catch {
    throw new JournalError(`${where}: is no JSON; the journal is damaged`);
  }
  if (event.v !== 1) throw new JournalError(`${where}: version ${String(event.v)} is not known; a newer dockerfile-mod wrote it`);
  if (typeof event.seq !== 'number' || typeof event.repo !== 'string' || typeof event.ev !== 'string')
    throw new JournalError(`${where}: is no event`);
  return event;
}

function readSnapshot(path: string): Snapshot | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const snapshot = JSON.parse(text) as Snapshot;
  if (snapshot.v !== 1) throw new JournalError(`${path}: version ${String(snapshot.v)} is not known`);
  return snapshot;
}

const nameOf = (number: number): string => `journal-${String(number).padStart(5, '0')}.jsonl`;
const journalFiles = (directory: string): string[] => {
  try {
    return readdirSync(directory)
      .filter((name) => /^journal-\d{5}\.jsonl$/.test(name))
      .sort();
  } catch {
    return [];
  }
};

function endsInLineFeed(path: string): boolean {
  const { size } = statSync(path);
  if (size === 0) return true;
  const file = openSync(path, 'r');
  try {
    const last = Buffer.alloc(1);
    readSync(file, last, 0, 1, size - 1);
    return last[0] === 0x0a;
  } finally {
    closeSync(file);
  }
}

function cutOff(path: string, at: number): void {
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
