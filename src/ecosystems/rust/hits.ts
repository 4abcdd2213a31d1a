// Room: ecosystems/rust. The scan of first-party sources for what they touch at run time.
import { argumentsAt, isListenAddress, lineText, namedPlace, type Range } from '../source-text.ts';
import type { SourceHit } from '../types.ts';
import { buildPaths, type SourcePlace } from './build-paths.ts';
import { bareFs, methods, rulesFor, tlsCrates, type CallRule } from './calls.ts';
import type { LexedRust } from './lexer.ts';

export interface RustFile {
  path: string;
  lexed: LexedRust;
}
type Exists = (path: string) => 'file' | 'dir' | undefined;
type Add = (offset: number, kind: SourceHit['kind'], literal?: string) => void;
interface Scan {
  lexed: LexedRust;
  constants: ReadonlyMap<string, string>;
  exists: Exists;
  add: Add;
}

/** Hits of these files, by line. `exists` tells whether a path relative to the package is a file or directory of the context, `placeOf` where a file lies, seen from the package. */
export function rustHits(files: readonly RustFile[], exists: Exists, placeOf: (path: string) => SourcePlace): SourceHit[] {
  const constants = constantsOf(files);
  return files.flatMap(({ path, lexed }) => {
    const hits: SourceHit[] = [];
    const seen = new Set<string>();
    const add: Add = (offset, kind, literal) => {
      const line = lexed.lineAt(offset);
      const key = `${line} ${kind} ${literal ?? ''}`;
      if (seen.has(key)) return;
      seen.add(key);
      hits.push({ file: path, line, kind, literal, text: lineText(lexed.text, offset) });
    };
    const scan: Scan = { lexed, constants, exists, add };
    callHits(scan);
    methodHits(scan);
    wordHits(scan);
    buildPaths(scan, placeOf(path));
    stringHits(scan, new Set(hits.map((hit) => hit.literal)));
    return hits.sort((a, b) => a.line - b.line);
  });
}

