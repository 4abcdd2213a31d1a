// Room: ecosystems/node. Development dependencies that the container needs: programs that it starts, what Node.js loads first, what configuration files load.
import type { FileTree } from '../../context/types.ts';
import { walk } from '../../context/walk.ts';
import type { State } from '../../dockerfile/types.ts';
import type { Effects } from '../../effects/types.ts';
import type { RunCommand, Started } from '../../runtime/run-command.ts';
import type { Evidence } from '../types.ts';
import { packageOf } from './imports.ts';
import { lineAt } from './json.ts';
import { fileOf, loadedFiles, packagesLoaded } from './loaded.ts';
import { nodeManagers } from './managers.ts';
import type { NodeProject } from './types.ts';

/** Who needs development dependencies when the container runs, as the beginning of a sentence. */
export interface Used {
  says: string;
  evidence: Evidence;
}

/** What is asked beside the project. `end`: the state that the container starts with. */
interface AtStart {
  project: NodeProject;
  tree: FileTree;
  run: RunCommand;
  end: State;
}
/** `files`: sources of the repository that it runs. */
export interface Question extends AtStart {
  files: readonly string[];
  /** True for another ecosystem whose sources are read, and start no program. */
  quiet(ecosystem: string): boolean;
}

const development = (name: string, evidence: Evidence): Used => ({
  says: `\`${name}\` is a development dependency but used at run time`,
  evidence,
});

/** The first development dependency that the container needs, or what may load any; undefined: none is known to be. */
export function usedAtRunTime(q: Question): Used | undefined {
  const { project, run } = q;
  const imported = project.devImports()[0];
  return (
    program(project, run) ??
    preload(q) ??
    configuration(q) ??
    q.files.map((path) => importedFrom(project, q.tree, path)).find((one) => one !== undefined) ??
    (imported && {
      says: `\`${imported.package}\` is a development dependency, and ${imported.evidence.file} uses it`,
      evidence: imported.evidence,
    }) ??
    driver(project) ??
    unread(q)
  );
}

/** A program that is not known may start and load anything, and so may sources of another language that are not read, or that start programs. */
function unread({ run: { started }, quiet }: Question): Used | undefined {
  const one = started.find(({ starter, effects: { sources, does, writes } }) => {
    if (starter || sources === 'node') return false;
    if (sources !== undefined) return !quiet(sources);
    return does.kind === 'unknown' || (does.kind === 'serve' && writes.unknown !== undefined);
  });
  return one && { says: `What \`${one.effects.program}\` loads is not known`, evidence: one.evidence };
}

/** Drivers that these load by a name of their own (`dialect: 'postgres'`). Sources: the manuals of Sequelize, TypeORM, Knex, MikroORM, Kysely, Drizzle: "Installation". */
const LOADERS =
  /^(?:sequelize|sequelize-typescript|typeorm|knex|objection|bookshelf|@mikro-orm\/.+|kysely|drizzle-orm|@nestjs\/(?:typeorm|sequelize))$/;
const DRIVERS = [
  'pg',
  'pg-hstore',
  'mysql',
  'mysql2',
  'mariadb',
  'sqlite3',
  'better-sqlite3',
  'tedious',
  'mssql',
  'oracledb',
  'mongodb',
  'postgres',
];

function driver(project: NodeProject): Used | undefined {
  if (![...project.dependencies.keys()].some((name) => LOADERS.test(name))) return undefined;
  const name = DRIVERS.find((one) => isDev(project, one));
  return name === undefined
    ? undefined
    : development(name, {
        file: project.manifestPath,
        line: project.lineOf('devDependencies', name),
        says: `lists ${name}, which is loaded by its name`,
      });
}

const isDev = ({ dependencies, devDependencies, optionalDependencies }: NodeProject, name: string): boolean =>
  devDependencies.has(name) && !dependencies.has(name) && !optionalDependencies.has(name);

/** Every image of Node.js has them, whatever else is installed. Source: nodejs/node, BUILDING.md, "deps/npm". */
const BROUGHT_BY_NODE: ReadonlySet<string> = new Set(nodeManagers.find(({ id }) => id === 'npm')?.programs);

