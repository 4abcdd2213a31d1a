// Room: ecosystems/node. What the scan looks for, as rows: what sources read, where they listen, what they ask of the system. Sources: nodejs.org/api, and the README of the package that is named.
import type { Argument } from './arguments.ts';
import { call, constant, given, group, option, type Pattern } from './pattern.ts';
import { libraryWrites } from './library-writes.ts';
import { writePatterns } from './write-patterns.ts';

/** The idiom that gives ES modules a __dirname, and the test for the main module: they read nothing. */
const moduleIdiom = /__(?:dir|file)name\s*=|createRequire\(|process\.argv\[1\]|new URL\(/;

/** `.env` where no path is given; undefined: a computed one. Source: github.com/motdotla/dotenv, options */
const pathOfEnvironment = ([, path]: RegExpExecArray, { literal }: Argument): string | undefined => (path === undefined ? '.env' : literal);

export const patterns: readonly Pattern[] = [
  {
    kind: 'read',
    ...call(
      'readFileSync|readFile|createReadStream|readdirSync|readdir|opendirSync|opendir|existsSync|accessSync|statSync|lstatSync|openSync|readJsonSync|readJson|readJSONSync|readJSON|pathExistsSync|pathExists',
    ),
  },
  { kind: 'read', ...call('sendFile|express\\.static|serveStatic|koaStatic|serve-static|useStaticAssets|setBaseViewsDir') },
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
    ...call('globSync|glob\\.sync|glob|fastGlob|fg|fg\\.sync|globby|globbySync|requireDirectory|requireAll'),
    imports: ['glob', 'fast-glob', 'globby', 'tinyglobby', 'require-directory', 'require-all', 'requireindex'],
  },
  // sources with comments, and schemas, as lists of patterns. Sources: README of swagger-jsdoc; docs.nestjs.com/graphql/quick-start#schema-first
  { kind: 'read', form: /(?<![\w$.])['"]?(?:apis|typePaths)['"]?\s{0,20}:\s{0,20}(?=\[)/g },
  { kind: 'read', ...call('loadSync|loadPackageDefinition'), imports: ['@grpc/proto-loader'] },
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
  { kind: 'read', ...call('readFixture|loadFiles|loadFilesSync'), imports: ['@graphql-tools/load-files'] },
  { kind: 'template', form: /\.set\(\s{0,20}['"]view engine['"]/g, hint: 'view engine', argument: false, literal: constant('views') },
  { kind: 'template', form: /\.setViewEngine\(/g, hint: 'setViewEngine', argument: false, literal: constant('views') },
  {
    kind: 'template',
    form: /(?<![\w$])(?:ejs|pug|nunjucks|eta|twig|consolidate)\.(?:renderFile|compileFile|configure|render)\(/g,
    imports: ['ejs', 'pug', 'nunjucks', 'eta', 'twig', 'consolidate'],
    literal: given(undefined),
  },
  {
    kind: 'env-file',
    form: /(?<![\w$])(?:require|import)\s{0,20}\(?\s{0,20}['"]dotenv(?:-safe)?\/config['"]/g,
    hint: '/config',
    argument: false,
    literal: constant('.env'),
  },
  // more than one file, by the names that NODE_ENV and an argument give
  {
    kind: 'env-file',
    form: /(?<![\w$])(?:require|import|from)\s{0,20}\(?\s{0,20}['"](?:dotenv-flow|custom-env)(?:\/config)?['"]/g,
    argument: false,
  },
  {
    kind: 'env-file',
    form: /(?<![\w$])(?:dotenv|dotenv\.default|require\(['"]dotenv(?:-expand|-safe)?['"]\))\.config\(\s{0,20}(\{[^{}]{0,200}?(?<![\w$])path\s{0,20}:)?/g,
    hint: 'dotenv',
    literal: pathOfEnvironment,
  },
  {
    kind: 'env-file',
    form: /(?<![\w$.])config\(\s{0,20}(\{[^{}]{0,200}?(?<![\w$])path\s{0,20}:)?/g,
    imports: ['dotenv', 'dotenv-safe', '@dotenvx/dotenvx'],
    literal: pathOfEnvironment,
  },
  // what must be set stands in another file. Source: github.com/rolodato/dotenv-safe
  { kind: 'read', form: /['"]dotenv-safe(?:\/config)?['"]/g, argument: false, literal: constant('.env.example') },
  { kind: 'env-file', ...call('process\\.loadEnvFile|loadEnvFile'), hint: 'loadEnvFile', literal: given('.env') },
  { kind: 'env-file', form: option('envFilePath'), imports: ['@nestjs/config'] },
  {
    kind: 'env-file',
    form: /(?<![\w$])ConfigModule\.forRoot\(/g,
    imports: ['@nestjs/config'],
    argument: false,
    literal: constant('.env'),
    unless: /ignoreEnvFile\s*:\s*true/,
    without: /\benvFilePath\b/,
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
  {
    // under names of its own, what is loaded is not followed
    kind: 'dlopen',
    form: /\{[^{}]{0,200}\}\s{0,20}(?:=\s{0,20}require\s{0,5}\(\s{0,20}|from\s{0,20})['"](?:koffi|ffi-rs|ffi-napi)['"]/g,
    argument: false,
  },
  {
    kind: 'listen',
    form: /(?<![\w$])process\.env(?:\.|\[['"])PORT(?:['"]\])?(?:\s{0,5}[,)]\s{0,5}(?:10\s{0,5}\))?)?\s{0,5}(?:\|\||\?\?)\s{0,20}['"]?(\d{1,5})(?!\d)/g,
    hint: 'PORT',
    argument: false,
    literal: group(1),
  },
  ...writePatterns,
  ...libraryWrites,
];
