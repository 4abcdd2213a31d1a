// Room: dockerfile/. Variables over time: one table for a stage, and read-only views of it as of one instruction.
import type { Known } from './types.ts';

/** What each name was set to, and when; `undefined` unsets it. */
export interface Scope {
  own: Map<string, { at: number; value: Known | undefined }[]>;
  /** The scope of the stage that this one is built from, as it is where that stage ends. */
  parent: Ended | undefined;
  /** What every other name holds; undefined: it is not set. */
  otherwise: Known | undefined;
}

/** A scope as of an instruction. */
export interface Ended {
  scope: Scope;
  end: number;
}

/** A scope behind the end of a parent; a parent that sets nothing is passed over. */
export function openScope(parent: Ended | undefined, otherwise?: Known): Scope {
  const above = parent?.scope.own.size === 0 ? parent.scope.parent : parent;
  return { own: new Map(), parent: above, otherwise: parent ? parent.scope.otherwise : otherwise };
}

/** Notes that `name` holds `value` from after instruction `at` on. Calls come in order of `at`. */
export function setIn(scope: Scope, name: string, value: Known | undefined, at: number): void {
  const entries = scope.own.get(name);
  if (entries) entries.push({ at, value });
  else scope.own.set(name, [{ at, value }]);
}

function valueAt(scope: Scope, name: string, at: number): Known | undefined {
  for (let next: Ended | undefined = { scope, end: at }; next; next = next.scope.parent) {
    const found = ownAt(next.scope, name, next.end);
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
export const viewAt = (scope: Scope, at: number): ReadonlyMap<string, Known> => new View(scope, at);

/** A class, for there are two of them for every instruction of every reading. */
class View implements ReadonlyMap<string, Known> {
  private listed: Map<string, Known> | undefined;
  constructor(
    private readonly scope: Scope,
    private readonly at: number,
  ) {}

  get(name: string): Known | undefined {
    return valueAt(this.scope, name, this.at);
  }
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }
  get size(): number {
    return this.all().size;
  }
  forEach(visit: (value: Known, name: string, view: ReadonlyMap<string, Known>) => void): void {
    for (const [name, value] of this.all()) visit(value, name, this);
  }
  entries(): MapIterator<[string, Known]> {
    return this.all().entries();
  }
  keys(): MapIterator<string> {
    return this.all().keys();
  }
  values(): MapIterator<Known> {
    return this.all().values();
  }
  [Symbol.iterator](): MapIterator<[string, Known]> {
    return this.all().entries();
  }

  private all(): Map<string, Known> {
    return (this.listed ??= listAt(this.scope, this.at));
  }
}

function listAt(scope: Scope, at: number): Map<string, Known> {
  const entries = new Map<string, Known>();
  const chain: Ended[] = [];
  for (let next: Ended | undefined = { scope, end: at }; next; next = next.scope.parent) chain.push(next);
  for (const { scope: each, end } of chain.reverse())
    for (const name of each.own.keys()) {
      const found = ownAt(each, name, end);
      if (found?.value) entries.set(name, found.value);
      else if (found) entries.delete(name);
    }
  return entries;
}
