// Room: dockerfile/. The builders of new text: they know line ends, indentation, flags and the comments above. Strings use '\n'.
import type { Edit, Piece } from './edits.ts';
import type { CopyLike, Dockerfile, Flag, Instruction, Run, ShellCommand, Span, Stage } from './types.ts';

/** An instruction with its comments, without its last line break. */
export const whole = (i: Instruction): Span => ({ start: i.leadStart, end: i.end });

/** Removes instructions with their comments and lines; neighbours go as one, with the blank lines between them, and one of two blank lines that would meet goes too. */
export function removals(dockerfile: Dockerfile, instructions: readonly Instruction[]): Edit[] {
  const groups: { start: number; end: number }[] = [];
  for (const i of instructions) {
    const last = groups[groups.length - 1];
    if (last && dockerfile.source.slice(last.end, i.leadStart).trim() === '') last.end = i.lineEnd;
    else groups.push({ start: i.leadStart, end: i.lineEnd });
  }
  return groups.map(({ start, end }) => cutting(dockerfile, start, end));
}
function cutting({ source }: Dockerfile, start: number, end: number): Edit {
  const blankBefore = start === 0 || isBlankLineEndingAt(source, start);
  return { start, end: blankBefore ? skipBlankLine(source, end) : end, text: [] };
}
function isBlankLineEndingAt(source: string, offset: number): boolean {
  const previous = source.lastIndexOf('\n', offset - 2);
  return offset > 0 && source.slice(previous + 1, offset).trim() === '';
}
function skipBlankLine(source: string, offset: number): number {
  const next = source.indexOf('\n', offset);
  return next !== -1 && source.slice(offset, next).trim() === '' ? next + 1 : offset;
}
/** True when a blank line stands directly above an instruction (and its comments). */
export const blankAbove = (dockerfile: Dockerfile, i: Instruction): boolean => isBlankLineEndingAt(dockerfile.source, i.leadStart);

/** A new line with the indentation of an instruction. What begins with text of the file has its own. */
export const alike = (i: Instruction, line: readonly Piece[]): Piece[] =>
  i.start > i.lineStart && typeof line[0] === 'string' ? [{ start: i.lineStart, end: i.start }, ...line] : [...line];

/** Inserts lines behind an instruction: each piece list is one line (without its break). */
export function linesAfter(dockerfile: Dockerfile, i: Instruction, lines: readonly Piece[][]): Edit {
  const broken = i.lineEnd > i.end && dockerfile.source.slice(i.end, i.lineEnd).includes('\n');
  const text = lines.flatMap((line): Piece[] => (broken ? [...alike(i, line), '\n'] : ['\n', ...alike(i, line)]));
  return { start: i.lineEnd, end: i.lineEnd, text };
}
/** Inserts lines above an instruction and its comments. */
export const linesBefore = (i: Instruction, lines: readonly Piece[][]): Edit => ({
  start: i.leadStart,
  end: i.leadStart,
  text: lines.flatMap((line): Piece[] => [...alike(i, line), '\n']),
});

/** Replaces an instruction together with its comments by lines. */
export const replaced = (i: Instruction, lines: readonly Piece[][]): Edit => ({
  start: i.leadStart,
  end: i.end,
  text: lines.flatMap((line, n): Piece[] => (n === 0 ? alike(i, line) : ['\n', ...alike(i, line)])),
});

