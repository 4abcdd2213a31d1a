// Room: ecosystems/go. A Go module as every room may ask it.
import type { EcosystemProject, PackageManager, ProjectReader, ProjectReads, Store } from '../types.ts';
import { once } from '../../once.ts';
import { literalPaths } from '../literal-paths.ts';
import { goCaches, goModuleCache } from './managers.ts';
import { goProject, looseProject, usesBuildInfo } from './project.ts';
import type { GoProject } from './types.ts';

/** Reads the go.mod of a directory and the packages below it. */
export const goReader: ProjectReader<GoProject> = { read: goProject };
/** Reads the Go files of a directory that has no go.mod. */
export const looseReader: ProjectReader<GoProject> = { read: looseProject };

export function goFacts(reads: ProjectReads, dir: string): EcosystemProject | undefined {
  const project = reads.read(goReader, dir);
  return (
    project && {
      hits: () => project.hits(),
      sources: () => project.sources(),
      literals: once(() => literalPaths(reads.tree, project.sources())),
      manifests: () => project.manifests(),
      downloads: () => downloads(project),
      store: () => storeOf(project),
      opensDatabases: once(() => opensDatabases(project)),
      own: (program) => binariesOf(project).has(program),
      historyReader: () => historyReader(project),
      // what a program loads cannot be told from its dependencies alone
      envFileReader: () => 'the program, as far as can be told',
      row: (manager) => (project.vendored ? vendored(manager) : manager),
      // Before Go 1.26 the built-in table has about sixteen types, and /etc/mime.types adds the rest. Source: package mime.
      knowsMimeTypes: () => Number((project.goVersion ?? '1.0').split('.')[1] ?? '0') >= 26,
    }
  );
}

/** Names of what `go build` and `go install` make. Source: `go help build`: the last part of the import path, without a major version. */
function binariesOf({ mains, module }: GoProject): Set<string> {
  const last = (path: string): string =>
    path
      .replace(/\/v\d+$/, '')
      .split('/')
      .at(-1) ?? '';
  return new Set(mains.map((dir) => last(dir === '' ? module : dir)));
}

/** Without go.sum nothing is pinned, and vendored modules are not downloaded. */
function downloads(project: GoProject): ReturnType<NonNullable<EcosystemProject['downloads']>> {
  if (!project.hasSum) return undefined;
  const manifests = project.manifests();
  return 'blocked' in manifests && manifests.blocked.skip === 'go-vendored' ? undefined : manifests;
}

const vendored = (manager: PackageManager): PackageManager => ({
  ...manager,
  cachesOf: (command) => goCaches(command).filter((cache) => cache !== goModuleCache),
});

/** The build information tells whether files were changed (`vcs.modified`). Source: pkg.go.dev/runtime/debug, BuildSetting. */
function historyReader(project: GoProject): { who: string; changes: boolean } | undefined {
  const [info] = usesBuildInfo(project);
  return info && { who: `${info.file}:${info.line ?? 1}, which reads the build information`, changes: true };
}

/** Modules that keep data in files whose path is seldom a literal in the sources. */
const STORES = [
  'github.com/mattn/go-sqlite3',
  'modernc.org/sqlite',
  'github.com/glebarez/sqlite',
  'gorm.io/driver/sqlite',
  'go.etcd.io/bbolt',
  'github.com/boltdb/bolt',
  'github.com/dgraph-io/badger',
  'github.com/syndtr/goleveldb',
  'gopkg.in/natefinch/lumberjack.v2',
];

/** Names of modules that keep data in files, or may: databases, caches, mappers. Those of SERVERS talk to a server alone. */
const MAY_STORE =
  /sql|lite|db\b|db[/-]|bolt|badger|level|pebble|duck|store|storage|cache|\bkv|lmdb|storm|orm\b|\bent\b|geoip|maxmind|search|bleve|nuts|bitcask|pogreb/i;
const SERVERS = [
  'github.com/lib/pq',
  'github.com/jackc/pgx',
  'github.com/go-sql-driver/mysql',
  'github.com/jmoiron/sqlx',
  'github.com/volatiletech/sqlboiler',
  'github.com/aarondl/sqlboiler',
  'github.com/redis/go-redis',
  'github.com/go-redis/redis',
  'go.mongodb.org/mongo-driver',
  'gorm.io/gorm',
  'gorm.io/driver/postgres',
  'gorm.io/driver/mysql',
  'github.com/go-pg/pg',
  'github.com/uptrace/bun',
];

/** A module that may open files of data, or a call of the sources whose file or program is computed. */
function opensDatabases(project: GoProject): boolean {
  const paths = [...project.imports.keys()].filter(
    (path) => path.includes('.') && path !== project.module && !path.startsWith(`${project.module}/`),
  );
  return (
    paths.some((path) => MAY_STORE.test(path) && !SERVERS.some((name) => path === name || path.startsWith(`${name}/`))) ||
    project.hits().some(({ kind, literal }) => ['read', 'write', 'spawn', 'dlopen'].includes(kind) && literal === undefined)
  );
}

function storeOf(project: GoProject): Store | undefined {
  for (const name of STORES) {
    const evidence = [...project.imports].find(([path]) => path === name || path.startsWith(`${name}/`))?.[1];
    if (evidence) return { package: name, what: 'a database or log file', evidence };
  }
  return undefined;
}
