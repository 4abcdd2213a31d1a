// Room: ecosystems/rust. Paths of the build that a program has in it, and may read when it runs: `env!("CARGO_MANIFEST_DIR")`, `env!("OUT_DIR")`, `file!()`.
import type { SourceHit } from '../types.ts';
import type { LexedRust } from './lexer.ts';

/** The literal of a read in the directory of a build script: what cargo makes there is in no COPY. */
export const OUT_DIR = '$OUT_DIR';

/** What is read by the compiler: include_str! and its kin, macros that take templates, migrations or whole directories into the program. */
const AT_COMPILE_TIME = /(?:include\w*|embed\w*|\w*migrat\w*|query\w*|template\w*|flate|\w*import\w*|\w*load\w*)!$/;
/** Farther than this no call begins. */
const FARTHEST = 2000;

/** Where a source lies, seen from the package that is built; '' for that directory itself. */
export interface SourcePlace {
  /** The directory of its own package. */
  crate: string;
  directory: string;
  /** Variables in which its build script gives it paths. */
  paths: ReadonlySet<string>;
}
/** `println!("cargo:rustc-env=TABLE={}", out_dir.join("t").display())`: what is put into the text is a path. Source: The Cargo Book, "Build Scripts". */
export const pathsOfScript = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/rustc-env=(\w+)=([^;]{0,300});/g)].flatMap(([, name = '', value = '']) =>
      /out_?dir|\bpath|path\b|\bdir\b|display\(\)/i.test(value) ? [name] : [],
    ),
  );
interface Scan {
  lexed: LexedRust;
  add(offset: number, kind: SourceHit['kind'], literal?: string): void;
}

/** The paths of the build in one file, where no macro reads them when it is compiled. */
export function buildPaths({ lexed, add }: Scan, { crate, directory, paths }: SourcePlace): void {
  const { code, strings } = lexed;
  for (const { index, 0: text, 1: macro } of code.matchAll(
    /(?<!\w)(?:((?:option_)?env)!\s*\(\s*(?=")|Path(?:Buf)?::(?:new|from)\(file!\(\))/g,
  )) {
    const string = strings.get(index + text.length);
    if (macro === undefined) add(index, 'read', directory || '.');
    else if (!string || atCompileTime(code, index)) continue;
    else if (string.value === 'OUT_DIR' || paths.has(string.value)) add(index, 'read', OUT_DIR);
    else if (string.value === 'CARGO_MANIFEST_DIR') add(index, 'read', below(lexed, crate, index, string.end));
  }
}

/** The path that is put behind that of the package; undefined: it is computed, or anything may be. */
function below({ code, strings }: LexedRust, crate: string, start: number, end: number): string | undefined {
  const before = code.slice(Math.max(0, start - 300), start);
  const format = /format!\(\s*(?="[^"]*",\s*$)/.exec(before);
  const written = format && strings.get(start - before.length + format.index + format[0].length)?.value;
  const parts = written === null ? partsBehind(code, strings, end) : /^\{\}(.*)$/s.exec(written ?? '')?.[1]?.split('/');
  const path = parts?.flatMap((part) => part.split('/')).filter((part) => part !== '' && part !== '.') ?? [];
  const fixed = path.findIndex((part) => part.includes('{'));
  const known = fixed === -1 ? path : path.slice(0, fixed);
  return known.length === 0 ? undefined : [...(crate === '' ? [] : [crate]), ...known].join('/');
}

/** `concat!(env!(…), "/a")`, `Path::new(env!(…)).join("a").join("b")`: the literals, as far as there are some. */
function partsBehind(code: string, strings: LexedRust['strings'], end: number): string[] {
  const found: string[] = [];
  for (let at = end; ;) {
    const next = /^[\s)]*(?:,\s*|(?:\.(?:to_path_buf|to_owned|to_string|into)\(\)\s*)*\.(?:join|push)\(\s*)(?=")/.exec(
      code.slice(at, at + 200),
    );
    const string = next && strings.get(at + next[0].length);
    if (!string) return found;
    found.push(string.value);
    at = string.end;
  }
}

/** Inside of a macro that reads the file itself, or of an attribute (`#[path = concat!(…)]`). */
function atCompileTime(code: string, from: number): boolean {
  let depth = 0;
  for (let at = from - 1; at >= 0 && from - at < FARTHEST; at--) {
    const char = code[at];
    if (char === ')' || char === ']' || char === '}') depth++;
    else if ((char === ';' || char === '{') && depth === 0) return false;
    else if (char === '(' || char === '[') {
      if (depth > 0) depth--;
      else if (char === '[' ? code[at - 1] === '#' : AT_COMPILE_TIME.test(code.slice(Math.max(0, at - 40), at).trimEnd())) return true;
    } else if (char === '{') depth--;
  }
  return false;
}
