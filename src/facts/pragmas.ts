// Room: facts/. What comments of a Dockerfile ask of the tool.
import type { Dockerfile } from '../dockerfile/types.ts';
import { oncePer } from '../once.ts';
import type { Note } from '../types.ts';
import { shortened } from './eligible.ts';

export interface Pragmas {
  /** `# dockerfile-mod: off`: no transform runs. */
  all: boolean;
  /** `# dockerfile-mod: skip=id,id`: these do not. With the offset of the comment. */
  ids: ReadonlyMap<string, number>;
  /** Each comment to the tool, as it stands in the file. */
  written: Written[];
}
interface Written {
  text: string;
  start: number;
  line: number;
  means: { kind: 'off' } | { kind: 'skip'; ids: string[]; reason: string } | { kind: 'unclear' };
}

/** A comment to the tool; one without a colon is one only where it says what the tool knows: else it speaks about the tool. */
const comment = /^[ \t]*#[ \t]*(dockerfile-mod(?:[ \t]*[:=]|(?=[ \t]+(?:off|skip)\b))[ \t]*(.*?))[ \t]*\r?$/gim;

/** Reads them, in the order of the file; behind the ids of `skip=a,b` a reason may stand, for people. What is not understood switches nothing off; `written` tells it. */
export const pragmas = oncePer(({ source }: Dockerfile): Pragmas => {
  const written: Written[] = [];
  let [line, at] = [1, 0];
  for (const match of source.matchAll(comment)) {
    for (; at < match.index; at += 1) if (source[at] === '\n') line += 1;
    written.push({ text: match[1] ?? '', start: match.index, line, means: meaningOf(match[1] ?? '', match[2] ?? '') });
  }
  return {
    all: written.some(({ means }) => means.kind === 'off'),
    ids: new Map(written.flatMap(({ means, start }) => (means.kind === 'skip' ? means.ids.map((id) => [id, start] as const) : []))),
    written,
  };
});

function meaningOf(text: string, says: string): Written['means'] {
  if (!/^dockerfile-mod[ \t]*:/i.test(text)) return { kind: 'unclear' };
  // A reason may stand behind it: `off, until the next release`.
  if (/^off\b(?!=)/i.test(says)) return { kind: 'off' };
  const given = /^skip[ \t]*=[ \t,]*([^\s,]+(?:[ \t]*,[ \t]*[^\s,]+)*),*(.*)$/i.exec(says);
  return given ? { kind: 'skip', ids: (given[1] ?? '').split(/[\s,]+/), reason: (given[2] ?? '').trim() } : { kind: 'unclear' };
}

/** What is to be said of the comments: that one switches all off, and what of them is not understood. `known`: ids of the transforms. */
export function pragmaNotes(dockerfile: Dockerfile, known: readonly string[]): Note[] {
  return pragmas(dockerfile).written.flatMap(({ text, line, means }): Note[] => {
    const own = { transform: 'pragma', line };
    const told = `The comment \`${shortened(text)}\``;
    if (means.kind === 'off') return [{ ...own, id: 'pragma-off', message: 'A comment switches the tool off for this file' }];
    if (means.kind === 'skip') {
      const unknown = means.ids
        .filter((id) => !known.includes(id))
        .map((id) => `names \`${shortened(id)}\`, which is no transform; \`list\` prints them`);
      // A reason may begin with any word; one that is a transform was probably meant to be skipped too.
      const [word = ''] = means.reason.split(/\s+/);
      const missed = known.includes(word) ? [`does not switch \`${word}\` off: write a comma between ids`] : [];
      return [...unknown, ...missed].map((says) => ({ ...own, id: 'pragma-unknown', message: `${told} ${says}` }));
    }
    const how = 'write `dockerfile-mod: off` or `dockerfile-mod: skip=<transform>`';
    return [{ ...own, id: 'pragma-unknown', message: `${told} is not understood and changes nothing: ${how}` }];
  });
}
