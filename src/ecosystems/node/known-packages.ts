// Room: ecosystems/node. npm packages that reach outside of JavaScript: compiled parts, Debian libraries, programs, browsers.
import type { ShellCommand } from '../../dockerfile/types.ts';
// Sources: each package's README on npmjs.com ("Installation", "Requirements"), seen 2026; Debian package names: packages.debian.org.

/** What a package needs of the system when the container runs. */
export interface SystemNeed {
  debian: string[];
  /** Skip id: what it needs cannot be provided by a list of packages. */
  skip?: string;
  says: string;
}

const library = (...debian: string[]): SystemNeed => ({ debian, says: `links ${debian.join(', ')}` });
const program = (...debian: string[]): SystemNeed => ({ debian, says: `starts programs of ${debian.join(', ')}` });
const YT_DLP: SystemNeed = {
  debian: ['python3', 'ca-certificates'],
  says: 'brings yt-dlp, which runs on python3 and reads the certificates of the system',
};
const browser: SystemNeed = { debian: [], skip: 'browser-automation', says: 'starts a browser' };

/** The font that the full images have, and what tells programs of it. Source: packages.debian.org/bookworm/fontconfig-config, Depends. */
export const FONTS: SystemNeed = { debian: ['fontconfig-config', 'fonts-dejavu-core'], says: 'draws text with the fonts of the system' };

/** By package name, or `scope/` for all of a scope. */
const needs = new Map<string, SystemNeed>([
  ['pg-native', library('libpq5')],
  ['libpq', library('libpq5')],
  ['node-rdkafka', library('libsasl2-2', 'libssl3', 'zlib1g', 'libzstd1', 'liblz4-1')],
  ['odbc', library('libodbc2')],
  ['usb', library('libudev1')],
  ['node-hid', library('libusb-1.0-0', 'libudev1')],
  ['keytar', library('libsecret-1-0')],
  ['kerberos', library('libgssapi-krb5-2')],
  ['nodegit', library('libgssapi-krb5-2')],
  ['ibm_db', library('libxml2')],
  ['pcap', library('libpcap0.8')],
  ['robotjs', library('libxtst6', 'libpng16-16')],
  // in its own directory since 2.0 where a binary is published for this release of Node, else linked when it is compiled
  ['canvas', library('libcairo2', 'libpango-1.0-0', 'libpangocairo-1.0-0', 'libjpeg62-turbo', 'libgif7', 'librsvg2-2')],
  // Source: node-llama-cpp.withcat.ai, "Troubleshooting": its binaries are linked with OpenMP
  ['node-llama-cpp', library('libgomp1')],
  ['phantomjs-prebuilt', library('libfontconfig1')],
  ['gm', program('graphicsmagick')],
  ['imagemagick', program('imagemagick')],
  ...['easyimage', 'imagemagick-convert', 'imagemagick-stream', 'node-imagemagick', 'pdf-image'].map(
    (name) => [name, program('imagemagick')] as const,
  ),
  // a script of Perl with modules that perl-base has not. Source: github.com/photostructure/exiftool-vendored.js, README
  ...['exiftool-vendored', 'exiftool-vendored.pl', 'dist-exiftool'].map((name) => [name, program('perl')] as const),
  ['fluent-ffmpeg', program('ffmpeg')],
  ['pdf2pic', program('graphicsmagick', 'ghostscript')],
  ['node-tesseract-ocr', program('tesseract-ocr')],
  ['simple-git', program('git')],
  ['cross-zip', program('unzip')],
  // they look for children by `ps` when they stop them
  ...['tree-kill', 'pidtree', 'ps-tree', 'ps-list', 'ps-node', 'fkill', 'find-process'].map((name) => [name, program('procps')] as const),
  // pm2 finds the children of what it restarts by `ps` (pm2/lib/TreeKill.js): without it the old process stays, and its port with it;
  // npm-run-all by pidtree, systeminformation for its lists: both seen on node:22-slim
  // forever-monitor asks ps-tree for the same (lib/forever-monitor/common.js)
  ...['pm2', 'forever', 'forever-monitor', 'npm-run-all', 'npm-run-all2', 'systeminformation'].map(
    (name) => [name, program('procps')] as const,
  ),
  ['python-shell', program('python3')],
  // mongod, which they download, is linked with it. Source: mongodb.com/docs/manual/tutorial/install-mongodb-on-debian-tarball, Prerequisites
  ...['mongodb-memory-server', 'mongodb-memory-server-core', 'mongodb-memory-server-global'].map(
    (name) => [name, library('libcurl4')] as const,
  ),
  ['gpg', program('gnupg')],
  ...['degit', 'git-clone', 'download-git-repo', 'gitlog'].map((name) => [name, program('git')] as const),
  // they draw text with the fonts of the system, and draw none where there are none; the full image has DejaVu. Seen on node:22 and node:22-slim
  ...['@napi-rs/canvas', '@resvg/resvg-js', 'chartjs-node-canvas', 'skia-canvas'].map((name) => [name, FONTS] as const),
  // the program that they bring is a script of Python, which looks for certificates of the system: the full image has both
  ...['youtube-dl-exec', 'yt-dlp-exec', 'yt-dlp-wrap', 'ytdlp-nodejs', 'youtube-dl', '@distube/yt-dlp', '@distube/youtube-dl'].map(
    (name) => [name, YT_DLP] as const,
  ),
  ...[
    'puppeteer puppeteer-core playwright playwright-core playwright-chromium playwright-firefox playwright-webkit chromium @sparticuz/ chrome-aws-lambda selenium-webdriver webdriverio',
    // they bring puppeteer, or look for a browser that is installed
    'whatsapp-web.js @wppconnect-team/wppconnect venom-bot @open-wa/wa-automate html-pdf-node node-html-to-image md-to-pdf mdpdf @mermaid-js/mermaid-cli',
    'capture-website pageres percollate pa11y chrome-launcher lighthouse',
  ]
    .flatMap((line) => line.split(' '))
    .map((name) => [name, browser] as const),
  ['electron', { debian: [], skip: 'electron', says: 'is an Electron application' }],
]);

