// Room: bulk/. Text of a repository made harmless for Markdown: no mention, no reference, no closing word, no comment, no link comes of it.
import { visible, visibleLines } from './visible.ts';

/** Characters of one sentence; longer ones are cut. */
const maxSentence = 1200;

/** Words that mean nothing to a forge: letters, joined by `-` or an apostrophe. */
const word = /^\p{L}+(?:['’-]\p{L}+)*$/u;
const number = /^(?:\d{1,6}|\d{1,4}(?:\.\d{1,4}){1,3}|\d{1,3}%)$/;
const dash = /^[–—·→]$/;
const abbreviation = /^(?:e\.g|i\.e)$/;
/** GitHub, GitLab and Gitea link commits by 7 to 64 hexadecimal digits. https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls */
const hexadecimal = /^[0-9a-f]{7,64}$/i;

/**
 * A sentence of ours in which names, paths and commands of a repository may stand, as Markdown of one line. What is not a
 * plain word or number becomes a code span: forges look for mentions (`@team`), references (`#1`, `a/b#1`, `GH-1`, `!1`,
 * commits, URLs) and closing words everywhere but in code.
 */
export function prose(sentence: string): string {
  let text = '';
  // What a sentence of ours names stands between backticks: it is one code span, whatever it holds.
  for (const part of sentence.slice(0, maxSentence).split(/(`[^`]+`)/)) {
    const isNamed = part.length > 2 && part.startsWith('`') && part.endsWith('`');
    const next = isNamed ? code(part.slice(1, -1).trim().replace(blanks, ' ')) : words(part);
    // Two code spans side by side would be read as one.
    text += text.endsWith('`') && next.startsWith('`') ? ` ${next}` : next;
  }
  // `1.` at the start of a line would be a list.
  return text.trim().replace(/^(\d+)([.)])/, '$1\\$2');
}

const blanks = /[\s\u0085]+/g;

function words(text: string): string {
  const tokens = text.split(blanks).filter((one) => one !== '');
  const [before, after] = [/^[\s\u0085]/, /[\s\u0085]$/].map((blank) => (blank.test(text) ? ' ' : ''));
  return tokens.length === 0 ? (before ?? '') : `${before}${tokens.map(token).join(' ')}${after}`;
}

function token(text: string): string {
  const [, open = '', inner = '', close = ''] = /^([("'“‘]*)(.*?)([.,;:!?)"'”’…]*)$/su.exec(text) ?? [undefined, '', text, ''];
  if (inner === '') return isHarmlessMark(text) ? text : code(text);
  if (isPlain(inner)) return `${open}${inner}${close}`;
  // A bracket that the word opened is closed by the word.
  const [, own = '', rest = ''] = inner.includes('(') ? (/^(\)*)(.*)$/su.exec(close) ?? []) : [undefined, '', close];
  return `${open}${code(inner + own)}${rest}`;
}

const isHarmlessMark = (text: string): boolean => /^[.,;:?"'“”‘’…()]+$/u.test(text) && text.length < 4;
const isPlain = (text: string): boolean =>
  (word.test(text) && !hexadecimal.test(text)) ||
  (number.test(text) && !hexadecimal.test(text)) ||
  dash.test(text) ||
  abbreviation.test(text);

/** A code span that holds the text whatever it is; one line, control characters visible. */
export function code(text: string): string {
  const shown = withoutMeaning(visible(text)).replaceAll('|', '\\x7c');
  if (shown.trim() === '') return '`(blank)`';
  const ticks = '`'.repeat(longestRun(shown) + 1);
  const pad = shown.startsWith('`') || shown.endsWith('`') || shown.startsWith(' ') || shown.endsWith(' ') ? ' ' : '';
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}

/** A fenced block that no line of the text can end. */
export function fenced(text: string, language: 'diff' | 'sh' | 'text'): string {
  const shown = withoutMeaning(visibleLines(text));
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}${language}\n${shown}${shown.endsWith('\n') || shown === '' ? '' : '\n'}${fence}`;
}

/**
 * Text of a repository for titles and commit messages, where a forge knows no code: characters that begin a reference
 * become `_`. One line.
 */
export function plainText(text: string): string {
  return visible(text.slice(0, maxSentence).replace(/\s+/g, ' ').trim())
    .replace(/[^\p{L}\p{N} ./+,()-]/gu, '_')
    .replace(/:/g, '_')
    .replace(/(gh)-(?=\d)/gi, '$1_')
    .replace(/([A-Z][A-Z0-9]+)-(?=\d)/g, '$1_')
    .replace(/[0-9a-f]{6}(?=[0-9a-f])/gi, '$&_');
}

/** One line of the campaign's owner: their words, and links, count; only what hides or ends a comment does not. */
export function ownersLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim()).replaceAll('<!--', '&lt;!--');
}

/**
 * A forge may match its closing pattern against the raw text, code too: a keyword, blanks, and what
 * names an issue (`#1`, `group/project#1`, a URL, `JIRA-1`). https://docs.gitlab.com/user/project/issues/managing_issues/#default-closing-pattern
 */
const closing = /\b((?:clos|fix|resolv|implement)[a-z]*:?)[ \t]+(?=(?:issues?:?[ \t]+)?(?:\S*[#!]\d|https?:|[a-z][a-z0-9_]*-\d))/gi;

/** Without what is read even inside of code: our own marks, and closing words. Written so that people still see what stands there. */
function withoutMeaning(text: string): string {
  return text.replace(/<!(?=--\s*dockerfile-mod)/gi, '<\\x21').replace(closing, '$1\\x20');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
