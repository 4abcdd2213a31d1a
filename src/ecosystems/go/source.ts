// Room: ecosystems/go. One Go source file: its package, imports, embeds and build constraint. A scanner, not a parser.
import { evaluate, evaluatePlusBuild, type Truth } from './constraint.ts';
import { lexGo, type LexedGo } from './lexer.ts';

export interface GoImport {
  /** The name given in the file (`.` and `_` too), or undefined. */
  alias: string | undefined;
  path: string;
  line: number;
}
export interface GoFile {
  path: string;
  /** Directory in the context. */
  dir: string;
  lexed: LexedGo;
  package: string | undefined;
  imports: GoImport[];
  /** Patterns of //go:embed, `all:` removed. */
  embeds: { pattern: string; line: number }[];
  /** Whether the build constraint lets the file in; undefined where that depends on the machine or cgo. */
  included(tags: readonly string[]): Truth;
}

/** Reads a Go file: cheap, and never fails on bad content (then it has no package). */
export function readGoFile(path: string, text: string): GoFile {
  const lexed = lexGo(text);
  const clause = /^\s*package\s+([\p{L}_][\p{L}\p{N}_]*)/u.exec(lexed.code);
  const headEnd = clause?.[0].length ?? 0;
  return {
    path,
    dir: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '',
    lexed,
    package: clause?.[1],
    imports: clause ? readImports(lexed, headEnd) : [],
    embeds: readEmbeds(lexed),
    included: constraintOf(lexed, headEnd),
  };
}

/** Source: Go specification, "Import declarations": they all stand directly behind the package clause. */
function readImports(lexed: LexedGo, from: number): GoImport[] {
  const { code } = lexed;
  const imports: GoImport[] = [];
  let at = from;
  const skipSpace = (): void => {
    while (at < code.length && /[\s;]/.test(code[at] ?? '')) at++;
  };
  const spec = (): boolean => {
    const name = /(?:[\p{L}_][\p{L}\p{N}_]*|\.)?\s*/uy;
    name.lastIndex = at;
    const found = name.exec(code)?.[0] ?? '';
    const string = lexed.strings.get(at + found.length);
    if (!string) return false;
    imports.push({ alias: found.trim() || undefined, path: string.value, line: lexed.lineAt(string.start) });
    at = string.end;
    return true;
  };
  for (;;) {
    skipSpace();
    if (!code.startsWith('import', at) || /[\p{L}\p{N}_]/u.test(code[at + 6] ?? '')) return imports;
    at += 6;
    while (/\s/.test(code[at] ?? '')) at++;
    if (code[at] !== '(') {
      if (!spec()) return imports;
      continue;
    }
    at++;
    for (skipSpace(); code[at] !== ')'; skipSpace()) if (!spec()) return imports;
    at++;
  }
}

/** Source: package embed's documentation: space-separated patterns, quoted like Go strings when needed. */
function readEmbeds({ text, comments, lineAt }: LexedGo): { pattern: string; line: number }[] {
  const embeds: { pattern: string; line: number }[] = [];
  for (const comment of comments) {
    if (!/^\/\/go:embed[ \t]/.test(text.slice(comment.start, comment.start + 11))) continue;
    const line = lineAt(comment.start);
    for (const [, double, raw, plain] of text.slice(comment.start + 10, comment.end).matchAll(/"([^"]*)"|`([^`]*)`|(\S+)/g))
      embeds.push({ pattern: (double ?? raw ?? plain ?? '').replace(/^all:/, ''), line });
  }
  return embeds;
}

function constraintOf({ text, comments }: LexedGo, headEnd: number): (tags: readonly string[]) => Truth {
  const lines = comments.filter((c) => c.start < headEnd).map((c) => text.slice(c.start, c.end).trimEnd());
  const expression = lines.find((line) => /^\/\/go:build\s/.test(line))?.slice(10);
  if (expression !== undefined) return (tags) => evaluate(expression, tags);
  const older = lines.map((line) => /^\/\/[ \t]*\+build[ \t]+(.*)$/.exec(line)?.[1]).filter((line) => line !== undefined);
  return older.length > 0 ? (tags) => evaluatePlusBuild(older, tags) : () => true;
}
