// Room: ecosystems/node. The first argument of a call in source text, when it is a literal path.

export interface Argument {
  /** The path, joined; undefined: computed. */
  literal?: string;
  /** What it is relative to: the source file (__dirname, import.meta) or the working directory. */
  base?: 'cwd' | 'file';
  /** Where the argument ends. */
  end: number;
  /** The last part is computed: the literal is a pattern for all of its directory. */
  partly?: true;
  /** Of such a path: its directory, where what is computed names nothing above it. */
  directory?: string;
}

const spaces = '\\s{0,40}';
const quoted = `(['"\`])([^'"\`\\n$]{0,300})`;
const plain = new RegExp(`^${spaces}${quoted}\\1(?=${spaces}[,);\\]}\\n]|$)`);
const joined = new RegExp(
  `^${spaces}(?:path\\.|path\\.posix\\.)?(?:join|resolve)\\(${spaces}(__dirname|import\\.meta\\.dirname|process\\.cwd\\(\\)|['"\`][^'"\`\\n$]{0,300}['"\`])${spaces}(?:,([^()]{0,400}))?\\)`,
);
const added = new RegExp(`^${spaces}(__dirname|import\\.meta\\.dirname|process\\.cwd\\(\\))${spaces}\\+${spaces}${quoted}\\2`);
const template = /^\s{0,40}`\$\{(__dirname|import\.meta\.dirname|process\.cwd\(\))\}([^`$\n]{0,300})`/;
const url = new RegExp(
  `^${spaces}(?:fileURLToPath\\(${spaces})?new URL\\(${spaces}${quoted}\\1${spaces},${spaces}import\\.meta\\.url${spaces}\\)`,
);

/** A template whose directory is literal: `${__dirname}/locales/${lang}.json`. */
const partlyTemplate = /^\s{0,40}`(?:\$\{(__dirname|import\.meta\.dirname|process\.cwd\(\))\})?([\w./-]{0,200}\w\/)[^`\n]{1,200}`/;
/** The same as a sum: `'uploads/' + name`. */
const partlyAdded = /^\s{0,40}(['"`])([\w./-]{0,200}\w\/)[^'"`\n$]{0,100}\1\s{0,20}\+[^,;\n]{0,300}/;
/** A name alone, up to what ends an argument or the value of an option. */
const byName = new RegExp(`^${spaces}([A-Za-z_$][\\w$]{0,60})(?=${spaces}[),;}\\]])`);
const byJoinedName = new RegExp(
  `^${spaces}(?:path\\.|path\\.posix\\.)?(?:join|resolve)\\(${spaces}([A-Za-z_$][\\w$]{0,60})${spaces}(?:,([^()]{0,400}))?\\)`,
);

/** Reads the argument that starts at `start`; a constant of the same text is followed. */
export function argumentOf(text: string, start: number, depth = 0): Argument {
  const rest = text.slice(start, start + 1200);
  const end = (match: RegExpExecArray): number => start + match[0].length;
  const one = plain.exec(rest);
  if (one !== null) return { literal: one[2] ?? '', base: 'cwd', end: end(one) };
  const path = joined.exec(rest);
  if (path !== null) {
    const told = joinedLiteral(path[1] ?? '', path[2]);
    return { ...told, ...directoryOf(path[0], told), end: end(path) };
  }
  const sum = added.exec(rest) ?? template.exec(rest);
  if (sum !== null) return { literal: relative(sum[3] ?? sum[2] ?? ''), base: baseOf(sum[1] ?? ''), end: end(sum) };
  const located = url.exec(rest);
  if (located !== null) return { literal: located[2] ?? '', base: 'file', end: end(located) };
  const part = partlyTemplate.exec(rest);
  if (part !== null) {
    const below = part[2] ?? '';
    const directory = (part[1] === undefined ? below : relative(below)).replace(/(?<=.)\/$/, '');
    const told = part[0].includes('..') ? {} : { directory };
    return { literal: `${relative(below)}*`, base: baseOf(part[1] ?? "'"), partly: true, ...told, end: end(part) };
  }
  const sumOf = partlyAdded.exec(rest);
  if (sumOf !== null && !sumOf[0].includes('..'))
    return { base: 'cwd', partly: true, directory: (sumOf[2] ?? '').slice(0, -1), end: start };
  return named(text, start, rest, depth) ?? { end: start };
}

/** `DATA_FILE`, `path.join(DATA_DIR, 'a.json')`, where the file sets that constant once and nothing else has its name. */
function named(text: string, start: number, rest: string, depth: number): Argument | undefined {
  const called = byJoinedName.exec(rest);
  const match = called ?? byName.exec(rest);
  const name = match?.[1];
  if (!match || name === undefined || depth > 3) return undefined;
  const value = constant(text, name);
  if (value === undefined) return undefined;
  const own = argumentOf(text, value, depth + 1);
  if (own.literal === undefined || !/^\s*(?:[;,\n)]|$|as\b)/.test(text.slice(own.end, own.end + 20))) return undefined;
  const end = start + match[0].length;
  const base = own.base ?? 'cwd';
  if (own.partly) return called || own.directory === undefined ? undefined : { base, partly: true, directory: own.directory, end };
  if (!called) return { literal: own.literal, base, end };
  const more = joinedLiteral(`'${own.literal}'`, match[2]);
  return more.literal === undefined ? undefined : { ...more, base, ...directoryOf(match[0], more), end };
}

/** The directory of a joined path whose last part is computed. `resolve` begins anew at a part that is absolute. */
const directoryOf = (call: string, { literal, partly }: Pick<Argument, 'literal' | 'partly'>): Pick<Argument, 'directory'> =>
  partly && literal !== undefined && !call.includes('..') && !/^[^(]*\bresolve\(/.test(call) ? { directory: literal.slice(0, -2) } : {};

/** Where the value of a constant begins; undefined: it is set elsewhere as well, or a parameter has its name. */
function constant(text: string, name: string): number | undefined {
  const word = name.replaceAll('$', '\\$');
  const set = [
    ...text.matchAll(new RegExp(`(?<![\\w$.])(const|let|var)\\s{1,20}${word}(?:\\s{0,20}:\\s{0,20}[\\w.]{1,40})?\\s{0,20}=(?!=|>)`, 'g')),
  ];
  const [only, ...others] = set;
  const shadowed = new RegExp(
    `(?<![\\w$])${word}\\s{0,20}=>|(?<!\\b(?:if|while|switch)\\s{0,5})\\([^()]{0,200}(?<![\\w$.'"])${word}(?![\\w$])[^()]{0,200}\\)\\s{0,20}(?:=>|\\{|:\\s)`,
  );
  if (!only || only[1] !== 'const' || others.length > 0 || shadowed.test(text)) return undefined;
  return only.index + only[0].length;
}

const baseOf = (text: string): 'cwd' | 'file' => (text.startsWith('process') || /^['"`]/.test(text) ? 'cwd' : 'file');
const relative = (path: string): string => path.replace(/^\/+/, '') || '.';

function joinedLiteral(first: string, rest: string | undefined): Pick<Argument, 'literal' | 'base' | 'partly'> {
  const parts = (rest ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => /^\s*(['"`])([^'"`$]*)\1\s*$/.exec(part)?.[2]);
  const own = /^['"`]/.test(first) ? [first.slice(1, -1)] : [];
  const computed = parts.indexOf(undefined);
  const known = [...own, ...(computed < 0 ? parts : parts.slice(0, computed)).map((part) => part ?? '')].filter((part) => part !== '');
  const literal = known.join('/');
  if (computed < 0) return { literal: literal === '' ? '.' : literal, base: baseOf(first) };
  // a directory of its own, below which something is read
  return known.some((part) => /\w/.test(part)) ? { literal: `${literal}/*`, base: baseOf(first), partly: true } : {};
}
