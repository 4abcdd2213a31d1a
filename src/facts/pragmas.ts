// Room: facts/. What comments of a Dockerfile ask of the tool.
import type { Dockerfile, Instruction } from '../dockerfile/types.ts';
import { oncePer } from '../once.ts';
import { refusal, type Refusal } from '../refusal.ts';
import type { Note } from '../types.ts';
import { shortened } from './eligible.ts';

export interface Pragmas {
  /** `# dockerfile-mod: off` above the first instruction, or right above none: no transform runs. */
  all: boolean;
  /** Each comment to the tool, as it stands in the file. */
  written: Written[];
}
interface Written {
  text: string;
  start: number;
  line: number;
  /** The instruction that it stands right above, and for which it holds alone; undefined: it holds for the file. */
  above: Instruction | undefined;
  means: { kind: 'off' } | { kind: 'skip'; ids: string[]; reason: string } | { kind: 'unclear' };
}

/** A comment to the tool; one without a colon is one only where it says what the tool knows: else it speaks about the tool. */
const comment = /^[ \t]*#[ \t]*(dockerfile-mod(?:[ \t]*[:=]|(?=[ \t]+(?:off|skip)\b))[ \t]*(.*?))[ \t]*\r?$/gim;

/** Reads them, in the order of the file; behind the ids of `skip=a,b` a reason may stand, for people. What is not understood switches nothing off; `written` tells it. */
export const pragmas = oncePer(({ source, instructions }: Dockerfile): Pragmas => {
  const written: Written[] = [];
  let [line, at, next] = [1, 0, 0];
  for (const match of source.matchAll(comment)) {
    const start = match.index;
    for (; at < start; at += 1) if (source[at] === '\n') line += 1;
    while ((instructions[next]?.lineStart ?? Number.POSITIVE_INFINITY) <= start) next += 1;
    const below = instructions[next];
    const above = next > 0 && below && below.leadStart <= start ? below : undefined;
    written.push({ text: match[1] ?? '', start, line, above, means: meaningOf(match[1] ?? '', match[2] ?? '') });
  }
  return { all: written.some(({ above, means }) => means.kind === 'off' && !above), written };
});

const asksFor = ({ means }: Written, id: string): boolean => means.kind === 'off' || (means.kind === 'skip' && means.ids.includes(id));

/** The first comment that switches a transform off: for the whole file, or (`anywhere`) for an instruction, too. */
export const askedFor = (dockerfile: Dockerfile, id: string, anywhere = false): Written | undefined =>
  pragmas(dockerfile).written.find((one) => (anywhere || !one.above) && asksFor(one, id));

/** Why a transform that changes places one by one leaves out a place: a comment right above one of its instructions asks for it. Undefined: none does. */
export function leftOut(dockerfile: Dockerfile, id: string, isOfPlace: (instruction: Instruction) => boolean): Refusal | undefined {
  const asked = pragmas(dockerfile).written.find((one) => one.above && asksFor(one, id) && isOfPlace(one.above));
  return (
    asked?.above &&
    refusal('pragma-off', `Disabled for ${asked.above.keyword} at line ${asked.above.line} by the comment above it`, asked.start)
  );
}

/** What is said of a comment that holds for the file. */
export const offInFile = 'Disabled by a comment in the file';

/** The comments right above an instruction, as lines, for what is made of it elsewhere. */
export const commentsAbove = (dockerfile: Dockerfile, is: (instruction: Instruction) => boolean): string[] =>
  pragmas(dockerfile).written.flatMap(({ above, means, text }) => (above && means.kind !== 'unclear' && is(above) ? [`# ${text}`] : []));

/** Why a transform does not run at all; undefined: no comment is against it. `oneByOne`: it asks `leftOut` for each of its places. */
export function switchedOff(dockerfile: Dockerfile, id: string, how: 'whole' | 'oneByOne'): Refusal | undefined {
  const asked = askedFor(dockerfile, id) ?? (how === 'whole' ? askedFor(dockerfile, id, true) : undefined);
  if (!asked) return undefined;
  const { above, start } = asked;
  const message = above
    ? `The comment above ${above.keyword} at line ${above.line} disables it there, and this instruction cannot be left out alone`
    : offInFile;
  return refusal('pragma-off', message, start);
}

function meaningOf(text: string, says: string): Written['means'] {
  if (!/^dockerfile-mod[ \t]*:/i.test(text)) return { kind: 'unclear' };
  // A reason may stand behind it: `off, until the next release`.
  if (/^off\b(?!=)/i.test(says)) return { kind: 'off' };
  const given = /^skip[ \t]*=[ \t,]*([^\s,]+(?:[ \t]*,[ \t]*[^\s,]+)*),*(.*)$/i.exec(says);
  return given ? { kind: 'skip', ids: (given[1] ?? '').split(/[\s,]+/), reason: (given[2] ?? '').trim() } : { kind: 'unclear' };
}

/** What is to be said of the comments: that one switches all off, and what of them is not understood. `known`: ids of the transforms. */
export function pragmaNotes(dockerfile: Dockerfile, known: readonly string[]): Note[] {
  return pragmas(dockerfile).written.flatMap(({ text, line, above, means }): Note[] => {
    const own = { transform: 'pragma', line };
    const told = `The comment \`${shortened(text)}\``;
    if (means.kind === 'off') return above ? [] : [{ ...own, id: 'pragma-off', message: 'A comment switches the tool off for this file' }];
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
