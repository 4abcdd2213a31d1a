// Room: ecosystems/node. The package managers of Node as rows: npm, yarn (1 and Berry), pnpm, bun.
import type { ShellCommand } from '../../dockerfile/types.ts';
import type { CacheDir, PackageManager } from '../types.ts';
import { invocation, type ManagerId } from './invocation.ts';
import { installsReady, programsOf } from './known-packages.ts';
import { callOf, changesManifest, kindOf, wordsOf } from './kinds.ts';
import { onlyRemoves } from './removals.ts';
import { startsOf } from './followed.ts';
import { exactInstall, fetchedBy, globalsOf } from './starts.ts';
import type { NodeProject } from './types.ts';

/** Packages that are installed for the whole image to build with. The managers themselves count: who starts with one is seen by the run command. */
const buildPackages: readonly string[] =
  'npm pnpm yarn corepack typescript node-gyp turbo nx lerna @angular/cli @nestjs/cli @vue/cli gulp gulp-cli grunt grunt-cli bower webpack webpack-cli rimraf node-prune npm-check-updates eslint prettier node-pre-gyp @mapbox/node-pre-gyp esbuild vite rollup gatsby-cli expo-cli eas-cli vercel netlify-cli'.split(
    ' ',
  );
const buildTools: ReadonlySet<string> = new Set([...buildPackages, ...buildPackages.flatMap(programsOf)]);

const npmCache: CacheDir = {
  target: '~/.npm',
  movedBy: [{ env: 'npm_config_cache' }, { env: 'NPM_CONFIG_CACHE' }],
  option: '--cache',
  source: 'https://docs.npmjs.com/cli/v11/using-npm/config#cache',
};
/** For root, yarn 1 keeps its data outside of the home directory (yarn 1.22 `user-dirs.js`, seen in the node images). */
const yarnCache: CacheDir = {
  target: '~/.cache/yarn',
  rootTarget: '/usr/local/share/.cache/yarn',
  movedBy: [{ env: 'YARN_CACHE_FOLDER' }, { env: 'XDG_CACHE_HOME', suffix: '/yarn' }],
  option: '--cache-folder',
  sharing: 'locked',
  source: 'https://classic.yarnpkg.com/en/docs/cli/cache',
};
const yarnBerryCache: CacheDir = {
  target: '~/.yarn/berry/cache',
  movedBy: [{ env: 'YARN_CACHE_FOLDER' }, { env: 'YARN_GLOBAL_FOLDER', suffix: '/cache' }],
  sharing: 'locked',
  source: 'https://yarnpkg.com/configuration/yarnrc#globalFolder',
};
const pnpmStore: CacheDir = {
  target: '~/.local/share/pnpm/store',
  movedBy: [
    { env: 'npm_config_store_dir' },
    { env: 'NPM_CONFIG_STORE_DIR' },
    { env: 'PNPM_STORE_DIR' },
    { env: 'PNPM_HOME', suffix: '/store' },
    { env: 'XDG_DATA_HOME', suffix: '/pnpm/store' },
  ],
  option: '--store-dir',
  source: 'https://pnpm.io/settings#storedir',
};
const bunCache: CacheDir = {
  target: '~/.bun/install/cache',
  movedBy: [
    { env: 'BUN_INSTALL_CACHE_DIR' },
    { env: 'BUN_INSTALL', suffix: '/install/cache' },
    { env: 'XDG_CACHE_HOME', suffix: '/.bun/install/cache' },
  ],
  option: '--cache-dir',
  source: 'https://bun.com/docs/pm/global-cache',
};

