// Room: facts/. What was seen in the image of the Dockerfile as it was given, put beside the instructions of the present text.
import type { Dockerfile, Instruction } from '../dockerfile/types.ts';
import { imageInstructions } from '../dockerfile/settings.ts';
import { within } from '../effects/places.ts';
import type { Effects, Place } from '../effects/types.ts';
import { leftRows } from '../image/left-behind.ts';
import { oncePer } from '../once.ts';
import { isSeen, type ImageFacts, type InstructionFacts } from '../image/types.ts';

/** What the layer of an instruction did; undefined: it was not looked at, or another transform has written it since. */
export type SeenOf = (instruction: Instruction) => InstructionFacts | undefined;

/** The facts of the present instructions; undefined: nothing is known line by line, or the file has several stages. */
export function seenInstructions(dockerfile: Dockerfile, image: ImageFacts | undefined): SeenOf | undefined {
  const [stage, ...others] = dockerfile.stages;
  if (!image || !isSeen(image.instructions) || !stage || others.length > 0) return undefined;
  const facts = image.instructions;
  const { instructions } = stage;
  const same = instructions.length === facts.length && instructions.every(({ keyword }, n) => keyword === facts[n]?.keyword);
  const texts = same ? [] : imageInstructions(dockerfile, undefined, new Map()).instructions.map(({ text }) => text);
  const open = new Map<string, InstructionFacts[]>();
  for (const one of facts) open.set(one.text, [...(open.get(one.text) ?? []), one]);
  const found = new Map(instructions.map((one, n) => [one.index, same ? facts[n] : open.get(texts[n] ?? '')?.shift()]));
  return ({ index }) => found.get(index);
}

/** Ours: a list that is longer says no more than "anywhere". */
const mostPlaces = 500;

/** What a layer wrote and removed, new directories as a whole, without files of packages of the system and what only builds read. Undefined: too much to list. */
export const seenPlaces = oncePer(placesIn);

function placesIn({ added, changed, removed }: InstructionFacts): Pick<Effects, 'writes' | 'removes'> | undefined {
  const isLeft = ({ path, owner }: { path: string; owner?: string }): boolean =>
    owner !== undefined || leftRows.some(({ pattern }) => pattern.test(path));
  const written: Place[] = [];
  // what lies in a directory stands right behind it
  const inOrder = added
    .filter((one) => !isLeft(one))
    .map((fact) => ({ fact, key: fact.path.replaceAll('/', '\0') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { fact } of inOrder) {
    const above = written[written.length - 1];
    if (!above?.below || !within(fact.path, above.path)) written.push({ path: fact.path, below: fact.kind === 'dir' });
    if (written.length > mostPlaces) return undefined;
  }
  // a directory that is there changes when a file is put into it
  const other = changed.flatMap((fact) => (fact.kind === 'dir' || isLeft(fact) ? [] : [{ path: fact.path, below: false }]));
  const gone = removed.flatMap((path) => (isLeft({ path }) ? [] : [{ path, below: true }]));
  return other.length + gone.length > mostPlaces ? undefined : { writes: { known: [...written, ...other] }, removes: { known: gone } };
}
