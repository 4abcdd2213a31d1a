// Room: report/. Makes what a terminal would obey, or hide, visible: text of a repository is never sent raw.

const tab = 0x09;

/**
 * The text with every control character, terminal escape, direction override, invisible format character and lone
 * surrogate written as an escape (`\x1b`, `\u202e`). Tabs stay. In: one line or less; line breaks are escaped too.
 * Source of the set: Unicode categories Cc, Cf, Zl, Zp, Cs; "Trojan Source" (CVE-2021-42574) for the overrides.
 */
export function visible(text: string): string {
  let shown = '';
  for (const character of text) shown += isHidden(character.codePointAt(0) ?? 0) ? escaped(character) : character;
  return shown;
}

/** As `visible`, for a text of several lines: line feeds stay, and a carriage return that ends a line is left out. */
export function visibleLines(text: string): string {
  return text
    .split('\n')
    .map((line) => visible(line.endsWith('\r') ? line.slice(0, -1) : line))
    .join('\n');
}

function isHidden(code: number): boolean {
  if (code === tab) return false;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  if (code >= 0xd800 && code <= 0xdfff) return true;
  if (code < 0x80) return false;
  return /[\p{Cf}\p{Zl}\p{Zp}]/u.test(String.fromCodePoint(code));
}

function escaped(character: string): string {
  const named = { '\n': '\\n', '\r': '\\r' }[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x1_0000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}
