// Room: ecosystems/node. The plain subset of YAML that package managers write themselves (pnpm-lock.yaml, yarn.lock, .yarnrc.yml): keys by indentation.
// Not a YAML parser: a lock is long, is written by a program in one form, and is read for a handful of keys.

export interface IndentedLine {
  /** Keys from the top down to this line, this line's key last. */
  path: string[];
  /** What follows the colon, without quotes; '' when the value is on the lines below. For a list item (`- x`) the item. */
  value: string;
  item: boolean;
  line: number;
}

/** All lines of `key: value` and `- item`, with the keys they lie under. Lines that are neither are left out. */
export function indentedLines(text: string): IndentedLine[] {
  const found: IndentedLine[] = [];
  const stack: { indent: number; key: string }[] = [];
  const lines = text.split('\n');
  for (const [index, raw] of lines.entries()) {
    if (raw.length > 20_000) continue;
    const content = raw.trim();
    if (content === '' || content.startsWith('#') || content === '---') continue;
    const indent = raw.length - raw.trimStart().length;
    while (stack.length > 0 && (stack.at(-1)?.indent ?? 0) >= indent) stack.pop();
    const above = stack.map((level) => level.key);
    if (content.startsWith('- ')) {
      // A list may stand at its key's own indentation: then the key has just been taken off.
      found.push({ path: above, value: unquoted(content.slice(2)), item: true, line: index + 1 });
      continue;
    }
    const pair = keyAndValue(content);
    if (pair === undefined || stack.length > 20) continue;
    stack.push({ indent, key: pair.key });
    found.push({ path: [...above, pair.key], value: pair.value, item: false, line: index + 1 });
  }
  return found;
}

/** The items of a list that stands below a key, or behind it in brackets. */
export function listAt(lines: readonly IndentedLine[], key: string): string[] {
  const start = lines.findIndex((line) => !line.item && line.path.length === 1 && line.path[0] === key);
  const first = lines[start];
  if (first === undefined) return [];
  if (first.value.startsWith('[')) return flowList(first.value);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => !line.item && line.path.length === 1);
  return (end < 0 ? rest : rest.slice(0, end)).filter((line) => line.item).map((line) => line.value);
}

/** `[linux, darwin]` as its items. */
export function flowList(value: string): string[] {
  const inner = value.replace(/^\[|\]$/g, '');
  return inner
    .split(',')
    .map((item) => unquoted(item.trim()))
    .filter((item) => item !== '');
}

function keyAndValue(content: string): { key: string; value: string } | undefined {
  const quote = content[0];
  if (quote === '"' || quote === "'") {
    const end = content.indexOf(quote, 1);
    if (end < 0) return undefined;
    const key = content.slice(1, end);
    if (content[end + 1] === ':') return { key, value: unquoted(content.slice(end + 2)) };
    if (content[end + 1] === ' ') return { key, value: unquoted(content.slice(end + 1)) };
    // yarn 1: `"a@1", "a@2":` is one key.
    return content.endsWith(':') ? { key: content.slice(0, -1), value: '' } : undefined;
  }
  if (content.endsWith(':')) return { key: content.slice(0, -1), value: '' };
  const colon = content.indexOf(': ');
  if (colon >= 0) return { key: content.slice(0, colon), value: unquoted(content.slice(colon + 2).trim()) };
  // yarn 1: `version "1.0.0"`.
  const space = content.indexOf(' ');
  return space < 0 ? undefined : { key: content.slice(0, space), value: unquoted(content.slice(space + 1).trim()) };
}

export function unquoted(value: string): string {
  const bare = value.trim();
  return /^(["']).*\1$/s.test(bare) && bare.length > 1 ? bare.slice(1, -1) : bare;
}
