// Room: ecosystems/node. Packages that keep data in files, as rows: what, and where unless told. Sources: the README of each package.
import type { FileTree } from '../../context/types.ts';
import type { ShellState } from '../../effects/types.ts';
import type { Store } from '../types.ts';
import { prismaDatabase } from './server-rows.ts';
import type { NodeProject } from './types.ts';

interface StoreRow {
  what: string;
  /** Below the working directory, where the package says so; else the sources name it. */
  at?: string;
}
const STORES: Readonly<Record<string, StoreRow>> = {
  sqlite3: { what: 'SQLite' },
  'better-sqlite3': { what: 'SQLite' },
  '@libsql/client': { what: 'SQLite' },
  lowdb: { what: 'a JSON file' },
  nedb: { what: 'a file' },
  '@seald-io/nedb': { what: 'a file' },
  level: { what: 'LevelDB' },
  leveldown: { what: 'LevelDB' },
  'node-localstorage': { what: 'files' },
  'winston-daily-rotate-file': { what: 'log files' },
  // github.com/simonlast/node-persist: dir is .node-persist/storage
  'node-persist': { what: 'files', at: '.node-persist' },
  // enmap.evie.dev: dataDir is ./data
  enmap: { what: 'SQLite', at: 'data' },
  // quickdb.js.org: json.sqlite in the working directory
  'quick.db': { what: 'SQLite', at: '.' },
  // github.com/rawberg/connect-sqlite3: dir is the working directory
  'connect-sqlite3': { what: 'SQLite', at: '.' },
  // github.com/valery-barysok/session-file-store: path is ./sessions
  'session-file-store': { what: 'files', at: 'sessions' },
  strapi: { what: 'SQLite and uploads' },
  '@strapi/strapi': { what: 'SQLite and uploads' },
  // nextjs.org/docs: pages and images that are made again are kept below .next
  next: { what: 'a cache in .next/cache' },
};

/** The first package that keeps data; one that leaves the place to the sources first. */
export function storeOf(project: NodeProject, state: ShellState): Store | undefined {
  const names = [...project.dependencies.keys()].filter((name) => Object.hasOwn(STORES, name));
  const name =
    names.find((other) => STORES[other]?.at === undefined && other !== 'next') ?? names.find((other) => other === 'next') ?? names[0];
  const row = name === undefined ? undefined : STORES[name];
  if (name === undefined || row === undefined) return project.dependencies.has('@prisma/client') ? prismaStore(project, state) : undefined;
  const line = name === 'next' ? undefined : project.lineOf('dependencies', name);
  return {
    package: name,
    what: row.what,
    evidence: { file: project.manifestPath, line, says: `depends on ${name}` },
    ...(row.at === undefined ? {} : { at: row.at }),
  };
}

/** A Prisma client whose schema says SQLite. */
function prismaStore(project: NodeProject, state: ShellState): Store | undefined {
  const database = prismaDatabase(state);
  if (!database) return undefined;
  const path = database.known[0]?.path;
  const line = project.lineOf('dependencies', '@prisma/client');
  const evidence = { file: project.manifestPath, line, says: 'depends on @prisma/client, whose schema says sqlite' };
  const at = path === undefined ? undefined : path.slice(0, path.lastIndexOf('/')) || '/';
  return { package: '@prisma/client', what: 'SQLite', evidence, ...(at === undefined ? {} : { at }) };
}

interface PackageCache {
  what: string;
  /** Below the package itself. */
  below: string;
  /** Sources with this name another directory. */
  moved: RegExp;
  /** Its install brings them, and they are written again when the program runs. */
  filled?: true;
}
/** Sources: huggingface.co/docs/transformers.js/api/env, cacheDir (`.cache` beside the package); chromadb-default-embed is made of the same. */
const MODELS: PackageCache = { what: 'the models that it brings', below: '.cache', moved: /\bcache_?dir\b/i };
const IN_PACKAGES: Readonly<Record<string, PackageCache>> = {
  '@xenova/transformers': MODELS,
  '@huggingface/transformers': MODELS,
  'chromadb-default-embed': MODELS,
  // skick1234/DisTube, packages/yt-dlp: its install downloads yt-dlp beside it, and the plugin once more over it when it is made, unless `update` is
  // false or YTDLP_DIR is set; nobody waits for that write, so that a refused one ends the program
  '@distube/yt-dlp': { what: 'yt-dlp, which it downloads', below: 'bin', moved: /\bYTDLP_DIR\b|\bupdate\s*:\s*false/, filled: true },
};

/** What packages keep in their own directories when the program runs, where no source names another one. */
export function keptInPackages(project: NodeProject, tree: FileTree): Store[] {
  return Object.entries(IN_PACKAGES).flatMap(([name, { what, below, moved, filled = false }]) => {
    if (!project.dependencies.has(name)) return [];
    const set = project.sources().some((path) => {
      const read = tree.read(path);
      return read.kind === 'text' && moved.test(read.text);
    });
    const evidence = { file: project.manifestPath, line: project.lineOf('dependencies', name), says: `depends on ${name}` };
    return set ? [] : [{ package: name, what, at: `node_modules/${name}/${below}`, filled, evidence }];
  });
}
