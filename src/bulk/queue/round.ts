// Room: bulk/. Rounds of a campaign over a queue, kept beside the journal: which one is under way, and whose the queue is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../journal/directory.ts';
import type { JobKind } from './types.ts';

export interface Rounds {
  v: 1;
  /** Names what lies in Redis for this journal: entries of another one are not ours. */
  epoch: string;
  /** Number of the last round. */
  round: number;
  /** Under way: its jobs may be worked at now. */
  open: JobKind | undefined;
}

const fileOf = (directory: string): string => join(directory, 'queue.json');

/** Undefined: the campaign was never on a queue. */
export function readRounds(directory: string): Rounds | undefined {
  let text: string;
  try {
    text = readFileSync(fileOf(directory), 'utf8');
  } catch {
    return undefined;
  }
  const rounds = JSON.parse(text) as Rounds;
  if (rounds.v !== 1) throw new Error(`${fileOf(directory)} was written by another version of dockerfile-mod`);
  return rounds;
}

export const writeRounds = (directory: string, rounds: Rounds): void => writeWhole(fileOf(directory), `${JSON.stringify(rounds)}\n`);
