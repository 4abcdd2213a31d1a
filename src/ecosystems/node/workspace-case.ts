// Room: ecosystems/node. A workspace that is installed as a whole, of which the container runs one package: all of its manifests count as one.
// Sources: https://docs.npmjs.com/cli/v11/commands/npm-prune (all workspaces, unless some are named) · https://classic.yarnpkg.com/en/docs/workspaces
import type { Evidence } from '../types.ts';
import type { FileTree } from '../../context/types.ts';
import { inside } from '../../facts/copies.ts';
import type { Subject } from '../../facts/subject.ts';
import type { Install } from '../../installs/shapes.ts';
import { installsOf } from '../../installs/sites.ts';
import { nodeReader } from './facts.ts';
import { once } from '../../once.ts';
import { devImports } from './dev-imports.ts';
import { fields, jsonIn, stringFields } from './json.ts';
import { wordsOf } from './kinds.ts';
import { readSources } from './sources.ts';
import type { NodeProject } from './types.ts';

/** Options that install or build a part of a workspace alone. Sources: docs.npmjs.com/cli/v11/using-npm/config#workspace; pnpm.io/filtering */
const PARTS = /^(?:-w|--workspace|--workspaces|-ws|--include-workspace-root|-iwr|--filter|-F|--focus|focus)(?:=|$)/;

/** Why an install of a workspace is not carried as a whole, as a sentence; undefined: it is. */
export function workspaceProblem(
  { subject }: { subject: Subject },
  project: NodeProject,
  install: Install,
): { message: string; evidence: Evidence[] } | undefined {
  const { tree } = subject.project;
  const word = wordsOf(install.part.command).find((text) => PARTS.test(text));
  if (word !== undefined) return { message: `The install takes a part of the workspace (${word})`, evidence: [] };
  if (project.lockfiles.length === 0)
    return { message: 'The workspace has no lock file: which packages it installs is unknown', evidence: [] };
  if (!project.members) return { message: 'Which directories belong to the workspace is unknown', evidence: [] };
  const gyp = project.members.find((dir) => tree.stat(`${dir}/binding.gyp`)?.kind === 'file');
  return gyp === undefined
    ? undefined
    : {
        message: `${gyp}/binding.gyp: the addon is built from sources`,
        evidence: [{ file: `${gyp}/binding.gyp`, says: 'builds an addon' }],
      };
}

/** The project with the dependencies of all packages of its workspace: what one of them needs in production is none of development. */
export function asWorkspace(tree: FileTree, project: NodeProject, ignores: (path: string) => boolean): NodeProject {
  const manifests = (project.members ?? []).map((dir) => {
    const read = tree.read(`${dir}/package.json`);
    const parsed = read.kind === 'text' ? jsonIn(read) : { broken: '' };
    return fields('value' in parsed ? parsed.value : undefined);
  });
  const union = (section: 'dependencies' | 'devDependencies' | 'optionalDependencies'): ReadonlyMap<string, string> =>
    new Map([...manifests.flatMap((one) => [...stringFields(one.get(section))]), ...project[section]]);
  const all = {
    ...project,
    dependencies: union('dependencies'),
    devDependencies: union('devDependencies'),
    optionalDependencies: union('optionalDependencies'),
  };
  const { members } = project;
  return {
    ...all,
    ...(members === undefined ? {} : { members }),
    devImports: once(() => devImports({ ...all, scripts: new Map(), tree }, readSources(tree, project.dir, ignores).files)),
  };
}

/** The container starts in the root of the workspace, or in one of its packages. */
export const startsWithin = (workdir: string, root: string | undefined): boolean =>
  root !== undefined && root !== '/' && inside(workdir, root);

/** The root of the workspace in the image, where the container starts in it or below. */
export function workspaceOf(subject: Subject, workdir: string): string | undefined {
  for (const run of subject.final.runs)
    for (const { manager, cwd, dir } of installsOf(subject.final, run, subject)) {
      if (manager.ecosystem !== 'node' || dir === undefined) continue;
      return subject.project.read(nodeReader, dir)?.workspaces && startsWithin(workdir, cwd) ? cwd : undefined;
    }
  return undefined;
}
