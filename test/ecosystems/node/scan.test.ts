// Room: test of ecosystems/node. What sources do at run time, and which development dependencies they import.
import { unreadHits } from '../../../src/ecosystems/unread.ts';
import { describe, expect, it } from 'vitest';
import { devImport, hits } from './scanned.ts';
import { project } from './sample.ts';

describe('hits', () => {
  it.each<[string, string[]]>([
    ["fs.readFileSync('views/a.html')", ['read views/a.html']],
    ['fs.readFileSync("./views/a.html", "utf8")', ['read ./views/a.html']],
    ["fs.readFileSync('/etc/hosts')", ['read /etc/hosts']],
    ['fs.readFileSync(name)', ['read ?']],
    ['fs.readFileSync(`${dir}/x`)', ['read ?']],
    ["await readFile(path.join(__dirname, '..', 'views', 'a.html'))", ['read views/a.html']],
    ["readFile(join(__dirname, '../none.html'))", ['read ?']],
    ["readFile(join(__dirname, '..'))", ['read ?']],
    ["readFile(join(__dirname, '../..'))", ['read ?']],
    ['readFile(join(__dirname, name))', ['read ?']],
    ["readFile(__dirname + '/../views/a.html')", ['read views/a.html']],
    ['readFile(`${__dirname}/../views/a.html`)', ['read views/a.html']],
    ["readFile(new URL('../views/a.html', import.meta.url))", ['read views/a.html']],
    ["readFile(fileURLToPath(new URL('../views/a.html', import.meta.url)))", ['read views/a.html']],
    ["readFile(path.join(process.cwd(), 'views'))", ['read views']],
    ["const dir = path.resolve(__dirname, '../views')", ['read views']],
    ['const cwd = process.cwd();', ['read ?']],
    ['const __dirname = path.dirname(fileURLToPath(import.meta.url));', []],
    ['const require = createRequire(import.meta.url);', []],
    ["app.use(express.static('public'))", ['read public']],
    ["app.use(express.static(path.join(__dirname, '../public')))", ['read public']],
    ["app.set('views', path.join(__dirname, '../views'))", ['read views']],
    ["app.set('view engine', 'ejs')", ['template views']],
    ["res.sendFile('index.html', { root: 'public' })", ['read index.html']],
    ['require(name)', ['read ?']],
    ['await import(name)', ['read ?']],
    ["require('./a')", []],
    ["require('../data/x.json')", ['read data/x.json']],
    ["import page from '../data/x.json' with { type: 'json' }", ['read data/x.json']],
    ["require('../package.json')", []],
    ["// fs.readFileSync('no')\n/* fs.readFileSync('no') */", []],
    ["const s = 'http://x'; fs.readFileSync('views')", ['read views']],
    ["if (/['\"]/.test(s)) fs.readFileSync('views') // fs.readFileSync('no')", ['read views']],
    ["fs.writeFileSync('logs/a.log', x)", ['write logs/a.log']],
    ["fs.mkdirSync(path.join(__dirname, '../uploads'))", ['write uploads']],
    ['fs.createWriteStream(name)', ['write ?']],
    ["multer({ dest: 'uploads/' })", ['write uploads/']],
    ["import winston from 'winston';\nnew winston.transports.File({ filename: 'logs/x.log' })", ['write logs/x.log']],
    [
      "const log4js = require('log4js');\nlog4js.configure({ appenders: { a: { type: 'file', filename: 'logs/x.log' } } })",
      ['write logs/x.log'],
    ],
    ["const log4js = require('log4js');\nlog4js.configure({ appenders: { a: { type: 'file', filename: 'logs/x' } } })", ['write ?']],
    ["import Database from 'better-sqlite3';\nnew Database('app.db')", ['write app.db']],
    ["import { execSync } from 'child_process';\nexecSync('ffmpeg -i ' + x)", ['spawn ffmpeg']],
    ["import { exec } from 'node:child_process';\nexec(`git clone ${url}`)", ['spawn git']],
    ["import { exec } from 'child_process';\nexec(`${tool} x`)", ['spawn ?']],
    ["import cp from 'child_process';\ncp.spawn('convert', [])", ['spawn convert']],
    ["const cp = require('child_process');\ncp.execFile('/usr/bin/gs', [])", ['spawn /usr/bin/gs']],
    ["import { spawn } from 'child_process';\nspawn(process.execPath, [])", ['spawn node']],
    ["import { exec } from 'child_process';\nconst run = promisify(exec);\nawait run('pdftotext a')", ['spawn pdftotext']],
    ["import { exec as run } from 'child_process';\nrun(x)", ['spawn ?']],
    ["import { fork } from 'child_process';\nfork(path.join(__dirname, './worker.js'))", ['read src/worker.js']],
    ["import { execa } from 'execa';\nawait execa('git', ['x'])", ['spawn git']],
    ["import { $ } from 'zx';\nawait $`git status`", ['spawn git']],
    ["/x/.exec('a'); Model.find().exec(); db.exec('x')", []],
    ["import 'dotenv/config';", ['env-file .env']],
    ["require('dotenv').config()", ['env-file .env']],
    ["import dotenv from 'dotenv';\ndotenv.config({ path: '.env.local' })", ['env-file .env.local']],
    ["import { config } from 'dotenv';\nconfig()", ['env-file .env']],
    ["import { ConfigModule } from '@nestjs/config';\nConfigModule.forRoot({ isGlobal: true })", ['env-file .env']],
    ["import { ConfigModule } from '@nestjs/config';\nConfigModule.forRoot({ ignoreEnvFile: true })", []],
    ['process.loadEnvFile()', ['env-file .env']],
    ["import axios from 'axios';", ['tls axios']],
    ["await fetch('https://x')", ['tls fetch']],
    ['app.listen(8080)', ['listen 8080']],
    ['app.listen(process.env.PORT || 3000)', ['listen 3000']],
    ['const port = parseInt(process.env.PORT, 10) || 80;', ['listen 80']],
    ["const port = Number(process.env.PORT ?? '3000');", ['listen 3000']],
    ['fastify.listen({ port: 3000 })', ['listen 3000']],
    ['os.tmpdir()', ['temp /tmp']],
    ['os.homedir()', ['user ?']],
    ['const tz = process.env.TZ', ['timezone ?']],
  ])('%s', (source, expected) => expect(hits(source)).toEqual(expected));

  it('have file, line and text', () => {
    expect(project({}, { 'src/a.js': "\n\n  fs.readFileSync('x');\n" }).hits()).toEqual([
      { file: 'src/a.js', line: 3, kind: 'read', literal: 'x', text: "fs.readFileSync('x');" },
    ]);
  });
  it('are looked for in first-party sources alone', () => {
    const source = "fs.readFileSync('x')";
    const files = Object.fromEntries(
      [
        'a.test.ts',
        'test/a.ts',
        'node_modules/a/a.js',
        'dist/a.js',
        'vite.config.ts',
        'webpack.prod.js',
        'a.d.ts',
        'jest.setup.js',
        'ignored.js',
        'readme.md',
        'build/a.js',
        'build/a.js.map',
      ].map((path) => [path, source]),
    );
    expect(project({}, files, (path) => path === 'ignored.js').hits()).toEqual([]);
    expect(project({}, { 'src/build/a.js': source, 'a.mjs': source, 'b.cts': source, 'c.tsx': source }).hits()).toHaveLength(4);
  });
  it('are found in scripts that load an environment file', () => {
    expect(
      project({ scripts: { start: 'node --env-file=.env.production a.js', dev: 'dotenv -e .env.dev -- node a.js' } })
        .hits()
        .map((hit) => `${hit.kind} ${hit.literal} ${hit.line}`),
    ).toEqual(['env-file .env.production 3', 'env-file .env.dev 4']);
  });
  it('end with what may do anything when not all was read', () => {
    const big = (text: string): unknown[] => project({}, { 'big.js': { text, size: 600_000 } }).hits();
    const told = 'big.js is not read, since it is larger than 512 KiB';
    expect(big("require('child_process')")).toEqual(unreadHits({ file: 'big.js', told }));
    expect(big("import('node:fs')")).toEqual(unreadHits({ file: 'big.js', told }));
    // a bundle for browsers
    expect(big('document.title = "x"')).toEqual([]);
  });
});

