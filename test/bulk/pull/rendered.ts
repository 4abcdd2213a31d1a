// A body as GitHub would show it (CommonMark with GitHub's extensions), and what of it lies outside of code.
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

export const rendered = (body: string): string =>
  micromark(body, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });

/** The rendered text without code blocks and code spans. */
export const outsideOfCode = (body: string): string =>
  rendered(body)
    .replace(/<pre>[\s\S]*?<\/pre>/g, ' ')
    .replace(/<code>[\s\S]*?<\/code>/g, ' ');

const ours = /<!-- dockerfile-mod:(?:begin|end|rebase|hand-back|stop|v1 [A-Za-z0-9_-]+) -->/g;

/** What a forge would follow or hide in a body: mentions, references, links, images, comments that are not ours, foreign elements. */
export function findings(body: string): string[] {
  const text = outsideOfCode(body).replace(ours, '');
  const shown = text.replace(/<[^>]*>/g, ' ');
  const patterns: [string, RegExp, string][] = [
    ['mention', /[@＠]\w/, shown],
    ['reference', /[#!]\d|\bGH-\d/i, shown],
    ['commit', /\b[0-9a-f]{7,64}\b/, shown],
    ['address', /:\/\/|www\./, shown],
    ['link or image', /<(?:a|img)\b/, text.replace(/<a href="#user-content[^>]*>/g, '')],
    ['comment', /<!--/, text],
    ['element', /<(?!\/?(?:p|ul|ol|li|strong|em|table|thead|tbody|tr|th|td|h3|details|summary|sub|hr|input|br)\b)[a-z!/]/i, text],
  ];
  return patterns.flatMap(([name, pattern, where]) => {
    const found = pattern.exec(where);
    return found ? [`${name}: ${where.slice(Math.max(0, found.index - 40), found.index + 60)}`] : [];
  });
}