/** Prisma's query engine is a native library against OpenSSL. https://www.prisma.io/docs/orm/reference/system-requirements */
export const prismaNeed: SystemNeed = { debian: ['openssl', 'ca-certificates'], says: 'its query engine links libssl' };

export function systemNeed(name: string): SystemNeed | undefined {
  const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/') + 1) : '';
  return needs.get(name) ?? (scope === '' ? undefined : needs.get(scope));
}

/** Packages with compiled code: bound to the C library and the Node ABI that they were installed for. */
const native = new Set(
  [
    'sharp bcrypt argon2 better-sqlite3 sqlite3 zeromq esbuild @swc/core lightningcss @parcel/watcher canvas @napi-rs/canvas pg-native libpq node-rdkafka',
    'odbc usb node-hid keytar serialport @serialport/bindings-cpp node-pty @tensorflow/tfjs-node bufferutil utf-8-validate cpu-features re2 isolated-vm snappy',
    'leveldown classic-level rocksdb lmdb msgpackr-extract deasync libxmljs libxmljs2 node-sass sass-embedded farmhash xxhash xxhash-addon sodium-native couchbase ibm_db grpc microtime',
    '@google-cloud/profiler heapdump node-expat iconv ref-napi ffi-napi koffi kerberos mongodb-client-encryption @mongodb-js/zstd uWebSockets.js hiredis @confluentinc/kafka-javascript',
    'duckdb @duckdb/node-api @duckdb/node-bindings onnxruntime-node robotjs nodegit gl wrtc @roamhq/wrtc mediasoup opencv4nodejs @datadog/pprof @datadog/native-metrics',
    '@datadog/native-appsec @datadog/native-iast-taint-tracking @datadog/libdatadog @newrelic/native-metrics @sentry/profiling-node @sentry-internal/node-cpu-profiler node-libcurl @discordjs/opus secp256k1 keccak blake-hash tree-sitter @libsql/client libsql',
    'dtrace-provider ssh2 bigint-buffer bson-ext fibers gc-stats event-loop-stats segfault-handler ttf2woff2 lzma-native mmmagic nodejieba scrypt pprof',
    '@prisma/client @prisma/engines prisma rolldown oxc-parser @tailwindcss/oxide turbo @biomejs/biome unix-dgram posix raw-socket pcap epoll i2c-bus spi-device bcrypt-pbkdf-native',
  ].flatMap((line) => line.split(' ')),
);
const nativeScopes = [
  '@node-rs/',
  '@napi-rs/',
  '@img/sharp-',
  '@esbuild/',
  '@swc/core-',
  '@next/swc-',
  '@rollup/rollup-',
  '@parcel/watcher-',
];
/** Installed on macOS alone, which locks of yarn 1 and of npm 6 do not say. Source: `os` in its package.json, every version. */
export const otherSystems: ReadonlySet<string> = new Set(['fsevents']);

