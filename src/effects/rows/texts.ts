// Room: effects/rows. Programs that print what they make of texts, and write files where they are told to.
import { anywhere, placeOf, placesOf } from '../places.ts';
import type { Call, Places, Row, Told } from '../types.ts';
import { names, options } from '../words.ts';

const changed = (writes: Places, reads: Places = writes): Told => ({ does: { kind: 'files' }, writes, reads });

/** `print > "FILE"` writes, and text behind `|` or in system() is a command. Source: gawk(1), "I/O Statements". */
const AWK_OUTPUT = /\bprintf?\b[^;}\n]*?>>?\s*(?:"([^"]*)"(?=\s*[;}\n]|\s*$))?/g;
const AWK_STARTS = /\bsystem\s*\(|\|&?\s*"|"\s*\|&?\s*getline/;

function awk(looks: Row['tell']) {
  return (call: Call): Told | undefined => {
    const { args, state } = call;
    const read = options(args, names('-F -v -f -i --field-separator --assign --file --include'));
    const program = read.value('-f', '--file') ? undefined : read.rest[0];
    const files = program ? read.rest.slice(1) : read.rest;
    if (read.value('-i', '--include')?.value === 'inplace') return changed(placesOf(files, state, false));
    const text = program?.value;
    if (text === undefined) return looks(call);
    // strings and what is compared in front of the braces hold no output
    if (AWK_STARTS.test(text)) return undefined;
    const outputs = [...text.matchAll(AWK_OUTPUT)].map(([, name]) => name);
    if (outputs.length === 0) return looks(call);
    const known = outputs.flatMap((value) => {
      const word = program && value !== undefined ? { ...program, value, raw: value } : undefined;
      const place = word && !value?.startsWith('/dev/') ? placeOf(word, state, false) : undefined;
      return place ?? [];
    });
    const printed = outputs.every((value) => value !== undefined);
    return changed(printed ? { known } : { ...anywhere('on a path that awk computes'), known }, placesOf(files, state, true));
  };
}

/** yq changes its files with -i. Source: the manual of yq, "Flags". */
function yq(looks: Row['tell']) {
  return (call: Call): Told | undefined => {
    const { rest, flags } = options(call.args, names('-o -p -I --output-format --input-format --indent'));
    if (!flags.has('-i') && !flags.has('--inplace') && !flags.has('--in-place')) return looks(call);
    const files = rest.filter(
      ({ value }) => !['e', 'eval', 'ea', 'eval-all', 'w', 'write', 'd', 'delete', 'm', 'merge'].includes(value ?? ''),
    );
    return changed(placesOf(files, call.state, false));
  };
}

/** The second file is written. Sources: uniq(1), xxd(1). */
function second(looks: Row['tell']) {
  return (call: Call): Told | undefined => {
    const { rest } = options(call.args, names('-c -f -g -l -n -o -s -w'));
    return rest.length < 2
      ? looks(call)
      : changed(placesOf(rest.slice(1), call.state, false), placesOf(rest.slice(0, 1), call.state, false));
  };
}

/** Rows of such programs. `looks`: what is said of one that only prints. */
export const textRows = (looks: Row['tell']): readonly Row[] => [
  { programs: 'awk gawk mawk', source: 'gawk(1)', tell: awk(looks) },
  { programs: 'yq', source: 'https://mikefarah.gitbook.io/yq', tell: yq(looks) },
  { programs: 'uniq xxd', source: 'uniq(1), xxd(1)', tell: second(looks) },
];
