// Room: bulk/. The text of a pull request: what it is made of, and what is read back from it.
import type { ForgeKind } from '../../forge/types.ts';
import type { Campaign } from '../options.ts';
import type { PlannedRepo } from '../types.ts';

/** The machine's part of a body: `<!-- dockerfile-mod:v1 BASE64URL(JSON) -->`. Untrusted when read: parsed with a schema, used to find and compare only. */
export interface Marker {
  v: 1;
  campaign: string;
  toolVersion: string;
  specHash: string;
  base: string;
  /** Head that we pushed; undefined while it is not known (the body is written after the push, so it is). */
  head: string | undefined;
  diffHash: string;
  /** Of title and rewritable part, normalised. */
  bodyHash: string;
}

export interface PullBodyInput {
  campaign: Campaign;
  planned: PlannedRepo;
  /** Everything but `bodyHash`, which the renderer works out. */
  marker: Omit<Marker, 'bodyHash'>;
  forge: ForgeKind | 'git';
  /** Characters. */
  limit: number;
  /** What was verified and how, when `verify` ran (docs of issue 5); undefined: nothing was built. */
  verified: string | undefined;
}

/** What `renderPull` answers. The part between the begin and end marks is ours to rewrite; what people write around it stays. */
export interface PullBody {
  title: string;
  body: string;
  bodyHash: string;
  commitMessage: string;
  /** What had to be left out for the forge's limit. */
  truncated: 'no' | 'diff' | 'details';
}

/** Written by the body's owner (src/bulk/pull/): pure, but async because prettier is loaded when it is needed. */
export interface PullText {
  render(input: PullBodyInput): Promise<PullBody>;
  /** The marker of a body; undefined when there is none or it is not ours. Never throws. */
  readMarker(body: string): Marker | undefined;
  /** The new body put into one that people may have written around; undefined when they changed our part or the title: leave the text alone. */
  merge(current: { title: string; body: string }, next: PullBody): { title: string; body: string } | undefined;
  /** For a text that people changed (`merge` gave none): their words stay; boxes that were obeyed are unticked, and the marker knows the new head. */
  mark(current: { title: string; body: string }, next: PullBody): { title: string; body: string };
  /** Which boxes and words of the body ask for something. */
  requests(body: string): { rebase: boolean; stop: boolean; handBack: boolean };
}
