// Room: effects/rows. Installers that a tool's own site has for a shell or an interpreter: `curl https://… | sh`. What they put where is known by their address.
import { tree } from '../places.ts';
import type { Effects, Place } from '../types.ts';
import { names } from '../words.ts';

export interface InstallerRow {
  /** Of the address that is fetched. */
  address: RegExp;
  source: string;
  /** The programs that it brings. */
  brings: string;
  /** The variable that names another directory. */
  variable: string;
  /** Below the home directory. */
  places: string;
}
/** A shell or Python that runs what it is given. Options of the installer may stand behind. */
const RUNS = /^(?:(?:ba|da|a)?sh|python[\d.]*)$/;

/**
 * What a command does that runs what the one before it fetches. In: both, and the installers that are known. Undefined: it is none of these, or its
 * directory is not known.
 */
export function installed(fetch: Effects | undefined, one: Effects, rows: readonly InstallerRow[]): Effects | undefined {
  if (fetch?.does.kind !== 'fetch' || one.given.before?.operator !== '|' || !RUNS.test(one.program)) return undefined;
  const row = rows.find(({ address }) => fetch.command.words.some(({ value = '' }) => address.test(value)));
  if (!row || one.given.redirects.length > 0) return undefined;
  const assigned = [...one.given.assignments, ...one.command.assignments].find(({ name }) => name === row.variable);
  const set = assigned ? (assigned.value === undefined ? { unknown: '' } : { value: assigned.value }) : one.before.lookup(row.variable);
  const home = one.before.home;
  if (home === undefined || (set && !('value' in set && set.value.startsWith('/')))) return undefined;
  const known: Place[] = [
    ...[...names(row.places)].map((place) => tree(`${home}/${place}`)),
    ...(set && 'value' in set ? [tree(set.value)] : []),
  ];
  const { startsUnknown: _starts, unread: _unread, ...rest } = one;
  const places = { known };
  return {
    ...rest,
    does: { kind: 'configure', tool: row.brings.split(' ')[0] ?? '', brings: [...names(row.brings)], whole: true },
    writes: places,
    own: places,
    removes: { known: [] },
    reads: { known: [] },
  };
}
