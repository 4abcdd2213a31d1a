// Room: base/. What of the RUNs stands in the stage that both stages are built from, closed backwards.
import type { Edit, Piece } from '../dockerfile/edits.ts';
import type { ShellCommand } from '../dockerfile/types.ts';
import { installText } from '../dockerfile/write.ts';
import { gathered, joined, overlap, within, type Gathered } from '../effects/places.ts';
import type { Places } from '../effects/types.ts';
import { inside, type CopyReading } from '../facts/copies.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';
import { plain, type Unit } from './closed-places.ts';
import type { Owning } from './owned-above.ts';
import type { PackagePlan } from './packages.ts';
import type { Question, RunPlan } from './run-plan.ts';

/** `cd`, `export`, `set` stand before what they hold for. */
export function withState(units: readonly Unit[], wanted: readonly Unit[]): RunPart[] {
  const last = wanted[wanted.length - 1];
  const upTo = last ? units.indexOf(last) : -1;
  const own = new Set(wanted);
  return units.filter((unit, n) => own.has(unit) || (n < upTo && unit.place.place === 'state')).flatMap((unit) => unit.parts);
}

/**
 * What stands in the stage that both stages are built from, closed backwards: whatever a kept command may read is kept too; a command
 * whose reads are unknown keeps everything above it.
 */
export function closeShared(
  plan: RunPlan,
  reading: StageReading,
  planned: readonly { run: RunReading; units: readonly Unit[] }[],
  q: Question & { owning: Owning },
): void {
  const byIndex = new Map(planned.map((p) => [p.run.instruction.index, p]));
  const reads: Reads = { all: gathered(), outsideUsr: gathered() };
  const below: Below = { reads, state: new Set(), kept: false, tools: false };
  const sources = reading.copies.find((copy) => copy.fromContext && copy.broad)?.instruction.index ?? Number.POSITIVE_INFINITY;
  for (const i of [...reading.stage.instructions].reverse()) {
    const state = ['ENV', 'ARG', 'WORKDIR', 'USER', 'SHELL'].includes(i.keyword);
    below.kept = plan.kept.size > 0;
    if (state && below.kept) below.state.add(i.keyword);
    const found = byIndex.get(i.index);
    const copy = reading.copy(i.index);
    if (found) {
      const list = found.run.opaque === undefined && found.run.instruction.script?.heredoc === false;
      const later = new Set(i.index > sources && list ? found.units.filter((unit) => ofApplication(unit, q.app)) : []);
      const wanted = wantedOf(found.units, below, later);
      const again = [...later].filter((unit) => !wanted.includes(unit));
      if (again.length > 0) plan.again.set(i.index, [...repeatOf(found.run, withState(found.units, again)), ...q.owning(again)]);
      if (wanted.length === 0) continue;
      keep(plan, found.run, { units: found.units, wanted, tools: below.tools }, q.packages);
    } else if (copy && below.kept && (below.state.size > 0 || meets(reads, copyWrites(copy)))) {
      plan.keptCopies.add(i.index);
    }
  }
  for (const copy of reading.copies) if (besideApp(copy, q.app, reading)) plan.besideCopies.add(copy.instruction.index);
}

/** The units of one RUN that are kept, from the last to the first: their own place says so, something kept below reads what they write, or they clear away what a kept one made. */
function wantedOf(units: readonly Unit[], below: Below, later: ReadonlySet<Unit>): Unit[] {
  const wanted = new Set<Unit>();
  const take = (unit: Unit): void => {
    wanted.add(unit);
    below.tools ||= mayCompile(unit);
    for (const part of unit.parts) needsToo(below.reads, needs(part));
  };
  for (let before = -1; before !== wanted.size;) {
    before = wanted.size;
    for (const unit of [...units].reverse()) {
      const { place } = unit.place;
      if (wanted.has(unit) || place === 'state' || place === 'owner') continue;
      const mine = (place === 'keep' || place === 'fixed') && !later.has(unit);
      const read = (below.kept || wanted.size > 0) && (depends(unit, below.state) || meets(below.reads, changed(unit), unit));
      const tools = below.tools && unit.parts.every((part) => part.manager?.ecosystem === 'system');
      if (mine || read || tools || clears(unit, wanted)) take(unit);
    }
  }
  return units.filter((unit) => wanted.has(unit));
}
/**
 * Of files of the application alone: `mkdir -p logs && chmod 777 logs` behind the sources. The last stage does it again behind its own COPYs;
 * above them it would find no application.
 */
