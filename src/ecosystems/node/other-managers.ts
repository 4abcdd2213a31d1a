// Room: ecosystems/node. yarn and pnpm in a split: where it is refused, and how development dependencies are taken out behind the build.
import type { Piece } from '../../dockerfile/edits.ts';
import type { ShellCommand } from '../../dockerfile/types.ts';
import { landingOf, type CopyReading } from '../../facts/copies.ts';
import { refuse } from '../../refusal.ts';
import type { Evidence } from '../types.ts';
import { npmrc, yamlSettings, yarnrc } from './config.ts';
import { wordsOf } from './kinds.ts';
import { berryLifecycleNames } from './lifecycle.ts';
import { localNeeds } from './local-dependencies.ts';
import { keptOptions } from './npm.ts';
import type { NodeCase } from './split-case.ts';
import type { NodeProject } from './types.ts';
import type { FileTree } from '../../context/types.ts';
import { fields, jsonIn } from './json.ts';
import { nodeVersion } from './images.ts';

/** Installs of managers, or in ways, that are not split. */
export function refuseManager(c: NodeCase): void {
  const { manager, part } = c.install;
  const at = c.installRun.instruction.start;
  if (manager.id === 'npm') return;
  const berry = manager.id === 'yarn' && c.project.yarn === 'berry';
  if (berry && c.project.linker !== 'node-modules')
    refuse('package-manager-unsupported', 'Splitting is proven for yarn 2 and newer where its packages lie in node_modules', at, {
      allow: 'Set nodeLinker: node-modules in .yarnrc.yml.',
    });
  if (!berry && !['yarn', 'pnpm'].includes(manager.id))
    refuse('package-manager-unsupported', `Splitting is proven for npm, yarn and pnpm; this file installs with ${manager.id}`, at);
  const [program] = wordsOf(part.command);
  if (program !== manager.id)
    refuse('package-manager-unsupported', `\`${program ?? ''}\` starts ${manager.id}, which may not be installed by itself`, at);
  const elsewhere = layout(c);
  if (elsewhere)
    refuse('workspace-layout-unknown', `${elsewhere.says}: packages may not lie in node_modules alone`, at, { evidence: [elsewhere] });
  const starts = c.run.needs.find((need) => need.program === manager.id);
  if (starts && fetchedForBuild(c, manager.id))
    refuse('corepack-at-runtime', `The container starts with ${manager.id}, which corepack fetched for the build alone`, c.run.at, {
      evidence: [starts.evidence],
    });
}

const callsOf = ({ reading }: NodeCase): string[][] =>
  reading.runs.flatMap((run) => run.parts.map(({ effects }) => wordsOf(effects.command)));

/** corepack puts a shim in place, and fetches the manager when it is first used; `corepack prepare pnpm@9 --activate` does at once. Source: nodejs/corepack, README. */
function fetchedForBuild(c: NodeCase, manager: string): boolean {
  const corepack = callsOf(c).filter(([program]) => program === 'corepack');
  const prepared = corepack.some(
    (words) => ['prepare', 'install', 'use'].includes(words[1] ?? '') && words.some((w) => w.startsWith(`${manager}@`)),
  );
  return corepack.length > 0 && !prepared;
}

/**
 * pnpm 11 looks whether the packages are what the lock says before it runs a script, and installs again where they are not: in the last stage it
 * is told not to. An older one knows no such setting, and 11 needs Node 22.13. Sources: pnpm.io/settings#verifydepsbeforerun, and its `engines`;
 * seen with pnpm 11.28 and 12.21.
 */
export function asStarted(c: NodeCase): { setting: string; value: string } | undefined {
  if (!c.run.needs.some((need) => need.program === 'pnpm')) return undefined;
  const versions = [...callsOf(c).flat(), c.project.packageManager ?? ''].flatMap((word) =>
    word.startsWith('pnpm@') ? [word.slice('pnpm@'.length)] : [],
  );
  const old = versions.length > 0 && versions.every((version) => /^(?:[1-9]|10)(?:\.|$|\+)/.test(version));
  const node = Number.parseInt(nodeVersion(c.reading.base) ?? '', 10);
  return old || node < 22 ? undefined : { setting: 'pnpm_config_verify_deps_before_run', value: 'false' };
}

/** Options and settings that put packages elsewhere. Sources: https://classic.yarnpkg.com/en/docs/cli/install · https://pnpm.io/settings */
const ELSEWHERE =
  /^-{0,2}(?:install\.)?(?:modules-folder|modules-dir|modulesDir|virtual-store-dir|virtualStoreDir|enable-global-virtual-store|enableGlobalVirtualStore|dir|cwd)\b|^-C$/;
const LINKERS = /^(?:node-linker|nodeLinker)$/;

function layout({ subject, project, install }: NodeCase): Evidence | undefined {
  const word = wordsOf(install.part.command).find((text) => ELSEWHERE.test(text));
  if (word !== undefined) return { file: 'Dockerfile', says: `installs with ${word}` };
  const { tree } = subject.project;
  const files = [npmrc(tree, project.dir), yarnrc(tree, project.dir), yamlSettings(tree, project.dir, 'pnpm-workspace.yaml')];
  for (const settings of files)
    for (const [key, { value, evidence }] of settings)
      if (ELSEWHERE.test(key) || (LINKERS.test(key) && value === 'pnp')) return { ...evidence, says: `${evidence.file} sets ${key}` };
  return undefined;
}

