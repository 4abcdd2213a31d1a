// syntax-directive: the file names the frontend that its features need.
import { featuresUsed } from '../src/facts/features.ts';
import { frontendHas } from '../src/knowledge/frontends.ts';
import type { Transform } from '../src/transform.ts';

/**
 * before: FROM … / RUN --mount=type=cache …            after: # syntax=docker/dockerfile:1 / FROM …
 * Safe because: version 1 of the frontend builds every older file the same.
 * Untouched when: no instruction needs a newer frontend, or the directive is there.
 */
export const syntaxDirective: Transform = {
  id: 'syntax-directive',
  title: 'Name the Dockerfile frontend',
  rationale:
    'Cache mounts need a frontend that knows them. The directive makes every BuildKit, also an old one, fetch a current frontend before it builds.',
  structural: false,
  plan(subject) {
    const { dockerfile } = subject;
    const directive = dockerfile.directives.find((d) => d.name === 'syntax');
    // a frontend that is named, and has the feature or cannot be told, stays
    const feature = featuresUsed(subject).find((f) => !directive || frontendHas(directive.value, f.feature) === false);
    if (!feature) return undefined;
    const at = dockerfile.bom ? 1 : 0;
    const line = '# syntax=docker/dockerfile:1';
    return {
      edits: [directive ? { start: directive.start, end: directive.end, text: [line] } : { start: at, end: at, text: [`${line}\n`] }],
      safety: 'safe',
      why: `${feature.what} needs BuildKit's frontend ${feature.version} or newer`,
      evidence: [{ file: 'Dockerfile', line: feature.line, says: feature.what }],
    };
  },
};
