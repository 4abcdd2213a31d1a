// test/e2e: what the final image of an application may not hold, besides what no final image may.
import { findForbidden as findIn, foundText } from '../../src/verify/compare/forbidden.ts';
import type { App } from './apps.ts';

/** Which of the files (paths as tar lists them) may not be in a final image of the application; one line for each kind of thing found. */
export function findForbidden(files: Iterable<string>, app: App): string[] {
  const paths = [...files].filter((file) => !file.endsWith('/')).map((file) => `/${file}`);
  return findIn(paths, app.absent).map(foundText);
}
