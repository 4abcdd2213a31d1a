// Room: facts/. Frontend features that a file uses.
import { minimumFrontend, type FrontendFeature } from '../knowledge/frontends.ts';
import type { Subject } from './subject.ts';

export interface Feature {
  feature: FrontendFeature;
  what: string;
  version: string;
  line: number;
}

/** The features that need a newer frontend than 1.0, each with the first instruction that uses it. */
export function featuresUsed(subject: Subject): Feature[] {
  const found = new Map<FrontendFeature, Feature>();
  const add = (feature: FrontendFeature, what: string, line: number): void => {
    if (!found.has(feature)) found.set(feature, { feature, what, version: minimumFrontend[feature], line });
  };
  for (const i of subject.dockerfile.instructions) {
    if (i.keyword === 'RUN' && i.mounts.length > 0) add('run-mount', 'RUN --mount', i.line);
    if (i.heredocs.length > 0) add('heredoc', 'a heredoc', i.line);
    if ((i.keyword === 'COPY' || i.keyword === 'ADD') && i.link) add('copy-link', `${i.keyword} --link`, i.line);
  }
  return [...found.values()];
}