const ofApplication = ({ place, parts }: Unit, app: string | undefined): boolean =>
  place.place === 'keep' &&
  place.packages !== true &&
  plain({ place, parts }) &&
  parts.every(({ effects: { reads, writes, removes } }) =>
    [reads, writes, removes].every(({ known }) => known.every(({ path }) => app !== undefined && inside(path, app))),
  );

/** What is known of the kept commands below a RUN. */
interface Below {
  reads: Reads;
  /** Keywords of the settings below. */
  state: Set<string>;
  /** A command below is kept. */
  kept: boolean;
  /** One of them may use compilers and other programs of the build: packages above are not parted. */
  tools: boolean;
}

/** A command that is not known, or an install of a language: it may compile, by a program that packages above bring. */
const mayCompile = ({ parts, place }: Unit): boolean =>
  place.packages !== true &&
  (place.place === 'fixed' ||
    parts.some(
      ({ manager, kind, command }) =>
        manager && manager.ecosystem !== 'system' && kind === 'install-named' && manager.ready?.(command) !== true,
    ));

const changed = (unit: Unit): Places => joined(...unit.parts.map((part) => joined(part.effects.writes, part.effects.removes)));
/** It removes what a kept command of the same RUN made: the build stage would not find it. */
const clears = (unit: Unit, wanted: ReadonlySet<Unit>): boolean =>
  unit.place.place !== 'build' || unit.parts.every((part) => part.effects.removes.known.length === 0)
    ? false
    : [...wanted].some(
        (other) =>
          !other.place.parted &&
          !other.place.packages &&
          overlap(joined(...unit.parts.map((part) => part.effects.removes)), joined(...other.parts.map((part) => part.effects.writes))) !==
            undefined,
      );

/** A command that would find other settings if it stood behind these; packages of the system ask for the user alone. */
function depends(unit: Unit, below: ReadonlySet<string>): boolean {
  const system = unit.parts.every((part) => part.manager?.ecosystem === 'system' || part.kind === 'quiet');
  return system ? below.has('USER') || below.has('SHELL') : below.size > 0;
}

/** What a kept command needs to be there: what it reads, and the files that it changes. */
const needs = ({ effects: { does, reads, writes, removes } }: RunPart): Places =>
  does.kind === 'files' || does.kind === 'own' ? joined(reads, writes, removes) : reads;

/** What the kept commands read: all of it, and without what lies in /usr, where installs put their own. */
interface Reads {
  all: Gathered;
  outsideUsr: Gathered;
}
function needsToo({ all, outsideUsr }: Reads, more: Places): void {
  all.add(more);
  outsideUsr.add({ ...more, known: more.known.filter(({ path }) => !path.startsWith('/usr')) });
}

/** Reads that may touch what is written. System packages need nothing of one another here: the package manager sees to it. */
function meets({ all, outsideUsr }: Reads, writes: Places, unit?: Unit): boolean {
  if (all.unknown !== undefined) return writes.known.length > 0 || writes.unknown !== undefined;
  // a package that a known command needs is for the run time by itself; what only a build uses is named by its row
  if (unit?.parts.every((part) => part.manager?.ecosystem === 'system')) return false;
  const installs = unit?.parts.every((part) => part.manager !== undefined) === true;
  return (installs ? outsideUsr : all).meets(writes);
}
const copyWrites = (copy: CopyReading): Places =>
  copy.dest === undefined ? { known: [], unknown: 'by a COPY' } : { known: [{ path: copy.dest, below: copy.broad || copy.intoDirectory }] };

/** A COPY from the context to a place outside of the application: settings of a program, certificates, a script, a directory that no RUN works in. */
function besideApp(copy: CopyReading, app: string | undefined, { runs }: StageReading): boolean {
  const { dest } = copy;
  if (!copy.fromContext || dest === undefined) return false;
  const worked = runs.some(({ parts }) =>
    parts.some(({ effects }) => effects.before.cwd !== undefined && inside(effects.before.cwd, dest)),
  );
  if (copy.broad && (worked || copy.sources.some(({ path }) => path === ''))) return false;
  if (app === undefined) return SYSTEM.some((dir) => inside(dest, dir));
  return !inside(dest, app) && !within(app, dest) && !['/tmp', '/go', '/usr/src', '/build', '/src'].some((dir) => inside(dest, dir));
}
const SYSTEM = ['/etc', '/usr/local/bin', '/usr/local/share', '/usr/share', '/usr/bin', '/bin', '/opt', '/var'];

