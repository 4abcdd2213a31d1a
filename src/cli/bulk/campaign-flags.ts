// Room: cli/. The flags of a campaign's options, made of their table; and the way back, from what commander read to the form of campaign.yml.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { FlagGroup, FlagOf, GivenOf, Kind, Section, ValueOf } from '../../bulk/option-kinds.ts';
import { general, sections } from '../../bulk/option-table.ts';
import { reasonOf } from '../../checkout/paths.ts';
import { isUsageError, type UsageError, type World } from '../world.ts';

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;
type NameOf<Flags extends string> = Flags extends `--${infer Name} ${string}`
  ? Camel<Name>
  : Flags extends `--${infer Name}`
    ? Camel<Name>
    : never;
type GivenBy<Option> = Option extends { flag: { means: string } }
  ? true
  : Option extends { flag: { path: 'text' } }
    ? string
    : Option extends { kind: infer Of extends Kind }
      ? ValueOf<Of>
      : never;
/** The flags of a section as commander gives them. */
export type FlagsOf<S extends Section> = {
  [Name in keyof S as S[Name] extends { flag: { flags: infer Flags extends string } } ? NameOf<Flags> : never]?: GivenBy<S[Name]>;
};

const tables: readonly Section[] = [general, ...Object.values(sections)];

/** Adds the flags that belong to these groups, in the order of the table. */
export function addCampaignFlags(command: Command, groups: readonly FlagGroup[]): Command {
  for (const { kind, flag } of tables.flatMap((table) => Object.values(table)))
    if (flag && groups.includes(flag.group)) command.addOption(optionOf(kind, flag));
  return command;
}

function optionOf(kind: Kind, { flags, help, means, preset }: FlagOf): Option {
  const option = new Option(flags, help);
  if (preset !== undefined) option.preset(preset);
  if (means !== undefined) return option;
  if (kind.kind === 'choice') return option.choices(kind.values);
  const parse = parsers[kind.kind];
  return parse ? option.argParser(parse) : option;
}

const parsers: Partial<Record<Kind['kind'], (value: string, before: unknown) => unknown>> = {
  names: list,
  texts: list,
  windows: list,
  number: positive,
  whole,
  share,
  person,
};

/** What the flags say of a section, in the form of campaign.yml: only what was given. A usage error for a file that cannot be read. */
export function givenOf<S extends Section>(section: S, flags: object, world: World): GivenOf<S> | UsageError {
  const found: Record<string, unknown> = {};
  for (const [name, { flag }] of Object.entries(section)) {
    const value = flag && (flags as Record<string, unknown>)[new Option(flag.flags).attributeName()];
    if (!flag || value === undefined) continue;
    const read = valueOf(value, flag, world);
    if (isUsageError(read)) return read;
    found[name] = read;
  }
  return found as GivenOf<S>;
}

function valueOf(value: unknown, { flags, means, times, path }: FlagOf, world: World): unknown {
  if (means !== undefined) return means;
  if (times !== undefined) return Number(value) * times;
  if (path === 'directory') return (value as readonly string[]).map((one) => resolve(world.cwd, one));
  if (path !== 'text') return value;
  try {
    return readFileSync(resolve(world.cwd, String(value)), 'utf8');
  } catch (error) {
    return { usage: `${flags.split(' ')[0]} ${String(value)}: ${reasonOf(error)}` };
  }
}

/** Names separated by commas, added to those before them. */
export function list(value: string, before: unknown): string[] {
  const given = value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (given.length === 0) throw new InvalidArgumentError('Expected at least one name.');
  return [...(Array.isArray(before) ? before : []), ...given];
}

export function whole(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(value);
}

export function positive(value: string): number {
  const number = whole(value);
  if (number === 0) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
}

function share(value: string): number {
  const percent = /^(\d{1,3}(?:\.\d+)?)%$/.exec(value)?.[1];
  if (percent === undefined || Number(percent) > 100) throw new InvalidArgumentError('Expected a percentage, such as 5%.');
  return Number(percent) / 100;
}

function person(value: string): { name: string; email: string } {
  const [, name, email] = /^([^<>\n]+?)\s*<([^<>\s]+@[^<>\s]+)>$/.exec(value) ?? [];
  if (name === undefined || email === undefined) throw new InvalidArgumentError('Expected Name <mail>.');
  return { name, email };
}
