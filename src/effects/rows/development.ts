// Room: effects/rows. Commands that say what an image is for: development servers, and what builds when it starts.
import { oncePer } from '../../once.ts';
import { commandOf, names, programOf } from '../words.ts';
import { stripped, wrapperTable, type WrapperRow } from '../wrappers.ts';

interface DevRow {
  /** Names, divided by spaces. */
  programs: string;
  /** The first argument that is no option is one of these. */
  first?: readonly string[];
  /** One of these words (or `word=…`) stands among the arguments. */
  any?: readonly string[];
  /** The first argument that is no option matches this. */
  named?: RegExp;
  /** One of these options stands before the first argument that is none: behind it they are the script's own. */
  option?: readonly string[];
  /** Nor is the first argument that is no option one of these. */
  unless?: readonly string[];
  /** It runs the sources as they stand and builds nothing: no other stage could do its work before. */
  asTheyStand?: true;
}

/** Scripts of a package manager that are development by name. */
const devScript = /^(dev|develop|development|watch|start:dev|start:debug|start:watch|serve:dev|dev[:-].+|watch[:-].+)$/;

/** A command is a development server, or builds when it starts, when one row holds whole. Sources: each tool's own CLI manual. */
const devRows: readonly DevRow[] = [
  { programs: 'npm yarn pnpm bun', named: devScript },
  {
    programs: 'nodemon ts-node-dev tsnd node-dev webpack-dev-server air reflex gin CompileDaemon cargo-watch rerun spring-boot-devtools',
  },
  { programs: 'node tsx bun deno ts-node', option: ['--watch', '--hot', '--watch-path'] },
  { programs: 'tsx parcel', first: ['watch', 'serve'] },
  { programs: 'deno', any: ['--watch', '--watch-hmr'] },
  { programs: 'webpack nest rollup tsc tsup esbuild ncc', any: ['--watch', '-w', '--serve'] },
  { programs: 'webpack', first: ['serve', 's', 'server'] },
  { programs: 'vite', unless: ['build', 'preview', 'optimize'] },
  { programs: 'next', unless: ['start', 'build', 'export', 'lint', 'info', 'telemetry', 'typegen', 'experimental-test'] },
  {
    programs: 'nuxt nuxi astro remix react-router svelte-kit vinxi wrangler gridsome strapi medusa quasar vitepress vuepress',
    first: ['dev', 'develop'],
  },
  { programs: 'gatsby', first: ['develop'] },
  { programs: 'react-scripts react-app-rewired craco docusaurus expo', first: ['start'] },
  {
    programs: 'ng ember vue-cli-service eleventy jekyll mkdocs hugo symfony gulp',
    first: ['serve', 's', 'server', 'server:start', 'watch'],
  },
  { programs: 'flask', any: ['--debug', '--debugger', '--reload'], asTheyStand: true },
  { programs: 'fastapi', first: ['dev'], asTheyStand: true },
  {
    programs: 'uvicorn gunicorn hypercorn granian daphne sanic waitress litestar',
    any: ['--reload', '--dev', '--debug'],
    asTheyStand: true,
  },
  { programs: 'manage.py django-admin', any: ['runserver', 'runserver_plus'], asTheyStand: true },
  { programs: 'rails', any: ['development', '-edevelopment', '--environment=development'] },
  { programs: 'go', first: ['run'] },
  { programs: 'cargo', first: ['run', 'r', 'watch', 'leptos', 'shuttle'] },
  {
    programs: 'mvn mvnw',
    any: ['spring-boot:run', 'quarkus:dev', 'jetty:run', 'tomcat7:run', 'exec:java', 'compile', 'liberty:dev', 'mn:run'],
  },
  { programs: 'gradle gradlew', any: ['bootRun', 'run', 'quarkusDev', 'appRun', ':bootRun'] },
  { programs: 'sbt lein mix', first: ['run', 'phx.server'] },
  { programs: 'dotnet', first: ['watch', 'run'] },
  { programs: 'artisan', first: ['serve'] },
  { programs: 'php', any: ['-S'] },
];

