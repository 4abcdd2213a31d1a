// Room: ecosystems/node. A Node project as every room may ask it.
import { GIT_CHANGES } from '../../knowledge/git-readers.ts';
import type { EcosystemProject, Locked, PackageManager, ProjectReader, ProjectReads } from '../types.ts';
import { addedAtStart } from './at-start.ts';
import { developmentServer } from './development-servers.ts';
import { programInHome } from './home.ts';
import { needsNpm7 } from './lock.ts';
import { nodeManager } from './managers.ts';
import { bareNodeProject, nodeProject } from './project.ts';
import { once } from '../../once.ts';
import { literalPaths } from '../literal-paths.ts';
import { keptInPackages, storeOf } from './stores.ts';
import type { NodeProject } from './types.ts';

/** Reads the package.json of a directory and what stands around it. */
export const nodeReader: ProjectReader<NodeProject> = { read: nodeProject };

/** The sources of a directory without a package.json. */
const bareReader: ProjectReader<NodeProject> = { read: bareNodeProject };

export function nodeFacts(reads: ProjectReads, dir: string): EcosystemProject | undefined {
  const project = reads.read(nodeReader, dir);
  return (
    project && {
      ...ofSources(reads, project),
      // Of npm, yarn 1, pnpm and bun alike: no script of the project or of a package runs. https://docs.npmjs.com/cli/v11/commands/npm-ci#ignore-scripts
      manifests: ({ manager, command }) =>
        project.manifests(manager, command.words.some(({ value }) => /^--ignore-scripts(?:=true)?$/.test(value ?? '')) ? 'none' : 'run'),
      provides: (program) => provides(project, program),
      locked: (manager) => lockedOf(reads, project, manager),
      store: (state) => storeOf(project, state),
      developmentServer: (state) => developmentServer(reads.tree, project, state),
      keptInPackages: () => keptInPackages(project, reads.tree),
      historyReader: () =>
        scriptOfGit(project, /\bgit\s+(describe|rev-parse|log|tag|show|rev-list)|\bgit-(rev|describe|last|info|commit)[\w-]*/),
      uses: (name) => project.systemNeeds().some(({ debian }) => debian.includes(name)),
      inHome: (image) => programInHome(reads.tree, project, image),
      addsAtStart: (words, image) => addedAtStart(reads.tree, project, words, image),
      envFileReader: () => envFileReader(project),
      row: (manager) => nodeManager(project, manager.id) ?? manager,
      cacheObjection: (manager) => cacheObjection(project, manager),
    }
  );
}

export function bareNode(reads: ProjectReads, dir: string): EcosystemProject | undefined {
  const project = reads.read(bareReader, dir);
  return project && ofSources(reads, project);
}

/** What is asked of the sources alone. */
const ofSources = ({ tree }: ProjectReads, project: NodeProject): Pick<EcosystemProject, 'hits' | 'sources' | 'literals'> => ({
  hits: () => project.hits(),
  sources: () => project.sources(),
  literals: once(() => literalPaths(tree, project.sources())),
});

function provides(project: NodeProject, program: string): boolean {
  const bin = project.bin(program);
  return 'value' in bin && bin.value !== undefined;
}

const named = (project: NodeProject, pattern: RegExp, what: string): string | undefined => {
  const script = [...project.scripts.values()].find((s) => pattern.test(s.text));
  return script && `the script ${script.name}, ${what}`;
};

/** A script that asks git, one that asks for changes before any other. */
const scriptOfGit = (project: NodeProject, pattern: RegExp): { who: string; changes: boolean } | undefined => {
  const scripts = [...project.scripts.values()].filter(({ text }) => pattern.test(text));
  const changing = scripts.find(({ text }) => GIT_CHANGES.test(text));
  const script = changing ?? scripts[0];
  return script && { who: `the script ${script.name}, which runs git`, changes: changing !== undefined };
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

/** Libraries that read `.env` by themselves, and builds that take it in. */
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
