// Room: dockerfile/. Variables over time: one table for a stage, and read-only views of it as of one instruction.
import type { Known } from './types.ts';

/** What each name was set to, and when; `undefined` unsets it. */
export interface Scope {
  own: Map<string, { at: number; value: Known | undefined }[]>;
  parent: ReadonlyMap<string, Known> | undefined;
}

export const openScope = (parent: ReadonlyMap<string, Known> | undefined): Scope => ({ own: new Map(), parent });

/** Notes that `name` holds `value` from after instruction `at` on. Calls come in order of `at`. */
export function setIn(scope: Scope, name: string, value: Known | undefined, at: number): void {
  const entries = scope.own.get(name);
  if (entries) entries.push({ at, value });
  else scope.own.set(name, [{ at, value }]);
}

function valueAt(scope: Scope, name: string, at: number): Known | undefined {
  const entries = scope.own.get(name);
  let low = 0;
  let high = entries?.length ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries?.[middle]?.at ?? at) < at) low = middle + 1;
    else high = middle;
  }
  const last = entries?.[low - 1];
  return last ? last.value : scope.parent?.get(name);
}

/** The variables as instruction `at` finds them. The view costs nothing to make; a look-up is a binary search. */
export function viewAt(scope: Scope, at: number): ReadonlyMap<string, Known> {
  let entries: Map<string, Known> | undefined;
  const all = (): Map<string, Known> => {
    if (entries) return entries;
    entries = new Map();
    for (const name of new Set([...(scope.parent?.keys() ?? []), ...scope.own.keys()])) {
      const value = valueAt(scope, name, at);
      if (value) entries.set(name, value);
    }
    return entries;
  };
  const view: ReadonlyMap<string, Known> = {
    get: (name) => valueAt(scope, name, at),
    has: (name) => valueAt(scope, name, at) !== undefined,
    get size() {
      return all().size;
    },
    forEach: (visit) => all().forEach((value, name) => visit(value, name, view)),
    entries: () => all().entries(),
    keys: () => all().keys(),
    values: () => all().values(),
    [Symbol.iterator]: () => all()[Symbol.iterator](),
  };
  return view;
}
