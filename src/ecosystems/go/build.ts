// Room: ecosystems/go. `go build` and `go install` on the command line, with the places where a transform may edit.
import type { Known, ShellCommand, Span, Word } from '../../dockerfile/types.ts';

export interface GoFlag {
  name: string;
  /** Undefined when it holds an expansion, and for flags without a value. */
  value: string | undefined;
  /** The word that holds the value; the flag's own word for `-name=value`. */
  word: Word;
  /** True for `-name value` in two words. */
  apart: boolean;
}
export interface GoBuild {
  /** True for `go install`. */
  install: boolean;
  /** As written; empty: the package in the working directory. Words that hold an expansion are missing here: see `packageWords`. */
  packages: string[];
  packageWords: Word[];
  /** `-o`; undefined when absent or computed (then `outputWord` is there). */
  output: string | undefined;
  outputWord: Word | undefined;
  /** The word with the value of `-ldflags` (the flag's own word for `-ldflags=…`). */
  ldflags: Word | undefined;
  ldflagsValue: string | undefined;
  /** Literal assignments in front of the command (`CGO_ENABLED=0 go build`, `env …`). */
  env: Record<string, string>;
  /** Names assigned in front whose value is computed. */
  computedEnv: string[];
  race: boolean;
  tags: string | undefined;
  buildmode: string | undefined;
  /** `-C dir`: go changes there first. */
  directory: string | undefined;
  flags: GoFlag[];
  /** Name of the binary that the package `target` (a word of this command, '.' for none) of `module` makes; '' when the words name several packages. */
  binaryName(module: string, target: string): string;
  /** The program's word: an assignment goes in front of it. */
  program: Word;
  /** The word `build` or `install`: a new flag goes behind it. */
  verb: Word;
}

/** Source: `go help build` of Go 1.26: flags that take a value. */
const withValue = new Set([
  'C',
  'o',
  'p',
  'asmflags',
  'buildmode',
  'compiler',
  'covermode',
  'coverpkg',
  'gccgoflags',
  'gcflags',
  'installsuffix',
  'ldflags',
  'mod',
  'modfile',
  'overlay',
  'pgo',
  'pkgdir',
  'tags',
  'toolexec',
]);

