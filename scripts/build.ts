// Builds dist/. Everything that is published needs no package beside it: `npx dockerfile-mod` installs this one alone.
//   cli.cjs    the start: loads main.cjs with V8's code cache
//   main.cjs   what a usual run needs, in one file
//   lazy-*.js  what other commands need, loaded when they are called; action.js and verify.js share their parts
//   index.js, schema.js   the library, for Node.js and browsers
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { notices } from './notices.ts';

const out = 'dist';
const shared = {
  bundle: true,
  target: 'node20',
  logLevel: 'warning',
  metafile: true,
  legalComments: 'none',
  // Names stay as they are in the sources, for the traces of stacks that people report.
  minifySyntax: true,
  minifyWhitespace: true,
} satisfies BuildOptions;

// Not dist/types: npx runs this again in a clone, beside what the type checker wrote.
for (const name of existsSync(out) ? readdirSync(out) : []) if (name !== 'types') rmSync(join(out, name), { recursive: true });

/** Sources that a usual run imports when it needs them: they stand in the same file. */
const usual = new Set(['src/checkout/core.ts'].map((path) => resolve(path)));
const lazy = new Map<string, string>();
/**
 * What a usual run may do without is loaded when it is asked for: node:crypto costs milliseconds; commander asks for node:child_process, and
 * needs it for sub-commands that are programs of their own, of which there are none; most repositories of one Dockerfile have no YAML that is
 * read, and images without a digest or a port need no dockerfile-ast.
 */
const late: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['spawn'],
  'node:crypto': ['createHash', 'randomBytes', 'randomUUID'],
  'dockerfile-ast': ['DockerfileParser'],
  'dockerfile-ast/lib/util.js': ['Util'],
  'smol-toml': ['parse'],
  yaml: ['isAlias', 'isMap', 'isScalar', 'isSeq', 'LineCounter', 'parseAllDocuments', 'parseDocument'],
};

const main = await build({
  ...shared,
  entryPoints: ['src/cli/main.ts'],
  outfile: join(out, 'main.cjs'),
  platform: 'node',
  format: 'cjs',
  plugins: [lazyImports(), lateModules()],
});
// src/cli/start.ts hands in module, require and importPart.
const body = ascii(readFileSync(join(out, 'main.cjs'), 'utf8')).replaceAll('import("./lazy-', 'importPart("./lazy-');
const text = `(function (module, require, importPart) {${body}\n})`;
writeFileSync(join(out, 'main.cjs'), text);

await build({
  ...shared,
  entryPoints: ['src/cli/start.ts'],
  outfile: join(out, 'cli.cjs'),
  platform: 'node',
  format: 'cjs',
  define: { bundleDigest: JSON.stringify(createHash('sha256').update(text).digest('hex').slice(0, 32)) },
  banner: { js: '#!/usr/bin/env node' },
});
chmodSync(join(out, 'cli.cjs'), 0o755);

const parts = await build({
  ...shared,
  entryPoints: {
    action: 'src/cli/action.ts',
    verify: 'src/verify/verify.ts',
    ...Object.fromEntries([...lazy].map(([path, name]) => [name, path])),
  },
  outdir: out,
  platform: 'node',
  format: 'esm',
  splitting: true,
  // Peers: only campaigns over a queue need them.
  external: ['bullmq', 'ioredis'],
  chunkNames: 'lazy-[name]-[hash]',
  banner: {
    js: "import { createRequire as dockerfileModRequire } from 'node:module';\nconst require = dockerfileModRequire(import.meta.url);",
  },
});

// Platform neutral: a Node API in the core would fail here.
const library = await build({
  ...shared,
  entryPoints: { index: 'src/index.ts', schema: 'src/report/schema.ts' },
  outdir: out,
  platform: 'neutral',
  format: 'esm',
  mainFields: ['module', 'main'],
});
// Pages that the language server's marks link to.
mkdirSync(join(out, 'docs'));
for (const page of ['transforms.md', 'messages.md']) copyFileSync(join('docs', page), join(out, 'docs', page));

writeFileSync(join(out, 'THIRD-PARTY.txt'), notices([main, parts, library].map(({ metafile }) => metafile)));

/** Imports that other commands make stay imports, of files that are built for them. */
function lazyImports(): Plugin {
  return {
    name: 'lazy-imports',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
        const at = resolve(resolveDir, path);
        if (kind !== 'dynamic-import' || usual.has(at)) return undefined;
        const name = `lazy-${basename(at, '.ts')}`;
        const same = [...lazy].find(([other, taken]) => taken === name && other !== at);
        lazy.set(at, same ? `${name}-${lazy.size}` : name);
        return { path: `./${lazy.get(at) ?? name}.js`, external: true };
      });
    },
  };
}

function lateModules(): Plugin {
  const wanted = new RegExp(`^(?:${Object.keys(late).join('|')})$`);
  return {
    name: 'late-modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: wanted }, ({ path, namespace }) => (namespace === 'late' ? undefined : { path, namespace: 'late' }));
      onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
        contents: (late[path] ?? [])
          .map((name) => `Object.defineProperty(exports, '${name}', { enumerable: true, get: () => require('${path}').${name} });`)
          .join('\n'),
        resolveDir: import.meta.dirname,
      }));
    },
  };
}

/** Letters beyond ASCII, which esbuild leaves in regular expressions, as escapes: a text of ASCII takes half the memory. */
function ascii(source: string): string {
  return source.replaceAll(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
