// Room: bulk/. Everything that decides what a campaign does: its options, as they are frozen when it is planned first. What they may be stands in the table.
import type { Options } from '../types.ts';
import type { OptionsOf, Section, SparseOptionsOf } from './option-kinds.ts';
import { filters, general, pace, policy, proof, pull } from './option-table.ts';

export interface Sources {
  /** A directory of checkouts: each subdirectory with a `.git`. */
  directories: readonly string[];
  /** Clone URLs, `owner/name`, or paths, as listed by file, standard input or flag. */
  repositories: readonly string[];
  /** Organisations, users and groups of campaign.yml. */
  owners: readonly { kind: 'org' | 'user' | 'group'; name: string }[];
  topics: readonly string[];
  search: string | undefined;
}

export type Filters = OptionsOf<typeof filters>;
/** `branch` is `dockerfile-mod/<campaign>` unless told. */
export type PullOptions = OptionsOf<typeof pull> & { branch: string };
export type Policy = OptionsOf<typeof policy>;
export type PaceOptions = OptionsOf<typeof pace>;
/** What is left out is as verification has it. */
export type ProofOptions = SparseOptionsOf<typeof proof>;

/** Everything that decides what a campaign does; frozen in campaign.json when it is planned first. */
export interface CampaignOptions extends OptionsOf<typeof general> {
  /** Lower case letters, digits, `-`; at most 40. */
  id: string;
  sources: Sources;
  filters: Filters;
  refactor: Partial<Options>;
  pull: PullOptions;
  policy: Policy;
  pace: PaceOptions;
  /** Undefined: nothing is built. */
  verify: ProofOptions | undefined;
}

/** A campaign as campaign.json holds it. */
export interface Campaign {
  v: 1;
  options: CampaignOptions;
  /** sha256 over what decides the result of a repository: refactor options, pull text options. */
  specHash: string;
  toolVersion: string;
  createdAt: string;
}

/** What a campaign does unless told otherwise: everything but what has no default, the id. */
export const defaultOptions = (id: string): CampaignOptions => ({
  id,
  ...defaultsOf(general),
  sources: { directories: [], repositories: [], owners: [], topics: [], search: undefined },
  filters: defaultsOf(filters),
  refactor: {},
  pull: { ...defaultsOf(pull), branch: `dockerfile-mod/${id}` },
  policy: defaultsOf(policy),
  pace: defaultsOf(pace),
  verify: undefined,
});

/** How a campaign verifies unless told otherwise. */
export const defaultProof: ProofOptions = { measure: proof.measure.default, probes: proof.probes.default };

/** The names of a section in their order, with their defaults. */
const defaultsOf = <S extends Section>(section: S): OptionsOf<S> =>
  Object.fromEntries(Object.entries(section).map(([name, { default: value }]) => [name, value])) as OptionsOf<S>;

const idShape = /^[a-z0-9][a-z0-9-]{0,39}$/;
export const isCampaignId = (id: string): boolean => idShape.test(id);
