// Builds the site of the documentation into docs/.vitepress/dist, with the playground, and looks at every link of it: `npm run docs:build`.
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { build as buildSite } from 'vitepress';
import { build as buildPage } from 'vite';
import { served } from '../docs/.vitepress/links.ts';

const out = 'docs/.vitepress/dist';
const base = process.env.DOCS_BASE ?? '/';

await buildSite('docs', { base });
for (const [from, to] of Object.entries(served)) if (!from.endsWith('.html')) cpSync(from, join(out, to), { recursive: true });
await buildPage({ configFile: 'docs/playground/vite.config.ts', logLevel: 'error' });

const wrong = brokenLinks();
if (wrong.length > 0) {
  console.error(`Links that lead nowhere:\n${wrong.join('\n')}`);
  process.exitCode = 1;
}

/** Each link and source of each page: the file must be there, and the place in it. */
function brokenLinks(): string[] {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
  const pages = new Map(names.map((name) => [name, attributesOf(readFileSync(join(out, name), 'utf8'))]));
  return [...pages].flatMap(([name, { links }]) =>
    links.flatMap((link) => {
      const [path = '', anchor = ''] = link.split('#').map((part) => decodeURIComponent(part));
      const clean = path.replace(/\?.*$/, '');
      if (/^[a-z]+:/.test(clean)) return [];
      if (clean.startsWith('/') && !clean.startsWith(base)) return [`${name}: ${link} is not below ${base}`];
      const at = clean.startsWith('/') ? clean.slice(base.length) : posix.join(dirname(name), clean);
      const file =
        clean === '' ? name : posix.normalize(at === '' || at === '.' || at.endsWith('/') ? `${at}/index.html` : at).replace(/^\.?\//, '');
      if (!existsSync(join(out, file))) return [`${name}: ${link}`];
      const isPlace = anchor === '' || /^(?:example|v1)=/.test(anchor) || (pages.get(file)?.ids.has(anchor) ?? true);
      return isPlace ? [] : [`${name}: ${link}: there is no #${anchor}`];
    }),
  );
}

function attributesOf(html: string): { links: string[]; ids: Set<string> } {
  const links: string[] = [];
  const ids = new Set<string>();
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('attrs' in node) {
      for (const { name, value } of node.attrs) {
        if (name === 'id') ids.add(value);
        if ((name === 'href' || name === 'src') && node.tagName !== 'base') links.push(value);
      }
    }
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  return { links, ids };
}
