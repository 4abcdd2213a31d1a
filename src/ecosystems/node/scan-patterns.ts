// Room: ecosystems/node. What the scan looks for, as rows. Sources: nodejs.org/api, and the README of the package that is named.
import type { SourceHit } from '../types.ts';
import type { Argument } from './arguments.ts';

export interface Pattern {
  kind: SourceHit['kind'];
  /** Global; what is looked at as an argument stands behind the match. */
  form: RegExp;
  /** A text without this word is not searched. */
  hint?: string;
  /** Only in files that import one of these. */
  imports?: string[];
  /** No argument is read: the hit has no literal, or `literal` makes it. */
  argument?: false;
  /** The literal, when it is no path; null: no hit. */
  literal?: (match: RegExpExecArray, argument: Argument) => string | undefined | null;
  /** Lines that are not meant. */
  unless?: RegExp;
}

const group =
  (index: number) =>
  (match: RegExpExecArray): string | undefined =>
    match[index];
const constant = (value: string | undefined) => (): string | undefined => value;
const given =
  (fallback: string | undefined) =>
  (_: RegExpExecArray, argument: Argument): string | undefined =>
    argument.literal ?? fallback;
const open = '\\s{0,20}\\(';
const call = (names: string): RegExp => new RegExp(`(?<![\\w$])(?:${names})${open}`, 'g');
const option = (names: string): RegExp => new RegExp(`(?<![\\w$.])['"]?(?:${names})['"]?\\s{0,20}:`, 'g');

/** `80`, `'80'`, `Number('80')`, `parseInt("80", 10)`, `+'80'`. */
const NUMBER = '(?:\\+|(?:Number|parseInt|Number\\.parseInt)\\(\\s{0,5})?[\'"`]?(\\d{1,5})(?!\\d)';

