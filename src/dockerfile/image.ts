// Room: dockerfile/. The image of a FROM, modelled by dockerfile-ast on the one line.
// Before a part of it: its files import each other in a circle.
// oxlint-disable-next-line import/no-unassigned-import
import 'dockerfile-ast';
import { From } from 'dockerfile-ast/lib/instructions/from.js';
import { onceOfLast } from '../once.ts';
import { expandWord, variablesOf } from './expand.ts';
import type { ImageRef, Known, Span } from './types.ts';

type Parts = Pick<ImageRef, 'registry' | 'repository' | 'tag' | 'digest'>;

/** A reference longer than this names no image (a name has at most 255 characters, a tag 128, a digest some 140: github.com/distribution/reference). */
const longest = 1024;

/** A FROM's image. In: the word, its place, what the ARGs above the first FROM hold, the escape character. */
export function imageOf(raw: string, span: Span, lookup: (name: string) => Known | undefined, escape: string): ImageRef {
  const known = expandWord(raw, lookup, escape);
  const resolved = 'value' in known ? known.value : undefined;
  return { raw, span, resolved, ...partsOf(resolved ?? ''), variables: variablesOf(raw, escape) };
}

/** Registry, repository, tag and digest of an image reference without variables. Each text of a run names the same few images again and again. */
export const partsOf = onceOfLast(64, readParts);

function readParts(reference: string): Parts {
  if (reference.length > longest || !/^[\x21-\x7e]+$/.test(reference) || reference.startsWith('--'))
    return { registry: '', repository: reference, tag: undefined, digest: undefined };
  const from = fromOf(reference);
  const digest = from.getImageDigest() ?? undefined;
  const named = digest === undefined ? reference : reference.slice(0, reference.length - digest.length - 1);
  // dockerfile-ast sees no tag behind a registry with a port when a digest follows, and takes a dot anywhere for a host name.
  const colon = named.lastIndexOf(':');
  const tag = from.getImageTag() ?? (colon > named.lastIndexOf('/') ? named.slice(colon + 1) : undefined);
  const path = tag === undefined ? named : named.slice(0, named.length - tag.length - 1);
  return { ...hostOf(path), tag, digest };
}

/** The instruction without the parser of whole files, which asks for a `Buffer`: browsers have none. */
function fromOf(reference: string): From {
  const line = `FROM ${reference}`;
  const range = (end: number): Range => ({ start: { line: 0, character: 0 }, end: { line: 0, character: end } });
  const document = {
    getText: (part?: Range) => (part ? line.slice(part.start.character, part.end.character) : line),
    positionAt: (character: number) => ({ line: 0, character }),
    offsetAt: ({ character }: Range['start']) => character,
  } as ConstructorParameters<typeof From>[0];
  // Of the file around it only what a variable holds is asked, and no range depends on it.
  const file = { resolveVariable: () => undefined, getInitialARGs: () => [] } as unknown as ConstructorParameters<typeof From>[2];
  return new From(document, range(line.length), file, '\\', 'FROM', range('FROM'.length));
}
type Range = ConstructorParameters<typeof From>[1];

/** Source: github.com/distribution/reference, splitDockerDomain: the first component is a host when it holds a dot or a colon, or is `localhost`. */
function hostOf(path: string): Pick<Parts, 'registry' | 'repository'> {
  const slash = path.indexOf('/');
  const first = path.slice(0, slash);
  const isHost = slash !== -1 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const registry = isHost && first !== 'docker.io' && first !== 'index.docker.io' ? first : '';
  const repository = isHost ? path.slice(slash + 1) : path;
  return { registry, repository: registry === '' && repository.startsWith('library/') ? repository.slice('library/'.length) : repository };
}
