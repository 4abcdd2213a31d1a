// Room: ecosystems/node. Programs that run the project's sources, its tools and its database, as rows: what they write themselves beside what the sources do.
import { anywhere, cleaned, file, placeOf, tree } from '../../effects/places.ts';
import type { Call, Place, Places, Row, ShellState, Told } from '../../effects/types.ts';
import { parseShell } from '../../dockerfile/shell.ts';
import { names, options } from '../../effects/words.ts';

const here = ({ cwd }: ShellState): Place[] => (cwd === undefined ? [] : [tree(cwd)]);
const serve = (call: Call, writes: Places = { known: [] }): Told => ({
  does: { kind: 'serve' },
  sources: 'node',
  writes,
  reads: { known: here(call.state) },
});
const plain = (programs: string, source: string): Row => ({ programs, source, tell: (call) => serve(call) });

/** Verbs with which these serve what was built; what else they write is not told. Sources: vite.dev/guide/cli, nuxt.com/docs/api/commands, docs.astro.build, docs.strapi.io */
const SERVING: ReadonlySet<string> = new Set(['preview', 'start']);
const SERVERS: ReadonlySet<string> = new Set(['vite', 'nuxt', 'nuxi', 'astro', 'remix', 'strapi', 'medusa']);
/** Compiles in the working tree, also where it serves what it compiled. */
const builds = (programs: string, source: string): Row => ({
  programs,
  source,
  tell: ({ name, args, state }) => {
    const reads = state.cwd === undefined ? anywhere('by a build') : { known: here(state) };
    if (SERVERS.has(name) && SERVING.has(args[0]?.value ?? ''))
      return { does: { kind: 'serve' }, reads, writes: anywhere('where its manual does not say') };
    return { does: { kind: 'build', tool: name, text: true }, writes: reads, reads };
  },
});

/** `next start` serves what `next build` made, and keeps pages and images that it makes again among it. Source: nextjs.org/docs, next CLI; "Incremental Static Regeneration". */
function next(call: Call): Told {
  const [verb] = options(call.args, new Set(['-p', '--port', '-H', '--hostname', '--keepAliveTimeout'])).rest;
  if (verb?.value !== 'start')
    return { does: { kind: 'build', tool: 'next', text: true }, writes: { known: here(call.state) }, reads: { known: here(call.state) } };
  return serve(call, anywhere('pages and images that it makes again to .next, among what the build made as root'));
}

/** The SQLite file of a Prisma schema; undefined: another database. Source: prisma.io/docs, "SQLite": the path is relative to the schema. */
export function prismaDatabase(state: ShellState, schema?: string): Places | undefined {
  const paths = schema === undefined ? ['prisma/schema.prisma', 'schema.prisma'] : [schema];
  for (const path of paths) {
    const at = cleaned(path.startsWith('/') ? path : `${state.cwd ?? ''}/${path}`);
    const text = state.cwd === undefined ? undefined : state.read?.(at);
    if (text === undefined) continue;
    const source = /datasource\s+\w+\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
    if (!/provider\s*=\s*"sqlite"/.test(source)) return undefined;
    const variable = /url\s*=\s*env\(\s*"(\w+)"\s*\)/.exec(source)?.[1];
    const value = variable === undefined ? undefined : state.lookup(variable);
    const url = variable === undefined ? /url\s*=\s*"([^"]*)"/.exec(source)?.[1] : value && 'value' in value ? value.value : undefined;
    const name = /^file:([^?]+)/.exec(url ?? '')?.[1];
    if (name === undefined) return anywhere(`to the SQLite file that ${variable ?? 'the schema'} names`);
    return { known: [file(cleaned(name.startsWith('/') ? name : `${at.slice(0, at.lastIndexOf('/'))}/${name}`))] };
  }
  return undefined;
}

