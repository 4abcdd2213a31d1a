// Room: ecosystems/go. The scan of first-party sources for what they touch at run time.
import type { SourceHit } from '../types.ts';
import { argumentsAt, isListenAddress, lineText, namedPlace } from '../source-text.ts';
import { constantsOf, literalOf, type Constants } from './arguments.ts';
import {
  conventions,
  frameworks,
  importMatches,
  methods,
  rulesFor,
  tlsImports,
  withoutVersion,
  type CallRule,
  type HitKind,
} from './calls.ts';
import type { GoFile } from './source.ts';

/** Hits of these files, by file and line. `exists` tells whether a path relative to the module is a file ('file') or directory ('dir') of the context. */
export function goHits(files: readonly GoFile[], exists: (path: string) => 'file' | 'dir' | undefined): SourceHit[] {
  const withFramework = files.some((file) => file.imports.some((i) => frameworks.some((f) => importMatches(i.path, f))));
  const zonesEmbedded = files.some((file) => file.imports.some((i) => i.path === 'time/tzdata'));
  const constants = new Map<string, Constants>();
  const packages = new Map<string, GoFile[]>();
  for (const file of files) {
    const members = packages.get(file.dir);
    if (members) members.push(file);
    else packages.set(file.dir, [file]);
  }
  for (const [dir, members] of packages) constants.set(dir, constantsOf(members));
  const hits = files.flatMap((file) => hitsOf(file, constants.get(file.dir) ?? new Map(), withFramework, exists));
  return zonesEmbedded ? hits.filter((hit) => hit.kind !== 'timezone') : hits;
}

type Add = (offset: number, kind: HitKind, literal?: string) => void;

function hitsOf(
  file: GoFile,
  constants: Constants,
  withFramework: boolean,
  exists: (path: string) => 'file' | 'dir' | undefined,
): SourceHit[] {
  const { lexed } = file;
  const hits: SourceHit[] = [];
  const seen = new Set<string>();
  const add: Add = (offset, kind, literal) => {
    const line = lexed.lineAt(offset);
    const key = `${line} ${kind} ${literal ?? ''}`;
    if (seen.has(key)) return;
    seen.add(key);
    hits.push({ file: file.path, line, kind, literal, text: lineText(lexed.text, offset) });
  };
  importHits(file, add);
  callHits(file, constants, add);
  methodHits(file, constants, withFramework, add);
  stringHits(file, exists, add, new Set(hits.map((hit) => hit.literal)));
  return hits.sort((a, b) => a.line - b.line);
}

function importHits(file: GoFile, add: Add): void {
  for (const { path, line } of file.imports) {
    const offset = offsetOfLine(file.lexed.text, line);
    if (tlsImports.some((prefix) => importMatches(path, prefix))) add(offset, 'tls');
    for (const { imported, reads } of conventions) if (importMatches(path, imported)) for (const name of reads) add(offset, 'read', name);
    if (path === 'github.com/joho/godotenv/autoload') add(offset, 'env-file', '.env');
  }
}
function offsetOfLine(text: string, line: number): number {
  let offset = 0;
  for (let i = 1; i < line; i++) offset = text.indexOf('\n', offset) + 1;
  return offset;
}

/** The names by which a file may use an import that has no name of its own there: that of its directory, as a rule without what says that it is of Go. */
function usualNames(path: string): string[] {
  const plain = withoutVersion(path);
  const name = plain.slice(plain.lastIndexOf('/') + 1);
  const short = name.replace(/^go-|[-.]go(?:lang)?$/g, '');
  return short === name ? [name] : [name, short];
}

/** Uses of imported packages in one file that are looked at: more is a table written by a program, or an attack. */
const maxCalls = 20_000;

function callHits(file: GoFile, constants: Constants, add: Add): void {
  const packages = new Map(
    file.imports.flatMap((i) => (i.alias === undefined ? usualNames(i.path) : [i.alias]).map((name) => [name, i.path] as const)),
  );
  const { code } = file.lexed;
  let calls = 0;
  for (const selector of code.matchAll(/(?<![\p{L}\p{N}_.)\]])([\p{L}_][\p{L}\p{N}_]*)\.([\p{L}_][\p{L}\p{N}_]*)/gu)) {
    const path = packages.get(selector[1] ?? '');
    const name = selector[2] ?? '';
    if (path === undefined) continue;
    if (++calls > maxCalls) return;
    const end = selector.index + selector[0].length;
    if (path === 'os' && name === 'OpenFile') openFile(file, selector.index, end, constants, add);
    else if (path === 'database/sql' && name === 'Open') sqlOpen(file, selector.index, end, constants, add);
    else if (/^(?:os|io\/ioutil)$/.test(path) && TEMPORARY.test(name)) temporary(file, selector.index, end, constants, add);
    else if (path === 'os' && /^(?:Getenv|LookupEnv)$/.test(name)) environment(file, selector.index, end, constants, add);
    else for (const rule of rulesFor(path, name)) apply(file, rule, selector.index, end, constants, add);
  }
}