const byProgram = new Map<string, DevRow[]>();
for (const row of devRows) for (const name of names(row.programs)) byProgram.set(name, [...(byProgram.get(name) ?? []), row]);

/** Package managers that run a script by `run NAME` as well as by its name. */
const runners = names('npm yarn pnpm bun');
const interpreters = /^(python[\d.]*|php|ruby|node|bin)$/;

/** What starts a program of a package, and the entry scripts of images that start what they are given. */
const starters: readonly WrapperRow[] = [
  { programs: 'npx bunx pnpx', source: 'docs.npmjs.com/cli, npx; bun.com/docs/cli/bunx; pnpm.io/cli/dlx' },
  { programs: 'npm yarn pnpm bun', verbs: 'exec x dlx node', source: 'the same; yarnpkg.com/cli' },
  { programs: 'docker-entrypoint.sh docker-php-entrypoint', source: 'hub.docker.com/_/node; hub.docker.com/_/php' },
];

const withStarters = oncePer((wrappers: ReadonlyMap<string, WrapperRow>) => new Map([...wrappers, ...wrapperTable(starters)]));

/** Whether a command is a development server or builds when it starts. In: an argv, assignments and wrappers (`npx`, `poetry run`) allowed before it, and what is known of wrappers; shell syntax is not. */
export const devServer = (words: readonly string[], wrappers: ReadonlyMap<string, WrapperRow>): boolean =>
  development(words, wrappers) !== undefined;

/** The same, but for those that run the sources as they stand. */
export const buildsAtStart = (words: readonly string[], wrappers: ReadonlyMap<string, WrapperRow>): boolean =>
  development(words, wrappers) === 'builds';

function development(words: readonly string[], wrappers: ReadonlyMap<string, WrapperRow>): 'builds' | 'as they stand' | undefined {
  const [program, ...args] = launched(words.slice(0, 64), wrappers);
  if (program === undefined) return undefined;
  const rest = args.filter((arg) => !arg.startsWith('-') && arg !== '--');
  const first = runners.has(program) && (rest[0] === 'run' || rest[0] === 'run-script') ? rest[1] : rest[0];
  const row = (byProgram.get(program) ?? []).find((one) => holds(one, first, args));
  return row && (row.asTheyStand ? 'as they stand' : 'builds');
}

function holds(row: DevRow, first: string | undefined, args: readonly string[]): boolean {
  if (row.unless && first !== undefined && row.unless.includes(first)) return false;
  const own = args.slice(0, args.findIndex((arg) => !arg.startsWith('-')) >>> 0);
  if (row.option && !own.some((arg) => row.option?.includes(arg.split('=')[0] ?? ''))) return false;
  if (row.first && (first === undefined || !row.first.includes(first))) return false;
  if (row.named && (first === undefined || !row.named.test(first))) return false;
  return (
    row.any === undefined ||
    args.some((arg) => row.any?.some((word) => arg === word || (word.startsWith('--') && arg.startsWith(`${word}=`))))
  );
}

/** The command behind assignments, wrappers and `python -m`; a script of an interpreter (`python manage.py`, `php artisan`) is the program. */
function launched(words: readonly string[], wrappers: ReadonlyMap<string, WrapperRow>): string[] {
  const from = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  if (from === -1) return [];
  const { command } = stripped(commandOf(words.slice(from)), withStarters(wrappers));
  const program = programOf(command);
  const rest = command.words.slice(1).map(({ value }) => value ?? '');
  return interpreters.test(program) ? scriptOf(program, rest) : [program, ...rest];
}

function scriptOf(program: string, args: readonly string[]): string[] {
  if (args[0] === '-m' && args[1] !== undefined) return args.slice(1);
  const script = (args[0] ?? '').slice((args[0] ?? '').lastIndexOf('/') + 1);
  return ['manage.py', 'artisan', 'rails', 'django-admin'].includes(script) ? [script, ...args.slice(1)] : [program, ...args];
}
