// Room: ecosystems/node. JavaScript and TypeScript text without its comments, every other character at its place.

/** Characters and words before which a slash starts a regular expression. */
const beforeRegex = /(?:[(,=:[!&|?{};+\-*%<>~^\n]|^|\b(?:return|typeof|case|in|of|do|else|void|delete|throw))\s{0,50}$/;

/**
 * Blanks comments. Strings, templates and regular expressions are stepped over, cheaply: a text that fools the steps keeps too
 * much of a line or too little, never more than that.
 */
export function withoutComments(text: string): string {
  const pieces: string[] = [];
  let kept = 0;
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    const next = text[at + 1];
    if (char === '/' && (next === '/' || next === '*')) {
      const end = commentEnd(text, at, next);
      pieces.push(text.slice(kept, at), blanked(text.slice(at, end)));
      kept = end;
      at = end;
    } else if (char === '"' || char === "'") at = quotedEnd(text, at, char, '\n');
    else if (char === '`') at = quotedEnd(text, at, char, undefined);
    else if (char === '/' && beforeRegex.test(text.slice(Math.max(0, at - 60), at))) at = regexEnd(text, at);
    else at += 1;
  }
  pieces.push(text.slice(kept));
  return pieces.join('');
}

function commentEnd(text: string, at: number, kind: string): number {
  const end = text.indexOf(kind === '/' ? '\n' : '*/', at + 2);
  if (end < 0) return text.length;
  return kind === '/' ? end : end + 2;
}

const blanked = (comment: string): string => comment.replace(/[^\n]/g, ' ');

function quotedEnd(text: string, start: number, quote: string, stop: string | undefined): number {
  let at = start + 1;
  while (at < text.length && text[at] !== quote && text[at] !== stop) at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function regexEnd(text: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < text.length && text[at] !== '\n'; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return at + 1;
  }
  return start + 1;
}