/** A program that the container starts, health checks and every command of a chain included. */
function program(project: NodeProject, run: RunCommand): Used | undefined {
  for (const need of [...run.needs, { program: run.program, evidence: { file: 'Dockerfile', says: 'is the run command' } }]) {
    const name = need.program.replace(/^.*\/node_modules\/\.bin\//, '');
    // the image's own is found where no package brings one
    if (name === need.program && BROUGHT_BY_NODE.has(name)) continue;
    const bin = project.bin(name);
    if ('value' in bin && bin.value?.dev) return development(bin.value.package, need.evidence);
    if ('unknown' in bin && isDev(project, name)) return development(name, need.evidence);
  }
  return undefined;
}

/** Options of Node.js, and of programs that hand them on, that load a module first. Source: https://nodejs.org/api/cli.html */
const LOADS = /^(?:-r|--require|--import|--loader|--experimental-loader)$/;

/** `node -r ts-node/register`, `NODE_OPTIONS="--import tsx"`: what is loaded before the program, each with who says so. */
function preloads({ tree, run, end }: AtStart): { specifier: string; evidence: Evidence }[] {
  const lists: { words: readonly string[]; evidence: Evidence }[] = run.started.flatMap(({ effects, evidence }) => [
    { words: wordsOf(effects), evidence },
    ...optionsIn(effects).map((text) => ({ words: text.split(/\s+/), evidence })),
  ]);
  const env = end.env.get('NODE_OPTIONS');
  if (env && 'value' in env)
    lists.push({ words: env.value.split(/\s+/), evidence: { file: 'Dockerfile', says: `sets NODE_OPTIONS=${env.value}` } });
  lists.push(...fromFiles(tree));
  return lists.flatMap(({ words, evidence }) => preloaded(words).map((specifier) => ({ specifier, evidence })));
}

function preload(q: AtStart): Used | undefined {
  for (const { specifier, evidence } of preloads(q)) {
    const name = packageOf(specifier);
    if (name !== undefined && isDev(q.project, name)) return development(name, evidence);
    const path = name === undefined ? fileOf(q.tree, q.project.dir, specifier) : undefined;
    const loaded = path === undefined ? undefined : importedFrom(q.project, q.tree, path);
    if (loaded) return loaded;
  }
  return undefined;
}

/** Modules that are loaded first and read no file of the project but `.env`. Sources: the README of each. */
const READS_NOTHING = /^(?:dotenv|source-map-support|reflect-metadata|dd-trace|@opentelemetry\/|@sentry\/|tslib|core-js)(?:\/|$)?/;

/** What is loaded first and reads files of the project (tsconfig.json, its own configuration), or is one of them; undefined: nothing is. */
export function preloadReads(q: AtStart): Evidence | undefined {
  return preloads(q).find(({ specifier }) => !READS_NOTHING.test(specifier))?.evidence;
}

const wordsOf = ({ given }: Effects): string[] => given.words.map((word) => word.value ?? word.raw);
/** `NODE_OPTIONS=…` before a command, or behind `env` and `cross-env`. */
const optionsIn = ({ given }: Effects): string[] => [
  ...given.assignments.flatMap(({ name, value }) => (name === 'NODE_OPTIONS' && value !== undefined ? [value] : [])),
  ...given.words.flatMap(({ value, raw }) => /^['"]?NODE_OPTIONS=['"]?(.*?)['"]?$/s.exec(value ?? raw)?.[1] ?? []),
];

function preloaded(words: readonly string[]): string[] {
  return words.flatMap((word, n) => {
    const inline = /^(?:--require|--import|--loader|--experimental-loader)=(.+)$/.exec(word)?.[1];
    const specifier = inline ?? (LOADS.test(word) ? words[n + 1] : undefined);
    return specifier ?? [];
  });
}

/** NODE_OPTIONS of files that say how the container starts: `.env`, compose, Kubernetes, a Procfile. */
function fromFiles(tree: FileTree): { words: string[]; evidence: Evidence }[] {
  return walk(tree, '', { limit: 5000 })
    .filter(({ name, kind }) => kind === 'file' && /^\.env|\.env$|\.ya?ml$|^Procfile$/.test(name) && !/^(?:pnpm-lock|\.pnpm)/.test(name))
    .flatMap(({ path }) => {
      const read = tree.read(path);
      const text = read.kind === 'text' ? read.text : '';
      return [...text.matchAll(/NODE_OPTIONS['"]?\s*(?:[:=]|\n\s*value:)\s*['"]?([^"'\n]+)/g)].map((match) => ({
        words: (match[1] ?? '').trim().split(/\s+/),
        evidence: { file: path, line: lineAt(text, match.index), says: 'sets NODE_OPTIONS' },
      }));
    });
}

/** A program that loads a configuration file of the project when it starts. `typed`: the package that it reads TypeScript with, which it does not bring. */
interface ConfigRow {
  programs: readonly string[];
  verbs?: readonly string[];
  files: RegExp;
  typed?: string;
  /** It starts what the file names. */
  starts?: true;
  source: string;
}
const CONFIGS: readonly ConfigRow[] = [
  {
    programs: ['next'],
    verbs: ['start'],
    files: /^next\.config\.[cm]?[jt]s$/,
    typed: 'typescript',
    source:
      'https://nextjs.org/docs/app/api-reference/config/typescript#type-checking-next-configuration-file; vercel/next.js, server/config.ts',
  },
  { programs: ['nest'], files: /^nest-cli\.json$/, typed: 'typescript', source: 'https://docs.nestjs.com/cli/usages' },
  {
    programs: ['gatsby'],
    files: /^gatsby-config\.[cm]?[jt]s$/,
    source: 'https://www.gatsbyjs.com/docs/reference/config-files/gatsby-config',
  },
  { programs: ['docusaurus'], files: /^docusaurus\.config\.[cm]?[jt]s$/, source: 'https://docusaurus.io/docs/cli' },
  {
    programs: ['vite', 'astro'],
    files: /^(?:vite|astro)\.config\.[cm]?[jt]s$/,
    source: 'https://vite.dev/config/; https://docs.astro.build/en/reference/cli-reference/',
  },
  { programs: ['knex'], files: /^knexfile\.[cm]?[jt]s$/, typed: 'typescript', source: 'https://knexjs.org/guide/migrations.html' },
  { programs: ['sequelize', 'sequelize-cli'], files: /^\.sequelizerc$/, source: 'https://sequelize.org/docs/v6/other-topics/migrations/' },
  {
    programs: ['prisma'],
    files: /^prisma\.config\.[cm]?[jt]s$/,
    source: 'https://www.prisma.io/docs/orm/reference/prisma-config-reference',
  },
  { programs: ['drizzle-kit'], files: /^drizzle\.config\.[cm]?[jt]s$/, source: 'https://orm.drizzle.team/docs/drizzle-config-file' },
  {
    programs: ['mikro-orm'],
    files: /^mikro-orm\.config\.[cm]?[jt]s$/,
    typed: 'ts-node',
    source: 'https://mikro-orm.io/docs/configuration',
  },
  {
    programs: ['pm2', 'pm2-runtime'],
    files: /^(?:ecosystem|pm2)\.(?:config\.)?(?:[cm]?js|json)$/,
    starts: true,
    source: 'https://pm2.keymetrics.io/docs/usage/application-declaration/',
  },
  {
    programs: ['ts-node', 'ts-node-dev', 'ts-node-script', 'ts-node-esm'],
    files: /^tsconfig\.json$/,
    typed: 'typescript',
    source: 'https://typestrong.org/ts-node/docs/installation',
  },
  {
    programs: ['medusa', 'strapi', 'keystone'],
    files: /^(?:medusa-config|tsconfig)\.(?:[jt]s|json)$/,
    typed: 'typescript',
    source: 'https://docs.strapi.io/cms/typescript; https://docs.medusajs.com',
  },
];

/** What such a file loads, and what reads it where it is TypeScript. */
function configuration({ project, tree, run }: AtStart): Used | undefined {
  for (const started of run.started) {
    const row = CONFIGS.find((one) => one.programs.includes(started.effects.program) && verbFits(one, started));
    // which package of a workspace starts is told by its directory, which a script may change
    const dirs = project.workspaces ? [project.dir, ...(project.members ?? [])] : [project.dir];
    for (const entry of row ? dirs.flatMap((dir) => tree.list(dir) ?? []) : []) {
      if (!row?.files.test(entry.name) || entry.kind !== 'file') continue;
      const typed = /ts$|^tsconfig|^nest-cli/.test(entry.name) ? row.typed : undefined;
      if (typed !== undefined && isDev(project, typed))
        return development(typed, {
          file: entry.path,
          says: `is read by \`${started.effects.program}\` when the container starts`,
        });
      const loaded = importedFrom(project, tree, entry.path) ?? (row.starts ? startedBy(project, tree, entry.path) : undefined);
      if (loaded) return loaded;
    }
  }
  return undefined;
}

const verbFits = ({ verbs }: ConfigRow, { effects }: Started): boolean =>
  verbs === undefined || effects.command.words.some((word) => verbs.includes(word.value ?? ''));

/** A development dependency that a file, or what it loads, imports. */
function importedFrom(project: NodeProject, tree: FileTree, path: string): Used | undefined {
  for (const { specifier, file, text, offset } of packagesLoaded(tree, path)) {
    const name = packageOf(specifier);
    if (name !== undefined && isDev(project, name))
      return development(name, { file, line: lineAt(text, offset), says: `loads ${name} when the container starts` });
  }
  return undefined;
}

/** Programs that a list of processes names: `interpreter: './node_modules/.bin/ts-node'`, `script: 'npm'`, whose own script is not followed. */
function startedBy(project: NodeProject, tree: FileTree, path: string): Used | undefined {
  for (const { path: file, text } of loadedFiles(tree, path))
    for (const match of text.matchAll(/(['"`])([^'"`\n]{1,300})\1/g))
      for (const word of (match[2] ?? '').split(/\s+/)) {
        const name = word.slice(word.lastIndexOf('/') + 1);
        const evidence = { file, line: lineAt(text, match.index), says: `starts ${name} when the container starts` };
        const bin = project.bin(name);
        if (('value' in bin && bin.value?.dev) || ('unknown' in bin && isDev(project, name))) return development(name, evidence);
        if (['npm', 'npx', 'yarn', 'pnpm'].includes(name)) return { says: `${file} starts scripts by \`${name}\``, evidence };
      }
  return undefined;
}
