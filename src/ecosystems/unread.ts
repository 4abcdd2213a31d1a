// Room: ecosystems/. Sources that were not read: what they read, start and write is unknown, not nothing.
import type { SourceHit } from './types.ts';

/** A source, or the directory of several, and a sentence that says why it was not read. */
export interface Unread {
  file: string;
  told: string;
}

/** What stands for it among the places of the sources: a read of something, and code that may do anything. */
export function unreadHits({ file, told }: Unread): SourceHit[] {
  const place = { file: file === '' ? '.' : file, line: 1, literal: undefined, text: told };
  return [
    { ...place, kind: 'read' },
    { ...place, kind: 'spawn', code: true, unread: true },
  ];
}

/** Of a file that the context holds and that is no text, or too large. */
export const unreadFile = (file: string, why: string): Unread => ({
  file,
  told: `${file} is not read, since it is ${why.replace('-', ' ')}`,
});
