// Room: effects/. Sets of places: made of words, joined, compared.
import { globMatch } from '../dockerfile/glob.ts';
import { cleaned, upwards } from '../dockerfile/paths.ts';
import type { Word } from '../dockerfile/types.ts';
import type { Call, Place, Places, ShellState } from './types.ts';

export { cleaned };

export const nowhere: Places = { known: [] };
export const anywhere = (why: string): Places => ({ known: [], unknown: why });
/** Why a place is unknown, where all that is not known is the home directory. */
export const HOME_UNKNOWN = 'to a home directory';
export const file = (path: string): Place => ({ path, below: false });
export const tree = (path: string): Place => ({ path, below: true });

/** The directory that a path lies in. */
export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** True when `path` is `dir` or lies below it. */
export const within = (path: string, dir: string): boolean => dir === '/' || path === dir || path.startsWith(`${dir}/`);

/** All places of several sets; the first reason for more is kept. */
export function joined(...sets: readonly (Places | undefined)[]): Places {
  const some = sets.filter((set) => set !== undefined && (set.known.length > 0 || set.unknown !== undefined));
  if (some.length < 2) return some[0] ?? nowhere;
  const known = sets.flatMap((set) => set?.known ?? []);
  const unknown = sets.find((set) => set?.unknown !== undefined)?.unknown;
  return unknown === undefined ? { known } : { known, unknown };
}

const touches = (a: Place, b: Place): boolean =>
  (a.below && within(b.path, a.path)) || (b.below && within(a.path, b.path)) || a.path === b.path;

/** Whether two sets may share a place: a place that they share, 'unknown' when one of them may hold more, or undefined. */
export function overlap(a: Places, b: Places): Place | 'unknown' | undefined {
  for (const one of a.known)
    for (const other of b.known) if (touches(one, other)) return one.path.length >= other.path.length ? one : other;
  const open = (set: Places): boolean => set.unknown !== undefined;
  return (open(a) && (open(b) || b.known.length > 0)) || (open(b) && a.known.length > 0) ? 'unknown' : undefined;
}

/** Places that come together one after the other; whether something touches one of them is looked up. */
export interface Gathered {
  /** The first reason for more places. */
  unknown: string | undefined;
  add(more: Places): void;
  /** As `overlap`: they share a place, or may. */
  meets(others: Places): boolean;
}
export function gathered(): Gathered {
  const paths = new Set<string>();
  const trees = new Set<string>();
  const above = new Set<string>();
  const all: Gathered = {
    unknown: undefined,
    add({ known, unknown }) {
      all.unknown ??= unknown;
      for (const { path, below } of known) {
        if (below) trees.add(path);
        if (paths.has(path)) continue;
        paths.add(path);
        for (const dir of upwards(path, '/')) above.add(dir);
      }
    },
    meets({ known, unknown }) {
      if (unknown !== undefined) return paths.size > 0 || all.unknown !== undefined;
      if (all.unknown !== undefined && known.length > 0) return true;
      return known.some(
        ({ path, below }) => (below && above.has(path)) || paths.has(path) || upwards(path, '/').some((dir) => trees.has(dir)),
      );
    },
  };
  return all;
}

/** The shell as a program that a command starts finds it: with the variables that stand in front of the command. */
export function environmentOf({ command, state }: Pick<Call, 'command' | 'state'>): ShellState {
  if (command.assignments.length === 0) return state;
  const set = new Map(
    command.assignments.map((a) => [a.name, a.value === undefined ? { unknown: `${a.name} is computed` } : { value: a.value }] as const),
  );
  return { ...state, lookup: (name) => set.get(name) ?? state.lookup(name) };
}

/** The text of a word with the variables put in that are known; undefined when it holds anything else. Quotes are removed. */
export function valueOf(given: Word, state: ShellState): string | undefined {
  if (given.value !== undefined) return given.value;
  const word = { ...given, raw: given.raw.replaceAll(/\$\(pwd\)|`pwd`/g, '${PWD}') };
  if (/[`\\{(*?[~]|\$[({]?[^A-Za-z_{]/.test(word.raw.replaceAll(/\$\{[A-Za-z_]\w*\}/g, '$X'))) return undefined;
  let whole = true;
  const text = word.raw.replace(/["']/g, '').replace(/\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g, (_, braced: string, plain: string) => {
    const name = braced ?? plain;
    const own = name === 'HOME' ? state.home : name === 'PWD' ? state.cwd : undefined;
    const found = own === undefined ? state.lookup(name) : { value: own };
    if (found && 'value' in found) return found.value;
    whole = false;
    return '';
  });
  return whole && !word.raw.includes("'") ? text : undefined;
}

/** The place that a word names as a path: a glob stands for all below its directory. Undefined: computed. */
export function placeOf(word: Word, state: ShellState, below: boolean): Place | undefined {
  const home = /^~(?=\/|$)/.test(word.raw) && !/[$`*?[]/.test(word.raw) && state.home !== undefined;
  const text = home ? state.home + word.raw.slice(1).replace(/["']/g, '') : valueOf(word, state);
  if (text !== undefined) return resolved(text, state, below);
  const glob = word.raw.search(/[*?[{]/);
  if (glob === -1 || word.variables.length > 0 || /[$`"'\\~]/.test(word.raw)) return undefined;
  const dir = word.raw.slice(0, word.raw.lastIndexOf('/', glob) + 1);
  const names = word.raw.slice(dir.length);
  const place = resolved(dir === '' ? '.' : dir, state, true);
  return place && !/[/{]/.test(names) ? { ...place, names } : place;
}

/** Whether a place holds a path, or all that lies in one of the directories above it; a glob of the shell matches no name that begins with a dot, unless it does so itself. */
export function holds({ path: dir, below, names }: Place, path: string): boolean {
  if (names === undefined) return path === dir || (below && within(path, dir));
  const first = within(path, dir) ? path.slice(dir === '/' ? 1 : dir.length + 1).split('/', 1)[0] : undefined;
  return first !== undefined && first !== '' && (!first.startsWith('.') || names.startsWith('.')) && globMatch(names, first);
}

function resolved(text: string, state: ShellState, below: boolean): Place | undefined {
  if (text.startsWith('/')) return { path: cleaned(text), below };
  return state.cwd === undefined ? undefined : { path: cleaned(`${state.cwd}/${text}`), below };
}

/** The places that words name; a computed one makes the set unknown. */
export function placesOf(words: readonly Word[], state: ShellState, below: boolean): Places {
  const known: Place[] = [];
  let unknown: string | undefined;
  for (const word of words) {
    const place = placeOf(word, state, below);
    if (place) known.push(place);
    else unknown ??= `on a computed path (${word.raw})`;
  }
  return unknown === undefined ? { known } : { known, unknown };
}