export const npm: PackageManager = {
  ...row('npm', [npmCache], ['.npm']),
  offline: { options: ['--offline'], env: [{ name: 'npm_config_offline' }, { name: 'NPM_CONFIG_OFFLINE' }] },
  exactInstall,
  manual: 'https://docs.npmjs.com/cli/v11/commands',
  programs: ['npm', 'npx'],
  manifests: ['package.json', '.npmrc'],
  lockfiles: ['package-lock.json', 'npm-shrinkwrap.json'],
};
/** yarn 1. For a project of yarn 2 and newer see `yarnBerry`. */
export const yarn: PackageManager = {
  ...row('yarn', [yarnCache], ['.cache/yarn']),
  manual: 'https://classic.yarnpkg.com/en/docs/cli',
  programs: ['yarn', 'yarnpkg'],
  manifests: ['package.json', '.yarnrc', '.npmrc'],
  lockfiles: ['yarn.lock'],
};
export const yarnBerry: PackageManager = {
  ...row('yarn', [yarnBerryCache], ['.yarn/berry/cache', '.yarn/berry']),
  manual: 'https://yarnpkg.com/cli',
  programs: ['yarn', 'yarnpkg'],
  manifests: ['package.json', '.yarnrc.yml'],
  lockfiles: ['yarn.lock'],
};
export const pnpm: PackageManager = {
  ...row('pnpm', [pnpmStore], ['.local/share/pnpm/store', '.pnpm-store']),
  manual: 'https://pnpm.io/pnpm-cli',
  programs: ['pnpm', 'pnpx'],
  manifests: ['package.json', 'pnpm-workspace.yaml', '.npmrc', '.pnpmfile.cjs', '.pnpmfile.mjs'],
  lockfiles: ['pnpm-lock.yaml'],
};
export const bun: PackageManager = {
  ...row('bun', [bunCache], ['.bun/install/cache']),
  manual: 'https://bun.com/docs/pm/cli/install',
  programs: ['bun', 'bunx'],
  manifests: ['package.json', 'bunfig.toml', '.npmrc'],
  lockfiles: ['bun.lock', 'bun.lockb'],
};

/** The rows, tried in this order. */
export const nodeManagers: readonly PackageManager[] = [npm, yarn, pnpm, bun];

/** The row for a manager id as this project uses it: yarn 2 and newer has other caches than yarn 1. */
export function nodeManager(project: NodeProject | undefined, id: string): PackageManager | undefined {
  if (id === 'yarn' && project?.yarn === 'berry') return yarnBerry;
  return nodeManagers.find((manager) => manager.id === id);
}

/** What the rows have in common. `homes`: the caches' places below a home directory, for `rm -rf ~/.npm`. */
function row(id: ManagerId, caches: CacheDir[], homes: string[]): Omit<PackageManager, 'manual' | 'programs' | 'manifests' | 'lockfiles'> {
  const classify = (command: ShellCommand): ReturnType<PackageManager['classify']> => kindOf(id, command);
  return {
    id,
    ecosystem: 'node',
    places: [
      '/usr/local/lib/node_modules',
      '/usr/local/bin',
      '/usr/local/share/man',
      '/usr/local/share/.config',
      '/usr/local/share/.cache',
      '~/.npm',
      '~/.cache',
      '~/.local',
      '~/.config',
      '~/.yarn',
      '~/.bun',
    ],
    effects: startsOf,
    caches,
    classify,
    elsewhere: (command) =>
      command.words.some((word) => ['-g', '--global', '--location=global', 'global', 'dlx'].includes(word.value ?? '')),
    directoryOption: (command) => callOf(command)?.dir,
    changesManifest: (command) => changesManifest(id, command),
    usesCache: (command) => ['install', 'install-named', 'download'].includes(classify(command) ?? 'other'),
    cacheOff: [],
    settings: {
      files: /(^|\/)(\.npmrc|\.yarnrc|\.yarnrc\.yml|npmrc|pnpm-workspace\.yaml)$/,
      moves:
        /^\s*(cache|cache-folder|cacheFolder|globalFolder|store-dir|storeDir|enable-global-virtual-store|enableGlobalVirtualStore)\s*[=: ]/m,
    },
    cacheOffOptions: [],
    clearsCache: (command) => classify(command) === 'clean-cache' || onlyRemoves(command, caches, homes),
    offline: { options: ['--offline'] },
    readsManifests: true,
    ofInstalled,
    fetches: (command) => fetchedBy(id, command),
    installsInto: { name: 'node_modules', everywhere: true },
    globals: globalsOf,
    ready: installsReady,
    buildTools,
  };
}

/**
 * Packages by name, whoever installed them (`yarn install && npm rebuild sharp`), and a script of one of them. Without names `rebuild` runs
 * the scripts of the project, too. Source: docs.npmjs.com/cli, npm-rebuild
 */
function ofInstalled(command: ShellCommand): boolean {
  const words = wordsOf(command);
  const call = invocation(words);
  return call
    ? call.verb === 'rebuild' && call.operands.length > 0
    : words[0] === 'node' && /^(?:\.\/)?node_modules\//.test(words[1] ?? '');
}
