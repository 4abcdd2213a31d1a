// Room: base/. What a split does with each RUN: kept for the run time unless it is known to be the build's alone.
import type { Edit, Piece } from '../dockerfile/edits.ts';
import type { Instruction, ShellCommand } from '../dockerfile/types.ts';
import { installText } from '../dockerfile/write.ts';
import { allOf } from '../effects/effects.ts';
import { gathered, joined, nowhere, overlap, within, type Gathered } from '../effects/places.ts';
import type { Places } from '../effects/types.ts';
import { inside, type CopyReading } from '../facts/copies.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';
import type { Evidence, Need } from '../facts/types.ts';
import { closePlaces, type Unit } from './closed-places.ts';
import { madeByCopies } from './directories.ts';
import type { PackagePlan } from './packages.ts';
import { unitPlace } from './part-places.ts';
import type { Asked, Place, Where } from './place-types.ts';

/** `chown -R OWNER PATH`: every COPY below the path gets the owner, so that no layer holds the files twice. */
export interface Ownership {
  owner: string;
  path: string;
  /** The RUN, where it does nothing else. */
  alone: number | undefined;
}

/** What of a RUN the last stage needs too. */
export interface Kept {
  /** Its text there. */
  text: Piece[];
  /** All of it: the build stage has it from the stage that both stand on. */
  whole: boolean;
  /** What goes from the RUN of the build stage, which has it already. */
  cut: Edit[];
}

/** What the RUNs of a stage mean for the runtime stage. */
export interface RunPlan {
  /** RUN index → its text in a runtime stage on another image of the same system. */
  repeats: Map<number, Piece[]>;
  /** RUN index → what of it stands in the stage that both stages are built from. */
  kept: Map<number, Kept>;
  /** COPYs (by index) that a kept command reads. */
  keptCopies: Set<number>;
  /** COPYs (by index) that put files beside the application: settings of a program, certificates, a script. */
  besideCopies: Set<number>;
  /** Why the last stage must stand on the original's own image: a command whose effects are unknown, or that another image cannot repeat. */
  fixed: { instruction: Instruction; why: string } | undefined;
  /** Files that a RUN brought from the network, or printed to: the last stage copies them. */
  artefacts: string[];
  /** Packages of the system that these files need, as their ELF headers say. */
  libraries: string[];
  /** What was looked up in the image. */
  evidence: Evidence[];
  /** `chown -R` of the application: the owner for every COPY, and the directory. */
  owner: Ownership | undefined;
  /** The first RUN behind the sources whose effects cannot be told. */
  unknown: { run: RunReading; why: string } | undefined;
  /** Programs that the repeated commands are. */
  programs: Need[];
  /** A RUN after the sources may have changed files of the application. */
  changesApp: boolean;
}

/** What is asked beside the stage itself. */
export interface Question extends Asked {
  /** At level max, unknown commands behind the sources are taken to be the build's. */
  assume: 'nothing' | 'build';
}

/** A plan that keeps nothing, to be filled. */
export const emptyPlan = (): RunPlan => ({
  repeats: new Map(),
  kept: new Map(),
  keptCopies: new Set(),
  besideCopies: new Set(),
  fixed: undefined,
  artefacts: [],
  libraries: [],
  evidence: [],
  owner: undefined,
  unknown: undefined,
  programs: [],
  changesApp: false,
});

/** Plans the RUNs of a stage. */
export function planRuns(reading: StageReading, q: Question): RunPlan {
  const plan = emptyPlan();
  const firstSources = reading.copies.find((c) => c.fromContext && bringsSources(c))?.instruction.index ?? Number.POSITIVE_INFINITY;
  const fetched: string[] = [];
  const libraries: string[] = [];
  const dirs = madeByCopies(reading);
  const filled = reading.copies.flatMap((copy) =>
    copy.fromContext && copy.broad && copy.dest !== undefined && copy.dest !== '/' ? [copy.dest] : [],
  );
  const planned = reading.runs.map((run) => {
    const behind = removedBehind(run);
    const where: Omit<Where, 'removed'> = {
      ...q,
      run,
      fetched,
      libraries,
      evidence: plan.evidence,
      dirs,
      filled,
      sourcesAbove: run.instruction.index > firstSources,
    };
    const units = unitsOf(run).map((parts): Unit => {
      const [first] = parts;
      return { parts, place: unitPlace(parts, { ...where, removed: (first && behind.get(first)) ?? nowhere }) };
    });
    return { run, units: where.sourcesAbove ? units.map((unit, n) => withVariables(unit, units.slice(0, n))) : units };
  });
  const copies = closePlaces(reading, planned);
  plan.artefacts = [...new Set(fetched)];
  plan.libraries = [...new Set(libraries)];
  for (const { run, units } of planned) {
    for (const { parts, place } of units) note(plan, run, parts, place, q);
    portable(plan, run, units, q);
  }
  close(plan, reading, planned, q);
  for (const { instruction } of copies) plan.besideCopies.add(instruction.index);
  return plan;
}

