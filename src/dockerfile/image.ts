// Room: dockerfile/. The image of a FROM, modelled by dockerfile-ast on the one line.
import { DockerfileParser } from 'dockerfile-ast';
import type { From as AstFrom } from 'dockerfile-ast/lib/instructions/from.js';
import { Util } from 'dockerfile-ast/lib/util.js';
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

/** A name, and a tag perhaps: as most are. What else a reference may hold (a digest, a port) dockerfile-ast tells, which is loaded for it. */
const PLAIN = /^([\w./-]+)(?::([\w.-]+))?$/;

/** Registry, repository, tag and digest of an image reference without variables. Each text of a run names the same few images again and again. */
export const partsOf = onceOfLast(64, readParts);

function readParts(reference: string): Parts {
  if (reference.length > longest || !/^[\x21-\x7e]+$/.test(reference) || reference.startsWith('--'))
    return { registry: '', repository: reference, tag: undefined, digest: undefined };
  const [, name, plainTag] = PLAIN.exec(reference) ?? [];
  if (name !== undefined) return { ...hostOf(name), tag: plainTag, digest: undefined };
  // As dockerfile-ast says it, without the Buffer that it makes for this: browsers have none.
  Util.isUTF8BOM = (first) => first === '\uFEFF';
  const from = DockerfileParser.parse(`FROM ${reference}`).getFROMs()[0] as AstFrom | undefined;
  const digest = from?.getImageDigest() ?? undefined;
  const named = digest === undefined ? reference : reference.slice(0, reference.length - digest.length - 1);
  // dockerfile-ast sees no tag behind a registry with a port when a digest follows, and takes a dot anywhere for a host name.
  const colon = named.lastIndexOf(':');
  const tag = from?.getImageTag() ?? (colon > named.lastIndexOf('/') ? named.slice(colon + 1) : undefined);
  const path = tag === undefined ? named : named.slice(0, named.length - tag.length - 1);
  return { ...hostOf(path), tag, digest };
}

/** Source: github.com/distribution/reference, splitDockerDomain: the first component is a host when it holds a dot or a colon, or is `localhost`. */
function hostOf(path: string): Pick<Parts, 'registry' | 'repository'> {
  const slash = path.indexOf('/');
  const first = path.slice(0, slash);
  const isHost = slash !== -1 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const registry = isHost && first !== 'docker.io' && first !== 'index.docker.io' ? first : '';
  const repository = isHost ? path.slice(slash + 1) : path;
  return { registry, repository: registry === '' && repository.startsWith('library/') ? repository.slice('library/'.length) : repository };
}
