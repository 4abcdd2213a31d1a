// Room: ecosystems/node. The first argument of a call in source text, when it is a literal path.

export interface Argument {
  /** The path, joined; undefined: computed. */
  literal?: string;
  /** What it is relative to: the source file (__dirname, import.meta) or the working directory. */
  base?: 'cwd' | 'file';
  /** Where the argument ends. */
  end: number;
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

/** Reads the argument that starts at `start`. */
export function argumentOf(text: string, start: number): Argument {
  const rest = text.slice(start, start + 1200);
  const end = (match: RegExpExecArray): number => start + match[0].length;
  const one = plain.exec(rest);
  if (one !== null) return { literal: one[2] ?? '', base: 'cwd', end: end(one) };
  const path = joined.exec(rest);
  if (path !== null) return { ...joinedLiteral(path[1] ?? '', path[2]), end: end(path) };
  const sum = added.exec(rest) ?? template.exec(rest);
  if (sum !== null) return { literal: relative(sum[3] ?? sum[2] ?? ''), base: baseOf(sum[1] ?? ''), end: end(sum) };
  const located = url.exec(rest);
  if (located !== null) return { literal: located[2] ?? '', base: 'file', end: end(located) };
  return { end: start };
}

const baseOf = (text: string): 'cwd' | 'file' => (text.startsWith('process') || /^['"`]/.test(text) ? 'cwd' : 'file');
const relative = (path: string): string => path.replace(/^\/+/, '') || '.';

function joinedLiteral(first: string, rest: string | undefined): { literal?: string; base?: 'cwd' | 'file' } {
  const parts = (rest ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => /^\s*(['"`])([^'"`$]*)\1\s*$/.exec(part)?.[2]);
  if (parts.some((part) => part === undefined)) return {};
  const own = /^['"`]/.test(first) ? [first.slice(1, -1)] : [];
  const literal = [...own, ...parts.map((part) => part ?? '')].filter((part) => part !== '').join('/');
  return { literal: literal === '' ? '.' : literal, base: baseOf(first) };
}