function keep(
  plan: RunPlan,
  run: RunReading,
  { units, wanted, tools }: { units: readonly Unit[]; wanted: readonly Unit[]; tools: boolean },
  packages: PackagePlan,
): void {
  const { instruction } = run;
  const parted = !tools && wanted.some((unit) => unit.place.parted);
  const kept = wanted.filter((unit) => tools || !unit.place.parted);
  const own = new Set(kept);
  const rest = units.filter((unit) => !own.has(unit) && unit.place.place !== 'state');
  const secret = instruction.mounts.some((mount) => mount.type !== 'cache');
  const script = instruction.script;
  const all = rest.length === 0 || run.opaque !== undefined || (secret && !parted) || !script || script.heredoc;
  const installed = packages.byRun.get(instruction.index);
  const line = parted && installed ? [installText(packages.manager ?? 'apt', installed.runtime, installed.recommended)] : [];
  const others: Piece[] = kept.length === 0 ? [] : runOf(run, withState(units, kept));
  const text: Piece[] = line.length === 0 ? others : others.length === 0 ? line : [...line, ' \\\n && ', ...others.slice(1)];
  plan.kept.set(instruction.index, {
    text: all ? [{ start: instruction.start, end: instruction.end }] : text,
    whole: all,
    cut: all ? [] : cutting(script?.commands ?? [], new Set(kept.flatMap((unit) => unit.parts.map((part) => part.command)))),
  });
}

/** Takes commands out of a list, neighbours as one. */
function cutting(commands: readonly ShellCommand[], gone: ReadonlySet<ShellCommand>): Edit[] {
  const edits: Edit[] = [];
  for (let n = 0; n < commands.length; n += 1) {
    const first = commands[n];
    if (!first || !gone.has(first)) continue;
    let last = n;
    while (commands[last + 1] && gone.has(commands[last + 1] as ShellCommand)) last += 1;
    const before = commands[n - 1];
    const behind = commands[last + 1];
    if (before) edits.push({ start: before.end, end: (commands[last] as ShellCommand).end, text: [] });
    else if (behind) edits.push({ start: first.start, end: behind.start, text: [] });
    n = last;
  }
  return edits;
}

/**
 * The text of a RUN that a last stage repeats behind its COPYs: one of these may have brought a directory already, which a `mkdir` without `-p`
 * refuses. Source: POSIX, mkdir.
 */
export function repeatOf(run: RunReading, parts: readonly RunPart[]): Piece[] {
  const bare = parts.flatMap(({ effects: { program, command } }) => {
    const [name, ...words] = command.words;
    const hasParents = words.some(({ value = '' }) => value === '--parents' || /^-[a-z]*p/.test(value));
    return program === 'mkdir' && name && !command.decoded && !hasParents ? [name.end] : [];
  });
  return runOf(run, parts).flatMap((piece): Piece[] => {
    if (typeof piece === 'string') return [piece];
    const within = bare.filter((at) => at > piece.start && at < piece.end).sort((a, b) => a - b);
    const starts = [piece.start, ...within];
    return starts.flatMap((start, n): Piece[] => [...(n === 0 ? [] : [' -p']), { start, end: within[n] ?? piece.end }]);
  });
}

/** The text of a RUN that holds only some of its commands; the instruction itself when it holds them all. */
export function runOf(run: RunReading, parts: readonly RunPart[]): Piece[] {
  const { instruction } = run;
  const counted = (list: readonly RunPart[]): number => list.filter((p) => p.command.words.length > 0).length;
  if (run.opaque !== undefined || counted(parts) === counted(run.parts)) return [{ start: instruction.start, end: instruction.end }];
  const before = new Map(run.parts.map((part, n) => [part, run.parts[n - 1]]));
  return parts.flatMap((part, n): Piece[] => {
    const operator = part.command.before?.operator ?? '&&';
    const joinedBy = ['|', '|&', '||'].includes(operator) && parts[n - 1] === before.get(part) ? ` ${operator} ` : ' \\\n && ';
    return [n === 0 ? 'RUN ' : joinedBy, { start: part.command.start, end: part.command.end }];
  });
}