/** The idiom that gives ES modules a __dirname, and the test for the main module: they read nothing. */
const moduleIdiom = /__(?:dir|file)name\s*=|createRequire\(|process\.argv\[1\]|new URL\(/;

export const patterns: readonly Pattern[] = [
  {
    kind: 'read',
    form: call(
      'readFileSync|readFile|createReadStream|readdirSync|readdir|opendirSync|opendir|existsSync|accessSync|statSync|lstatSync|openSync|readJsonSync|readJson|readJSONSync|readJSON|pathExistsSync|pathExists',
    ),
  },
  { kind: 'read', form: call('sendFile|express\\.static|serveStatic|koaStatic|serve-static|useStaticAssets|setBaseViewsDir') },
  { kind: 'read', form: /\.set\(\s{0,20}['"]views['"]\s{0,20},/g, hint: 'views' },
  {
    kind: 'read',
    form: option('root|rootPath|viewPath|partialsDir|layoutsDir|viewsDir|protoPath|localesPath|loadPath|migrationsDir|templateDir'),
    imports: [
      '@fastify/static',
      'fastify-static',
      '@nestjs/serve-static',
      'nodemailer-express-handlebars',
      'express-handlebars',
      '@nestjs/microservices',
      'i18next-fs-backend',
      'nestjs-i18n',
      '@nestjs-modules/mailer',
      'point-of-view',
      '@fastify/view',
    ],
  },
  { kind: 'read', form: option('directory|localesDir'), imports: ['i18n'] },
  {
    kind: 'read',
    form: option('entities|migrations|subscribers'),
    imports: ['typeorm', '@nestjs/typeorm'],
    argument: false,
    literal: () => null,
  },
  {
    kind: 'read',
    form: call('globSync|glob\\.sync|glob|fastGlob|fg|fg\\.sync|globby|globbySync|requireDirectory|requireAll'),
    imports: ['glob', 'fast-glob', 'globby', 'tinyglobby', 'require-directory', 'require-all', 'requireindex'],
  },
  // sources with comments, and schemas, as lists of patterns. Sources: README of swagger-jsdoc; docs.nestjs.com/graphql/quick-start#schema-first
  { kind: 'read', form: /(?<![\w$.])['"]?(?:apis|typePaths)['"]?\s{0,20}:\s{0,20}(?=\[)/g },
  { kind: 'read', form: call('loadSync|loadPackageDefinition'), imports: ['@grpc/proto-loader'] },
  { kind: 'read', form: /(?=(?<![\w$.])(?:path\.)?(?:join|resolve)\(\s{0,20}(?:__dirname|import\.meta\.dirname|process\.cwd\(\)))/g },
  { kind: 'read', form: /(?=(?<![\w$])(?:__dirname|import\.meta\.dirname|process\.cwd\(\))\s{0,20}\+)/g },
  { kind: 'read', form: /(?=`\$\{(?:__dirname|import\.meta\.dirname|process\.cwd\(\))\})/g },
  {
    kind: 'read',
    form: /(?=(?<![\w$])new URL\(\s{0,20}['"`][^'"`\n]{1,300}['"`]\s{0,20},\s{0,20}import\.meta\.url)/g,
    hint: 'import.meta.url',
  },
  { kind: 'read', form: /(?<![\w$])import\.meta\.(?:url|filename)(?!\w)/g, argument: false, unless: moduleIdiom },
  { kind: 'read', form: /(?<![\w$.])process\.cwd\(\)(?!\s{0,20}[,+}])/g, argument: false, unless: /__dirname\s*=/ },
  { kind: 'read', form: /(?<![\w$.])require(?:\.resolve)?\(\s{0,20}(?=[^'"`\s)])/g, argument: false },
  { kind: 'read', form: /(?<![\w$.])import\(\s{0,20}(?=[^'"`\s)*/])/g, argument: false },
  { kind: 'read', form: /(?<![\w$])(?:new Worker|new Piscina|fork)\s{0,20}\(/g, imports: ['worker_threads', 'child_process', 'piscina'] },
  { kind: 'read', form: call('readFixture|loadFiles|loadFilesSync'), imports: ['@graphql-tools/load-files'] },
  { kind: 'template', form: /\.set\(\s{0,20}['"]view engine['"]/g, hint: 'view engine', argument: false, literal: constant('views') },
  { kind: 'template', form: /\.setViewEngine\(/g, hint: 'setViewEngine', argument: false, literal: constant('views') },
  {
    kind: 'template',
    form: /(?<![\w$])(?:ejs|pug|nunjucks|eta|twig|consolidate)\.(?:renderFile|compileFile|configure|render)\(/g,
    imports: ['ejs', 'pug', 'nunjucks', 'eta', 'twig', 'consolidate'],
    literal: given(undefined),
  },
  {
    kind: 'write',
    form: call(
      'writeFileSync|writeFile|appendFileSync|appendFile|createWriteStream|mkdirSync|mkdir|mkdirp|mkdirp\\.sync|mkdtempSync|mkdtemp|outputFileSync|outputFile|outputJsonSync|outputJson|ensureDirSync|ensureDir|ensureFileSync|ensureFile|writeJsonSync|writeJson|emptyDirSync|emptyDir|chmodSync|chmod|utimesSync|utimes|extractAllTo|pino\\.destination',
    ),
  },
  { kind: 'write', form: call('copyFileSync|copyFile|copySync|cpSync|renameSync|moveSync'), literal: constant(undefined) },
  { kind: 'write', form: /(?<![\w$])multer\(\s{0,20}\{\s{0,20}dest\s{0,20}:/g, hint: 'multer' },
  {
    kind: 'write',
    form: option('destination|uploadDir|dest'),
    imports: ['multer', '@nestjs/platform-express', 'formidable', '@koa/multer', 'express-fileupload'],
  },
  // sources: docs.vendure.io (AssetServerPlugin, EmailPlugin), docs.nestjs.com/graphql/quick-start (autoSchemaFile)
  {
    kind: 'write',
    form: option('assetUploadDir|outputPath|autoSchemaFile'),
    imports: ['@vendure/asset-server-plugin', '@vendure/email-plugin', '@nestjs/graphql'],
  },
  { kind: 'write', form: option('filename|dirname'), imports: ['winston', 'winston-daily-rotate-file'] },
  {
    // A file also without an ending (`logs/error`), where the path alone looks like a directory: then nothing is said of it.
    kind: 'write',
    form: option('filename'),
    imports: ['log4js'],
    literal: (_, argument) => (/\.\w+$/.test(argument.literal ?? '') ? argument.literal : undefined),
  },
  {
    kind: 'write',
    form: call('sqlite3\\.Database|new Database|new DatabaseSync|new JSONFile|new JSONFileSync|new Datastore|JSONFilePreset'),
    imports: ['sqlite3', 'better-sqlite3', 'sqlite', 'node:sqlite', 'lowdb/node', 'lowdb', 'nedb', '@seald-io/nedb'],
  },
  {
    kind: 'write',
    form: option('storage|filename|database'),
    imports: ['sequelize', 'knex', 'typeorm', '@nestjs/typeorm', 'sqlite'],
    literal: (_, argument) => (argument.literal !== undefined && /\.(?:db|sqlite3?)$/.test(argument.literal) ? argument.literal : null),
  },
  {
    kind: 'env-file',
    form: /(?<![\w$])(?:require|import)\s{0,20}\(?\s{0,20}['"]dotenv(?:-flow)?\/config['"]/g,
    hint: '/config',
    argument: false,
    literal: constant('.env'),
  },
  {
    kind: 'env-file',
    form: /(?<![\w$])(?:dotenv|dotenvFlow|dotenv\.default|require\(['"]dotenv(?:-flow|-expand|-safe)?['"]\))\.config\(\s{0,20}(?:\{[^{}]{0,200}?(?<![\w$])path\s{0,20}:)?/g,
    hint: 'dotenv',
    literal: given('.env'),
  },
  {
    kind: 'env-file',
    form: /(?<![\w$.])config\(\s{0,20}(?:\{[^{}]{0,200}?(?<![\w$])path\s{0,20}:)?/g,
    imports: ['dotenv', 'dotenv-flow', 'dotenv-safe', '@dotenvx/dotenvx'],
    literal: given('.env'),
  },
  { kind: 'env-file', form: call('process\\.loadEnvFile|loadEnvFile'), hint: 'loadEnvFile', literal: given('.env') },
  {
    kind: 'env-file',
    form: /(?<![\w$])ConfigModule\.forRoot\(/g,
    imports: ['@nestjs/config'],
    argument: false,
    literal: constant('.env'),
    unless: /ignoreEnvFile\s*:\s*true/,
  },
  {
    kind: 'tls',
    form: /(?<![\w$])(?:from|require\(|import\()\s{0,20}['"](?:node:)?(https|tls|http2|axios|node-fetch|got|undici|superagent|ky|request|needle|nodemailer|@aws-sdk\/[\w-]+|aws-sdk|stripe|openai|@grpc\/grpc-js)['"]/g,
    argument: false,
    literal: group(1),
  },
  { kind: 'tls', form: /(?<![\w$.])fetch\s{0,20}\(/g, argument: false, literal: constant('fetch') },
  { kind: 'timezone', form: /(?<![\w$])process\.env\.TZ(?!\w)|(?<![\w$])timeZone\s{0,20}:/g, argument: false },
  { kind: 'temp', form: /(?<![\w$])tmpdir\s{0,20}\(\)|['"`]\/tmp\//g, argument: false, literal: constant('/tmp') },
  {
    kind: 'user',
    form: /(?<![\w$])(?:userInfo|homedir)\s{0,20}\(|(?<![\w$])process\.(?:getuid|setuid|setgid|getgid|initgroups)\b/g,
    argument: false,
  },
  {
    kind: 'dlopen',
    form: /(?<![\w$])(?:process\.dlopen|koffi\.load|ffi\.Library|ffi\.DynamicLibrary)\s{0,20}\(/g,
    literal: given(undefined),
  },
  { kind: 'listen', form: new RegExp(`\\.(?:listen|bind)\\s{0,20}\\(\\s{0,20}${NUMBER}`, 'g'), argument: false, literal: group(1) },
  {
    kind: 'listen',
    form: new RegExp(
      `(?:\\.(?:listen|bind)|\\bserve|Server)\\s{0,20}\\(\\s{0,20}\\{[^{}]{0,200}?(?<![\\w$])port\\s{0,20}:\\s{0,20}${NUMBER}`,
      'g',
    ),
    argument: false,
    literal: group(1),
  },
  {
    kind: 'listen',
    form: /(?<![\w$])process\.env(?:\.|\[['"])PORT(?:['"]\])?(?:\s{0,5}[,)]\s{0,5}(?:10\s{0,5}\))?)?\s{0,5}(?:\|\||\?\?)\s{0,20}['"]?(\d{1,5})(?!\d)/g,
    hint: 'PORT',
    argument: false,
    literal: group(1),
  },
];

const starters = ['spawnSync', 'spawn', 'execFileSync', 'execFile', 'execSync', 'exec'];
const runners: Record<string, string> = {
  execa: 'execa|execaSync|execaCommand|execaCommandSync|execaNode',
  'cross-spawn': 'spawn|spawn\\.sync|crossSpawn|crossSpawn\\.sync',
  shelljs: 'shell\\.exec|sh\\.exec|exec|shelljs\\.exec',
  zx: '\\$',
  tinyexec: 'x|exec',
};

/** Starts of programs: `exec` is also a method of regular expressions and of database drivers, so that only files that import it count. */
export function spawnPatterns(text: string, names: ReadonlySet<string>): Pattern[] {
  const found: Pattern[] = [];
  if (names.has('child_process')) {
    const namespaces = [
      ...text.matchAll(
        /(?<![\w$])(?:import\s{1,20}(?:\*\s{0,20}as\s{1,20})?|(?:const|let|var)\s{1,20})([\w$]{1,60})\s{0,20}(?:from|=\s{0,20}require\()\s{0,20}['"](?:node:)?child_process['"]/g,
      ),
    ].map((match) => match[1]?.replace(/\$/g, '\\$') ?? '');
    const starter = starters.join('|');
    const promised = new RegExp(
      `(?<![\\w$])(?:const|let|var)\\s{1,20}([\\w$]{1,60})\\s{0,20}=\\s{0,20}(?:[\\w$]{1,60}\\.)?promisify\\(\\s{0,20}(?:[\\w$]{1,60}\\.)?(?:${starter})\\s{0,20}\\)`,
      'g',
    );
    const aliases = [...text.matchAll(promised)].map((match) => match[1]?.replace(/\$/g, '\\$') ?? '');
    const direct = [starter, ...aliases].join('|');
    const all = [
      ...namespaces.map((name) => `${name}\\.(?:${starter})`),
      `require\\(['"](?:node:)?child_process['"]\\)\\.(?:${starter})`,
      direct,
    ].join('|');
    found.push({
      kind: 'spawn',
      form: new RegExp(`(?<![\\w$.])(?:${all})\\s{0,20}\\(`, 'g'),
      argument: false,
      literal: (match) => programAt(text, match.index + match[0].length),
    });
  }
  for (const [name, calls] of Object.entries(runners)) {
    if (names.has(name))
      found.push({
        kind: 'spawn',
        form: new RegExp(`(?<![\\w$.])(?:${calls})\\s{0,20}[(\`]`, 'g'),
        argument: false,
        literal: (match) => programAt(text, match.index + match[0].length - (match[0].endsWith('`') ? 1 : 0)),
      });
  }
  return found;
}

/** The program that a call starts: the first word of a literal, when all of that word is literal. */
function programAt(text: string, start: number): string | undefined {
  const rest = text.slice(start, start + 300);
  if (/^\s{0,40}process\.execPath(?!\w)/.test(rest)) return 'node';
  const word = /^\s{0,40}(['"`])\s{0,5}([\w./@+-]{1,200})(?=\1|\s)/.exec(rest);
  return word?.[2];
}