/** What is asked beside the project: `copies` of the stage, and the index of the RUN that installs. */
interface Asked {
  tree: FileTree;
  manager: string;
  copies: readonly CopyReading[];
  at: number;
  /** The install may write the lock anew: it is not `npm ci`. */
  mends: boolean;
}

/** Why development dependencies cannot be taken out behind the build; undefined: they can. */
export function cannotPrune(project: NodeProject, { tree, manager, copies, at, mends }: Asked): Evidence | undefined {
  const lock = project.lockfiles.find((one) => one.manager === manager)?.path;
  const early = copies.filter((copy) => copy.instruction.index < at);
  if (lock !== undefined && landingOf(copies, lock) !== undefined && landingOf(early, lock) === undefined)
    return { file: lock, says: 'is copied behind the install: another install could take other versions' };
  const late = copies.filter((copy) => copy.instruction.index > at);
  // `npm install` mends a lock that is behind, and `npm prune` would take the old one for right. Source: docs.npmjs.com/cli/v11/commands/npm-install
  if (manager === 'npm' && mends && lock !== undefined && landingOf(late, lock) !== undefined) {
    const sync = project.lockInSync();
    if ('value' in sync && !sync.value)
      return { file: lock, says: 'disagrees with package.json: the install mends it, and a COPY behind brings the old one back' };
  }
  if (manager === 'yarn' && project.yarn === 'berry') return cannotFocus(project, tree);
  if (manager !== 'pnpm') return undefined;
  // https://pnpm.io/cli/prune
  if (project.workspaces) return { file: project.manifestPath, says: 'is the root of a workspace, which pnpm prune does not work on' };
  // `pnpm prune` runs the project's own scripts, and links local packages anew, without their builds: seen with pnpm 9 and 10
  const [script] = project.lifecycle;
  if (script) return { file: project.manifestPath, line: script.line, says: `has a script ${script.name}, which pnpm prune would run` };
  const read = tree.read(project.manifestPath);
  const parsed = read.kind === 'text' ? jsonIn(read) : { broken: '' };
  const local = 'value' in parsed ? localNeeds(tree, project.dir, fields(parsed.value)) : { files: [], dirs: [] };
  const links = 'blockedBy' in local || local.files.length + local.dirs.length > 0;
  return links
    ? { file: project.manifestPath, says: 'depends on packages of the repository, which pnpm prune would link anew' }
    : undefined;
}

/**
 * `yarn workspaces focus` is a command of yarn 4, and of a plugin before. It runs the scripts of the project's own install again where its
 * packages have changed. Source: https://yarnpkg.com/cli/workspaces/focus; seen with yarn 4.5
 */
function cannotFocus(project: NodeProject, tree: FileTree): Evidence | undefined {
  const settings = yamlSettings(tree, project.dir, '.yarnrc.yml');
  const path = settings.get('yarnPath');
  const version = /(?:^yarn@|yarn-)(\d+)\./.exec(project.packageManager ?? path?.value ?? '')?.[1];
  const read = tree.read([project.dir, '.yarnrc.yml'].filter(Boolean).join('/'));
  if (!(Number(version) >= 4) && !(read.kind === 'text' && /plugin-workspace-tools/.test(read.text)))
    return { file: project.manifestPath, says: 'names no yarn that can take development dependencies out' };
  if (project.workspaces)
    return { file: project.manifestPath, says: 'is the root of a workspace, whose install scripts yarn may run again' };
  const script = project.lifecycle.find(({ name }) => berryLifecycleNames.includes(name));
  return script && { file: project.manifestPath, line: script.line, says: `has a script ${script.name}, which yarn would run again` };
}

/** yarn 2 and newer asks what its install left behind before it starts a script. Source: yarnpkg/berry, Project.restoreInstallState */
export function readsItsInstall({ run, project }: NodeCase): Evidence | undefined {
  return project.yarn === 'berry' ? run.needs.find(({ program }) => program === 'yarn')?.evidence : undefined;
}

/**
 * The RUN that takes development dependencies out, with the options of the install. yarn 1 removes them when it installs for production; what
 * install scripts had built stays (Heroku's buildpack prunes so, heroku/heroku-buildpack-nodejs, lib/dependencies.sh). pnpm asks before it
 * removes anything, unless CI is set (https://github.com/pnpm/pnpm/issues/9966).
 */
export function pruneOf(manager: string, install: ShellCommand, cd: string, yarn: NodeProject['yarn']): Piece[] {
  if (manager === 'pnpm') return [`RUN ${cd}CI=true pnpm prune --prod`];
  if (yarn === 'berry') return [`RUN ${cd}yarn workspaces focus --production`];
  const { before, behind } = keptOptions(install, 'yarn');
  const own = behind.replace(/ --(?:production|prod|ignore-scripts|force|check-files)(?=\s|$)/g, '');
  return [`RUN ${cd}${before}yarn install --production --ignore-scripts --prefer-offline${own}`];
}
