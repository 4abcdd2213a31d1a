// Room: dockerfile/. Which shell text an instruction runs, and where it stands. Source: BuildKit v0.34.2, frontend/dockerfile/dockerfile2llb/convert.go, dispatchRun.
import type { Node } from './arguments.ts';
import type { Framed } from './frame.ts';
import { heredocOf } from './heredoc.ts';
import { joinPieces, partOf } from './lines.ts';
import { isPosixShell, opaqueScript, parseShell } from './shell.ts';
import type { Heredoc, LogicalText, Script, Span } from './types.ts';

const notPosix = 'not a POSIX shell';

/** The script of a RUN, CMD, ENTRYPOINT or HEALTHCHECK in shell form; undefined in exec form. `shell` is the SHELL in force. */
export function scriptFor(source: string, framed: Framed, escape: string, shell: readonly string[]): Script | undefined {
  const { node, logical } = framed;
  if (node.json || (node.keyword.value.toLowerCase() === 'healthcheck' && node.args.length < 2)) return undefined;
  const body = bodyOf(node);
  const text = partOf(logical, body.start, body.end);
  if (framed.heredocs.length > 0) return heredocScript(source, framed, text, isPosixShell(shell) && escape === '\\');
  return isPosixShell(shell) && escape === '\\' ? parseShell(text.text, text.toSource) : opaqueScript(text, notPosix);
}

function bodyOf(node: Node): Span {
  return node.keyword.value.toLowerCase() === 'healthcheck' ? (node.words[1] ?? node.rest) : node.rest;
}

/** `RUN <<EOF` runs the body, and so does `RUN <<EOF bash`; anything else (`RUN cat <<EOF > f`) gives the shell the line and the bodies. */
function heredocScript(source: string, framed: Framed, text: LogicalText, posix: boolean): Script {
  const [first] = framed.heredocs;
  const alone = first && heredocOf(text.text);
  const runs = alone !== undefined && !('error' in alone);
  if (!first || !(runs || (posix && framed.heredocs.length === 1 && isFedToShell(text.text, first)))) {
    const bodies = framed.heredocs.flatMap((heredoc) => withTerminator(source, heredoc));
    const full = joined(text, joinPieces(source, bodies, framed.end));
    return posix ? parseShell(full.text, full.toSource) : opaqueScript(full, notPosix);
  }
  const body = joinPieces(source, bodyLines(source, first, first.chomp), first.start);
  const interpreter = /^#![ \t]*([^\n]*)/.exec(body.text.slice(0, 256))?.[1]?.trim();
  const reason =
    interpreter === undefined
      ? posix
        ? undefined
        : notPosix
      : isPosixShell(interpreter.split(/[ \t]+/))
        ? undefined
        : `runs under ${interpreter}`;
  return { ...(reason === undefined ? parseShell(body.text, body.toSource) : opaqueScript(body, reason)), heredoc: true };
}

/**
 * `RUN <<EOF bash`, `RUN bash -e <<EOF`: a POSIX shell reads the body. The shell of the file expands it first where the name is not quoted:
 * then it is what that shell gets only where nothing in it is expanded.
 */
function isFedToShell(line: string, { expand, content }: Heredoc): boolean {
  if (expand && /[$`\\]/.test(content)) return false;
  const words = line.trim().split(/[ \t]+/);
  const rest = words.filter((word) => heredocOf(word) === undefined);
  const [program, ...options] = rest;
  return rest.length < words.length && program !== undefined && isPosixShell([program]) && options.every((one) => /^-[eux]+$/.test(one));
}

/**
 * The lines of a body. A CR before the line break is left out: the shell would take it for a part of the last word, which no author means
 * (a file checked out with CRLF does not build at all, or not as meant).
 */
function bodyLines(source: string, heredoc: Heredoc, chomp: boolean): Span[] {
  const pieces: Span[] = [];
  for (let at = heredoc.start; at < heredoc.end;) {
    const feed = source.indexOf('\n', at);
    const next = feed === -1 || feed >= heredoc.end ? heredoc.end : feed + 1;
    let start = at;
    while (chomp && source[start] === '\t') start += 1;
    if (source[next - 1] === '\n' && source[next - 2] === '\r' && next - 2 >= start)
      pieces.push({ start, end: next - 2 }, { start: next - 1, end: next });
    else pieces.push({ start, end: next });
    at = next;
  }
  return pieces;
}

/** The line break before a body, the body, its terminator. */
function withTerminator(source: string, heredoc: Heredoc): Span[] {
  let end = heredoc.end;
  while (heredoc.chomp && source[end] === '\t') end += 1;
  return [
    { start: heredoc.start - 1, end: heredoc.start },
    ...bodyLines(source, heredoc, false),
    { start: end, end: end + heredoc.name.length },
  ];
}

function joined(first: LogicalText, second: LogicalText): LogicalText {
  const length = first.text.length;
  return {
    text: first.text + second.text,
    toSource: (index) => (index < length ? first.toSource(index) : second.toSource(index - length)),
  };
}
