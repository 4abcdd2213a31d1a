// Room: ecosystems/go. Build constraints: which Go files take part in a Linux build.
// Source: `go help buildconstraint`, and go/build's goodOSArchFile.

/** Source: internal/syslist of Go 1.26 (android, ios and js kept apart from linux). */
const systems = new Set([
  'aix',
  'android',
  'darwin',
  'dragonfly',
  'freebsd',
  'hurd',
  'illumos',
  'ios',
  'js',
  'linux',
  'nacl',
  'netbsd',
  'openbsd',
  'plan9',
  'solaris',
  'wasip1',
  'windows',
  'zos',
]);
const architectures = new Set(
  [
    '386',
    'amd64',
    'amd64p32',
    'arm',
    'armbe',
    'arm64',
    'arm64be',
    'loong64',
    'mips',
    'mipsle',
    'mips64',
    'mips64le',
    'mips64p32',
    'mips64p32le',
  ].concat(['ppc', 'ppc64', 'ppc64le', 'riscv', 'riscv64', 's390', 's390x', 'sparc', 'sparc64', 'wasm']),
);

/** True, false, or undefined where it depends on the machine (architecture) or on cgo. */
export type Truth = boolean | undefined;

/** The value of a build tag in a Linux container. `tags`: those of `-tags`. */
function tagValue(tag: string, tags: readonly string[]): Truth {
  if (tag === 'linux' || tag === 'unix' || tag === 'gc' || tags.includes(tag)) return true;
  if (systems.has(tag)) return false;
  if (tag === 'wasm') return false;
  if (architectures.has(tag) || tag === 'cgo') return undefined;
  return /^go1\.\d{1,3}$/.test(tag);
}

/** Whether the file's name keeps it out of a Linux build (`x_windows.go`, `x_test.go`, `_x.go`, `.x.go`). */
export function excludedByName(name: string): boolean {
  if (name.startsWith('_') || name.startsWith('.') || name.endsWith('_test.go')) return true;
  const parts = (name.split('.', 1)[0] ?? '').split('_').slice(1);
  const last = parts.at(-1);
  const previous = parts.at(-2);
  if (last === undefined) return false;
  if (previous !== undefined && systems.has(previous) && architectures.has(last)) return previous !== 'linux' || last === 'wasm';
  return last !== 'linux' && (systems.has(last) || last === 'wasm');
}

const maxDepth = 100;

/** The value of a `//go:build` expression; undefined also when it cannot be read. */
export function evaluate(expression: string, tags: readonly string[]): Truth {
  const tokens = expression.match(/&&|\|\||[!()]|[\p{L}\p{N}_.]+/gu) ?? [];
  let at = 0;
  let broken = false;
  const or = (depth: number): Truth => {
    let value = and(depth);
    while (tokens[at] === '||') {
      at++;
      const right = and(depth);
      value = value === true || right === true ? true : value === undefined || right === undefined ? undefined : false;
    }
    return value;
  };
  const and = (depth: number): Truth => {
    let value = not(depth);
    while (tokens[at] === '&&') {
      at++;
      const right = not(depth);
      value = value === false || right === false ? false : value === undefined || right === undefined ? undefined : true;
    }
    return value;
  };
  const not = (depth: number): Truth => {
    const token = tokens[at++];
    if (depth > maxDepth || token === undefined || token === ')' || token === '&&' || token === '||') {
      broken = true;
      return undefined;
    }
    if (token === '!') {
      const value = not(depth + 1);
      return value === undefined ? undefined : !value;
    }
    if (token !== '(') return tagValue(token, tags);
    const value = or(depth + 1);
    if (tokens[at++] !== ')') broken = true;
    return value;
  };
  const value = or(0);
  return broken || at < tokens.length ? undefined : value;
}

/** The value of the older `// +build` lines: lines are joined by and, words by or, commas by and. */
export function evaluatePlusBuild(lines: readonly string[], tags: readonly string[]): Truth {
  const expression = lines
    .map((line) => {
      const words = line.split(/\s+/).filter((word) => word !== '');
      return `(${words.map((word) => `(${word.split(',').join(' && ')})`).join(' || ')})`;
    })
    .join(' && ');
  return evaluate(expression, tags);
}