const NEEDS_JSON = /[\s"\\$*?[\]#]/;

/** `COPY` of literal paths; names that the shell form cannot hold are written in the JSON form. Flags are repeated as they stand. */
export function copyText(flags: readonly (Flag | string)[], sources: readonly string[], dest: string): string {
  return copyForm(
    flags,
    [...sources, dest],
    [...sources, dest].some((path) => NEEDS_JSON.test(path)),
  );
}
function copyForm(flags: readonly (Flag | string)[], paths: readonly string[], json: boolean): string {
  const written = flags
    .map((f) => (typeof f === 'string' ? f : f.raw))
    .map((f) => `${f} `)
    .join('');
  return `COPY ${written}${json ? JSON.stringify(paths) : paths.join(' ')}`;
}

/**
 * `COPY` of a path that may not be there: a pattern that only it matches, which BuildKit lets match nothing. The first name of the path holds the
 * pattern, as a directory in front of one must be there; undefined: the path has a sign of a pattern itself.
 * Sources: BuildKit, dispatchCopy, AllowEmptyWildcard; tonistiigi/fsutil, ResolveWildcards.
 */
export function optionalCopyText(flags: readonly string[], path: string, dest: string): string | undefined {
  const [, head = '', last = '', rest = ''] = /^([^/]*)([^/])(\/.*)?$/su.exec(path) ?? [];
  // a star in the name of the file is a pattern already
  if (last === '' || /["\\$?[\]#]|\*.*\//.test(path)) return undefined;
  const pattern = rest === '' && path.includes('*') ? path : `${head}[${last}]${rest}`;
  return copyForm(flags, [pattern, dest], NEEDS_JSON.test(path.replaceAll('*', '') + dest));
}

/** The flags of a COPY that decide owner and mode. */
export const ownerFlags = (copy: CopyLike): Flag[] => copy.flags.filter((f) => f.name === 'chown' || f.name === 'chmod');

/**
 * `RUN apt-get install` of packages, in the form that leaves no package lists behind; `recommended` names those that keep what Debian
 * recommends beside them, as the original installed them. Source: Docker docs, "Building best practices", apt-get.
 */
export function aptInstallText(packages: readonly string[], recommended: readonly string[] = []): string {
  const names = [...new Set(packages)].sort();
  const install = (options: string, some: string[]): string[] =>
    some.length > 0 ? [`apt-get install -y ${options}${some.join(' ')}`] : [];
  const whole = install(
    '',
    names.filter((name) => recommended.includes(name)),
  );
  const lean = install(
    '--no-install-recommends ',
    names.filter((name) => !recommended.includes(name)),
  );
  return ['RUN apt-get update', ...whole, ...lean, 'rm -rf /var/lib/apt/lists/*'].join(' \\\n && ');
}

/** A RUN that installs packages by the system's own package manager. Source for apk: docs.docker.com, "Building best practices"; apk-add(8). */
export const installText = (manager: 'apt' | 'apk', packages: readonly string[], recommended: readonly string[] = []): string =>
  manager === 'apk' ? `RUN apk add --no-cache ${[...new Set(packages)].sort().join(' ')}` : aptInstallText(packages, recommended);

/** Takes one command out of a list joined by `&&` or `;`, with the operator that joins it. Undefined when it stands alone. */
export function commandRemoval(commands: readonly ShellCommand[], command: ShellCommand): Edit | undefined {
  const at = commands.indexOf(command);
  const next = commands[at + 1];
  if (at === -1 || commands.length === 1) return undefined;
  if (at === 0) return next?.before ? { start: command.start, end: next.start, text: [] } : undefined;
  const previous = commands[at - 1];
  return previous ? { start: previous.end, end: command.end, text: [] } : undefined;
}

/** Inserts flags into a RUN, behind those it has; on a line of their own each when the line would be longer than 100 columns or there are several. */
export function flagInsertion(dockerfile: Dockerfile, run: Run, flags: readonly string[]): Edit {
  const { bodyStart } = run;
  const tail = dockerfile.source.slice(bodyStart, run.end);
  const single = !tail.includes('\n') && run.heredocs.length === 0;
  const width = run.end - run.lineStart + flags.join(' ').length + 1;
  const oneLine = flags.length === 1 && ((single && width <= 100) || run.heredocs.length > 0);
  const indent = '    ';
  const text = oneLine ? `${flags[0]} ` : flags.map((f, n) => `${n === 0 ? '' : indent}${f} ${dockerfile.escape}\n`).join('') + indent;
  return { start: bodyStart, end: bodyStart, text: [text] };
}

/** An instruction with its comments and every comment block above it up to the instruction before, so that none is lost when it moves. */
export function standing(dockerfile: Dockerfile, stage: Stage, i: Instruction): Span {
  const before = stage.instructions.findLast((other) => other.index < i.index) ?? stage.from;
  const between = dockerfile.source.slice(before.lineEnd, i.leadStart);
  const comment = between.search(/^[ \t]*#/m);
  return { start: comment === -1 ? i.leadStart : before.lineEnd + comment, end: i.end };
}

/** A word of the line is the path, or lies below it. */
export const namesBelow = (line: readonly Piece[], path: string): boolean =>
  line.some((piece) => typeof piece === 'string' && piece.split(/[\s"[\],]+/).some((word) => word === path || word.startsWith(`${path}/`)));

/** The line is that of a COPY whose destination does not depend on the working directory. */
export const copiesToAbsolute = ([text, ...more]: readonly Piece[]): boolean =>
  more.length === 0 && typeof text === 'string' && /^COPY .* \/[^\s"\]]*$/.test(text);
