// Room: ecosystems/python. What an expression says of a path: constants of the file, os.path and pathlib, f-strings, as far as they can be told.
// Sources: docs.python.org/3/library/os.path.html, pathlib.html.
import { callArguments } from './source-text.ts';

/** A path as far as it can be told. */
export interface PathValue {
  path: string;
  /** Only the directory can be told: the name in it is computed. */
  directory?: true;
  /** Relative to the directory of the source itself, not to the working directory. */
  beside?: true;
  /** A variable of the environment that names another path, where it is set. */
  moved?: string;
}

/** Names that a text assigns once, with what it assigns. A name that is a parameter, a loop's or assigned again is none. */
export type Constants = ReadonlyMap<string, string>;

const MOST = 500;
const DEEPEST = 6;

/** Reads the constants of a source without comments. */
export function constantsOf(text: string): Constants {
  const found = new Map<string, string>();
  const again = new Set<string>();
  for (const match of text.matchAll(/^[ \t]*([A-Za-z_]\w*)(?:[ \t]*:[ \t]*[\w.[\]]{1,60})?[ \t]*=(?!=)[ \t]*([^\n]{1,500})/gm)) {
    const [, name = '', value = ''] = match;
    if (found.has(name)) again.add(name);
    found.set(name, whole(text, match.index + match[0].length - value.length, value));
    if (found.size > MOST) break;
  }
  for (const match of text.matchAll(
    /\b(?:def|lambda)\b([^\n]{0,300})|\bfor[ \t]+([\w, ]{1,80})[ \t]+in\b|\bas[ \t]+(\w+)|\bglobal[ \t]+([\w, ]{1,80})|([A-Za-z_]\w*)[ \t]*(?:[+:|]=|\/=)/g,
  ))
    for (const name of (match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5] ?? '').matchAll(/[A-Za-z_]\w*/g)) again.add(name[0]);
  for (const name of again) found.delete(name);
  for (const [name, value] of temporaries(text)) found.set(name, value);
  return found;
}

/** Files and directories of tempfile by the names that `with` and assignments give them. Source: docs.python.org/3/library/tempfile.html. */
function temporaries(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const given = new Map<string, number>();
  const count = (name: string, by: number): void => void given.set(name, (given.get(name) ?? 0) + by);
  for (const [, kind = '', options = '', name = ''] of text.matchAll(
    /\b(NamedTemporaryFile|TemporaryDirectory)\(([^\n]{0,200}?)\)[ \t]+as[ \t]+([A-Za-z_]\w*)/g,
  )) {
    if (/\bdir\s*=/.test(options)) continue;
    found.set(kind === 'TemporaryDirectory' ? name : `${name}.name`, 'mkdtemp()');
    count(name, -1);
  }
  if (found.size === 0) return found;
  for (const match of text.matchAll(/\bas[ \t]+([A-Za-z_]\w*)|^[ \t]*([A-Za-z_]\w*)[ \t]*(?::[^=\n]{1,60})?=(?!=)/gm))
    count(match[1] ?? match[2] ?? '', 1);
  for (const name of found.keys()) if (given.get(name.replace(/\.name$/, '')) !== 0) found.delete(name);
  return found;
}
/** A value whose parentheses close on a later line. */
const whole = (text: string, at: number, value: string): string => {
  const open = value.indexOf('(');
  if (open === -1 || value.split('(').length === value.split(')').length) return value.trim();
  const given = callArguments(text, at + open);
  return `${value.slice(0, open)}(${given.join(', ')})`.trim();
};

/** What an expression says; undefined: nothing that can be told. */
export function pathValue(expression: string, constants: Constants, depth = 0): PathValue | undefined {
  const text = expression.trim();
  if (text === '' || text.length > MOST || depth > DEEPEST) return undefined;
  const inner = (part: string): PathValue | undefined => pathValue(part, constants, depth + 1);
  const quoted = /^([rRbBuUfF]{0,2})(?:"([^"\\\n]*)"|'([^'\\\n]*)')$/.exec(text);
  if (quoted) {
    const value = quoted[2] ?? quoted[3] ?? '';
    return /f/i.test(quoted[1] ?? '')
      ? added(fields(value).map((one) => (typeof one === 'string' ? { path: one } : inner(one.field))))
      : { path: value };
  }
  const parts = apart(text, '/');
  if (parts.length > 1) return below(parts.map(inner));
  const sum = apart(text, '+');
  if (sum.length > 1) return added(sum.map(inner));
  const bracketed = /^\((.*)\)$/s.exec(text);
  if (bracketed && apart(text, ',').length === 1 && closes(text)) return inner(bracketed[1] ?? '');
  return called(text, inner) ?? namedValue(text, constants, inner);
}

type Inner = (part: string) => PathValue | undefined;

