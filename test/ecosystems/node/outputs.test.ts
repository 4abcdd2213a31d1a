// Room: test of ecosystems/node. Where build scripts write.
import { describe, expect, it } from 'vitest';
import { project } from './sample.ts';

function outputs(build: string, files: Record<string, string> = {}, more: object = {}): string[] | string {
  const scripts = { build, ...(more as { scripts?: object }).scripts };
  const found = project({ ...more, scripts }, files).outputs('build');
  return 'value' in found ? found.value : `unknown: ${found.unknown}`;
}
const tsconfig = { 'tsconfig.json': '{\n // comment\n "compilerOptions": { "outDir": "./dist", /* x */ },\n}' };

describe('tsc', () => {
  it.each<[string, string[] | RegExp]>([
    ['tsc', ['dist']],
    ['tsc -p tsconfig.json', ['dist']],
    ['tsc --project .', ['dist']],
    ['tsc --outDir lib', ['lib']],
    ['tsc -b', ['dist']],
    ['rimraf dist && tsc && tsc-alias', ['dist']],
    ['rm -rf dist; tsc', ['dist']],
    ['cross-env NODE_ENV=production tsc', ['dist']],
    ['npx tsc', ['dist']],
    ['./node_modules/.bin/tsc', ['dist']],
    ['tsc --noEmit', []],
    ['eslint . && tsc', ['dist']],
    ['tsc && cp -r src/views dist/views', ['dist']],
    ['tsc && copyfiles -u 1 "src/**/*.html" dist', ['dist']],
    ['tsc && cp -r views public/out', ['dist', 'public/out']],
    ['tsc && mv dist build', /what mv dist build writes/],
    ['tsc && node scripts/after.js', /what node scripts\/after.js writes/],
    ['tsc --outDir $OUT', /cannot be told/],
    ['tsc --outDir ../out', /cannot be told/],
    ['tsc -p none.json', /none.json cannot be read/],
    ['make', /what make writes/],
    ['if true; then tsc; fi', /unknown/],
  ])('%s', (text, expected) =>
    expected instanceof RegExp ? expect(outputs(text, tsconfig)).toMatch(expected) : expect(outputs(text, tsconfig)).toEqual(expected),
  );

  it('follows extends inside the tree, relative to the file that says it', () => {
    expect(
      outputs('tsc', { 'tsconfig.json': '{"extends":"./config/base"}', 'config/base.json': '{"compilerOptions":{"outDir":"../lib"}}' }),
    ).toEqual(['lib']);
    expect(
      outputs('tsc', { 'tsconfig.json': '{"extends":["@tsconfig/node20/tsconfig.json"],"compilerOptions":{"outDir":"dist"}}' }),
    ).toEqual(['dist']);
    expect(
      outputs('tsc', { 'tsconfig.json': '{"extends":"./base.json"}', 'base.json': '{"compilerOptions":{"outDir":"${configDir}/out"}}' }),
    ).toEqual(['out']);
    expect(outputs('tsc', { 'tsconfig.json': '{"extends":"./tsconfig.json"}' })).toMatch(/extend each other/);
    expect(outputs('tsc', { 'tsconfig.json': '{"extends":"./none"}' })).toMatch(/not in the build context/);
  });
  it('follows references with -b', () => {
    const files = {
      'tsconfig.json': '{"files":[],"references":[{"path":"./a"},{"path":"./b"}]}',
      'a/tsconfig.json': '{"compilerOptions":{"outDir":"dist"}}',
      'b/tsconfig.json': '{"compilerOptions":{"outDir":"../dist/b"}}',
    };
    expect(outputs('tsc -b', files)).toEqual(['a/dist', 'dist/b']);
  });
  it('without outDir is unknown', () => expect(outputs('tsc', { 'tsconfig.json': '{}' })).toMatch(/beside its sources/));
});

