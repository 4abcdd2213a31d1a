// Room: checkout/. What a word was meant for that is nearly another one.

/** The first of the known words, of more than three letters, that is a letter more, less or other, or has two letters changed; undefined: none. */
export const nearest = (word: string, known: Iterable<string>): string | undefined =>
  [...known].find((one) => one.length > 3 && isNear(word, one));

function isNear(word: string, known: string): boolean {
  if (word === known) return true;
  const [a, b] = word.length <= known.length ? [word, known] : [known, word];
  if (b.length - a.length > 1) return false;
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  if (at < 0) return true;
  const same = (from: number, other: number): boolean => a.slice(from) === b.slice(other);
  if (a.length < b.length) return same(at, at + 1);
  return same(at + 1, at + 1) || (a[at] === b[at + 1] && a[at + 1] === b[at] && same(at + 2, at + 2));
}
