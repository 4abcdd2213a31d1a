// What a terminal would obey or hide is shown as an escape.
import { describe, expect, it } from 'vitest';
import { visible, visibleLines } from '../../src/report/visible.ts';

describe('visible', () => {
  it.each([
    ['plain text, ümläut, 日本, ✓ 🐳', 'plain text, ümläut, 日本, ✓ 🐳'],
    ['a\tb', 'a\tb'],
    ['\u001b[2J\u0007', '\\x1b[2J\\x07'],
    ['a\nb\rc', 'a\\nb\\rc'],
    ['\u009b31m\u007f', '\\x9b31m\\x7f'],
    ['\u202eevil\u2066', '\\u202eevil\\u2066'],
    ['\ufeffa\u200b\u2028', '\\ufeffa\\u200b\\u2028'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800x', '\\ud800x'],
  ])('%j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
  it('keeps line breaks of a text, and leaves out the returns that end lines', () => {
    expect(visibleLines('a\r\nb\rc\r\n\u001bd')).toBe('a\nb\\rc\n\\x1bd');
  });
});
