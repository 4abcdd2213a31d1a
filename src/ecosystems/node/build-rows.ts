// Room: ecosystems/node. What programs of npm packages do that build, check, copy, migrate or start other scripts, as rows. One without a row is unknown.
import { parseShell } from '../../dockerfile/shell.ts';
import { anywhere, cleaned, tree } from '../../effects/places.ts';
import type { Call, Row, Told } from '../../effects/types.ts';
import { builders } from './builders.ts';
import { fields, parseJson, stringFields } from './json.ts';

/** Words with which a build tool does not build: it serves, or waits for changes. */
const STAYS: ReadonlySet<string> = new Set(['start', 'serve', 'dev', 'develop', 'preview', 'watch', 'studio', '--watch', '-w']);

/** It reads the project, and writes in the working directory alone; where, the table of outputs says (builders.ts). */
function works(call: Call): Told | undefined {
  const { name, args, state } = call;
  if (args.some((word) => STAYS.has(word.value ?? ''))) return undefined;
  const here = state.cwd === undefined ? anywhere('in an unknown directory') : { known: [tree(state.cwd)] };
  return { does: { kind: 'build', tool: name, text: true }, writes: here, reads: here };
}

/** `node node_modules/vite/bin/vite.js build`, `node node_modules/.bin/tsc`: the program of a package. */
export function packageProgram(call: Call, at: number): Told | undefined {
  const word = call.args[at];
  const path = word?.value ?? '';
  if (!/(?:^|\/)node_modules\//.test(path)) return undefined;
  const name = (path.split('/').pop() ?? '').replace(/\.[cm]?js$/, '');
  return WORKING.has(name) ? works({ ...call, name, args: call.args.slice(at + 1) }) : undefined;
}

/** Checks, generators, copiers and removers. Their manuals are on npmjs.com under their names. */
export const CHECKS = 'eslint oxlint biome prettier stylelint jest vitest mocha tsd knip size-limit publint attw ls-lint dprint gts';
const GENERATES =
  'tsc-alias resolve-tspaths tscpaths graphql-codegen panda openapi-generator-cli openapi-typescript orval typechain typedoc swagger-cli sort-package-json json2ts protoc-gen-ts pbjs pbts icon-gen svg-sprite svgo terser uglifyjs cleancss lessc stylus workbox';
const FILES = 'del del-cli mkdirp copyfiles cpx cpx2 cpy cpy-cli ncp shx copy-node-modules replace-in-file renamer';
export const QUIET = 'husky is-ci only-allow npm-check wait-on wait-port patch-package lefthook pinst';
/** Runners of tasks that the project describes: they work on the project. Sources: gulpjs.com, gruntjs.com, nx.dev, turborepo.com, lerna.js.org */
const RUNNERS = 'gulp grunt lerna nx turbo wireit lage';
/** They bring a database to a state: one in a file lies in the project. Sources: the manuals of Prisma, Knex, Sequelize, TypeORM, Drizzle, MikroORM. */
const DATABASES = 'knex sequelize sequelize-cli typeorm drizzle-kit mikro-orm node-pg-migrate db-migrate';

const WORKING: ReadonlySet<string> = new Set([
  ...builders.keys(),
  ...[CHECKS, GENERATES, FILES, QUIET, RUNNERS, DATABASES].flatMap((list) => list.split(' ')),
]);

/** Scripts of package.json by name, and by a pattern over names. Source: https://github.com/mysticatea/npm-run-all */
function runAll(call: Call): Told | undefined {
  const names = call.args.map(({ value, raw }) => value ?? raw).filter((name) => !name.startsWith('-'));
  if (names.some((name) => !/^[\w:*.-]+$/.test(name))) return undefined;
  const scripts = names.some((name) => name.includes('*')) ? scriptsOf(call) : [];
  const all = names.flatMap((name) =>
    name.includes('*') ? scripts.filter((one) => one !== name && one.startsWith(name.slice(0, name.indexOf('*')))) : [name],
  );
  if (all.length === 0 || all.length > 50) return undefined;
  return started(all.map((name) => `npm run ${name}`));
}

/** Commands, and `npm:name` for scripts. Source: https://github.com/open-cli-tools/concurrently */
function concurrently(call: Call): Told | undefined {
  const texts = call.args.flatMap(({ value }) => (value === undefined || value.startsWith('-') ? [] : [value]));
  if (texts.length === 0 || texts.some((text) => text.includes('*'))) return undefined;
  return started(texts.map((text) => text.replace(/^(npm|yarn|pnpm|bun):(.+)$/, '$1 run $2')));
}

function started(texts: readonly string[]): Told | undefined {
  const scripts = texts.map((text) => parseShell(text));
  if (scripts.some((script) => script.opaque !== undefined)) return undefined;
  return { does: { kind: 'nothing' }, starts: scripts.flatMap((script) => script.commands) };
}

function scriptsOf({ state }: Call): string[] {
  const text = state.cwd === undefined ? undefined : state.read?.(cleaned(`${state.cwd}/package.json`));
  const parsed = text === undefined ? { broken: '' } : parseJson(text);
  return 'value' in parsed ? [...stringFields(fields(parsed.value).get('scripts')).keys()] : [];
}

/** Scripts of package.json, one after another or at once. */
export const runnerRows: readonly Row[] = [
  { programs: 'run-s run-p npm-run-all npm-run-all2', source: 'https://github.com/mysticatea/npm-run-all', tell: runAll },
  { programs: 'concurrently', source: 'https://github.com/open-cli-tools/concurrently', tell: concurrently },
];

export const buildRows: readonly Row[] = [
  { programs: [...WORKING].join(' '), source: 'https://www.npmjs.com, under the name of each; outputs: builders.ts', tell: works },
];
