// Room: base/. What commands make in the application, and a later `chown -R` gives away: `mkdir logs` above `chown -R app /app`.
import type { Piece } from '../dockerfile/edits.ts';
import { firstBelow, inside, isPlainName } from '../facts/copies.ts';
import { isRoot, type StageReading } from '../facts/reading.ts';
import type { PlannedRun, Unit } from './closed-places.ts';
import type { Ownership } from './run-plan.ts';

/** What stands behind the commands that a last stage repeats: `&& chown -R app /app/logs`, or nothing. */
export type Owning = (units: readonly Unit[]) => Piece[];

/** Every COPY gets the owner by its flag; what commands make in the application before the `chown` gets it behind them. */
export function ownedAbove(reading: StageReading, planned: readonly PlannedRun[], owner: Ownership | undefined): Owning {
  if (!owner) return () => [];
  const order = planned.flatMap(({ run, units }) => units.map((unit) => ({ unit, run })));
  const at = order.findLastIndex(({ unit }) => unit.place.place === 'owner');
  const above = new Set(order.slice(0, at).flatMap(({ unit, run }) => (isRoot(reading.before(run.instruction)) ? [unit] : [])));
  return (units) => {
    const made = units
      .filter((unit) => above.has(unit))
      .flatMap(({ parts }) => parts.flatMap(({ effects: { writes } }) => writes.known))
      // `mkdir -p data/photos` makes both
      .flatMap(({ path }) => (inside(path, owner.path) && path !== owner.path ? [firstBelow(owner.path, path)] : []));
    const names = [...new Set(made)].filter(isPlainName);
    return names.length === 0 ? [] : [` \\\n && chown -R ${owner.owner} ${names.join(' ')}`];
  };
}