/** The program, its verb and its words, seen through `env A=b` in front; undefined when the command is not go's. */
export function goCommand(command: ShellCommand): { words: Word[]; env: { name: string; value: string | undefined }[] } | undefined {
  const env = command.assignments.map(({ name, value }) => ({ name, value }));
  let words = command.words;
  if (words[0]?.value === 'env') {
    const program = words.findIndex((word, index) => index > 0 && !/^[A-Za-z_]\w*=/.test(word.raw));
    if (program < 0) return undefined;
    for (const word of words.slice(1, program))
      env.push({ name: word.raw.slice(0, word.raw.indexOf('=')), value: word.value?.slice(word.value.indexOf('=') + 1) });
    words = words.slice(program);
  }
  return baseName(words[0]?.value ?? '') === 'go' ? { words, env } : undefined;
}
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a `go build` or `go install` does; undefined for every other command. */
export function goBuild(command: ShellCommand): GoBuild | undefined {
  const found = goCommand(command);
  const [program, verb, ...rest] = found?.words ?? [];
  if (!found || !program || !verb || (verb.value !== 'build' && verb.value !== 'install')) return undefined;
  const { flags, operands } = readFlags(rest);
  const flag = (name: string): GoFlag | undefined => flags.findLast((f) => f.name === name);
  return {
    install: verb.value === 'install',
    packages: operands.flatMap((word) => word.value ?? []),
    packageWords: operands,
    output: flag('o')?.value,
    outputWord: flag('o')?.word,
    ldflags: flag('ldflags')?.word,
    ldflagsValue: flag('ldflags')?.value,
    env: Object.fromEntries(found.env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
    computedEnv: found.env.flatMap(({ name, value }) => (value === undefined ? [name] : [])),
    race: isOn(flag('race')),
    tags: flag('tags')?.value,
    buildmode: flag('buildmode')?.value,
    directory: flag('C')?.value,
    flags,
    binaryName,
    program,
    verb,
  };
}

const isOn = (flag: GoFlag | undefined): boolean => flag !== undefined && flag.value !== 'false' && flag.value !== '0';

/** Go's own rule (package flag): `-name`, `--name`, `-name=value`, `-name value`; the first other word ends the flags. */
function readFlags(words: readonly Word[]): { flags: GoFlag[]; operands: Word[] } {
  const flags: GoFlag[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as Word;
    const found = /^--?([A-Za-z][\w-]*)(=)?/.exec(word.value ?? unquoted(word.raw));
    if (!found) return { flags, operands: words.slice(i) };
    const name = found[1] ?? '';
    const next = words[i + 1];
    if (found[2] === undefined && withValue.has(name) && next) {
      flags.push({ name, value: next.value, word: next, apart: true });
      i++;
    } else
      flags.push({ name, value: found[2] === undefined ? undefined : word.value?.slice(word.value.indexOf('=') + 1), word, apart: false });
  }
  return { flags, operands: [] };
}
/** The start of a word with an expansion in it, without its first quote: enough to see the flag's name. */
const unquoted = (raw: string): string => raw.replace(/^["']/, '');

/** The build tags of a command. Source: `go help build`: comma-separated, older form space-separated. */
export const tagsOf = (build: GoBuild): string[] => (build.tags ?? '').split(/[\s,]+/).filter((tag) => tag !== '');

/**
 * Why this command links C code or a shared library whatever the sources say; undefined when nothing in it says so. `setting`: a variable as the command
 * finds it, its own assignments among them. Sources: `go help build`, https://pkg.go.dev/cmd/cgo, https://pkg.go.dev/cmd/link.
 */
export function cgoForced(build: GoBuild, setting: (name: string) => Known | undefined): string | undefined {
  const value = (name: string): string => {
    const found = setting(name);
    return found && 'value' in found ? found.value : '';
  };
  const goflags = ` ${value('GOFLAGS')} `;
  for (const name of ['linkshared', 'msan', 'asan', 'race'])
    if (isOn(build.flags.findLast((f) => f.name === name)) || new RegExp(` --?${name}(?:=true|=1)? `).test(goflags)) return `-${name}`;
  const mode = build.buildmode ?? /--?buildmode=(\S+)/.exec(goflags)?.[1];
  if (mode !== undefined && /^(?:plugin|shared|c-shared|c-archive)$/.test(mode)) return `-buildmode=${mode}`;
  const link = build.ldflagsValue ?? build.ldflags?.raw ?? '';
  if (/-linkmode[= ]'?external/.test(`${link}${goflags}`)) return '-linkmode=external';
  if (/\bboringcrypto\b/.test(`${value('GOEXPERIMENT')} ${build.tags ?? ''}`)) return 'GOEXPERIMENT=boringcrypto';
  const cgo = setting('CGO_ENABLED');
  if (cgo && 'unknown' in cgo) return 'CGO_ENABLED';
  return cgo?.value === '1' ? 'CGO_ENABLED=1' : undefined;
}

/** How `-s -w` (no symbol table, no DWARF) can be added: a replacement of source text, 'present', or 'leave' (the flag is computed, or quoted in a way that cannot be extended). */
export function stripFlags(build: GoBuild): (Span & { text: string }) | 'present' | 'leave' {
  const { ldflags, ldflagsValue: value, verb } = build;
  if (!ldflags) return { start: verb.end, end: verb.end, text: " -ldflags='-s -w'" };
  if (value === undefined) return 'leave';
  const words = value.split(/\s+/);
  if (words.includes('-s')) return 'present';
  const missing = words.includes('-w') ? '-s' : '-s -w';
  const quote = ldflags.raw.at(-1);
  const opened = quote === undefined ? -1 : ldflags.raw.indexOf(quote);
  // The value's own quotes: they open at the word's start or directly behind `=`, and nothing else in the word is quoted.
  if (
    (quote === '"' || quote === "'") &&
    ldflags.raw.length >= 2 &&
    ldflags.raw.indexOf(quote, opened + 1) === ldflags.raw.length - 1 &&
    (opened === 0 || ldflags.raw[opened - 1] === '=')
  )
    return { start: ldflags.end - 1, end: ldflags.end - 1, text: value === '' ? missing : ` ${missing}` };
  if (/["'\\]/.test(ldflags.raw) || !build.flags.some((f) => f.word === ldflags)) return 'leave';
  const name = /^--?ldflags=/.exec(ldflags.raw)?.[0] ?? '';
  return {
    start: ldflags.start + name.length,
    end: ldflags.end,
    text: `'${ldflags.raw.slice(name.length)}${value === '' ? '' : ' '}${missing}'`,
  };
}

/** Source: `go help build`, "the last non-major-version component of the package import path". */
function binaryName(module: string, target: string): string {
  if (target.includes('...') || target.endsWith('.go')) return target.endsWith('.go') ? target.slice(target.lastIndexOf('/') + 1, -3) : '';
  const parts = (target.startsWith('.') ? `${module}/${target}` : (target.split('@', 1)[0] ?? ''))
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const last = parts.at(-1) ?? '';
  if (parts.includes('..')) return last === '..' ? '' : last;
  return /^v(?:[2-9]|[1-9]\d+)$/.test(last) && parts.length > 1 ? (parts.at(-2) ?? last) : last;
}