describe('frameworks and bundlers', () => {
  it.each<[string, Record<string, string>, object, string[] | RegExp]>([
    ['nest build', tsconfig, {}, ['dist']],
    [
      'nest build',
      { 'tsconfig.build.json': '{"extends":"./tsconfig.json"}', 'tsconfig.json': '{"compilerOptions":{"outDir":"./out"}}' },
      {},
      ['out'],
    ],
    ['nest build', {}, {}, ['dist']],
    ['nest start', {}, {}, /is no build/],
    ['vite build', {}, {}, ['dist']],
    ['vite build --outDir build', {}, {}, ['build']],
    ['vite build', { 'vite.config.ts': 'export default { build: { outDir: "out" } }' }, {}, ['out']],
    ['vite build', { 'vite.config.ts': 'export default { root: "web", build: { outDir: "../out" } }' }, {}, ['out']],
    ['vite build', { 'vite.config.ts': 'export default { build: { outDir: dir } }' }, {}, /computes its output/],
    ['vite build', { 'vite.config.ts': '// outDir: "no"\nexport default {}' }, {}, ['dist']],
    ['vite build', {}, { devDependencies: { '@sveltejs/kit': '2', '@sveltejs/adapter-node': '5' } }, ['build']],
    ['vite build', {}, { devDependencies: { '@sveltejs/kit': '2', '@sveltejs/adapter-auto': '5' } }, /adapter/],
    ['vite', {}, {}, ['dist']],
    ['vite dev', {}, {}, /is no build/],
    ['tsc && vite build', { 'tsconfig.json': '{"compilerOptions":{"noEmit":true}}' }, {}, ['dist']],
    ['next build', {}, {}, ['.next']],
    ['next build', { 'next.config.js': "module.exports = { distDir: 'build' }" }, {}, ['build']],
    ['next build', { 'next.config.mjs': "export default { output: 'export' }" }, {}, ['out']],
    ['next build', { 'next.config.mjs': "export default { output: 'standalone' }" }, {}, ['.next']],
    ['nuxt build', {}, { dependencies: { nuxt: '^3.0.0' } }, ['.output']],
    ['nuxi build', {}, {}, ['.output']],
    ['nuxt build', {}, { dependencies: { nuxt: '^2.15.0' } }, ['.nuxt']],
    ['esbuild src/a.ts --bundle --outfile=dist/a.js', {}, {}, ['dist']],
    ['esbuild src/a.ts --bundle --outdir=out', {}, {}, ['out']],
    ['esbuild src/a.ts', {}, {}, /names no output/],
    ['tsup src/a.ts', {}, {}, ['dist']],
    ['tsup src/a.ts -d lib', {}, {}, ['lib']],
    ['ncc build src/a.ts -o out', {}, {}, ['out']],
    ['ncc build src/a.ts', {}, {}, ['dist']],
    ['webpack', { 'webpack.config.js': "module.exports = { output: { path: path.resolve(__dirname, 'out', 'js') } }" }, {}, ['out/js']],
    ['webpack --mode production', {}, {}, ['dist']],
    ['webpack --config webpack.prod.js', { 'webpack.prod.js': 'module.exports = merge(common, {})' }, {}, /merged/],
    ['rollup -c', { 'rollup.config.mjs': "export default { output: { file: 'dist/a.js' } }" }, {}, ['dist']],
    ['rollup -c', {}, {}, /rollup decides/],
    ['react-scripts build', {}, {}, ['build']],
    ['BUILD_PATH=out react-scripts build', {}, {}, ['out']],
    [
      'ng build',
      { 'angular.json': '{"projects":{"web":{"architect":{"build":{"options":{"outputPath":"dist/web"}}}}}}' },
      {},
      ['dist/web'],
    ],
    ['astro build', {}, {}, ['dist']],
    ['swc src -d dist', {}, {}, ['dist']],
    ['babel src --out-dir lib', {}, {}, ['lib']],
    ['bun build ./a.ts --outdir ./out', {}, {}, ['out']],
    ['npm run a && npm run b', {}, { scripts: { a: 'vite build --outDir a', b: 'npm run c', c: 'tsup -d c' } }, ['a', 'c']],
    ['run-s build:*', {}, { scripts: { 'build:a': 'tsup -d a', 'build:b': 'tsup -d b' } }, ['a', 'b']],
    ['concurrently "npm:x" "tsup -d b"', {}, { scripts: { x: 'tsup -d a' } }, ['a', 'b']],
    ['tsup', {}, { scripts: { prebuild: 'rimraf dist', postbuild: 'cp -r assets out' } }, ['dist', 'out']],
    ['cd client && npm run build', { 'client/package.json': '{"scripts":{"build":"vite build"}}' }, {}, ['client/dist']],
    ['npm --prefix client run build && tsup', { 'client/package.json': '{"scripts":{"build":"vite build"}}' }, {}, ['client/dist', 'dist']],
    ['npm run build', {}, {}, /call each other/],
    ['npm run none', {}, {}, /no script none/],
    ['turbo run build', {}, {}, /what turbo run build writes/],
    ['prisma generate && tsup', {}, {}, /where prisma generates the client/],
    ['prisma generate && tsup', { 'prisma/schema.prisma': 'generator client {\n  provider = "prisma-client-js"\n}\n' }, {}, ['dist']],
  ])('%s %j', (text, files, more, expected) =>
    expected instanceof RegExp
      ? expect(outputs(text, files, more)).toMatch(expected)
      : expect(outputs(text, files, more)).toEqual(expected),
  );

  it('are asked for a shell text of the Dockerfile too', () => {
    expect(project({}, tsconfig).outputsOf?.('npx tsc')).toMatchObject({ value: ['dist'] });
  });
  it('say where the script stands', () => {
    expect(project({ scripts: { build: 'tsup' } }).outputs('build')).toEqual({
      value: ['dist'],
      evidence: [{ file: 'package.json', line: 3, says: 'build: tsup' }],
    });
  });
});
