// Room: ecosystems/node. Modules that a script of the project may load and still work on its own directory alone.
import { joinPath, parentOf } from '../../context/paths.ts';
import { reachesOut } from '../../effects/interpreters.ts';
import type { ShellState } from '../../effects/types.ts';
import { withoutComments } from './comments.ts';
import { packageOf, valueImports } from './imports.ts';

/** Bundlers, compilers and their plugins; they write where they are told. Their manuals are on npmjs.com under their names. */
const BUILDS =
  'esbuild rollup vite webpack typescript @swc/core @babel/core @babel/cli browserify parcel terser uglify-js clean-css csso html-minifier html-minifier-terser postcss autoprefixer cssnano tailwindcss sass less stylus svgo sharp svelte tsup ncc @vercel/ncc workbox-build';
/** Files, patterns, texts, templates and words on the terminal. */
const WORKS =
  'fs-extra graceful-fs glob fast-glob globby tiny-glob minimatch picomatch rimraf del mkdirp make-dir cpy ncp copyfiles replace-in-file chalk picocolors kleur colors ansi-colors ora dotenv js-yaml yaml toml json5 marked markdown-it gray-matter front-matter ejs handlebars pug nunjucks mustache lodash semver prettier minimist yargs commander mri';
const KNOWN: ReadonlySet<string> = new Set([BUILDS, WORKS].flatMap((list) => list.split(' ')));
const PLUGIN =
  /^(?:@rollup\/plugin-|@vitejs\/plugin-|@babel\/(?:preset|plugin)-|(?:esbuild|rollup|vite|postcss)-plugin-|esbuild-|postcss-|babel-preset-)/;
/** Core modules that start nothing and ask no network. https://nodejs.org/api/ */
const CORE: ReadonlySet<string> = new Set(
  'assert buffer console constants crypto events fs fs/promises module os path process punycode querystring readline stream string_decoder timers url util perf_hooks zlib'.split(
    ' ',
  ),
);

/** More files than this are no small script. */
const MOST_FILES = 50;
const ENDINGS = ['', '.js', '.mjs', '.cjs', '.ts', '.json', '/index.js', '/index.mjs', '/index.cjs'];

/** True when a script, or a file of the repository that it loads, loads a module that is computed or not known, or reaches out of its directory. `at`: its path in the image. */
export function loadsUnknown(source: string, at: string | undefined, read: ShellState['read']): boolean {
  const asked = new Set([at ?? '']);
  for (const path of asked) {
    const given = path === (at ?? '') ? source : (read?.(path) ?? '');
    if (asked.size > MOST_FILES || (path !== (at ?? '') && reachesOut(given)) || computes(given)) return true;
    for (const { specifier } of valueImports(withoutComments(given))) {
      if (!/^\.{1,2}\//.test(specifier)) {
        if (!isKnown(specifier)) return true;
        continue;
      }
      const target = at === undefined ? undefined : joinPath(parentOf(path), specifier);
      const found = ENDINGS.map((ending) => `/${target}${ending}`).find((one) => read?.(one) !== undefined);
      if (found === undefined) return true;
      if (!found.endsWith('.json')) asked.add(found);
    }
  }
  return false;
}

function computes(source: string): boolean {
  const text = withoutComments(source);
  const calls = text.match(/(?<![\w$.])(?:require|import)\s{0,20}\(/g)?.length ?? 0;
  const literal = text.match(/(?<![\w$.])(?:require|import)\s{0,20}\(\s{0,50}['"]/g)?.length ?? 0;
  return calls !== literal;
}

function isKnown(specifier: string): boolean {
  const core = specifier.replace(/^node:/, '');
  if (CORE.has(core)) return true;
  const name = packageOf(specifier);
  return name !== undefined && (KNOWN.has(name) || PLUGIN.test(name));
}
