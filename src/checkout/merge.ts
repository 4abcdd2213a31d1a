// Room: checkout/. Two Dockerfiles of one context that want the same ignore file: one text for both, or none.

/**
 * Both sets of added lines behind the old text, those of `first` first. Undefined when one of them does more than add
 * lines, or adds an exception (`!path`): with exceptions the order decides, and that belongs to one author.
 */
export function mergeAdditions(before: string | undefined, first: string, second: string): string | undefined {
  if (first === second) return first;
  const old = before ?? '';
  if (!first.startsWith(old) || !second.startsWith(old)) return undefined;
  const [one, two] = [additions(first, old), additions(second, old)];
  if ([...one, ...two].some((line) => line.trim().startsWith('!'))) return undefined;
  const have = new Set(first.split('\n').map((line) => line.trim()));
  const missing = two.filter((line) => line.trim() !== '' && !have.has(line.trim()));
  if (missing.length === 0) return first;
  const eol = first.includes('\r\n') ? '\r\n' : '\n';
  const end = first === '' || first.endsWith('\n') ? '' : eol;
  return `${first}${end}${missing.map((line) => line.trimEnd() + eol).join('')}`;
}

const additions = (text: string, old: string): string[] => text.slice(old.length).split('\n');