/** A command of run time whose variable another command computes, which stays in the build stage: what it writes cannot be told there. */
function withVariables(unit: Unit, above: readonly Unit[]): Unit {
  if (unit.place.place !== 'keep' && unit.place.place !== 'fixed') return unit;
  const computed = above.filter(({ place }) => place.place === 'build' || place.place === 'unknown').flatMap(({ parts }) => parts);
  const set = new Set(computed.flatMap(({ command }) => assignedBy(command)));
  const used = unit.parts
    .flatMap(({ command: { words, redirects } }) => [
      ...words.flatMap(({ variables }) => variables),
      ...redirects.flatMap(({ target }) => target?.variables ?? []),
    ])
    .find((name) => set.has(name));
  return used === undefined
    ? unit
    : { ...unit, place: { place: 'unknown', why: `writes $${used}, which a command of the build computes` } };
}
const assignedBy = ({ words, assignments }: RunPart['command']): string[] => {
  if (words.length === 0) return assignments.map(({ name }) => name);
  return ['export', 'read', 'declare', 'local'].includes(words[0]?.value ?? '')
    ? words.slice(1).map(({ raw }) => raw.replace(/=.*$/s, ''))
    : [];
};

/** What the same RUN removes at a command or behind it: what it writes afterwards stays. */
function removedBehind(run: RunReading): Map<RunPart, Places> {
  const found = new Map<RunPart, Places>();
  let removed = nowhere;
  for (const part of [...run.parts].reverse()) {
    const { removes } = part.effects;
    if (removes.known.length > 0 || removes.unknown !== undefined) removed = joined(removes, removed);
    found.set(part, removed);
  }
  return found;
}

/** A COPY of more than manifests and settings: what may be read by a command that is not known. */
function bringsSources(copy: CopyReading): boolean {
  const plain =
    /(?:\.(?:json|lock|toml|ya?ml|txt|cfg|ini|conf|config|sum|mod|crt|pem|cer|gpg|asc|list|sh|env|npmrc|yarnrc|xml|gradle|properties|lockb|cjs)|file|rc|mvnw|gradlew|\.npmrc)$/i;
  return copy.broad || copy.sources.some((source) => source.kind === 'variable' || source.files.some((path) => !plain.test(path)));
}

/** Commands in groups that stay together; a RUN that is no plain list is one. */
function unitsOf(run: RunReading): RunPart[][] {
  if (run.opaque !== undefined) return [run.parts];
  const units: RunPart[][] = [];
  for (const part of run.parts) {
    const operator = part.command.before?.operator;
    const last = units[units.length - 1];
    if (last && (operator === '|' || operator === '|&' || operator === '||' || operator === '&')) last.push(part);
    else units.push([part]);
  }
  return units;
}

/** Notes what a unit says of the whole plan. */
function note(plan: RunPlan, run: RunReading, parts: readonly RunPart[], { place, why, owner }: Place, q: Question): void {
  if (place === 'owner' && owner) plan.owner = { ...owner, alone: run.parts.length === 1 ? run.instruction.index : undefined };
  if (place === 'unknown' && q.assume === 'nothing') plan.unknown ??= { run, why: why ?? 'is not known' };
  if (place === 'fixed') plan.fixed ??= { instruction: run.instruction, why: why ?? 'is not known' };
  const built = place === 'build' || place === 'unknown';
  if (built && parts.some((part) => changes(part, q.app))) plan.changesApp = true;
}