function called(text: string, inner: Inner): PathValue | undefined {
  const method = /^(.*)\.(parent|resolve\(\)|absolute\(\)|as_posix\(\)|parents\[\d\])$/s.exec(text);
  if (method) {
    const up = method[2] === 'parent' ? 1 : method[2]?.startsWith('parents') ? Number(/\d/.exec(method[2])?.[0] ?? 0) + 1 : 0;
    return above(inner(method[1] ?? ''), up);
  }
  const call = /^([\w.]+)\(/.exec(text);
  if (!call || !closes(text)) return undefined;
  const given = callArguments(text, call[0].length - 1);
  const [first = ''] = given;
  const name = (call[1] ?? '').replace(/^(?:pathlib|os\.path|path|osp)\./, '');
  if (['Path', 'PosixPath', 'PurePath', 'join'].includes(name)) return given.length === 0 ? { path: '' } : below(given.map(inner));
  if (['str', 'os.fspath', 'abspath', 'realpath', 'normpath'].includes(name)) return inner(first);
  if (name === 'dirname') return above(inner(first), 1);
  if (['os.getcwd', 'Path.cwd'].includes(name)) return { path: '' };
  if (/^(?:tempfile\.)?(?:gettempdir|mkdtemp)$/.test(name)) return { path: '/tmp', directory: true };
  // the home directory of whoever runs it is its own
  if (name === 'Path.home' || name === 'home' || (name === 'expanduser' && /^["']~/.test(first))) return { path: '/tmp', directory: true };
  if (/^(?:os\.environ\.get|os\.getenv|getenv|environ\.get)$/.test(name)) {
    const variable = /^["'](\w+)["']$/.exec(first)?.[1];
    const value = given[1] === undefined ? undefined : inner(given[1]);
    return value && variable !== undefined ? { ...value, moved: variable } : undefined;
  }
  return undefined;
}

function namedValue(text: string, constants: Constants, inner: Inner): PathValue | undefined {
  // Flask keeps it beside the application. Source: flask.palletsprojects.com/en/stable/config, "Instance Folders"
  if (/^\w+\.instance_path$/.test(text)) return { path: 'instance' };
  if (text === '__file__') return { path: '__file__', beside: true };
  const value = constants.get(text);
  if (value !== undefined) return inner(value);
  return /^(?:settings\.)?BASE_DIR$/.test(text) ? { path: '' } : undefined;
}

function above(value: PathValue | undefined, up: number): PathValue | undefined {
  if (!value || value.directory) return undefined;
  let { path } = value;
  for (let n = 0; n < up; n += 1)
    path =
      path === '' || path.endsWith('..')
        ? [path, '..'].filter(Boolean).join('/')
        : path.slice(0, Math.max(path.lastIndexOf('/'), path.startsWith('/') ? 1 : 0));
  return { ...value, path };
}

/** `a / b`, `join(a, b)`: an absolute part begins anew, and behind a part that is not known only the directory is. */
function below(parts: readonly (PathValue | undefined)[]): PathValue | undefined {
  let found: PathValue | undefined;
  for (const [n, part] of parts.entries()) {
    if (found?.directory) return found;
    if (n === 0 || part?.path.startsWith('/') || part?.beside) {
      if (!part) return undefined;
      found = part;
    } else if (part === undefined) return found && { ...found, directory: true };
    else found = { ...found, ...part, path: [found?.path ?? '', part.path].filter(Boolean).join(found?.path === '/' ? '' : '/') };
  }
  return found;
}

/** `a + "/b"`, `f"{a}/b.txt"`: behind a part that is not known, the directory of what stands before it. */
function added(parts: readonly (PathValue | undefined)[]): PathValue | undefined {
  let found: PathValue = { path: '' };
  for (const [n, part] of parts.entries()) {
    if (found.directory) return found;
    if (part === undefined) {
      const at = found.path.lastIndexOf('/');
      return at > 0 || found.beside ? { ...found, path: found.path.slice(0, Math.max(0, at)), directory: true } : undefined;
    }
    if (n > 0 && part.beside) return undefined;
    // behind the working directory, or that of the source, `/x` is no absolute path
    const path = n > 0 && found.path === '' ? part.path.replace(/^\/+/, '') : part.path;
    found = { ...found, ...part, path: found.path + path };
  }
  return found;
}

/** The pieces of an f-string. */
function fields(value: string): (string | { field: string })[] {
  return value
    .split(/(\{[^{}]*\})/)
    .filter(Boolean)
    .map((one) => (one.startsWith('{') ? { field: one.slice(1, -1).replace(/![rsa]$|:[^:]*$/, '') } : one));
}

/** A text parted at an operator that stands outside of strings and parentheses. */
function apart(text: string, operator: string): string[] {
  const found: string[] = [];
  let [depth, start] = [0, 0];
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else if (char === operator && depth === 0 && at > 0) {
      found.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...found, text.slice(start)];
}

/** What stands in front of the end of an expression: a comma, a comment, a parenthesis that something before it opened, `if` and `or`. */
export function firstExpression(text: string): string {
  const [first = ''] = apart(text, ',');
  const [plain = ''] = apart(first, '#');
  let depth = 0;
  let quote = '';
  for (let at = 0; at < plain.length; at += 1) {
    const char = plain[at] as string;
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char) && (depth -= 1) < 0) return plain.slice(0, at);
    else if (depth === 0 && /^\s(?:if|or|else)\s/.test(plain.slice(at, at + 6))) return plain.slice(0, at);
  }
  return plain;
}

/** The first parenthesis closes at the end. */
function closes(text: string): boolean {
  let depth = 0;
  let quote = '';
  for (const [at, char] of [...text].entries()) {
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')' && (depth -= 1) === 0) return at === text.length - 1;
  }
  return false;
}
