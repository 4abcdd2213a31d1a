// Room: ecosystems/python. Environment markers with three values. Source: https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers

/** What is known of the place of installation: CPython on Linux with glibc; the machine stays unknown. */
const environment: ReadonlyMap<string, string> = new Map([
  ['sys_platform', 'linux'],
  ['platform_system', 'Linux'],
  ['os_name', 'posix'],
  ['os.name', 'posix'],
  ['sys.platform', 'linux'],
  ['platform_python_implementation', 'CPython'],
  ['python_implementation', 'CPython'],
  ['implementation_name', 'cpython'],
  ['platform.python_implementation', 'CPython'],
]);
const maxTokens = 400;
const token = /\s*(?:(\(|\))|(===?|!=|~=|<=?|>=?)|"([^"]*)"|'([^']*)'|([A-Za-z_][\w.]*))/y;

interface Reader {
  python: string | undefined;
  tokens: { kind: 'paren' | 'operator' | 'text' | 'word'; text: string }[];
  at: number;
}

/**
 * Says whether a marker holds on Linux: true, false, or undefined when that depends on what is not known here
 * (the machine, extras, Python's version when none is given) or when the marker cannot be read. `python` is 'X.Y'.
 */
export function markerHolds(marker: string, python?: string): boolean | undefined {
  const reader: Reader = { python, tokens: [], at: 0 };
  token.lastIndex = 0;
  const text = marker.trimEnd();
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null || reader.tokens.length >= maxTokens) return undefined;
    const [, paren, operator, double, single, word] = match;
    if (paren !== undefined) reader.tokens.push({ kind: 'paren', text: paren });
    else if (operator !== undefined) reader.tokens.push({ kind: 'operator', text: operator });
    else if (word !== undefined) reader.tokens.push({ kind: 'word', text: word });
    else reader.tokens.push({ kind: 'text', text: double ?? single ?? '' });
  }
  const value = either(reader);
  return reader.at === reader.tokens.length ? value : undefined;
}

function take(reader: Reader, text: string): boolean {
  const now = reader.tokens[reader.at];
  if (now?.text !== text || now.kind === 'text') return false;
  reader.at += 1;
  return true;
}

function either(reader: Reader): boolean | undefined {
  let value = both(reader);
  while (take(reader, 'or')) {
    const next = both(reader);
    value = value === true || next === true ? true : value === false && next === false ? false : undefined;
  }
  return value;
}

function both(reader: Reader): boolean | undefined {
  let value = single(reader);
  while (take(reader, 'and')) {
    const next = single(reader);
    value = value === false || next === false ? false : value === true && next === true ? true : undefined;
  }
  return value;
}

function single(reader: Reader): boolean | undefined {
  if (take(reader, '(')) {
    const value = either(reader);
    take(reader, ')');
    return value;
  }
  const left = reader.tokens[reader.at];
  let operator = reader.tokens[reader.at + 1];
  let step = 2;
  if (operator?.text === 'not' && reader.tokens[reader.at + 2]?.text === 'in') {
    operator = { kind: 'operator', text: 'not in' };
    step = 3;
  }
  const right = reader.tokens[reader.at + step];
  if (left === undefined || operator === undefined || right === undefined) return undefined;
  reader.at += step + 1;
  if (left.kind === 'word' && /^python_(?:full_)?version$/.test(left.text))
    return compareVersion(reader.python, operator.text, valueOf(right));
  return compare(valueOf(left), operator.text, valueOf(right));
}

/** Compares 'X.Y' with a version of two or three parts; undefined when the third part decides. */
function compareVersion(python: string | undefined, operator: string, right: string | undefined): boolean | undefined {
  const have = /^(\d+)\.(\d+)$/.exec(python ?? '');
  const want = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(right ?? '');
  if (have === null || want === null) return undefined;
  const order = Number(have[1]) - Number(want[1]) || Number(have[2]) - Number(want[2]);
  if (order === 0 && want[3] !== undefined)
    return want[3] !== '0' ? undefined : operator === '>=' ? true : operator === '<' ? false : undefined;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  if (operator === '>=') return order >= 0;
  if (operator === '==') return order === 0;
  return operator === '!=' ? order !== 0 : undefined;
}

const valueOf = (one: Reader['tokens'][number]): string | undefined => (one.kind === 'text' ? one.text : environment.get(one.text));

function compare(left: string | undefined, operator: string, right: string | undefined): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '==' || operator === '===') return left === right;
  if (operator === '!=') return left !== right;
  if (operator === 'in') return right.includes(left);
  if (operator === 'not in') return !right.includes(left);
  return undefined;
}