/** Whether a command may change files of the application. */
const changes = (part: RunPart, app: string | undefined): boolean => {
  const { effects, manager, kind } = part;
  if (manager && (kind === 'build' || kind === 'run')) return true;
  // the file of a database that is embedded lies in the application where nothing says where it is
  if (allOf([effects]).some(({ does }) => does.kind === 'database')) return true;
  // an install fills its own directories; a lockfile that is written anew, and what it prints to a file, are the application's
  const installs = manager !== undefined && kind !== 'other';
  const { known, unknown } = installs ? effects.redirected : joined(effects.writes, effects.removes);
  return unknown !== undefined || known.some(({ path, below }) => app === undefined || inside(path, app) || (below && within(app, path)));
};

/** The text of a RUN in a runtime stage of another image: what is kept, packages aside (they are installed in one line). */
function portable(plan: RunPlan, run: RunReading, units: readonly Unit[], q: Question): void {
  const again = units.filter(({ place }) => place.place === 'keep' && !place.packages);
  if (again.length === 0) return;
  const made = units.filter(({ place }) => place.place === 'workdir');
  const parts = [...made, ...again].flatMap((unit) => unit.parts);
  for (const { program } of allOf(parts.map(({ effects }) => effects)))
    if (program !== '' && !q.own(program))
      plan.programs.push({ program, evidence: { file: 'Dockerfile', line: run.instruction.line, says: `runs ${program}` } });
  plan.repeats.set(run.instruction.index, runOf(run, withState(units, [...made, ...again])));
}

/** `cd`, `export`, `set` stand before what they hold for. */
function withState(units: readonly Unit[], wanted: readonly Unit[]): RunPart[] {
  const last = wanted[wanted.length - 1];
  const upTo = last ? units.indexOf(last) : -1;
  const own = new Set(wanted);
  return units.filter((unit, n) => own.has(unit) || (n < upTo && unit.place.place === 'state')).flatMap((unit) => unit.parts);
}

/**
 * What stands in the stage that both stages are built from, closed backwards: whatever a kept command may read is kept too; a command
 * whose reads are unknown keeps everything above it.
 */
function close(plan: RunPlan, reading: StageReading, planned: readonly { run: RunReading; units: readonly Unit[] }[], q: Question): void {
  const byIndex = new Map(planned.map((p) => [p.run.instruction.index, p]));
  const reads: Reads = { all: gathered(), outsideUsr: gathered() };
  const below: Below = { reads, state: new Set(), kept: false, tools: false };
  for (const i of [...reading.stage.instructions].reverse()) {
    const state = ['ENV', 'ARG', 'WORKDIR', 'USER', 'SHELL'].includes(i.keyword);
    below.kept = plan.kept.size > 0;
    if (state && below.kept) below.state.add(i.keyword);
    const found = byIndex.get(i.index);
    const copy = reading.copy(i.index);
    if (found) {
      const wanted = wantedOf(found.units, below);
      if (wanted.length === 0) continue;
      keep(plan, found.run, { units: found.units, wanted, tools: below.tools }, q.packages);
    } else if (copy && below.kept && (below.state.size > 0 || meets(reads, copyWrites(copy)))) {
      plan.keptCopies.add(i.index);
    }
  }
  for (const copy of reading.copies) if (besideApp(copy, q.app, reading)) plan.besideCopies.add(copy.instruction.index);
}

/** The units of one RUN that are kept, from the last to the first: their own place says so, something kept below reads what they write, or they clear away what a kept one made. */
function wantedOf(units: readonly Unit[], below: Below): Unit[] {
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
      const mine = place === 'keep' || place === 'fixed';
      const read = (below.kept || wanted.size > 0) && (depends(unit, below.state) || meets(below.reads, changed(unit), unit));
      const tools = below.tools && unit.parts.every((part) => part.manager?.ecosystem === 'system');
      if (mine || read || tools || clears(unit, wanted)) take(unit);
    }
  }
  return units.filter((unit) => wanted.has(unit));
}
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

/** The text of a RUN that holds only some of its commands; the instruction itself when it holds them all. */
function runOf(run: RunReading, parts: readonly RunPart[]): Piece[] {
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
