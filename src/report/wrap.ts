// Room: report/. Text broken into lines of a width.

/** Lines of at most `width` characters, broken at blanks, and within a word only when it is longer than a line. Blanks in front stay. */
export function wrap(text: string, width: number): string[] {
  const lead = /^ */.exec(text)?.[0].slice(0, width >> 1) ?? '';
  const lines: string[] = [];
  let line: string[] = [...lead];
  let empty = true;
  for (const word of text.trimStart().split(' ')) {
    let rest = [...word];
    const gap = empty ? 0 : 1;
    if (rest.length > width && !empty && line.length + gap < width) line.push(' ');
    else if (!empty && line.length + gap + rest.length > width) {
      lines.push(line.join(''));
      line = [];
    } else if (!empty) line.push(' ');
    while (line.length + rest.length > width) {
      const room = width - line.length;
      lines.push([...line, ...rest.slice(0, room)].join(''));
      rest = rest.slice(room);
      line = [];
    }
    line.push(...rest);
    empty = false;
  }
  return [...lines, line.join('')];
}
