// Where a path of this repository is on the site. Pages link to each other as they do on a forge; the rest of the repository is not on the site.
import { posix } from 'node:path';

/** Pages outside of docs/, by their path without `.md`. */
const pages: Readonly<Record<string, string>> = {
  README: 'index',
  CONTRIBUTING: 'contributing',
  CHANGELOG: 'changelog',
  'bench/results/:page': 'results/:page',
  'docs/recipes/README': 'recipes/index',
  'docs/:page*': ':page*',
};
export const rewrites = Object.fromEntries(Object.entries(pages).map(([from, to]) => [`${from}.md`, `${to}.md`]));

/** Files that are served as they are, by the directory or file that holds them. */
export const served: Readonly<Record<string, string>> = {
  schema: 'schema',
  'docs/ci': 'ci',
  'action.yml': 'action.yml',
  'docs/playground/index.html': 'playground/index.html',
};

/** What a link of a page means: a page, a file that is served, or a path of the repository that is not on the site. */
export type Target = { page: string } | { file: string } | { source: string };

/** In: the page's path in the repository, and the link without what follows `#`. */
export function targetOf(from: string, link: string): Target {
  const path = posix.join(posix.dirname(from), link);
  if (path === 'docs/recipes') return { page: '/recipes/' };
  for (const [given, at] of Object.entries(served)) {
    if (path === given || path.startsWith(`${given}/`)) return { file: `/${at}${path.slice(given.length)}` };
  }
  if (!path.endsWith('.md')) return { source: path };
  const name = path.slice(0, -'.md'.length);
  const known = pages[name] ?? name.replace(/^bench\/results\//, 'results/').replace(/^docs\//, '');
  const isPage = pages[name] !== undefined || /^(?:docs|bench\/results)\//.test(name);
  return isPage ? { page: `/${known === 'index' ? '' : known.replace(/\/index$/, '/')}` } : { source: path };
}
