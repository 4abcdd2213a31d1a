// Room: ecosystems/java. The scan of sources in Java, Kotlin, Scala and Groovy for what they touch at run time.
import { blank, lineCounter, lineText, namedPlace } from '../source-text.ts';
import type { SourceHit } from '../types.ts';

/** Comments, texts and characters; what is not closed ends with its line or with the text. */
const TOKEN = /\/\/[^\n]*|\/\*(?:[\s\S]*?\*\/|[\s\S]*)|"""(?:[\s\S]*?"""|[\s\S]*)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?/g;

export interface LexedJava {
  /** As long as the text: comments and the contents of strings are blank. */
  code: string;
  /** Values of strings by where they start. */
  strings: ReadonlyMap<number, { value: string; end: number }>;
}

/** Takes a text apart. Source: the Java Language Specification, chapter 3; kotlinlang.org, "Grammar". */
export function lexJava(text: string): LexedJava {
  const strings = new Map<number, { value: string; end: number }>();
  const code = text.replace(TOKEN, (token, at: number) => {
    if (token.startsWith('/')) return blank(token);
    const mark = token.startsWith('"""') ? '"""' : (token[0] ?? '');
    const inner = token.slice(mark.length, token.length > mark.length && token.endsWith(mark) ? -mark.length : undefined);
    if (mark !== "'" || inner.length > 1) strings.set(at, { value: inner.replace(/\\(["'\\])/g, '$1'), end: at + token.length });
    return `${mark}${blank(inner)}${token.slice(mark.length + inner.length)}`;
  });
  return { code, strings };
}

interface Rule {
  kind: SourceHit['kind'];
  calls: RegExp;
}

/** Calls whose first argument names a file, a program or a library. Sources: docs.oracle.com, java.base; kotlinlang.org/api; scala-lang.org/api; docs.spring.io. */
const RULES: readonly Rule[] = [
  {
    kind: 'write',
    calls:
      /\b(?:FileOutputStream|FileWriter|PrintWriter|FileHandler|Files\.(?:write|writeString|newBufferedWriter|newOutputStream|createDirector(?:y|ies)|createFile))\s*\(/g,
  },
  {
    kind: 'read',
    calls:
      /\b(?:File|FileInputStream|FileReader|RandomAccessFile|FileSystemResource|PathResource|ZipFile|JarFile|FileSystemXmlApplicationContext|Paths\.get|Path\.of|(?<![@.])Path|Source\.fromFile|FileDataSource)\s*\(/g,
  },
  { kind: 'spawn', calls: /\b(?:ProcessBuilder|getRuntime\(\)\.exec|CommandLine\.parse|Runtime\.exec|runtime\.exec)\s*\(/g },
  { kind: 'dlopen', calls: /\b(?:System\.loadLibrary|System\.load|Native\.load|Native\.loadLibrary|NativeLibrary\.getInstance)\s*\(/g },
];
/** What says by itself that files are read whose place is computed: the working directory, the place of the jar. */
const COMPUTED = /\bgetCodeSource\s*\(/g;

/** What only a JDK has. Sources: docs.oracle.com, modules java.compiler (its tools), jdk.compiler, jdk.attach, jdk.jdi, jdk.jshell; the READMEs of Byte Buddy and JasperReports. */
const KIT =
  /\bjavax\.tools\b|\bToolProvider\b|\bcom\.sun\.(?:tools|source|jdi)\b|\bsun\.(?:tools|jvmstat)\b|\bVirtualMachine\s*\.\s*attach|\bByteBuddyAgent\b|\bReactorDebugAgent\b|\bBlockHound\b|\bjdk\.jshell\b|\bJasperCompileManager\b/;

export interface JavaFile {
  path: string;
  text: string;
  lexed: LexedJava;
}

/** Hits of these files. `exists` tells whether a relative path is a file or directory of the context. */
export const javaHits = (files: readonly JavaFile[], exists: (path: string) => 'file' | 'dir' | undefined): SourceHit[] =>
  files.flatMap((file) => hitsOf(file, exists));

function hitsOf({ path, text, lexed }: JavaFile, exists: (path: string) => 'file' | 'dir' | undefined): SourceHit[] {
  const { code, strings } = lexed;
  const lineAt = lineCounter(text);
  const found = new Map<string, SourceHit>();
  const add = (at: number, kind: SourceHit['kind'], literal?: string): void => {
    const line = lineAt(at);
    const key = `${line} ${kind} ${literal ?? ''}`;
    if (!found.has(key)) found.set(key, { file: path, line, kind, literal, text: lineText(text, at) });
  };
  for (const { kind, calls } of RULES)
    for (const call of code.matchAll(calls)) {
      const literal = firstArgument(lexed, call.index + call[0].length);
      if (literal === 'none') continue;
      if (kind === 'spawn') add(call.index, kind, literal?.split(/\s/)[0]);
      else if (literal?.startsWith('classpath:') !== true) add(call.index, kind, literal);
    }
  for (const call of code.matchAll(COMPUTED)) add(call.index, 'read');
  for (const [at, { value }] of strings) {
    if (value === 'user.dir') add(at, 'read');
    if (value.length < 2 || value.length > 300 || value.startsWith('classpath')) continue;
    const plain = value.replace(/^(?:file:(?:\/\/)?|jdbc:(?:sqlite|h2:file|hsqldb:file):)/, '').replace(/[;?].*$/s, '');
    if (plain !== value && /[${]/.test(plain)) add(at, 'read');
    else if (plain !== value && plain !== '') add(at, 'read', plain);
    else {
      const place = namedPlace(value, exists) ?? directoryOf(value, exists);
      if (place !== undefined) add(at, 'read', place);
    }
  }
  if (/\bDotenv\b/.test(code)) add(code.search(/\bDotenv\b/), 'env-file', '.env');
  return [...found.values()].sort((a, b) => a.line - b.line);
}

/** A directory of the context that a text is: `src/main/resources/static`, `/uploads/images` behind the working directory. */
function directoryOf(value: string, exists: (path: string) => 'file' | 'dir' | undefined): string | undefined {
  if (!/^\/?[\w@.-]+(?:\/[\w@.-]+)+\/?$/.test(value)) return undefined;
  const path = value.replace(/^\//, '');
  return exists(path) === 'dir' ? path : undefined;
}

/** The text that a first argument is; undefined: it is computed; 'none': there is none, or a declaration stands there, or what stands there is no path of its own. */
function firstArgument({ code, strings }: LexedJava, from: number): string | undefined {
  const at = from + (/^\s*/.exec(code.slice(from, from + 200))?.[0].length ?? 0);
  if (code[at] === ')') return 'none';
  const text = strings.get(at);
  const rest = code.slice(text?.end ?? at, (text?.end ?? at) + 300);
  if (!text)
    return /^(?:System\.out|System\.err|new\s+(?:File|Output|Print|Buffered)|\w+\s*:\s|(?:final\s+)?[A-Z][\w<>[\]]*\s+\w+\s*[,)])/.test(
      rest,
    )
      ? 'none'
      : undefined;
  if (/^\s*[,)]/.test(rest)) return text.value;
  // `"data/" + name`: what lies in the directory
  return /^\s*\+/.test(rest) && text.value.endsWith('/') ? text.value : undefined;
}

/** The first line of the sources that needs a JDK when it runs. */
export function kitEvidence(files: readonly JavaFile[]): { file: string; line: number; says: string } | undefined {
  for (const { path, text, lexed } of files) {
    const at = lexed.code.search(KIT);
    if (at !== -1) return { file: path, line: lineCounter(text)(at), says: lineText(text, at) };
  }
  return undefined;
}
