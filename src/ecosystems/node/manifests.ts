// Room: ecosystems/node. The closed set of files that a dependency install reads, or why it is not closed.
import { joinPath } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import type { Blocked, Evidence, Manifests } from '../types.ts';
import { npmrc, yamlSettings, yarnrc } from './config.ts';
import { fields, jsonIn, keyLines, stringFields } from './json.ts';
import { berryLifecycleNames, lifecycleNames, needsOfScript, npmLifecycleNames } from './lifecycle.ts';
import { localNeeds } from './local-dependencies.ts';
import { needsOnlyNode } from './plain-script.ts';
import { prismaFiles } from './prisma.ts';
import { indentedLines } from './indented.ts';
import { memberDirs } from './workspaces.ts';

export interface ManifestQuestion {
  tree: FileTree;
  dir: string;
  manager: string;
  ignores: (path: string) => boolean;
  manifest: ReadonlyMap<string, unknown>;
  globs: string[] | undefined;
  yarn: 'classic' | 'berry' | undefined;
  /** `none`: the command says --ignore-scripts. */
  lifecycle: 'run' | 'none';
}
interface Gathered {
  files: string[];
  dirs: string[];
  evidence: Evidence[];
  scripts: boolean;
}

/** Files by manager, read when they exist: manifest first, lock second. */
const fileTable: ReadonlyMap<string, string[]> = new Map([
  ['npm', ['package.json', 'package-lock.json', 'npm-shrinkwrap.json', '.npmrc']],
  ['yarn', ['package.json', 'yarn.lock', '.yarnrc', '.npmrc']],
  ['berry', ['package.json', 'yarn.lock', '.yarnrc.yml', '.pnp.cjs', '.pnp.loader.mjs', 'constraints.pro', 'yarn.config.cjs']],
  ['pnpm', ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', '.pnpmfile.cjs', '.pnpmfile.mjs']],
  ['bun', ['package.json', 'bun.lock', 'bun.lockb', 'bunfig.toml', '.npmrc']],
]);
const berryDirs = ['.yarn/releases', '.yarn/plugins', '.yarn/patches', '.yarn/cache', '.yarn/constraints'];

/** The set for `manager` ('npm', 'yarn', 'pnpm', 'bun'). What the ignore file hides is not listed: the original install did without it. */
export function manifestSet(question: ManifestQuestion): Manifests {
  const { tree, dir } = question;
  const own = joinPath(dir, 'package.json') ?? 'package.json';
  if (question.ignores(own))
    return blocked('manifest-missing', `${own} is excluded by the ignore file`, { file: own, says: 'is excluded' });
  const berry = question.manager === 'yarn' && question.yarn === 'berry';
  const names = fileTable.get(berry ? 'berry' : question.manager);
  if (names === undefined) return blocked('manifest-missing', `What ${question.manager} reads is not known`);
  const all: Gathered = {
    files: names.map((name) => joinPath(dir, name) ?? name),
    dirs: berry ? berryDirs.map((name) => joinPath(dir, name) ?? name) : [],
    evidence: [],
    scripts: false,
  };
  const found = settingsFiles(question, all) ?? members(question, all) ?? installed(question, dir, question.manifest, all);
  if (found !== undefined) return found;
  return { set: settled(question, all, tree) };
}

function settled({ ignores }: ManifestQuestion, all: Gathered, tree: FileTree): Gathered {
  const dirs = [...new Set(all.dirs)].filter((path) => tree.stat(path)?.kind === 'dir' && !ignores(path)).sort();
  const outermost = dirs.filter((path) => !dirs.some((other) => path.startsWith(`${other}/`)));
  const files = [...new Set(all.files)].filter(
    (path) => tree.stat(path)?.kind === 'file' && !ignores(path) && !outermost.some((other) => path.startsWith(`${other}/`)),
  );
  const says = { file: files[0] ?? 'package.json', says: `the install reads ${[...files, ...outermost].slice(0, 8).join(', ')}` };
  return { files, dirs: outermost, evidence: [says, ...all.evidence], scripts: all.scripts };
}

function blocked(skip: string, message: string, ...evidence: Evidence[]): { blocked: Blocked } {
  return { blocked: { skip, message, evidence } };
}

/** Settings that name a certificate or a key. Sources: npm docs, config and npmrc (auth related configuration); yarnpkg.com/configuration/yarnrc */
const CERTIFICATES = /(?:^|:)(?:cafile|certfile|keyfile|https(?:Ca|Cert|Key)FilePath)$/;
/** The file of the context that a setting means; an absolute path is the image's, which the sources may lie in. */
const certificate = (tree: FileTree, dir: string, value: string): string[] =>
  [joinPath(dir, value) ?? '', ...value.split('/').map((_, n, parts) => parts.slice(n).join('/'))]
    .filter((path) => path !== '' && !path.startsWith('/') && tree.stat(path)?.kind === 'file')
    .slice(0, 1);

/** Files that the settings name: yarn's own program, offline mirrors, pnpm's hooks and patches; and what npm takes from a yarn.lock. */
function settingsFiles(question: ManifestQuestion, all: Gathered): { blocked: Blocked } | undefined {
  const { tree, dir, manager, manifest } = question;
  const at = (name: string): string => joinPath(dir, name) ?? '';
  // npm 7 and newer read yarn.lock where there is no lock of their own (https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json).
  if (manager === 'npm' && !['package-lock.json', 'npm-shrinkwrap.json'].some((name) => tree.stat(at(name))))
    all.files.push(at('yarn.lock'));
  for (const [key, { value }] of [...npmrc(tree, dir), ...yarnrc(tree, dir), ...yamlSettings(tree, dir, '.yarnrc.yml')])
    if (CERTIFICATES.test(key)) all.files.push(...certificate(tree, dir, value));
  if (manager === 'yarn') {
    const rc = yarnrc(tree, dir);
    for (const setting of [rc.get('yarn-path'), yamlSettings(tree, dir, '.yarnrc.yml').get('yarnPath')])
      if (setting !== undefined) all.files.push(at(setting.value));
    const mirror = rc.get('yarn-offline-mirror');
    if (mirror !== undefined) all.dirs.push(at(mirror.value));
    if (question.yarn !== 'berry' && tree.stat(at('.yarnrc.yml')) !== undefined) all.files.push(at('.yarnrc.yml'));
  }
  if (manager === 'pnpm') {
    const hook = ['.pnpmfile.cjs', '.pnpmfile.mjs'].map(at).find((path) => tree.stat(path)?.kind === 'file' && !question.ignores(path));
    const read = hook === undefined ? undefined : tree.read(hook);
    if (hook !== undefined && (read?.kind !== 'text' || !needsOnlyNode(read.text)))
      return blocked('root-lifecycle-script', `Install runs ${hook}, which may need project sources`, {
        file: hook,
        says: 'is run by the install',
      });
  }
  const lines = manager === 'pnpm' ? indentedLines(textAt(tree, at('pnpm-workspace.yaml'))) : [];
  const patches = [
    ...stringFields(manifest.get('patchedDependencies')).values(),
    ...stringFields(fields(manifest.get('pnpm')).get('patchedDependencies')).values(),
    ...lines.filter((line) => line.path[0] === 'patchedDependencies' && line.path.length === 2).map((line) => line.value),
  ];
  for (const patch of patches) all.files.push(at(patch));
  return undefined;
}

function textAt(tree: FileTree, path: string): string {
  const read = tree.read(path);
  return read.kind === 'text' ? read.text : '';
}

/** The manifests of the workspace's packages, and what their installs need. */
function members(question: ManifestQuestion, all: Gathered): { blocked: Blocked } | undefined {
  const { tree, dir, globs, manifest } = question;
  if (globs === undefined || (question.manager !== 'pnpm' && !manifest.has('workspaces'))) return undefined;
  const dirs = memberDirs(tree, dir, globs);
  if ('unresolved' in dirs)
    return blocked('workspace-layout-unknown', `Workspace globs cannot be resolved: ${dirs.unresolved}`, {
      file: joinPath(dir, 'package.json') ?? '',
      says: 'declares workspaces',
    });
  for (const member of dirs) {
    const path = `${member}/package.json`;
    if (question.ignores(path)) continue;
    const read = tree.read(path);
    const parsed = read.kind === 'text' ? jsonIn(read) : { broken: 'cannot be read' };
    if ('broken' in parsed) return blocked('workspace-layout-unknown', `${path} is not JSON`, { file: path, says: parsed.broken });
    all.files.push(path);
    const own = fields(parsed.value);
    const stop = bins(question, member, own) ?? installed(question, member, own, all);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

/** A member's program must exist when packages are linked, if a script calls it by name later. */
function bins(question: ManifestQuestion, member: string, manifest: ReadonlyMap<string, unknown>): { blocked: Blocked } | undefined {
  const name = String(manifest.get('name') ?? '');
  const bin = manifest.get('bin');
  const names = typeof bin === 'string' ? [name.replace(/^.*\//, '')] : [...stringFields(bin).keys()];
  const texts = [...stringFields(question.manifest.get('scripts')).values()].flatMap((text) => text.split(/[\s;&|"'()]+/));
  const called = names.find((one) => texts.includes(one));
  const path = `${member}/package.json`;
  return called === undefined
    ? undefined
    : blocked('workspace-bin', `${called} must exist when packages are linked`, { file: path, says: `brings the program ${called}` });
}

/** What one manifest's own install needs: lifecycle scripts, binding.gyp, patches, prisma, local dependencies. */
function installed(
  question: ManifestQuestion,
  dir: string,
  manifest: ReadonlyMap<string, unknown>,
  all: Gathered,
): { blocked: Blocked } | undefined {
  const { tree } = question;
  const path = joinPath(dir, 'package.json') ?? 'package.json';
  const gyp = joinPath(dir, 'binding.gyp') ?? '';
  if (tree.stat(gyp) !== undefined && !question.ignores(gyp))
    return blocked('root-lifecycle-script', 'Install compiles binding.gyp, which needs project sources', {
      file: gyp,
      says: 'is compiled by the install',
    });
  const local = localNeeds(tree, dir, manifest);
  if ('blockedBy' in local) {
    const line = lineIn(tree, path, local.blockedBy.name);
    return blocked('local-dependency', `${local.blockedBy.name} is a local path (${local.blockedBy.range})`, {
      file: path,
      line,
      says: `${local.blockedBy.name}: ${local.blockedBy.range}`,
    });
  }
  all.files.push(...local.files);
  all.dirs.push(...local.dirs);
  const patches = ['dependencies', 'devDependencies'].some((section) => fields(manifest.get(section)).has('patch-package'));
  if (patches) all.dirs.push(joinPath(dir, 'patches') ?? '');
  return scriptNeeds(question, dir, manifest, all);
}

function scriptNeeds(
  question: ManifestQuestion,
  dir: string,
  manifest: ReadonlyMap<string, unknown>,
  all: Gathered,
): { blocked: Blocked } | undefined {
  const { tree } = question;
  const path = joinPath(dir, 'package.json') ?? 'package.json';
  const scripts = stringFields(manifest.get('scripts'));
  const lines = keyLines(textAt(tree, path));
  const silent = question.lifecycle === 'none' || npmrc(tree, question.dir).get('ignore-scripts')?.value === 'true';
  const berry = question.manager === 'yarn' && question.yarn === 'berry';
  const names = question.manager === 'npm' ? npmLifecycleNames : berry ? berryLifecycleNames : lifecycleNames;
  const schemas: string[] =
    fields(manifest.get('dependencies')).has('@prisma/client') || fields(manifest.get('devDependencies')).has('@prisma/client') ? [''] : [];
  let generates = false;
  for (const name of silent ? [] : names) {
    const text = scripts.get(name);
    if (text === undefined) continue;
    const evidence: Evidence = { file: path, line: lines.get(`scripts\0${name}`), says: `${name}: ${text.slice(0, 200)}` };
    const needs = needsOfScript({ tree, dir, script: (one) => scripts.get(one) }, text);
    if ('blockedBy' in needs)
      return blocked('root-lifecycle-script', `Install runs \`${name}: ${text.slice(0, 200)}\`, which needs project sources`, evidence);
    all.files.push(...needs.files);
    all.dirs.push(...needs.dirs);
    all.evidence.push(evidence);
    all.scripts = true;
    schemas.push(...needs.prisma);
    generates ||= needs.prisma.length > 0;
  }
  const prisma = prismaFiles(tree, dir, manifest, schemas);
  all.files.push(...prisma.files);
  all.dirs.push(...prisma.dirs);
  const missing = generates && prisma.files.length + prisma.dirs.length === 0;
  return missing || prisma.computed
    ? blocked('root-lifecycle-script', 'Install runs `prisma generate`, and what it reads is not known', {
        file: path,
        says: 'runs prisma generate',
      })
    : undefined;
}

function lineIn(tree: FileTree, path: string, name: string): number | undefined {
  const lines = keyLines(textAt(tree, path));
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'overrides', 'resolutions']
    .map((section) => lines.get(`${section}\0${name}`))
    .find((line) => line !== undefined);
}