/** `migrate deploy`, `db push`, `db seed` change the database; `generate` writes the client into node_modules. Source: prisma.io/docs, Prisma CLI reference. */
function prisma(call: Call): Told {
  const read = options(call.args, new Set(['--schema']));
  const verbs = read.rest.map((word) => word.value ?? '');
  const schema = read.value('--schema')?.value;
  const reads: Places = {
    known: call.state.cwd === undefined ? [] : [tree(`${call.state.cwd}/prisma`), file(`${call.state.cwd}/package.json`)],
  };
  const database = prismaDatabase(call.state, schema);
  if (verbs[0] === 'generate' || verbs[0] === 'validate' || verbs[0] === 'format')
    return {
      does: { kind: 'build', tool: 'prisma' },
      writes:
        call.state.cwd === undefined
          ? anywhere('by prisma')
          : { known: [tree(`${call.state.cwd}/node_modules`), tree(`${call.state.cwd}/prisma`)] },
      reads,
    };
  if (['migrate', 'db', 'studio'].includes(verbs[0] ?? '')) {
    const seeds = verbs[1] === 'seed' || verbs[1] === 'reset' || verbs[1] === 'dev';
    return { does: { kind: 'database' }, ...(seeds ? { sources: 'node' } : {}), writes: database ?? { known: [] }, reads };
  }
  return { does: { kind: 'unknown', why: 'runs `prisma`' }, writes: anywhere('by prisma'), reads };
}

/** Migrations: files of the project, run against its database. */
const migrates = (programs: string, source: string): Row => ({
  programs,
  source,
  tell: (call) => ({ does: { kind: 'database' }, sources: 'node', writes: { known: [] }, reads: { known: here(call.state) } }),
});

/** Servers of files: options that take a value, and options that do not; with any other (a configuration, a certificate) they may read more. */
interface FileServer {
  valued: ReadonlySet<string>;
  plain: ReadonlySet<string>;
  source: string;
}
const STATIC: Readonly<Record<string, FileServer>> = {
  serve: {
    valued: names('-l --listen -p --port'),
    plain: names(
      '-s --single -L --no-request-logging -n --no-clipboard -u --no-compression -d --debug -C --cors --no-etag --no-port-switching',
    ),
    source: 'https://github.com/vercel/serve, `serve --help`',
  },
  'http-server': {
    valued: names('-p --port -a -d -i -c -t -e --ext -P --proxy'),
    plain: names('-g --gzip -b --brotli -s --silent -U --utc -r --robots --cors --no-dotfiles --log-ip'),
    source: 'https://github.com/http-party/http-server, "Available Options"',
  },
  sirv: {
    valued: names('-H --host -p --port -m --maxage -E --extensions'),
    plain: names('-s --single -G --gzip -B --brotli -e --etag -D --dotfiles -q --quiet --no-clear -C --cors -I --immutable'),
    source: 'https://github.com/lukeed/sirv/tree/master/packages/sirv-cli',
  },
};
/** Servers that read files and run nothing of the project. */
export const servesFiles = (program: string): boolean => Object.hasOwn(STATIC, program);

/** The directory that is named, where nothing else is; else all that lies where it is started. */
function served({ args, state }: Call, { valued, plain }: FileServer): Places {
  const { rest, flags } = options(args, valued);
  const [dir, ...others] = rest;
  // short ones that stand together (`-c-1`, `-sd`) are among the flags one by one as well
  const alone = others.length === 0 && [...flags].every((flag) => valued.has(flag) || plain.has(flag) || /^-[^-]./.test(flag));
  const place = dir && alone ? placeOf(dir, state, true) : undefined;
  return { known: place ? [place] : here(state) };
}

const SCRIPT_LIST = new Set([
  '-p',
  '--parallel',
  '-s',
  '--sequential',
  '-l',
  '--print-label',
  '-n',
  '--print-name',
  '-r',
  '--race',
  '-c',
  '--continue-on-error',
  '--silent',
]);
/** `run-s a b`, `run-p "build:*"`: scripts of package.json. Source: github.com/mysticatea/npm-run-all. */
function runAll(call: Call): Told {
  const names = call.args.flatMap((word) =>
    word.value === undefined || SCRIPT_LIST.has(word.value) || word.value.startsWith('-') ? [] : [word.value],
  );
  const known = names.length > 0 && names.every((name) => /^[\w:.-]+$/.test(name)) && call.args.every((word) => word.value !== undefined);
  const why = 'runs scripts whose names are patterns';
  if (!known) return { does: { kind: 'unknown', why }, writes: anywhere(why), reads: anywhere(why), startsUnknown: why };
  return { does: { kind: 'nothing' }, starts: names.flatMap((name) => parseShell(`npm run ${name}`).commands) };
}

