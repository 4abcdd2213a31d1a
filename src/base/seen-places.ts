// Room: base/. Where a RUN belongs whose effects no row tells, when its layer was looked into: what it wrote outside of the application is copied.
import { within } from '../effects/places.ts';
import type { Place as ImagePlace } from '../effects/types.ts';
import { isPlainName, upwards } from '../facts/copies.ts';
import type { RunReading } from '../facts/reading.ts';
import { leftRows } from '../image/left-behind.ts';
import { libraryNeeds } from '../image/libraries.ts';
import { netOf } from '../image/net.ts';
import type { FileFacts, ImageFacts } from '../image/types.ts';
import { unitsOf } from '../image/units.ts';

/** What a layer left: places to copy, and the packages of the system that programs among them need. Or why copies do not do. */
export type Left = { copies: string[]; packages: string[] } | { no: string };

/** Ours: more places than these are no split that a person reads. */
const mostPlaces = 8;

/**
 * What the layer of a RUN left. In: the RUN, the image, whether a path is not lost with the build stage (it lies in the application, or is thrown
 * away), places that other commands of the RUN write, which are answered for themselves, and whether the other image may have no libraries. Undefined: the layer was not looked at.
 */
export function leftBy(
  { seen, parts }: RunReading,
  image: ImageFacts | undefined,
  { stays, known, static: alone }: { stays: (path: string) => boolean; known: readonly ImagePlace[]; static: boolean },
): Left | undefined {
  if (!seen || !image) return undefined;
  const ofSystem = parts.some(({ manager }) => manager?.ecosystem === 'system');
  if (seen.packagesAdded.length + seen.packagesRemoved.length > 0 && !ofSystem)
    return { no: `installs ${seen.packagesAdded[0] ?? 'packages'} by a program that is not read` };
  const answered = (path: string): boolean => known.some((one) => path === one.path || (one.below && within(path, one.path)));
  const isLeft = ({ path, owner }: Pick<FileFacts, 'path' | 'owner'>): boolean =>
    owner !== undefined || stays(path) || answered(path) || leftRows.some(({ pattern }) => pattern.test(path)) || ofLinker.test(path);
  const gone = seen.removed.find((path) => !isLeft({ path }));
  if (gone !== undefined) return { no: `removes ${gone}` };
  // directories that are there change when a file is put into them
  const changed = seen.changed.find((fact) => fact.kind !== 'dir' && !isLeft(fact));
  if (changed) return { no: `changes ${changed.path}` };
  const mixed = new Set(seen.added.filter(isLeft).flatMap(({ path }) => upwards(path, '/').slice(1, -1)));
  const added = seen.added.filter((fact) => !isLeft(fact) && !mixed.has(fact.path));
  const net = netOf([{ ...seen, changed: [], removed: [], added }]);
  const { copies, links, rights, problem } = unitsOf(net, () => false);
  const files = [...net.files.values()].map(({ fact }) => fact);
  const odd = problem?.path ?? rights[0]?.path ?? links[0]?.path ?? files.find(({ path, uid }) => uid !== 0 || !isPlainName(path))?.path;
  if (odd !== undefined) return { no: `writes ${odd}, which a copy does not make again` };
  if (copies.length > mostPlaces) return { no: `writes to ${copies.length} places` };
  const paths = copies.map(({ path }) => path);
  const linked = alone ? image.programs.find((one) => !one.static && paths.some((at) => within(one.path, at))) : undefined;
  return linked ? { no: `writes ${linked.path}, which needs libraries` } : needsOf(paths, files, image);
}

/** The linker's cache follows what is installed: ldconfig(8). */
const ofLinker = /^\/etc\/ld\.so\.cache$/;
const isLibrary = /\.so(?:\.\d+)*$/;

function needsOf(copies: string[], files: readonly FileFacts[], image: ImageFacts): Left {
  const programs = new Set(image.programs.map(({ path }) => path));
  const script = files.find(({ path, kind, mode }) => kind === 'file' && (Number.parseInt(mode, 8) & 0o111) !== 0 && !programs.has(path));
  if (script) return { no: `writes ${script.path}, a program whose interpreter is not known` };
  const library = files.find(({ path }) => isLibrary.test(path) && /^(?:\/usr)?(?:\/local)?\/lib\//.test(path));
  if (library) return { no: `writes ${library.path}, which the linker has to be told of` };
  const { packages, loose } = libraryNeeds(image, (path) => copies.some((at) => within(path, at)));
  const [lost] = loose;
  if (lost) return { no: `writes ${lost.program}, which needs ${lost.library}` };
  return { copies, packages: packages.map(({ name }) => name) };
}
