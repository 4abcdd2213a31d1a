// Room: ecosystems/node. What the scan looks for, as rows: what sources write, and what libraries write where they are told to. Sources: nodejs.org/api/fs.html, and the README of the package that is named.
import { call, literalOnly, option, type Pattern } from './pattern.ts';

const streams = (names: string): RegExp => new RegExp(`(?<![\\w$])(?:${names})\\s{0,20}\\((?!\\s{0,20}[{)])`, 'g');
const FILES = ['fs', 'fs/promises', 'fs-extra', 'graceful-fs'];
/** A function of multer that names its directory: `(request, file, done) => done(null, 'uploads')`. */
const NAMES_IT =
  '\\s{0,20}(?:async\\s{1,5})?(?:function\\b\\s{0,5}\\w{0,40}\\s{0,5})?\\(?[\\w\\s,:.<>]{0,200}\\)?\\s{0,20}(?:=>\\s{0,20})?\\{?\\s{0,40}(?:return\\s{1,5})?\\w{1,40}\\s{0,5}\\(\\s{0,5}null\\s{0,5},';

export const writePatterns: readonly Pattern[] = [
  {
    kind: 'write',
    ...call(
      'writeFileSync|writeFile|appendFileSync|appendFile|mkdirSync|mkdir|mkdirp|mkdirp\\.sync|mkdtempSync|mkdtemp|outputFileSync|outputFile|outputJsonSync|outputJson|ensureDirSync|ensureDir|ensureFileSync|ensureFile|writeJsonSync|writeJson|emptyDirSync|emptyDir|chmodSync|chmod|lchmodSync|lchmod|utimesSync|utimes|lutimesSync|lutimes|extractAllTo|pino\\.destination',
    ),
    // `mkdir('-p', 'logs')` of shelljs
    unless: /\(\s{0,20}['"`]-/,
  },
  // texts, numbers and tables are truncated as well
  { kind: 'write', ...call('truncateSync|truncate'), imports: FILES },
  // a stream of fs has a path first; with settings alone it is another's: an object in a bucket (`bucket.file(name).createWriteStream({ … })`)
  { kind: 'write', form: streams('createWriteStream'), calls: ['createWriteStream'], again: streams },
  // opened to be written; source: nodejs.org/api/fs.html, file system flags
  {
    kind: 'write',
    form: /(?<![\w$])open(?:Sync)?\s{0,20}\((?=[^;\n]{1,300}?,\s{0,20}['"](?:[wa]x?\+?|[wa]\+?x?|as\+?|rs?\+)['"])/g,
    imports: FILES,
  },
  {
    kind: 'write',
    ...call('unlinkSync|unlink|rmSync|rm|rmdirSync|rmdir|rimraf|rimrafSync|rimraf\\.sync'),
    imports: [...FILES, 'rimraf'],
    literal: literalOnly,
    place: 'removes',
  },
  { kind: 'write', ...call('removeSync|remove'), imports: ['fs-extra'], literal: literalOnly, place: 'removes' },
  { kind: 'write', form: /(?<![\w$])multer\(\s{0,20}\{\s{0,20}dest\s{0,20}:/g, hint: 'multer' },
  {
    kind: 'write',
    form: new RegExp(`${option('destination|uploadDir|dest').source}(?!${NAMES_IT})`, 'g'),
    imports: ['multer', '@nestjs/platform-express', 'formidable', '@koa/multer', 'express-fileupload', 'pino'],
  },
  {
    kind: 'write',
    form: new RegExp(`${option('destination').source}${NAMES_IT}`, 'g'),
    imports: ['multer', '@nestjs/platform-express', '@koa/multer'],
    place: 'directory',
  },
  // sources: docs.vendure.io (AssetServerPlugin, EmailPlugin), nestjs-i18n.com (typesOutputPath)
  {
    kind: 'write',
    form: option('assetUploadDir|outputPath|typesOutputPath'),
    imports: ['@vendure/asset-server-plugin', '@vendure/email-plugin', 'nestjs-i18n'],
  },
  // source: docs.nestjs.com/graphql/quick-start: true keeps the schema in memory
  {
    kind: 'write',
    form: /(?<![\w$.])['"]?autoSchemaFile['"]?\s{0,20}:(?!\s{0,20}(?:true|false)\b)|(?<![\w$.])(?=autoSchemaFile\s{0,20}[,}])/g,
    imports: ['@nestjs/graphql'],
  },
  { kind: 'write', form: option('filename|dirname'), imports: ['winston', 'winston-daily-rotate-file'] },
  {
    // A file also without an ending (`logs/error`), where the path alone looks like a directory: then nothing is said of it.
    kind: 'write',
    form: option('filename'),
    imports: ['log4js'],
    literal: (_, argument) => (/\.\w+$/.test(argument.literal ?? '') ? argument.literal : undefined),
  },
  // other logs: the file, and the directory of files that are called after the day
  { kind: 'write', form: option('filename'), imports: ['file-stream-rotator'] },
  { kind: 'write', form: option('file'), imports: ['pino', 'pino-roll'], literal: literalOnly },
  { kind: 'write', form: option('path'), imports: ['rotating-file-stream'], place: 'directory' },
  {
    kind: 'write',
    form: option('path'),
    imports: ['bunyan'],
    literal: (_, { literal = '' }) => (/^[^/].*\.\w+$/.test(literal) ? literal : null),
  },
  // phrases that are not there yet; sources: the READMEs of i18n (updateFiles) and i18next-fs-backend (saveMissing)
  {
    kind: 'write',
    form: option('directory'),
    imports: ['i18n'],
    place: 'directory',
    without: /\bupdateFiles['"]?\s{0,20}:\s{0,20}false\b/,
  },
  {
    kind: 'write',
    form: option('addPath'),
    imports: ['i18next-fs-backend', 'i18next-node-fs-backend'],
    hint: 'saveMissing',
    without: /\bsaveMissing['"]?\s{0,20}:\s{0,20}false\b/,
    place: 'directory',
    literal: (_, { literal }) => literal?.replace(/\/?[^/]*\{\{.*$/, ''),
  },
  // style sheets that are compiled when they are asked for; sources: the READMEs of less-middleware, node-sass-middleware and stylus
  { kind: 'write', ...call('lessMiddleware|stylus\\.middleware|lessExpress'), imports: ['less-middleware', 'stylus'], place: 'directory' },
  {
    kind: 'write',
    form: option('dest'),
    imports: ['node-sass-middleware', 'sass-middleware', 'stylus', 'less-middleware'],
    place: 'directory',
  },
  // a socket is a file that its server makes, and removes again; source: nodejs.org/api/net.html#serverlistenpath-backlog-callback
  {
    kind: 'write',
    form: /\.listen\s{0,20}\(\s{0,20}(?:\{[^{}]{0,200}?(?<![\w$.])path\s{0,20}:)?/g,
    literal: (_, { literal = '' }) => (/^\/|\.sock(?:et)?$/.test(literal) ? literal : null),
  },
  {
    kind: 'write',
    ...call('sqlite3\\.Database|new Database|new DatabaseSync|new JSONFile|new JSONFileSync|new Datastore|JSONFilePreset'),
    imports: ['sqlite3', 'better-sqlite3', 'sqlite', 'node:sqlite', 'lowdb/node', 'lowdb', 'nedb', '@seald-io/nedb'],
  },
  {
    kind: 'write',
    form: option('storage|filename|database'),
    imports: ['sequelize', 'knex', 'typeorm', '@nestjs/typeorm', 'sqlite'],
    literal: (_, argument) => (argument.literal !== undefined && /\.(?:db|sqlite3?)$/.test(argument.literal) ? argument.literal : null),
  },
];