function apply(file: GoFile, rule: CallRule, start: number, end: number, constants: Constants, add: Add): void {
  if (rule.args === undefined) return add(start, rule.kind);
  const args = argumentsAt(file.lexed.code, end);
  if (!args) return add(start, rule.kind);
  if (args.length === 0 && rule.without !== undefined) return add(start, rule.kind, rule.without);
  const chosen = rule.args === 'all' ? args : rule.args.flatMap((position) => args[position] ?? []);
  if (chosen.length === 0) return add(start, rule.kind);
  for (const range of chosen) {
    const literal = literalOf(file, range, constants);
    if (rule.kind === 'spawn' && startsItself(file, range)) continue;
    // LoadLocation answers these without a database (package time).
    if (rule.kind === 'timezone' && (literal === '' || literal === 'UTC')) continue;
    add(start, rule.kind, literal?.replace(/^file:\/\//, ''));
  }
}

/** The program starts itself again: `os.Args[0]`, or what os.Executable() gave. */
function startsItself({ lexed: { code } }: GoFile, { start, end }: { start: number; end: number }): boolean {
  const text = code.slice(start, end).trim();
  if (text === 'os.Args[0]') return true;
  if (!/^[A-Za-z_]\w{0,60}$/.test(text)) return false;
  return new RegExp(`(?<![\\w.])${text}(?:\\s*,\\s*\\w+)?\\s*:?=\\s*os\\.(?:Executable\\(\\)|Args\\[0\\])`).test(code);
}

function openFile(file: GoFile, start: number, end: number, constants: Constants, add: Add): void {
  const [name, flags] = argumentsAt(file.lexed.code, end) ?? [];
  const mode = flags ? file.lexed.code.slice(flags.start, flags.end) : '';
  const reads = /\bO_RDONLY\b/.test(mode) && !/\bO_(?:CREATE|WRONLY|RDWR|APPEND|TRUNC)\b/.test(mode);
  add(start, reads ? 'read' : 'write', name && literalOf(file, name, constants));
}

const TEMPORARY = /^(?:CreateTemp|MkdirTemp|TempFile|TempDir)$/;
/** A temporary file lies in the directory that is named, or in that of the system. Source: pkg.go.dev/os#CreateTemp */
function temporary(file: GoFile, start: number, end: number, constants: Constants, add: Add): void {
  const [dir] = argumentsAt(file.lexed.code, end) ?? [];
  const literal = dir && literalOf(file, dir, constants);
  if (!dir || literal === '' || /\bTempDir\(\)/.test(file.lexed.code.slice(dir.start, dir.end))) add(start, 'temp');
  else add(start, 'write', literal);
}

function sqlOpen(file: GoFile, start: number, end: number, constants: Constants, add: Add): void {
  const [driver, source] = (argumentsAt(file.lexed.code, end) ?? []).map((range) => literalOf(file, range, constants));
  if (driver === undefined || !/^(?:sqlite|libsql|duckdb)/.test(driver)) return;
  if (source?.startsWith(':memory:') || source?.includes('mode=memory')) return;
  add(start, 'write', source?.replace(/^file:(?:\/\/)?/, '').replace(/\?.*$/s, ''));
}

function environment(file: GoFile, start: number, end: number, constants: Constants, add: Add): void {
  const [name] = argumentsAt(file.lexed.code, end) ?? [];
  if (name && literalOf(file, name, constants) === 'TZ') add(start, 'timezone');
}

function methodHits(file: GoFile, constants: Constants, withFramework: boolean, add: Add): void {
  const packages = new Set(file.imports.flatMap((i) => (i.alias === undefined ? usualNames(i.path) : [i.alias])));
  for (const call of file.lexed.code.matchAll(/(?<![\p{L}\p{N}_])([\p{L}_][\p{L}\p{N}_]*)?([)\]]?)\.([A-Z][A-Za-z]{3,30})(?=\()/gu)) {
    const name = call[3] ?? '';
    const rule = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (!rule || (rule.framework && !withFramework)) continue;
    if (call[2] === '' && packages.has(call[1] ?? '')) continue;
    const end = call.index + call[0].length;
    apply(file, rule, end - name.length, end, constants, add);
    if (rule.more) add(end - name.length, rule.more.kind);
  }
}

/** Strings that say something by themselves: listening addresses, `file://` sources, zones of cron, and names of files that the context has. */
function stringHits(
  file: GoFile,
  exists: (path: string) => 'file' | 'dir' | undefined,
  add: Add,
  known: ReadonlySet<string | undefined>,
): void {
  const { code, strings } = file.lexed;
  const imported = new Set(file.imports.map((i) => i.path));
  for (const { start, value } of strings.values()) {
    if (value.length > 200 || value.length < 2 || imported.has(value)) continue;
    if (isListenAddress(value)) {
      if (!/\+[ \t]*$/.test(code.slice(Math.max(0, start - 20), start))) add(start, 'listen', value);
    } else if (value.startsWith('file://')) add(start, 'read', value.slice(7));
    else if (/^(?:CRON_)?TZ=/.test(value)) add(start, 'timezone');
    else if (!known.has(value)) {
      const place = namedPlace(value, exists) ?? joinedDirectory(code, start, value, exists);
      if (place !== undefined) add(start, 'read', place);
    }
  }
}

/** `filepath.Join("docs", name)`: the directory that a computed name lies in, where the context has it. */
function joinedDirectory(
  code: string,
  start: number,
  value: string,
  exists: (path: string) => 'file' | 'dir' | undefined,
): string | undefined {
  const joins = /(?<![\w.])(?:filepath|path)\.Join\(\s{0,20}$/.test(code.slice(Math.max(0, start - 40), start));
  return joins && /^[\w@][\w@./-]*$/.test(value) && exists(value) === 'dir' ? value : undefined;
}
