// Room: verify/compare/. What varies among an image's own answers, learned from several of them: the rest must be the same in the other image.

/** A text, once learned from its samples. */
export interface Expected {
  /** Whether another text is one that the image might have written. */
  matches(text: string): boolean;
  /** The first place where another text is different: a few words of each. */
  difference(text: string): { before: string; after: string };
}

/** Samples of equal structure vary by word (undefined: any word); others share a beginning and an end. */
type Pattern = { words: readonly (string | undefined)[] } | { head: readonly string[]; tail: readonly string[] };

/** Learns from one or more texts of the same image. */
export function expectedFrom(samples: readonly string[]): Expected {
  const [first = [], ...others] = samples.map(wordsOf);
  const pattern = learn(first, others);
  return {
    matches: (text) => fits(pattern, wordsOf(text)),
    difference: (text) => firstDifference(pattern, first, wordsOf(text)),
  };
}

/** Words with what joins their parts (ids, dates, versions), single marks, and space as one kind of it. */
export function wordsOf(text: string): string[] {
  const found = text.trim().match(/\s+|[\p{L}\p{N}_]+(?:[-.+=~:][\p{L}\p{N}_]+)*|[^]/gu) ?? [];
  return found.map((word) => (/^\s/.test(word) ? (word.includes('\n') ? '\n' : ' ') : word));
}

function learn(first: readonly string[], others: readonly (readonly string[])[]): Pattern {
  if (others.every((other) => other.length === first.length)) {
    return { words: first.map((word, i) => (others.every((other) => other[i] === word) ? word : undefined)) };
  }
  let head = first.length;
  let tail = first.length;
  for (const other of others) {
    head = Math.min(head, sharedLength(first, other));
    tail = Math.min(tail, sharedLength(first.toReversed(), other.toReversed()), other.length - head, first.length - head);
  }
  return { head: untilOpening(first.slice(0, head)), tail: fromClosing(tail === 0 ? [] : first.slice(-tail)) };
}

// What stands in the same brackets as the part that varies varies with it: that the first entries of two lists are equal is by chance.
const opening = new Set(['[', '{', '(']);
const closing = new Set([']', '}', ')']);

function untilOpening(head: readonly string[]): readonly string[] {
  const at = leftOf(head.toReversed(), opening, closing);
  return at === -1 ? head : head.slice(0, head.length - at);
}
function fromClosing(tail: readonly string[]): readonly string[] {
  const at = leftOf(tail, closing, opening);
  return at === -1 ? tail : tail.slice(at);
}
/** Farther away than so many words no chance is to be expected. */
const nearby = 8;
/** Where the brackets around the beginning of the words end; -1 when there are none nearby, on the same line. */
function leftOf(words: readonly string[], outwards: ReadonlySet<string>, inwards: ReadonlySet<string>): number {
  let depth = 0;
  for (const [i, word] of words.slice(0, nearby).entries()) {
    if (inwards.has(word)) depth += 1;
    if (word === '\n' && depth === 0) return -1;
    if (outwards.has(word) && depth === 0) return i;
    if (outwards.has(word)) depth -= 1;
  }
  return -1;
}

function sharedLength(one: readonly string[], other: readonly string[]): number {
  const until = one.findIndex((word, i) => other[i] !== word);
  return until === -1 ? one.length : until;
}

function fits(pattern: Pattern, words: readonly string[]): boolean {
  if ('words' in pattern)
    return words.length === pattern.words.length && pattern.words.every((word, i) => word === undefined || word === words[i]);
  const { head, tail } = pattern;
  if (words.length < head.length + tail.length) return false;
  return head.every((word, i) => words[i] === word) && tail.every((word, i) => words[words.length - tail.length + i] === word);
}

function firstDifference(pattern: Pattern, first: readonly string[], words: readonly string[]): { before: string; after: string } {
  const known = 'words' in pattern ? pattern.words : pattern.head;
  const at = known.findIndex((word, i) => word !== undefined && word !== words[i]);
  const place = at === -1 ? Math.min(known.length, words.length) : at;
  return { before: around(first, place), after: around(words, place) };
}

/** So many words before the place, and so many characters in all. */
const lead = 10;
const shownLength = 160;
function around(words: readonly string[], place: number): string {
  const from = Math.max(0, place - lead);
  const text = words
    .slice(from, place + 40)
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
  const cut = text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
  return `${from > 0 ? '…' : ''}${cut}`;
}
