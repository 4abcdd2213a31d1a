// Room: cli/. The form of explained.json, which `npm run generate` makes of the transforms' comments, their skips, and the goldens.

/** Of the comment above a transform. */
export interface Sentences {
  before: string;
  after: string;
  safe: string;
  skipped?: string;
  untouched: string;
}

export interface ExplainedTransform extends Sentences {
  /** A diff; empty: there is none. */
  example: string;
}

export interface ExplainedSkip {
  transforms: string[];
  /** What it says in cases that we have, shortest first. */
  says: string[];
  /** What would allow it. */
  allow: string[];
  /** Why nothing does. */
  nothing?: string;
}

export interface Explained {
  transforms: Record<string, ExplainedTransform>;
  skips: Record<string, ExplainedSkip>;
  notes: Record<string, { transforms: string[]; says: string[] }>;
}
