// Room: bulk/. What an option of a campaign may be: the kinds of values, and the types that come of them.

/** One of these words. */
export const choice = <const V extends readonly string[]>(...values: V) => ({ kind: 'choice' as const, values });
/** At most so many characters. */
export const text = (max: number) => ({ kind: 'text' as const, max });
/** A branch as git allows it. */
export const branch = { kind: 'branch' } as const;
/** An address of the web. */
export const address = { kind: 'address' } as const;
/** A regular expression. */
export const regex = { kind: 'regex' } as const;
/** A day, ISO 8601. */
export const day = { kind: 'day' } as const;
/** Names of repositories, people, labels. */
export const names = { kind: 'names' } as const;
/** Several texts. */
export const texts = (max: number, bounds: { least?: number; most: number }) => ({ kind: 'texts' as const, max, ...bounds });
/** Windows of time: `mon-fri 06:00-16:00 UTC`. */
export const windows = { kind: 'windows' } as const;
/** A whole number from 1 up. */
export const number = (most?: number) => ({ kind: 'number' as const, most });
/** A whole number from 0 up. */
export const whole = { kind: 'whole' } as const;
/** From 0 to 1. */
export const share = { kind: 'share' } as const;
/** A number above 0. */
export const seconds = { kind: 'seconds' } as const;
/** Somebody with a mail address. */
export const person = { kind: 'person' } as const;

export type Kind =
  | { kind: 'choice'; values: readonly string[] }
  | ReturnType<typeof text>
  | ReturnType<typeof texts>
  | ReturnType<typeof number>
  | typeof branch
  | typeof address
  | typeof regex
  | typeof day
  | typeof names
  | typeof windows
  | typeof whole
  | typeof share
  | typeof seconds
  | typeof person;

/** On which commands a flag stands: by what it decides. */
export type FlagGroup = 'source' | 'platform' | 'pull' | 'policy' | 'bound' | 'limit' | 'pace';

/** The flag of an option; without `means` its value is the option's. */
export interface FlagOf {
  group: FlagGroup;
  flags: string;
  help: string;
  /** What the flag without a value stands for. */
  means?: string;
  /** What a value that may be left out is then. */
  preset?: string;
  /** The option's unit in the flag's: milliseconds of seconds. */
  times?: number;
  /** The flag names a file, the option is what it holds; or a directory, which is made absolute. */
  path?: 'text' | 'directory';
}

export interface Described {
  kind: Kind;
  /** Left out: nothing, and the option may be undefined. */
  default?: unknown;
  /** For the published schema. */
  says?: string;
  flag?: FlagOf;
}
export type Section = Readonly<Record<string, Described>>;

export type ValueOf<K extends Kind> = K extends { kind: 'choice'; values: readonly (infer V)[] }
  ? V
  : K extends { kind: 'names' | 'texts' | 'windows' }
    ? readonly string[]
    : K extends { kind: 'number' | 'whole' | 'share' | 'seconds' }
      ? number
      : K extends { kind: 'person' }
        ? { name: string; email: string }
        : string;

type Defaulted<S extends Section> = { [Name in keyof S]: S[Name] extends { default: unknown } ? Name : never }[keyof S];

/** The options of a section, with those that have no default undefined. */
export type OptionsOf<S extends Section> = {
  -readonly [Name in keyof S]: Name extends Defaulted<S> ? ValueOf<S[Name]['kind']> : ValueOf<S[Name]['kind']> | undefined;
};
/** The same with what has no default left out where nobody gave it. */
export type SparseOptionsOf<S extends Section> = { -readonly [Name in Defaulted<S>]: ValueOf<S[Name]['kind']> } & {
  -readonly [Name in Exclude<keyof S, Defaulted<S>>]?: ValueOf<S[Name]['kind']>;
};
/** What a person may give: any part of it. */
export type GivenOf<S extends Section> = { -readonly [Name in keyof S]?: ValueOf<S[Name]['kind']> | undefined };
