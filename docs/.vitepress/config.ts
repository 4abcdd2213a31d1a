// The documentation as a site: the same Markdown that a forge shows, with a side bar and a search that needs no server.
//   DOCS_BASE        the path that it is served below (`/` unless told)
//   DOCS_REPOSITORY  where sources are shown, as https://…/blob/main; unless told, links to sources are plain words
import { readdirSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { defineConfig, type DefaultTheme, type MarkdownOptions } from 'vitepress';
import explained from '../../src/cli/explained.json' with { type: 'json' };
import { rewrites, targetOf } from './links.ts';

const root = resolve(import.meta.dirname, '../..');
const base = process.env.DOCS_BASE ?? '/';
const repository = process.env.DOCS_REPOSITORY?.replace(/\/$/, '');

/** Each transform, skip and note has a page (docs/ids). */
const ids = [...new Set(Object.values(explained).flatMap((all) => Object.keys(all)))].sort();

const playground = { text: 'Playground', link: '/playground/index.html', target: '_self' };
const sidebar: DefaultTheme.SidebarItem[] = [
  {
    text: 'Begin',
    items: [{ text: 'What it is, and its flags', link: '/' }, { text: 'Tutorial', link: '/tutorial' }, playground],
  },
  {
    text: 'What it does, and why',
    items: [
      { text: 'How it decides', link: '/how-it-decides' },
      { text: 'Transforms', link: '/transforms' },
      { text: 'Messages', link: '/messages' },
      { text: 'When something is in the way', link: '/troubleshooting' },
      { text: 'By id', collapsed: true, items: ids.map((id) => ({ text: id, link: `/ids/${id}` })) },
      { text: 'Beside other tools', link: '/comparison' },
    ],
  },
  {
    text: 'Proof',
    items: [
      { text: 'Verification', link: '/verify' },
      { text: 'How it knows', link: '/how-it-knows' },
      { text: 'A first use', link: '/first-use' },
      { text: 'Measured: builds', link: '/results/e2e' },
      { text: 'Measured: faults', link: '/results/faults' },
    ],
  },
  {
    text: 'Where people work',
    items: [
      { text: 'Configuration', link: '/configuration' },
      { text: 'Formats, CI, hooks', link: '/formats' },
      { text: 'Editors', link: '/editors' },
      { text: 'Performance', link: '/performance' },
    ],
  },
  {
    text: 'Many repositories',
    items: [
      { text: 'Campaigns', link: '/bulk' },
      { text: 'Recipes', link: '/recipes/' },
      { text: '100,000 repositories', link: '/scale' },
      { text: 'Measured: campaigns', link: '/results/bulk' },
    ],
  },
  {
    text: 'The project',
    items: [
      { text: 'Contributing', link: '/contributing' },
      { text: 'Changes', link: '/changelog' },
    ],
  },
];

/** Pages that nobody gave a place: they are found all the same. */
const others = readdirSync(resolve(root, 'docs'))
  .filter((name) => name.endsWith('.md') && !JSON.stringify(sidebar).includes(`"/${name.slice(0, -'.md'.length)}"`))
  .map((name) => ({ text: name.slice(0, -'.md'.length), link: `/${name.slice(0, -'.md'.length)}` }));
if (others.length > 0) sidebar.push({ text: 'More', items: others });

/** Links of pages, which are relative to their file in the repository, made links of the site. */
const withLinks: NonNullable<MarkdownOptions['config']> = (md) => {
  md.core.ruler.push('links-of-the-site', ({ tokens, env }) => {
    const { realPath, path = '' }: { realPath?: string; path?: string } = env;
    const from = relative(root, realPath ?? path);
    const open: boolean[] = [];
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type === 'link_close' && open.pop() === false) Object.assign(token, { type: 'text', content: '', tag: '' });
      if (token.type !== 'link_open') continue;
      const href = token.attrGet('href') ?? '';
      if (/^(?:[a-z]+:|#|\/)/.test(href)) {
        open.push(true);
        continue;
      }
      const [link = '', anchor] = href.split('#');
      const target = targetOf(from, link);
      const end = anchor === undefined ? '' : `#${anchor}`;
      const shown = 'source' in target && repository === undefined;
      open.push(!shown);
      if (shown) Object.assign(token, { type: 'text', content: '', tag: '' });
      else if ('source' in target) token.attrSet('href', `${repository}/${target.source}${end}`);
      else if ('page' in target) token.attrSet('href', target.page + end);
      else {
        // Files that are no pages get no base from VitePress.
        token.attrSet('href', base + target.file.slice(1) + end);
        token.attrSet('target', '_self');
      }
    }
  });
};

export default defineConfig({
  title: 'dockerfile-mod',
  description:
    'Rewrites Dockerfiles: build and runtime stages, slim or empty bases, cache mounts, a user other than root. It says why, and what it leaves.',
  lang: 'en',
  base,
  srcDir: root,
  srcExclude: readdirSync(root, { withFileTypes: true }).flatMap(({ name }) =>
    ['docs', 'bench', 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].includes(name) ? [] : [name, `${name}/**`],
  ),
  rewrites,
  outDir: resolve(import.meta.dirname, 'dist'),
  cacheDir: resolve(import.meta.dirname, 'cache'),
  // The playground is built beside the site; scripts/docs.ts looks at every link once more, in the pages as they are.
  ignoreDeadLinks: [/\/playground\//],
  markdown: { config: withLinks, theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' } },
  // No icon is better than a request for one that is not there.
  head: [
    ['link', { rel: 'icon', href: 'data:,' }],
    // Of the default theme, what is too pale to read, and a hint that is no part of its button's name.
    ['style', {}, 'html:root{--vp-code-lang-color:var(--vp-c-text-1)}.DocSearch-Button-Keys{display:none!important}'],
  ],
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      playground,
      { text: 'Verification', link: '/verify' },
      { text: 'Campaigns', link: '/bulk' },
    ],
    sidebar,
    outline: { level: [2, 3] },
    docFooter: { prev: false, next: false },
  },
});
