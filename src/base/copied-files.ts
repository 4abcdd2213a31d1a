// Room: base/. Files of the application that a RUN copies to a place beside it: `cp conf/app.conf /etc/app.conf`. The last stage copies them in turn.
import { parentOf } from '../effects/places.ts';
import type { Place as ImagePlace } from '../effects/types.ts';
import { inside } from '../facts/copies.ts';
import type { RunPart } from '../facts/reading.ts';
import { isStandardDirectory } from '../knowledge/directories.ts';
import type { Place, Where } from './place-types.ts';

/** The place of a command that puts files of the application elsewhere. Undefined: it puts none. */
export function ofApplication(part: RunPart, places: readonly ImagePlace[], where: Where): Place | undefined {
  const { does, reads, program } = part.effects;
  const { app, sourcesAbove, fetched } = where;
  if (does.kind !== 'files' || !sourcesAbove || app === undefined || !reads.known.some(({ path }) => inside(path, app))) return undefined;
  const file = copiedFile(part, places, where);
  if (file === undefined)
    return { place: 'unknown', why: `has \`${program}\`, which brings files of the application to ${places[0]?.path ?? 'another place'}` };
  fetched.push(file);
  return { place: 'build' };
}

/**
 * Where the file stands behind a `cp FILE PLACE`. Undefined: it may not be made, what is read is no file of the context, it is not told whether PLACE
 * is a file or a directory, or the file is not root's as all that a COPY brings.
 */
function copiedFile({ effects, command }: RunPart, places: readonly ImagePlace[], { byRoot }: Where): string | undefined {
  const { program, reads, writes, before } = effects;
  if (program !== 'cp' || !byRoot || command.optional !== undefined || reads.unknown !== undefined || writes.unknown !== undefined)
    return undefined;
  const [to, ...others] = places;
  const [from, ...more] = reads.known;
  if (!to || !from || others.length > 0 || more.length > 0 || before.read?.(from.path) === undefined) return undefined;
  const options = effects.command.words.filter(({ value }) => value?.startsWith('-') === true);
  if (options.some(({ value }) => !/^-[fv]+$/.test(value ?? ''))) return undefined;
  const name = from.path.slice(from.path.lastIndexOf('/') + 1);
  if (effects.command.words.at(-1)?.value?.endsWith('/') === true || isStandardDirectory(to.path))
    return `${to.path === '/' ? '' : to.path}/${name}`;
  const ending = /.\.\w+$/.exec(name)?.[0].slice(1);
  const isFile =
    (ending !== undefined && to.path.endsWith(ending)) || (isStandardDirectory(parentOf(to.path)) && to.path.endsWith(`/${name}`));
  return isFile ? to.path : undefined;
}
