// Room: ecosystems/go. The arguments of a call, and the literal behind one where it can be told.
import { argumentsAt, trimmed, type Range } from '../source-text.ts';
import type { GoFile } from './source.ts';

/** Named string constants of a package, by name. */
export type Constants = ReadonlyMap<string, string>;

/** The string that an argument is: a literal, a constant of the package, a `+` of those, or filepath.Join of those. Undefined: computed. */
export function literalOf(file: GoFile, range: Range, constants: Constants, depth = 0): string | undefined {
  const { code, strings } = file.lexed;
  const string = strings.get(range.start);
  if (string?.end === range.end) return string.value;
  const text = code.slice(range.start, range.end);
  if (text.length > 400 || depth > 3) return undefined;
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(text)) return constants.get(text);
  const join = /^(?:filepath|path)\.Join(?=\()/.exec(text);
  if (join) {
    const args = argumentsAt(code, range.start + join[0].length) ?? [];
    if (!text.endsWith(')')) return undefined;
    const parts = args.map((arg) => literalOf(file, arg, constants, depth + 1));
    return parts.every((part) => part !== undefined) ? joined(parts) : undefined;
  }
  return concatenation(file, range, constants, depth);
}

/** filepath.Join on Linux, for literal parts. */
function joined(parts: readonly string[]): string {
  const text = parts.filter((part) => part !== '').join('/');
  return text.replace(/\/{2,}/g, '/').replace(/(?:^|(?<=\/))\.\//g, '');
}

function concatenation(file: GoFile, range: Range, constants: Constants, depth: number): string | undefined {
  const { code } = file.lexed;
  if (!code.slice(range.start, range.end).includes('+')) return undefined;
  let value = '';
  let start = range.start;
  for (let i = range.start; i <= range.end; i++) {
    if (i < range.end && code[i] !== '+') continue;
    const part = literalOf(file, trimmed(code, start, i), constants, depth + 1);
    if (part === undefined) return undefined;
    value += part;
    start = i + 1;
  }
  return value;
}

/** The string constants that the files of one package declare. Names declared twice with different values are left out. */
export function constantsOf(files: readonly GoFile[]): Constants {
  const constants = new Map<string, string>();
  const doubtful = new Set<string>();
  for (const file of files)
    for (const [name, value] of constantsIn(file)) {
      if (constants.has(name) && constants.get(name) !== value) doubtful.add(name);
      constants.set(name, value);
    }
  for (const name of doubtful) constants.delete(name);
  return constants;
}

function* constantsIn({ lexed: { code, strings } }: GoFile): Generator<[string, string]> {
  for (const declaration of code.matchAll(/(?<![\p{L}\p{N}_.])const\s+(?=[\p{L}_(])/gu)) {
    const from = declaration.index + declaration[0].length;
    const close = code[from] === '(' ? code.indexOf(')', from) : code.indexOf('\n', from);
    const body = code.slice(from, close < 0 ? code.length : close);
    for (const found of body.matchAll(/([\p{L}_][\p{L}\p{N}_]*)[ \t]*(?:string[ \t]*)?=[ \t]*(?=["`])/gu)) {
      const string = strings.get(from + found.index + found[0].length);
      if (string && found[1] !== undefined && /^[ \t]*(?:[\n;)]|$)/.test(code.slice(string.end, string.end + 80)))
        yield [found[1], string.value];
    }
  }
}