/** Packages that only compiled packages depend on. */
const nativeBuilders = new Set([
  'nan',
  'bindings',
  'node-addon-api',
  'node-gyp-build',
  'node-gyp',
  'prebuild-install',
  '@mapbox/node-pre-gyp',
  'node-pre-gyp',
  'cmake-js',
  'node-gyp-build-optional-packages',
]);

export const buildsNative = (name: string): boolean => nativeBuilders.has(name);

/** Compiled against libraries of the system that no list here tells, whatever their install script says. */
const librariesUntold = new Set(['opencv4nodejs', 'gl', 'node-libcurl', 'imagemagick-native', 'mysql-libmysqlclient']);
/** A package with compiled code is told with what it links: it brings all that it needs (no row), or needs libraries of a row. */
export const librariesTold = (name: string): boolean =>
  !librariesUntold.has(name) && (needs.has(name) || scriptIsHarmless.has(name) || scriptFetches.has(name) || isNativeByName(name));

export const isNativeByName = (name: string): boolean =>
  native.has(name) || librariesUntold.has(name) || nativeScopes.some((scope) => name.startsWith(scope)) || nativeBuilders.has(name);

/** They have an install script that compiles and fetches nothing: it prints, or checks versions (their package.json, seen). */
export const scriptIsHarmless: ReadonlySet<string> = new Set([
  'core-js',
  'core-js-pure',
  'core-js-bundle',
  'es5-ext',
  'protobufjs',
  '@nestjs/core',
  'styled-components',
  'nodemon',
  'husky',
  '@apollo/protobufjs',
  'preact',
  'ejs',
  'bootstrap-vue',
  'vue-demi',
  'swagger-ui-react',
  '@scarf/scarf',
  'aws-sdk',
  'less',
  'unrs-resolver',
  'postinstall-postinstall',
  'msw',
  'nuxt',
  'vue-echarts',
  'simple-git-hooks',
  'yarn',
  'opencollective',
  'opencollective-postinstall',
  'tesseract.js',
  'uglifyjs-webpack-plugin',
  'dd-trace',
  '@firebase/util',
  '@strapi/strapi',
  'strapi',
  'gatsby',
  'gatsby-telemetry',
  'svelte-preprocess',
  'web3',
  'oracledb',
  '@whiskeysockets/baileys',
  '@angular/cli',
  'inferno',
  'spawn-sync',
  'parse-server',
]);

/** Their install script brings or checks a binary that is published for the system, and compiles nothing. Sources: their package.json, scripts. */
export const scriptFetches: ReadonlySet<string> = new Set([
  '@prisma/client',
  '@prisma/engines',
  'prisma',
  'esbuild',
  '@swc/core',
  '@sentry/cli',
  '@biomejs/biome',
  'turbo',
  'lefthook',
  'puppeteer',
  'cypress',
  'electron',
  'ffmpeg-static',
  '@ffmpeg-installer/ffmpeg',
  'ngrok',
  'grpc-tools',
  'nx',
  '@bufbuild/buf',
]);

/** Packages that hold nothing but types: an import of them is gone after compiling. */
const typesOnly = new Set([
  'type-fest',
  'csstype',
  'estree',
  'json-schema',
  'utility-types',
  'ts-essentials',
  'ts-toolbelt',
  'undici-types',
  'vite/client',
  'unplugin-auto-import',
]);
export const isTypesOnly = (name: string): boolean => name.startsWith('@types/') || name.startsWith('@tsconfig/') || typesOnly.has(name);

