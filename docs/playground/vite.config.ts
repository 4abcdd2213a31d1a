// The playground: static files that any server can serve from any directory.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { listTransforms } from '../../src/index.ts';
import { pageStyle } from '../../src/report/html.ts';
import { reportStyle } from '../../src/report/html-style.ts';

const root = import.meta.dirname;
const { version }: { version: string } = JSON.parse(readFileSync(resolve(root, '../../package.json'), 'utf8'));

/** What is made of the sources: the names of the transforms, and the style of `--report`, in a file since the page's policy allows none in HTML. */
const transforms = 'virtual:transforms';
const madeOfSources: Plugin = {
  name: 'made-of-sources',
  enforce: 'pre',
  resolveId: (source) => (source === transforms ? `\0${transforms}` : undefined),
  load: (id) => (id === `\0${transforms}` ? `export const transforms = ${JSON.stringify(listTransforms())};` : undefined),
  transform: (code, id) => (id.endsWith('/src/style.css') ? pageStyle + reportStyle + code : undefined),
};

export default defineConfig({
  root,
  base: './',
  plugins: [madeOfSources],
  define: { 'import.meta.env.VITE_VERSION': JSON.stringify(version) },
  build: {
    outDir: resolve(root, '../.vitepress/dist/playground'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } },
    // The core is one program: it is as large as it is.
    chunkSizeWarningLimit: 4000,
  },
});
