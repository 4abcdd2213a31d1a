// Room: dockerfile/. Variables over time: one table for a stage, and read-only views of it as of one instruction.
import type { Known } from './types.ts';

/** What each name was set to, and when; `undefined` unsets it. */
export interface Scope {
  own: Map<string, { at: number; value: Known | undefined }[]>;
  /** The scope of the stage this one is built from, as it ends. */
  parent: Scope | undefined;
  /** What every other name holds; undefined: it is not set. */
  otherwise: Known | undefined;
}

/** A scope behind a parent's last instruction; a parent that sets nothing is passed over. */
export function openScope(parent: Scope | undefined, otherwise?: Known): Scope {
  return { own: new Map(), parent: parent?.own.size === 0 ? parent.parent : parent, otherwise: parent ? parent.otherwise : otherwise };
}

/** Notes that `name` holds `value` from after instruction `at` on. Calls come in order of `at`. */
export function setIn(scope: Scope, name: string, value: Known | undefined, at: number): void {
  const entries = scope.own.get(name);
  if (entries) entries.push({ at, value });
  else scope.own.set(name, [{ at, value }]);
}

function valueAt(scope: Scope, name: string, at: number): Known | undefined {
  for (let next: Scope | undefined = scope; next; next = next.parent) {
    const found = ownAt(next, name, next === scope ? at : Number.MAX_SAFE_INTEGER);
    if (found) return found.value;
  }
  return scope.otherwise;
}

function ownAt(scope: Scope, name: string, at: number): { value: Known | undefined } | undefined {
  const entries = scope.own.get(name);
  let low = 0;
  let high = entries?.length ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries?.[middle]?.at ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return entries?.[low - 1];
}

/** The variables as instruction `at` finds them. The view costs nothing to make; a look-up is a binary search. Listing it leaves out what is only `otherwise`. */
export function viewAt(scope: Scope, at: number): ReadonlyMap<string, Known> {
  let entries: Map<string, Known> | undefined;
  const all = (): Map<string, Known> => {
    if (entries) return entries;
    entries = new Map();
    const chain: Scope[] = [];
    for (let next: Scope | undefined = scope; next; next = next.parent) chain.push(next);
    for (const next of chain.reverse()) {
      for (const name of next.own.keys()) {
        const found = ownAt(next, name, next === scope ? at : Number.MAX_SAFE_INTEGER);
        if (found?.value) entries.set(name, found.value);
        else if (found) entries.delete(name);
      }
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
