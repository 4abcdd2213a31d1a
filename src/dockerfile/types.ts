// Room: dockerfile/. The parsed Dockerfile: what every other room may say about it.
// All offsets are UTF-16 offsets into `Dockerfile.source` (the text as given, BOM and CRLF included); lines count from 1.

/** A half-open range of the source text. */
export interface Span {
  start: number;
  end: number;
}

/** A parser directive (`# syntax=…`, `# escape=…`, `# check=…`). Source: Dockerfile reference, "Parser directives". */
export interface Directive extends Span {
  name: string;
  value: string;
  line: number;
}

/**
 * One logical line as the builder sees it: continuations joined, comment lines and blank lines inside removed.
 * `toSource(i)` gives the source offset of the character at `i` (and, for `i === text.length`, the offset just behind the last character).
 */
export interface LogicalText {
  text: string;
  toSource(index: number): number;
}

/** A leading `--name=value` (or `--name`) of an instruction. */
export interface Flag extends Span {
  name: string;
  value: string | undefined;
  raw: string;
}

/** A word of an instruction or a JSON string, with the value after unquoting (variables are not expanded). */
export interface Arg extends Span {
  raw: string;
  value: string;
}

/** A heredoc of an instruction. `start`…`end` is its body without the terminator line. */
export interface Heredoc extends Span {
  name: string;
  fd: number;
  /** False when the name was quoted: no variable expansion inside. */
  expand: boolean;
  /** `<<-`: leading tabs are removed. */
  chomp: boolean;
  content: string;
}

export interface InstructionBase extends Span {
  /** Position in `Dockerfile.instructions`. */
  index: number;
  /** Position in `Dockerfile.stages`; -1 for what stands above the first FROM. */
  stage: number;
  /** First and last line of the instruction, heredoc bodies and terminators included. */
  line: number;
  endLine: number;
  /** Where the instruction's own line starts (its indentation included). */
  lineStart: number;
  /** Where the comment block glued to it starts (comment lines directly above, no blank line between, directives never); `lineStart` when there is none. */
  leadStart: number;
  /** Just behind the instruction's line end (the line break included when there is one). */
  lineEnd: number;
  /** The keyword as written. */
  keywordRaw: string;
  keywordSpan: Span;
  flags: Flag[];
  /** BuildKit's own argument values (what `parser.Node.Next…` holds). For RUN in shell form this is one element: the shell text. */
  args: string[];
  /** The exec form's strings, when the instruction is in JSON form. */
  json: Arg[] | undefined;
  heredocs: Heredoc[];
  /** The logical line, keyword and flags included. */
  logical: LogicalText;
  /** Source offset of the first character behind keyword and flags (where the body starts; equals `end` when there is none). */
  bodyStart: number;
}

export interface ImageRef {
  /** As written, variables included. */
  raw: string;
  span: Span;
  /** After expanding ARGs that have a default above the first FROM; undefined when one has none. */
  resolved: string | undefined;
  /** Of `resolved`: registry host ('' for Docker Hub), repository path ('library/' removed), tag, digest. */
  registry: string;
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
  /** Names of the ARGs used in `raw`. */
  variables: string[];
}
export interface From extends InstructionBase {
  keyword: 'FROM';
  image: ImageRef;
  platform: string | undefined;
  /** The stage name as written, and where. */
  alias: Arg | undefined;
}
export interface Run extends InstructionBase {
  keyword: 'RUN';
  /** The shell text parsed; undefined in exec form. */
  script: Script | undefined;
  mounts: Mount[];
}
export interface Mount {
  flag: Flag;
  type: string;
  target: string | undefined;
  id: string | undefined;
  from: string | undefined;
  options: ReadonlyMap<string, string>;
}
export interface CopyLike extends InstructionBase {
  keyword: 'COPY' | 'ADD';
  sources: Arg[];
  dest: Arg | undefined;
  from: string | undefined;
  chown: string | undefined;
  chmod: string | undefined;
  link: boolean;
}
export interface Pair extends Span {
  name: string;
  /** Unquoted, variables not expanded; undefined for an ARG without a default. */
  value: string | undefined;
  raw: string;
}
export interface EnvLike extends InstructionBase {
  keyword: 'ENV' | 'LABEL' | 'ARG';
  pairs: Pair[];
}
export interface Command extends InstructionBase {
  keyword: 'CMD' | 'ENTRYPOINT';
  form: 'exec' | 'shell';
  /** In shell form. */
  script: Script | undefined;
}
export interface Healthcheck extends InstructionBase {
  keyword: 'HEALTHCHECK';
  none: boolean;
  form: 'exec' | 'shell' | undefined;
  script: Script | undefined;
}
export interface Plain extends InstructionBase {
  keyword: 'WORKDIR' | 'USER' | 'EXPOSE' | 'VOLUME' | 'STOPSIGNAL' | 'SHELL' | 'MAINTAINER';
  words: Arg[];
}
export interface Onbuild extends InstructionBase {
  keyword: 'ONBUILD';
  /** The keyword of the inner instruction. */
  inner: string;
  /** What BuildKit's parser makes of the inner instruction. */
  trigger?: { flags: Flag[]; args: string[]; json: boolean; words: Arg[] };
}
export type Instruction = From | Run | CopyLike | EnvLike | Command | Healthcheck | Plain | Onbuild;
export type Keyword = Instruction['keyword'];

