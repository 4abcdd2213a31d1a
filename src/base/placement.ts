// Room: base/. What a split does with each RUN: kept for the run time unless it is known to be the build's alone.
import { allOf } from '../effects/effects.ts';
import { joined, nowhere, within } from '../effects/places.ts';
import type { Places } from '../effects/types.ts';
import { inside, type CopyReading } from '../facts/copies.ts';
import { isRoot, type RunPart, type RunReading, type StageReading } from '../facts/reading.ts';
import { closePlaces, type Unit } from './closed-places.ts';
import { madeByCopies } from './directories.ts';
import { unitsOf } from './units.ts';
import { unitPlace } from './part-places.ts';
import type { Place, Where } from './place-types.ts';
import { emptyPlan, type Question, type RunPlan } from './run-plan.ts';
import { ownedAbove, type Owning } from './owned-above.ts';
import { closeShared, repeatOf, runOf, withState } from './shared-part.ts';

/** Plans the RUNs of a stage. */
export function planRuns(reading: StageReading, q: Question): RunPlan {
  const plan = emptyPlan();
  const firstSources = reading.copies.find((c) => c.fromContext && bringsSources(c))?.instruction.index ?? Number.POSITIVE_INFINITY;
  const fetched: string[] = [];
  const libraries: string[] = [];
  const dirs = madeByCopies(reading);
  const fresh = new Set<string>();
  const filled = reading.copies.flatMap((copy) =>
    copy.fromContext && copy.broad && copy.dest !== undefined && copy.dest !== '/' ? [copy.dest] : [],
  );
  const installed = reading.runs.find((run) => installs(run, q))?.instruction.index ?? Number.POSITIVE_INFINITY;
  const planned = reading.runs.map((run) => {
    const behind = removedBehind(run);
    const where: Omit<Where, 'removed'> = {
      ...q,
      run,
      byRoot: isRoot(reading.before(run.instruction)),
      fetched,
      libraries,
      evidence: plan.evidence,
      dirs,
      fresh,
      filled,
      packagesAbove: run.instruction.index > installed,
      sourcesAbove: run.instruction.index > firstSources,
    };
    const units = unitsOf(run.parts, run.opaque).map((parts): Unit => {
      const [first] = parts;
      return { parts, place: unitPlace(parts, { ...where, removed: (first && behind.get(first)) ?? nowhere }) };
    });
    if (units.some(({ parts }) => parts.some(({ manager, kind }) => manager?.ecosystem === 'system' && kind === 'prune')))
      for (const unit of units)
        if (readsPackages(unit)) unit.place = { place: 'fixed', why: 'reads files of packages that it removes again' };
    return { run, units: where.sourcesAbove ? units.map((unit, n) => withVariables(unit, units.slice(0, n))) : units };
  });
  const copies = closePlaces(reading, planned);
  plan.artefacts = [...new Set(fetched)];
  plan.libraries = [...new Set(libraries)];
  for (const { run, units } of planned) for (const { parts, place } of units) note(plan, run, parts, place, q);
  const owning = ownedAbove(reading, planned, plan.owner);
  const copy = reading.copies.find((c) => c.fromContext)?.instruction;
  // above it a user of the image may be in force, who makes no others
  const firstCopy = copy && isRoot(reading.before(copy)) ? copy.index : Number.POSITIVE_INFINITY;
  for (const { run, units } of planned) portable(plan, run, units, { ...q, owning, firstCopy });
  closeShared(plan, reading, planned, { ...q, owning });
  for (const { instruction } of copies) plan.besideCopies.add(instruction.index);
  return plan;
}

/** It installs the packages of the project. */
const installs = ({ parts }: RunReading, { ecosystem }: Question): boolean =>
  parts.some(({ manager, kind }) => manager?.ecosystem === ecosystem && kind === 'install');

/** A kept command that reads files of the system: `cp /usr/share/zoneinfo/Asia/Shanghai /etc/localtime` between `apk add tzdata` and `apk del tzdata`. */
const readsPackages = ({ parts, place }: Unit): boolean =>
  place.place === 'keep' &&
  place.packages !== true &&
  parts.some(({ manager, effects }) => manager === undefined && effects.reads.known.some(({ path }) => inside(path, '/usr')));

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
    // what removes packages takes their files alone
    const files = part.manager?.ecosystem !== 'system' && (removes.known.length > 0 || removes.unknown !== undefined);
    if (files) removed = joined(removes, removed);
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

/** Notes what a unit says of the whole plan. */
function note(plan: RunPlan, run: RunReading, parts: readonly RunPart[], { place, why, owner }: Place, q: Question): void {
  if (place === 'owner' && owner) plan.owner = { ...owner, at: run.instruction.index, alone: run.parts.length === 1 };
  if (place === 'unknown' && q.assume === 'nothing') plan.unknown ??= { run, why: why ?? 'is not known' };
  else if (place === 'unknown') plan.assumed.push({ run, why: why ?? 'is not known' });
  if (place === 'fixed') plan.fixed ??= { instruction: run.instruction, why: why ?? 'is not known' };
  const built = place === 'build' || place === 'unknown';
  if (built && parts.some((part) => changes(part, q.app))) plan.changesApp = true;
}

/** Whether a command may change files of the application. */
const changes = (part: RunPart, app: string | undefined): boolean => {
  const { effects, manager, kind } = part;
  if (manager && (kind === 'build' || kind === 'run')) return manager.intoEnvironment?.(part.command) !== true;
  // the file of a database that is embedded lies in the application where nothing says where it is
  if (allOf([effects]).some(({ does }) => does.kind === 'database')) return true;
  // an install fills its own directories; a lockfile that is written anew, and what it prints to a file, are the application's
  const installs = manager !== undefined && kind !== 'other';
  const { known, unknown } = installs ? effects.redirected : joined(effects.writes, effects.removes);
  return unknown !== undefined || known.some(({ path, below }) => app === undefined || inside(path, app) || (below && within(app, path)));
};

/**
 * The text of a RUN in a runtime stage of another image: what is kept, packages aside (they are installed in one line). Users that copies are
 * given to are made above these.
 */
function portable(plan: RunPlan, run: RunReading, units: readonly Unit[], q: Question & { owning: Owning; firstCopy: number }): void {
  const again = units.filter(({ place }) => place.place === 'keep' && !place.packages);
  if (again.length === 0) return;
  const ahead = (unit: Unit): boolean =>
    run.instruction.index > q.firstCopy && run.opaque === undefined && unit.parts.every(({ effects }) => effects.does.kind === 'users');
  const users = again.filter(ahead);
  const rest = again.filter((unit) => !ahead(unit));
  const made = units.filter(({ place }) => place.place === 'workdir');
  const parts = [...made, ...again].flatMap((unit) => unit.parts);
  for (const { program } of allOf(parts.map(({ effects }) => effects)))
    if (program !== '' && !q.own(program))
      plan.programs.push({ program, evidence: { file: 'Dockerfile', line: run.instruction.line, says: `runs ${program}` } });
  if (users.length > 0) plan.users.set(run.instruction.index, runOf(run, withState(units, users)));
  if (rest.length === 0) return;
  if (users.length === 0 && units.every(({ place }) => place.place === 'state' || (place.place === 'keep' && !place.packages)))
    plan.wholly.add(run.instruction.index);
  plan.repeats.set(run.instruction.index, [...repeatOf(run, withState(units, [...made, ...rest])), ...q.owning(rest)]);
}
