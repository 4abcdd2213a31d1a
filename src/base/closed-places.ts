// Room: base/. The last stage on a smaller image, closed backwards: what a kept command reads is there too.
import { allOf } from '../effects/effects.ts';
import { gathered, joined, overlap, within, type Gathered } from '../effects/places.ts';
import type { Places } from '../effects/types.ts';
import { landingIn, type CopyReading } from '../facts/copies.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';
import type { Place } from './place-types.ts';

/** Commands that a pipe or `||` holds together, or one command. */
export interface Unit {
  parts: RunPart[];
  place: Place;
}
export interface PlannedRun {
  run: RunReading;
  units: readonly Unit[];
}

interface Needed {
  /** What kept commands read, and the files that they change. */
  files: Gathered;
  /** What they read. */
  reads: Gathered;
  /** What they write, for the directories above it. */
  writes: Gathered;
  /** Of what they read: what the repository does not have, so that an install may have brought it. */
  installed: Gathered;
}

/**
 * Gives a place in the last stage to what the kept commands read: a command that another image can repeat is kept, another one fixes the
 * image, or forbids the split. Returns the COPYs that they read.
 */
export function closePlaces(reading: StageReading, planned: readonly PlannedRun[]): CopyReading[] {
  const byIndex = new Map(planned.map((one) => [one.run.instruction.index, one]));
  const needed: Needed = { files: gathered(), reads: gathered(), writes: gathered(), installed: gathered() };
  const copies: CopyReading[] = [];
  const own = directoriesOf(reading);
  for (const { units } of planned) for (const unit of units) if (kept(unit)) stayWith(unit, own);
  for (const { index } of [...reading.stage.instructions].reverse()) {
    const found = byIndex.get(index);
    const copy = reading.copy(index);
    if (found) closeRun(found.units, needed);
    else if (copy?.fromContext && copy.dest !== undefined) {
      const files = copy.sources.flatMap((source) => source.files.flatMap((path) => landingIn(copy, path) ?? []));
      const filled: Places = { known: copy.broad ? [{ path: copy.dest, below: true }] : files.map((path) => ({ path, below: false })) };
      if (!needed.reads.meets(filled)) continue;
      if (!copy.broad) copies.push(copy);
      else forbid(planned, index, filled);
    }
  }
  return copies;
}

/** Directories that the base image names in its variables: CARGO_HOME=/usr/local/cargo, GOPATH=/go. Another image need not have them. */
const directoriesOf = ({ base }: StageReading): string[] =>
  Object.entries(base.family?.state.env ?? {}).flatMap(([name, value]) => (name !== 'PATH' && /^\/[^:]+$/.test(value) ? [value] : []));

/** A command that changes or reads files of such a directory does so on that image alone. */
function stayWith(unit: Unit, own: readonly string[]): void {
  for (const { effects } of unit.parts) {
    const { does, program, reads, writes } = effects;
    if (does.kind !== 'own' && (does.kind !== 'files' || does.makes === true)) continue;
    const place = [...reads.known, ...writes.known].find(({ path }) => own.some((dir) => within(path, dir)));
    if (place) unit.place = { place: 'fixed', why: `has \`${program}\`, which needs ${place.path} of the base image` };
  }
}

const kept = ({ place }: Unit): boolean => place.place === 'keep' && place.packages !== true;

function closeRun(units: readonly Unit[], needed: Needed): void {
  for (const unit of [...units].reverse()) {
    if ((unit.place.place === 'build' || unit.place.place === 'workdir') && makesNeeded(unit, needed)) unit.place = again(unit);
    if (kept(unit)) for (const part of unit.parts) need(part, needed);
  }
  const made = joined(...units.filter(kept).flatMap((unit) => unit.parts.map(({ effects }) => effects.writes)));
  for (const unit of units) if (unit.place.place === 'build' && plain(unit) && clears(unit, made)) unit.place = { place: 'keep' };
}

/** It removes what a kept command of the same RUN made. */
const clears = ({ parts }: Unit, made: Places): boolean =>
  parts.every(({ effects }) => effects.does.kind === 'files' && effects.writes.known.length === 0) &&
  typeof overlap({ known: parts.flatMap(({ effects }) => effects.removes.known) }, { known: made.known }) === 'object';

/** It writes what a kept command reads, or makes the directory that one writes to. */
const makesNeeded = ({ parts }: Unit, { files, installed, writes }: Needed): boolean =>
  parts.some(({ effects: { does, writes: own }, manager }) => {
    if (manager?.ecosystem === 'system') return false;
    // what an install says of /usr is vague: most of it is the image's own
    if (manager) return installed.meets({ known: own.known.filter(({ path }) => !['/usr', '/usr/local'].includes(path)) });
    const makes = does.kind === 'files' && does.makes === true;
    return files.meets({ known: own.known }) || (makes && writes.meets({ known: own.known.map(({ path }) => ({ path, below: true })) }));
  });

const AGAIN: ReadonlySet<string> = new Set(['files', 'nothing', 'own']);
/** Any image of the same system does the same. */
export const plain = ({ parts }: Unit): boolean =>
  parts.every(
    ({ manager, effects: e }) =>
      manager === undefined &&
      AGAIN.has(e.does.kind) &&
      [e.writes.unknown, e.removes.unknown, e.reads.unknown, e.startsUnknown].every((why) => why === undefined),
  );

function again(unit: Unit): Place {
  if (plain(unit)) return { place: 'keep' };
  const [first] = unit.parts;
  const why = `has \`${first?.effects.program ?? ''}\`, which makes files that a command of the run time reads`;
  const installs = unit.parts.some(({ manager }) => manager !== undefined);
  return { place: installs ? 'unknown' : 'fixed', why };
}

function need({ effects }: RunPart, { files, reads, writes, installed }: Needed): void {
  const { does, program, command } = effects;
  writes.add({ known: effects.writes.known });
  // a symbolic link is made whether its target is there or not
  if (program === 'ln' && command.words.some(({ value }) => /^(?:-[A-Za-z]*s|--symbolic)/.test(value ?? ''))) return;
  reads.add({ known: effects.reads.known });
  installed.add({ known: effects.reads.known.filter(({ path }) => effects.before.read?.(path) === undefined) });
  files.add({ known: effects.reads.known });
  if (does.kind === 'files' && does.makes !== true && program !== 'touch')
    files.add({ known: [...effects.writes.known, ...effects.removes.known] });
}

/** The sources stand where the split puts them: a command that reads them cannot be told to find them there. */
function forbid(planned: readonly PlannedRun[], above: number, dest: Places): void {
  const [{ path } = { path: '/' }] = dest.known;
  for (const { run, units } of planned)
    for (const unit of run.instruction.index > above ? units.filter(kept) : [])
      for (const { effects } of unit.parts)
        // an install inside of a script is the ecosystem's own matter
        if (!allOf([effects]).some(({ does }) => does.kind === 'package') && effects.reads.known.some((place) => within(place.path, path)))
          unit.place = { place: 'unknown', why: `has \`${effects.program}\`, which reads files of the application` };
}
