// Room: ecosystems/node. A Node project as every room may ask it.
import type { EcosystemProject, Locked, PackageManager, ProjectReader, ProjectReads, Store } from '../types.ts';
import { needsNpm7 } from './lock.ts';
import { nodeManager } from './managers.ts';
import { nodeProject } from './project.ts';
import type { NodeProject } from './types.ts';

/** Reads the package.json of a directory and what stands around it. */
export const nodeReader: ProjectReader<NodeProject> = { read: nodeProject };

export function nodeFacts(reads: ProjectReads, dir: string): EcosystemProject | undefined {
  const project = reads.read(nodeReader, dir);
  return (
    project && {
      hits: () => project.hits(),
      manifests: ({ manager }) => project.manifests(manager),
      provides: (program) => provides(project, program),
      script: (name) => scriptOf(project, name),
      scriptText: (name) => project.scripts.get(name)?.text,
      locked: (manager) => lockedOf(reads, project, manager),
      store: () => storeOf(project),
      historyReader: () => named(project, /\bgit\s+(describe|rev-parse|log|tag|show|rev-list)/, 'which runs git'),
      envFileReader: () => envFileReader(project),
      row: (manager) => nodeManager(project, manager.id) ?? manager,
      cacheObjection: (manager) => cacheObjection(project, manager),
    }
  );
}

function provides(project: NodeProject, program: string): boolean {
  const bin = project.bin(program);
  return 'value' in bin && bin.value !== undefined;
}

/** Source: npm docs, scripts: `npm start` without a script runs `node server.js`; pre and post scripts run around it. */
function scriptOf(project: NodeProject, name: string): { text: string } | { unknown: string } {
  const text = project.scripts.get(name)?.text ?? (name === 'start' ? 'node server.js' : undefined);
  if (text === undefined) return { unknown: `package.json has no script ${name}` };
  const hook = [`pre${name}`, `post${name}`].find((other) => project.scripts.has(other));
  return hook === undefined ? { text } : { unknown: `${hook} runs too when the container starts` };
}

const named = (project: NodeProject, pattern: RegExp, what: string): string | undefined => {
  const script = [...project.scripts.values()].find((s) => pattern.test(s.text));
  return script && `the script ${script.name}, ${what}`;
};

function lockedOf({ tree }: ProjectReads, project: NodeProject, manager: string): Locked {
  const path = project.lockfiles.find((lock) => lock.manager === manager)?.path;
  return {
    path,
    other: project.lockfiles[0]?.path,
    inSync: () => project.lockInSync(),
    tooNewFor({ repository, version }) {
      const read = path === undefined ? undefined : tree.read(path);
      return repository === 'node' && Number.parseInt(version ?? '', 10) < 15 && read?.kind === 'text' && needsNpm7(read)
        ? `${path} was written by npm 7 or newer, and node ${version} has npm 6, whose npm ci fails on it`
        : undefined;
    },
  };
}

/** Packages that keep data in files whose path is seldom a literal in the sources. */
const STORES: Readonly<Record<string, string>> = {
  sqlite3: 'SQLite',
  'better-sqlite3': 'SQLite',
  lowdb: 'a JSON file',
  nedb: 'a file',
  '@seald-io/nedb': 'a file',
  level: 'LevelDB',
  leveldown: 'LevelDB',
  'node-localstorage': 'files',
  'winston-daily-rotate-file': 'log files',
  'node-persist': 'files',
  strapi: 'SQLite and uploads',
  '@strapi/strapi': 'SQLite and uploads',
  'connect-sqlite3': 'SQLite',
  'session-file-store': 'files',
  next: 'a cache in .next/cache',
};

function storeOf(project: NodeProject): Store | undefined {
  const found = [...project.dependencies.keys()].filter((name) => Object.hasOwn(STORES, name));
  const name = found.find((other) => other !== 'next') ?? found[0];
  const line = name === 'next' || name === undefined ? undefined : project.lineOf('dependencies', name);
  return name === undefined
    ? undefined
    : { package: name, what: STORES[name] ?? 'files', evidence: { file: project.manifestPath, line, says: `depends on ${name}` } };
}

/** Libraries that read `.env` by themselves, and builds that take it in (rule book §4.8, `.env` guard). */
const ENV_READERS = new Set([
  'dotenv',
  'dotenv-expand',
  'dotenv-flow',
  '@nestjs/config',
  'env-cmd',
  'dotenv-cli',
  'next',
  'vite',
  'react-scripts',
  'nuxt',
  '@vue/cli-service',
  'astro',
  '@sveltejs/kit',
  'convict',
  'envalid',
  'env-var',
  'dotenv-safe',
]);

function envFileReader(project: NodeProject): string | undefined {
  const dependency = [...project.dependencies.keys(), ...project.devDependencies.keys()].find((name) => ENV_READERS.has(name));
  return dependency === undefined ? named(project, /env-file|dotenv/, 'which reads it') : `${dependency}, which reads it`;
}

/** Yarn's Plug'n'Play loads packages out of the cache itself (yarnpkg.com, "Plug'n'Play"; `nodeLinker` in .yarnrc.yml); a configuration file moves the cache. */
function cacheObjection(project: NodeProject, manager: PackageManager): ReturnType<NonNullable<EcosystemProject['cacheObjection']>> {
  if (manager.id === 'yarn' && project.linker === 'pnp')
    return {
      id: 'pnp-cache-is-runtime',
      message: "The package cache is read at run time (Yarn Plug'n'Play)",
      allow: 'Set nodeLinker: node-modules in .yarnrc.yml.',
    };
  const setting = project.cacheSetting?.(manager.id);
  return (
    setting && {
      id: 'cache-dir-unknown',
      message: `Cache directory is set to ${setting.dir} by ${setting.evidence.file}`,
      evidence: [setting.evidence],
    }
  );
}
