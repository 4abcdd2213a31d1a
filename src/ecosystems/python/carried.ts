// Room: ecosystems/python. What comes along beside the environment: COPYs of sources, the application that a build changed, sources that the environment links.
import type { Piece } from '../../dockerfile/edits.ts';
import { joined } from '../../effects/places.ts';
import { inside, type CopyReading } from '../../facts/copies.ts';
import { coveredLater } from '../../facts/covered.ts';
import { isBlocked, manifestsOf } from '../../installs/manifests.ts';
import { refuse } from '../../refusal.ts';
import { fromBuilder } from '../../../transforms/multi-stage/distribute.ts';
import { leavingCopies } from './behind-copies.ts';
import { builtOutside } from './built-outside.ts';
import type { PythonCase } from './split-case.ts';

/** `whole`: directories that come from the build stage with all that lies in them. */
interface Carried {
  whole: string[];
  artefacts: Piece[][];
  moved: Set<number>;
  /** RUNs that work on the files of these alone. */
  alone: Set<number>;
  repeated: Set<number>;
}

/** The COPYs of sources: in the runtime stage where no build step reads them, in both where one does, or carried with what the build changed. */
export function carriedCopies(c: PythonCase): Carried {
  const copies = c.reading.copies;
  const places = writtenProjects(c);
  if (c.runs.changesApp || places.some((path) => path === '/' || (c.workdir !== '/' && inside(path, c.workdir)))) {
    const built = [...builtOutside(c), ...places.filter((path) => !inside(path, c.workdir))];
    if (c.workdir === '/') refuse('entry-not-in-output', 'The application lies in /, which cannot be copied as a whole', c.run.at);
    const outside = copies.filter(
      ({ dest, fromContext }) =>
        fromContext && dest !== undefined && !dest.startsWith(c.workdir) && !places.some((path) => inside(dest, path)),
    );
    const changed = outside.find((copy) => isChanged(c, copy));
    if (changed)
      refuse(
        'opaque-run',
        `Line ${changed.instruction.line} copies files outside of ${c.workdir}, and the build changes the application`,
        changed.instruction.start,
      );
    const again = outside.filter((copy) => !isManifests(c, copy)).map(({ instruction }) => instruction.index);
    const artefacts = [
      fromBuilder(c.builder, c.workdir, c.workdir, c.owner),
      ...built.map((path) => fromBuilder(c.builder, path, undefined, c.owner)),
    ];
    return { whole: [c.workdir, ...built], artefacts, moved: new Set(), alone: new Set(), repeated: new Set(again) };
  }
  const others = copies.filter(({ dest }) => dest === undefined || !places.some((path) => inside(dest, path)));
  const lastInstall = Math.max(...[...c.installs, ...c.projects, ...c.uv].map((i) => i.run.instruction.index));
  const later = others.filter((copy) => copy.instruction.index > lastInstall);
  const { moved, alone } = leavingCopies(c, later, places);
  const before = others.filter((copy) => copy.instruction.index < lastInstall);
  const twice = [...before.filter((copy) => !isManifests(c, copy)), ...later.filter((copy) => !moved.has(copy.instruction.index))];
  const repeated = new Set(twice.map((copy) => copy.instruction.index));
  return { whole: places, artefacts: places.map((path) => fromBuilder(c.builder, path, undefined, c.owner)), moved, alone, repeated };
}

/** What the installs read, and what another COPY brings again behind them. */
const isManifests = (c: PythonCase, copy: CopyReading): boolean => {
  const manifests = manifestFiles(c);
  return (
    !copy.broad &&
    copy.sources.every(
      (source) =>
        source.kind !== 'heredoc' &&
        source.kind !== 'missing' &&
        source.files.every((file) => manifests.has(file) || coveredLater(c.reading.copies, copy.instruction.index, file)),
    )
  );
};

/** A RUN behind it may change what it brings: the COPY alone would not make it again. */
const isChanged = (c: PythonCase, { instruction, dest }: CopyReading): boolean =>
  dest === undefined ||
  c.reading.runs.some(
    (run) =>
      run.instruction.index > instruction.index &&
      !run.parts.every(({ effects, manager }) => {
        const { known, unknown } = joined(effects.writes, effects.removes);
        return manager !== undefined || (unknown === undefined && !known.some(({ path }) => inside(path, dest) || inside(dest, path)));
      }),
  );

/** Directories of projects whose install leaves something among the sources that the program may need: a link to them, a file with the version. */
const writtenProjects = (c: PythonCase): string[] => [
  ...new Set(c.projects.flatMap(({ path, editable, writes }) => (editable || writes ? [path] : []))),
];

function manifestFiles(c: PythonCase): Set<string> {
  const files = c.installs.flatMap(({ install }) => {
    const manifests = manifestsOf(c.subject.project, install);
    return isBlocked(manifests) ? [] : manifests.set.files;
  });
  const locked = c.uv.flatMap(({ dir }) => ['pyproject.toml', 'uv.lock'].map((name) => [dir, name].filter(Boolean).join('/')));
  return new Set([...files, ...locked]);
}