/** Commands, and `npm:name` for scripts. Source: github.com/open-cli-tools/concurrently. */
function concurrently(call: Call): Told {
  const valued = new Set([
    '-n',
    '--names',
    '-c',
    '--prefix-colors',
    '-p',
    '--prefix',
    '-s',
    '--success',
    '-m',
    '--max-processes',
    '--restart-tries',
    '--restart-after',
  ]);
  const { rest } = options(call.args, valued);
  const texts = rest.map((word) => word.value?.replace(/^(npm|yarn|pnpm|bun):(?=[\w:-]+$)/, '$1 run '));
  const why = 'runs computed commands';
  if (texts.includes(undefined)) return { does: { kind: 'unknown', why }, writes: anywhere(why), reads: anywhere(why), startsUnknown: why };
  return { does: { kind: 'nothing' }, starts: texts.flatMap((text) => parseShell(text ?? '').seen) };
}

export const nodeServers: readonly Row[] = [
  plain(
    'tsx ts-node ts-node-esm ts-node-script esno esmo babel-node swc-node',
    'https://tsx.is; typestrong.org/ts-node: compiles in memory',
  ),
  plain('ts-node-dev tsnd node-dev', 'https://github.com/wclr/ts-node-dev; github.com/fgnass/node-dev'),
  plain(
    'fastify remix-serve react-router-serve moleculer-runner probot',
    'https://github.com/fastify/fastify-cli; reactrouter.com: serve what is there',
  ),
  ...Object.entries(STATIC).map(([programs, server]): Row => ({
    programs,
    source: server.source,
    tell: (call) => ({ does: { kind: 'serve' }, reads: served(call, server) }),
  })),
  {
    programs: 'local-web-server ws',
    source: 'https://github.com/lwsjs/local-web-server: reads files alone',
    tell: (call) => ({ does: { kind: 'serve' }, reads: { known: here(call.state) } }),
  },
  {
    programs: 'playwright puppeteer',
    source: 'https://playwright.dev/docs/browsers: ~/.cache/ms-playwright; pptr.dev, configuration: ~/.cache/puppeteer',
    tell: (call) => {
      const set = call.state.lookup(call.name === 'playwright' ? 'PLAYWRIGHT_BROWSERS_PATH' : 'PUPPETEER_CACHE_DIR');
      const dir = set
        ? 'value' in set
          ? set.value
          : undefined
        : call.state.home && `${call.state.home}/.cache/${call.name === 'playwright' ? 'ms-playwright' : 'puppeteer'}`;
      if (!call.args.some((word) => word.value === 'install')) return undefined;
      // with --with-deps or by its packages it brings libraries of the system as well
      const why = `runs \`${call.name}\`, which brings browsers`;
      const known = dir === undefined || dir === '0' ? [] : [tree(dir)];
      return { does: { kind: 'unknown', why }, writes: { known, unknown: 'by a browser' }, reads: anywhere(why), startsUnknown: why };
    },
  },
  { programs: 'next', source: 'https://nextjs.org/docs/app/api-reference/cli/next', tell: next },
  builds(
    'nest vite webpack webpack-cli webpack-dev-server nuxt nuxi gatsby astro remix react-router strapi ng react-scripts vue-cli-service parcel rollup esbuild tsup tsdown ncc swc babel vue-tsc medusa gulp grunt turbo nx',
    'https://docs.nestjs.com/cli; vite.dev; webpack.js.org; nuxt.com; gatsbyjs.com; docs.astro.build; docs.strapi.io: what they write stands in builders.ts',
  ),
  { programs: 'prisma', source: 'https://www.prisma.io/docs/orm/reference/prisma-cli-reference', tell: prisma },
  migrates(
    'knex sequelize sequelize-cli typeorm typeorm-ts-node-commonjs typeorm-ts-node-esm mikro-orm node-pg-migrate db-migrate drizzle-kit migrate-mongo umzug',
    'https://knexjs.org; sequelize.org; typeorm.io; orm.drizzle.team',
  ),
  { programs: 'run-s run-p npm-run-all npm-run-all2', source: 'https://github.com/mysticatea/npm-run-all', tell: runAll },
  { programs: 'concurrently', source: 'https://github.com/open-cli-tools/concurrently', tell: concurrently },
];