/** Programs that are not called as their package is. Sources: `bin` in each package's package.json. */
const binPackages: Record<string, string[]> = {
  tsc: ['typescript'],
  tsserver: ['typescript'],
  nest: ['@nestjs/cli'],
  ng: ['@angular/cli'],
  webpack: ['webpack-cli', 'webpack'],
  'webpack-dev-server': ['webpack-dev-server'],
  swc: ['@swc/cli'],
  babel: ['@babel/cli'],
  'babel-node': ['@babel/node'],
  dotenv: ['dotenv-cli'],
  dotenvx: ['@dotenvx/dotenvx'],
  sequelize: ['sequelize-cli'],
  remix: ['@remix-run/dev'],
  'remix-serve': ['@remix-run/serve'],
  'react-router': ['@react-router/dev'],
  'react-router-serve': ['@react-router/serve'],
  'vue-cli-service': ['@vue/cli-service'],
  nuxi: ['nuxi', '@nuxt/cli', 'nuxt'],
  strapi: ['@strapi/strapi', 'strapi'],
  medusa: ['@medusajs/cli', '@medusajs/medusa'],
  keystone: ['@keystone-6/core'],
  'graphql-codegen': ['@graphql-codegen/cli'],
  tailwindcss: ['@tailwindcss/cli', 'tailwindcss'],
  'mikro-orm': ['@mikro-orm/cli'],
  'run-s': ['npm-run-all', 'npm-run-all2'],
  'run-p': ['npm-run-all', 'npm-run-all2'],
  'cross-env-shell': ['cross-env'],
  tsnd: ['ts-node-dev'],
  'ts-node-esm': ['ts-node'],
  'ts-node-script': ['ts-node'],
  'typeorm-ts-node-commonjs': ['typeorm'],
  'typeorm-ts-node-esm': ['typeorm'],
  pinst: ['pinst'],
  'svelte-kit': ['@sveltejs/kit'],
  ncc: ['@vercel/ncc', '@zeit/ncc'],
  nodemon: ['nodemon'],
  'pm2-runtime': ['pm2'],
  'node-pg-migrate': ['node-pg-migrate'],
  'pino-pretty': ['pino-pretty'],
  'http-server': ['http-server'],
  playwright: ['@playwright/test', 'playwright'],
  eleventy: ['@11ty/eleventy'],
  docusaurus: ['@docusaurus/core'],
  quasar: ['@quasar/app-vite', '@quasar/app-webpack', '@quasar/cli'],
};

/** Packages that may bring a program of this name, the likeliest first. */
export function packagesOfBin(bin: string): string[] {
  return Object.hasOwn(binPackages, bin) ? (binPackages[bin] ?? [bin]) : [bin];
}

/** The programs of a package that are not called as it is. */
export const programsOf = (name: string): string[] => Object.keys(binPackages).filter((bin) => binPackages[bin]?.includes(name));

/** Programs that are installed by name and are JavaScript all through. Source: their package.json, no install script below them. */
const READY =
  'npm pnpm yarn corepack pm2 pm2-runtime serve typescript ts-node ts-node-dev tsx nodemon http-server @nestjs/cli concurrently cross-env rimraf dotenv-cli env-cmd wait-on wait-port forever npm-run-all npm-run-all2 sequelize-cli json-server @angular/cli @vue/cli gulp-cli grunt-cli express-generator local-web-server live-server turbo lerna prisma knex typeorm bun vite next sass esbuild webpack webpack-cli rollup gulp grunt bower mocha newman eslint prettier'.split(
    ' ',
  );

/** An install by name of such programs alone: the manager's own name, its verb and options, and the packages of the list. */
export const installsReady = ({ words }: ShellCommand): boolean =>
  words.every(
    ({ value }, n) =>
      n < 2 ||
      (value !== undefined &&
        (value.startsWith('-') || ['add', 'global'].includes(value) || READY.includes(value.replace(/(?<=.)@.*$/, '')))),
  );
