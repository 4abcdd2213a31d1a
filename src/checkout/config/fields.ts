// Room: checkout/config. What a configuration file may hold, once: the reader, the JSON Schema, `init` and the docs come of this table.
import type { BaseChoice, LevelName, Replacement } from '../../types.ts';

export type Field = { says: string } & (
  { kind: 'switch' } | { kind: 'choice'; values: readonly string[]; preset: string } | { kind: 'ids' } | { kind: 'directory' }
);

const levels = ['safe', 'balanced', 'max'] satisfies LevelName[];
const bases = ['slim', 'distroless', 'scratch', 'alpine', 'keep', 'smallest'] satisfies BaseChoice[];

/** What holds for Dockerfiles; at the top of the file, and in each of `overrides`. */
export const ruleFields = {
  enabled: { kind: 'switch', says: 'false: the Dockerfiles are left alone, whoever runs the tool.' },
  level: { kind: 'choice', values: levels, preset: 'balanced', says: 'How much safety to ask for, as --level.' },
  base: { kind: 'choice', values: bases, preset: 'slim', says: 'What the final stage runs on, as --base.' },
  only: { kind: 'ids', says: 'Transforms to run, and no others, as --only.' },
  skip: { kind: 'ids', says: 'Transforms not to run, as --skip. Those of all files and of the command line add up.' },
  context: { kind: 'directory', says: 'The build context, as --context; relative to the directory of this file.' },
} as const satisfies Readonly<Record<string, Field>>;

export type RuleName = keyof typeof ruleFields;
export const ruleNames = Object.keys(ruleFields) as RuleName[];

/** What else stands at the top. */
export const topFields = {
  $schema: 'Address of the JSON Schema, for editors.',
  extends: 'Files of this repository whose rules hold before those of this one: a path or several, relative to this file.',
  overrides: 'Rules for some paths. Later ones count more.',
  mirrors:
    'Registries of your own, and images there, with what they are mirrors of: `registry.example.com/hub: docker.io`, `registry.example.com/nodejs:*: node:*`. The image of a mirror is known as that of the other.',
  replacements:
    'Images for the last stage in place of others: `node:*: registry.example.com/node:*`. Taken where `mirrors` says that both hold the same.',
  campaign: 'What `bulk` reads where it is started in this directory or below, and no campaign.yml is named: the same options.',
} as const;

/** A value, and the line that says it. */
export interface Said<T> {
  value: T;
  line: number;
}

export interface Rules {
  enabled?: Said<boolean>;
  level?: Said<LevelName>;
  base?: Said<BaseChoice>;
  only?: Said<string[]>;
  skip?: Said<string[]>;
  context?: Said<string>;
}

/** Images below `from` are those below `of`: registry and repository, as far as both say. */
export interface Mirror {
  from: string;
  of: string;
}

/** What one file says. */
export interface ConfigText {
  rules: Rules;
  overrides: { paths: string[]; rules: Rules }[];
  extends: Said<string>[];
  mirrors: Said<Mirror>[];
  replacements: Said<Replacement>[];
  /** The campaign's own options, as they stand there, and the line of each by its path: `pull.labels`. */
  campaign: (Said<unknown> & { lines: ReadonlyMap<string, number> }) | undefined;
}

export const emptyConfig = (): ConfigText => ({
  rules: {},
  overrides: [],
  extends: [],
  mirrors: [],
  replacements: [],
  campaign: undefined,
});

/** What is wrong in it, in words that stand behind `path:line:column:`. */
export interface ConfigProblem {
  line: number;
  column: number;
  message: string;
}

/** Patterns and files in a list; ours. */
export const most = 500;

export interface Reading {
  /** Ids of the transforms. */
  known: readonly string[];
  /** In: a node. Out: its line. */
  lineOf(node: unknown): number;
  wrong(node: unknown, message: string): undefined;
}

/** What may switch the tool on and off: with the words that YAML 1.1 had for it. https://yaml.org/type/bool.html */
export const switches: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ['yes', true],
  ['on', true],
  ['no', false],
  ['off', false],
]);