export interface Stage {
  index: number;
  from: From;
  /** Lower-cased, as BuildKit compares it. */
  name: string | undefined;
  /** Instructions after FROM. */
  instructions: Instruction[];
}

export interface Dockerfile {
  source: string;
  bom: boolean;
  /** Decided by the first line break. */
  eol: '\n' | '\r\n';
  escape: '\\' | '`';
  directives: Directive[];
  /** ARG instructions above the first FROM. */
  globalArgs: EnvLike[];
  instructions: Instruction[];
  stages: Stage[];
}

/** Why a text is no Dockerfile that BuildKit accepts. */
export interface ParseError {
  message: string;
  line: number;
  column: number;
}
export type ParseResult = { ok: true; dockerfile: Dockerfile } | { ok: false; error: ParseError };

// ---- shell ----

export interface Word extends Span {
  /** As written (continuations inside removed). */
  raw: string;
  /** The literal value after quote removal; undefined when it holds an expansion, a substitution or a glob. */
  value: string | undefined;
  /** Names of the variables it expands. */
  variables: string[];
}
export interface Assignment extends Span {
  name: string;
  /** Literal value, as in Word. */
  value: string | undefined;
}
export interface Redirect extends Span {
  operator: string;
  target: Word | undefined;
  /** The descriptor in front of the operator (`2` of `2>&1`). */
  fd?: number;
  /** `<<`: the heredoc's text as written. */
  body?: string;
}
export type Operator = '&&' | '||' | ';' | '|' | '|&' | '&' | '\n';
export type Optional = 'not-run' | 'may-fail';
/** A simple command of a script. */
export interface ShellCommand extends Span {
  assignments: Assignment[];
  /** `words[0]` is the program; empty for a bare assignment. */
  words: Word[];
  redirects: Redirect[];
  /** The operator between the previous command of the list and this one; undefined for the first. */
  before: (Span & { operator: Operator }) | undefined;
  negated: boolean;
  /** Set when the script may end well although this command was not run (below a condition or a loop, behind `||`), or failed (before `||`, above a last `true`). */
  optional?: Optional;
  /** Set when the command stands in text that had to be decoded (`sh -c "a \"b\""`, escaped backticks): all its places are that of the whole text. */
  decoded?: true;
}
/**
 * A shell text. `commands` is the flat list at depth 0 when the script holds nothing but simple commands joined by operators;
 * otherwise `opaque` says why and `commands` is empty. `seen` always holds every simple command at any depth.
 */
export interface Script {
  /** Where the shell text stands in the source (heredoc bodies: the body). */
  span: Span;
  text: string;
  commands: ShellCommand[];
  seen: ShellCommand[];
  /** The words that loops go over at any depth: `a.sql seed/*.csv` of `for file in a.sql seed/*.csv`. */
  loops?: readonly Word[];
  /** Of an opaque text that has branches alone (if, case): the commands beside them. */
  certain?: ShellCommand[];
  opaque: string | undefined;
  /** True when the text is the body of `RUN <<EOF` (runs without `set -e`). */
  heredoc: boolean;
}

// ---- state ----

/** A value that is known, or not (`unknown` says why). */
export type Known = { value: string } | { unknown: string };
export interface State {
  env: ReadonlyMap<string, Known>;
  args: ReadonlyMap<string, Known>;
  /** Absolute. */
  workdir: Known;
  /** As written in USER (expanded), e.g. 'root', '1000:1000'; the base image's when none. */
  user: Known;
  shell: string[];
}
/** What a base image's configuration starts a stage with; asked of knowledge by the caller. Missing fields: unknown. */
export interface BaseState {
  env?: Readonly<Record<string, string>>;
  workdir?: string;
  user?: string;
  shell?: string[];
}