describe('development dependencies that are imported', () => {
  it.each<[string, string[]]>([
    ["import x from 'dev'", ['dev']],
    ["import x from 'dev/sub'", ['dev']],
    ["import { a,\n  b } from 'dev'", ['dev']],
    ["import 'dev'", ['dev']],
    ["export * from 'dev'", ['dev']],
    ["const x = require('dev')", ['dev']],
    ["const x = await import('dev')", ['dev']],
    ["import x from '@s/dev/sub'", ['@s/dev']],
    ["import type { X } from 'dev'", []],
    ["import { type X, type Y } from 'dev'", []],
    ["import { type X, y } from 'dev'", ['dev']],
    ["export type { X } from 'dev'", []],
    ["import type from 'dev'", ['dev']],
    ["import x from 'prod'", []],
    ["import x from 'both'", []],
    ["import x from './dev'", []],
    ["// import x from 'dev'", []],
    ["import { X } from '@types/dev'", []],
    ["import x from 'node:fs'", []],
  ])('%s', (source, expected) => expect(devImport(source, {})).toEqual(expected));

  it.each<[string, string[], object]>([
    ['vite build', [], {}],
    ['vite build --ssr src/a.ts', ['dev'], {}],
    ['esbuild src/a.ts --bundle --outfile=dist/a.js', [], {}],
    ['esbuild src/a.ts --bundle --packages=external --outfile=dist/a.js', ['dev'], {}],
    ['esbuild src/a.ts --outfile=dist/a.js', ['dev'], {}],
    ['webpack', [], {}],
    ['webpack', ['dev'], { devDependencies: { dev: '1', 'webpack-node-externals': '3' } }],
    ['rollup -c', ['dev'], {}],
    ['rollup -c', [], { devDependencies: { dev: '1', '@rollup/plugin-node-resolve': '15' } }],
    ['tsup src/a.ts', [], {}],
    ['ncc build src/a.ts', [], {}],
    ['next build', [], {}],
    ['tsc', ['dev'], {}],
    ['nest build', ['dev'], {}],
    ['tsc && vite build', ['dev'], {}],
    ['tsc --noEmit && vite build', [], {}],
    ['npm run compile', ['dev'], { scripts: { compile: 'tsc' } }],
  ])('with %s: %j', (build, expected, more) => expect(devImport("import x from 'dev'", more, build)).toEqual(expected));

  it('count only in what tsc compiles', () => {
    const files = {
      'tsconfig.json': '{"compilerOptions":{"outDir":"dist"},"include":["src/**/*"]}',
      'scripts/seed.ts': "import x from 'dev'",
      'src/a.ts': '',
    };
    expect(project({ scripts: { build: 'tsc' }, devDependencies: { dev: '1' } }, files).devImports()).toEqual([]);
    expect(
      project({ scripts: { build: 'tsc' }, devDependencies: { dev: '1' } }, { ...files, 'src/a.ts': "\nimport x from 'dev'" }).devImports(),
    ).toEqual([{ package: 'dev', evidence: { file: 'src/a.ts', line: 2, says: 'imports dev' } }]);
  });
});
