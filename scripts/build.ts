// Builds dist/: the command line as one bundle with its dependencies (it starts twice as fast so), the library with its dependencies left out.
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions, type Metafile } from 'esbuild';

const shared: BuildOptions = { bundle: true, format: 'esm', target: 'node20', outdir: 'dist', logLevel: 'warning' };

// Not dist/types: npx runs this again in a clone, beside what the type checker wrote.
for (const name of existsSync('dist') ? readdirSync('dist') : []) if (name !== 'types') rmSync(join('dist', name), { recursive: true });
const cli = await build({
  ...shared,
  entryPoints: { cli: 'src/cli/main.ts', action: 'src/cli/action.ts' },
  platform: 'node',
  // Optional: only campaigns over a queue need them.
  external: ['bullmq', 'ioredis'],
  splitting: true,
  minify: true,
  keepNames: true,
  chunkNames: 'cli-[name]-[hash]',
  metafile: true,
  legalComments: 'none',
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as dockerfileModRequire } from 'node:module';\nconst require = dockerfileModRequire(import.meta.url);",
  },
});
chmodSync('dist/cli.js', 0o755);
// Verification as a library needs Node.js: it runs a container engine.
await build({ ...shared, entryPoints: { verify: 'src/verify/verify.ts' }, platform: 'node', packages: 'external' });
// Platform neutral: a Node API in the core would fail here.
await build({
  ...shared,
  entryPoints: { index: 'src/index.ts', schema: 'src/report/schema.ts' },
  platform: 'neutral',
  packages: 'external',
});
writeFileSync('dist/THIRD-PARTY.txt', notices(cli.metafile));

/** The licences of the packages inside the bundle, as they ask for. */
function notices(metafile: Metafile): string {
  const packages = new Set(Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  const texts = [...packages].sort().map((name) => {
    const dir = join('node_modules', name);
    const manifest: { version: string; license?: string } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'));
    const file = readdirSync(dir).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file !== undefined && existsSync(join(dir, file)) ? readFileSync(join(dir, file), 'utf8').trim() : '';
    return `${name} ${manifest.version} (${manifest.license ?? 'see its page'})\n\n${text}\n`;
  });
  return `dist/cli.js contains these packages:\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