/** String constants of all files; names with two values are left out. */
function constantsOf(files: readonly RustFile[]): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  const doubtful = new Set<string>();
  for (const { lexed } of files)
    for (const found of lexed.code.matchAll(/(?<![A-Za-z0-9_])(?:const|static)\s+([A-Za-z_]\w*)\s*:\s*&(?:'static\s+)?str\s*=\s*(?=")/g)) {
      const value = lexed.strings.get(found.index + found[0].length)?.value;
      const name = found[1] ?? '';
      if (constants.has(name) && constants.get(name) !== value) doubtful.add(name);
      if (value !== undefined) constants.set(name, value);
    }
  for (const name of doubtful) constants.delete(name);
  return constants;
}

/** Calls in one file that are looked at; more is a table written by a program, or an attack. */
const maxCalls = 20_000;

function callHits(scan: Scan): void {
  const { code } = scan.lexed;
  const bareNames = /\bfs::/.test(code);
  let calls = 0;
  for (const call of code.matchAll(/(?<![A-Za-z0-9_])(?:([A-Za-z_]\w*)::)?([A-Za-z_]\w*)(!?)(?=\()/g)) {
    if (++calls > maxCalls) return;
    const [all, owner, name = '', bang] = call;
    const end = call.index + all.length;
    const method = code[call.index - 1] === '.';
    if (bang === '!') {
      if (owner === undefined && (name === 'relative' || name === 'cmd'))
        apply(scan, { kind: name === 'cmd' ? 'spawn' : 'read', args: [0], literalOnly: true }, call.index, end);
    } else if (owner === 'Command' && name === 'new') {
      if (startsProgram(code, call.index)) apply(scan, { kind: 'spawn', args: [0] }, call.index, end);
    } else if (owner === 'File' && name === 'with_name') withName(scan, call.index, end);
    else if (!method)
      for (const rule of rulesFor(owner === undefined ? (bareNames && bareFs.has(name) ? `fs::${name}` : name) : `${owner}::${name}`))
        apply(scan, rule, call.index, end);
  }
}

/** clap has a `Command` too: which one is meant is in the path or in the imports. */
function startsProgram(code: string, at: number): boolean {
  const before = code.slice(Math.max(0, at - 60), at);
  if (before.endsWith('clap::')) return false;
  if (before.endsWith('process::')) return true;
  return /process::(?:\{[^}]{0,300}\b)?Command\b/.test(code) || !/(?<!\w)clap\b/.test(code);
}

function apply({ lexed, constants, add }: Scan, rule: CallRule, start: number, end: number): void {
  if (rule.means !== undefined) {
    const [argument] = argumentsAt(lexed.code, end) ?? [];
    return add(start, rule.kind, (argument && literalOf(lexed, argument, constants)) ?? rule.means);
  }
  if (rule.args === undefined) return add(start, rule.kind);
  const args = argumentsAt(lexed.code, end) ?? [];
  const chosen = rule.args.flatMap((position) => args[position] ?? []);
  if (chosen.length === 0 && !rule.literalOnly) return add(start, rule.kind);
  for (const range of chosen) {
    if (embedded(lexed.code, range)) continue;
    const literal = literalOf(lexed, range, constants);
    if (literal !== undefined || !rule.literalOnly) add(start, rule.kind, literal);
  }
}
const embedded = (code: string, { start, end }: Range): boolean =>
  /^&?include_(?:str|bytes|dir)!/.test(code.slice(start, Math.min(end, start + 20)));

/** The config crate adds the extension itself. */
function withName({ lexed, constants, exists, add }: Scan, start: number, end: number): void {
  const [argument] = argumentsAt(lexed.code, end) ?? [];
  const name = argument && literalOf(lexed, argument, constants);
  const there =
    name === undefined
      ? []
      : ['toml', 'yaml', 'yml', 'json', 'json5', 'ron', 'ini']
          .map((extension) => `${name}.${extension}`)
          .filter((path) => exists(path) === 'file');
  if (there.length === 0) add(start, 'read', name);
  for (const path of there) add(start, 'read', path);
}

/** The string that an argument is: a literal, a constant, or one of those in a path type or `concat!(env!("CARGO_MANIFEST_DIR"), …)`. */
function literalOf(lexed: LexedRust, range: Range, constants: ReadonlyMap<string, string>, depth = 0): string | undefined {
  let { start } = range;
  while (start < range.end && /[&*\s]/.test(lexed.code[start] ?? '')) start++;
  const string = lexed.strings.get(start);
  const rest = lexed.code.slice(string?.end ?? start, range.end);
  if (string) return /^(?:\.(?:to_string|to_owned|into|as_ref|as_str)\(\))?\??$/.test(rest) ? string.value : undefined;
  if (rest.length > 300 || depth > 3) return undefined;
  if (/^[A-Za-z_]\w*$/.test(rest)) return constants.get(rest);
  const wrapper = /^(?:(?:std::path::)?(?:Path::new|PathBuf::from)|String::from|relative!|concat!)(?=\()/.exec(rest);
  if (!wrapper || !rest.endsWith(')')) return undefined;
  const args = argumentsAt(lexed.code, start + wrapper[0].length) ?? [];
  if (!wrapper[0].startsWith('concat')) return args[0] && literalOf(lexed, args[0], constants, depth + 1);
  const [root, ...parts] = args;
  const values = parts.map((part) => literalOf(lexed, part, constants, depth + 1));
  const env =
    root && lexed.code.slice(root.start, root.end).startsWith('env!(') && lexed.strings.get(root.start + 5)?.value === 'CARGO_MANIFEST_DIR';
  return env && values.every((value) => value !== undefined) ? values.join('').replace(/^\//, '') : undefined;
}

function methodHits({ lexed, constants, add }: Scan): void {
  for (const call of lexed.code.matchAll(/\.([a-z_]{8,40})(?=\()/g)) {
    const name = call[1] ?? '';
    const positions = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (!positions) continue;
    const args = argumentsAt(lexed.code, call.index + call[0].length) ?? [];
    const literals = positions.map((position) => args[position] && literalOf(lexed, args[position], constants));
    if (literals.every((literal) => literal === undefined)) add(call.index, 'read');
    for (const literal of literals) if (literal !== undefined) add(call.index, 'read', literal);
  }
}

/** Types and crates whose mention is enough. */
function wordHits({ lexed: { code }, add }: Scan): void {
  const crates = new Set<string>();
  for (const found of code.matchAll(tlsCrates)) {
    if (crates.has(found[1] ?? '')) continue;
    crates.add(found[1] ?? '');
    add(found.index, 'tls');
  }
  for (const found of code.matchAll(/(?<!\w)TempFile(?!\w)/g)) add(found.index, 'temp');
  for (const found of code.matchAll(/\[ ?0, ?0, ?0, ?0\], ?(\d{2,5})(?!\d)/g)) add(found.index, 'listen', `:${found[1]}`);
}

function stringHits({ lexed: { code, strings }, exists, add }: Scan, known: ReadonlySet<string | undefined>): void {
  for (const { start, end, value } of strings.values()) {
    // An item under #[cfg(test)] is blank in the code.
    if (value.length > 200 || value.length < 2 || code[start] === ' ') continue;
    const port = /^(?:0\.0\.0\.0|::)$/.test(value) ? /^,\s{0,8}(\d{2,5})(?!\d)/.exec(code.slice(end, end + 20))?.[1] : undefined;
    if (port !== undefined) add(start, 'listen', `:${port}`);
    else if (isListenAddress(value)) add(start, 'listen', value);
    else if (value.startsWith('sqlite:')) {
      if (!value.includes(':memory:')) add(start, 'write', value.replace(/^sqlite:(?:\/\/)?/, '').replace(/\?.*$/s, ''));
    } else if (!known.has(value) && !compileTime(code, start)) {
      const place = namedPlace(value, exists);
      if (place !== undefined) add(start, 'read', place);
    }
  }
}
/** Arguments of include_str! and its kin, and of sqlx's macros, are read by the compiler. */
const compileTime = (code: string, start: number): boolean =>
  /(?:include(?:_str|_bytes|_dir)?|migrate|query_file(?:_as)?|embed_migrations|include_proto|template|folder|path)(?:!\(| ?= ?)\s{0,20}$/.test(
    code.slice(Math.max(0, start - 50), start),
  );
