// Room: ecosystems/node. What the command line of a package puts among the packages when the container starts, where root has installed them.
import { joinPath } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import type { AddedAtStart, HomeQuestion } from '../types.ts';
import type { NodeProject } from './types.ts';

/**
 * Prisma's command line. `db push`, `migrate dev` and `migrate reset` generate the client until version 7; engines that are not there are
 * downloaded into node_modules, and 5.18 looks for one more than its install brings.
 * Sources: prisma.io/docs, Prisma CLI reference, "--skip-generate"; prisma/orm issue 25020.
 */
export function addedAtStart(
  tree: FileTree,
  project: NodeProject,
  words: readonly string[],
  image: HomeQuestion,
): AddedAtStart | undefined {
  const at = words.findIndex((word) => /(?:^|\/)prisma$/.test(word));
  const [verb = '', second = ''] = words.slice(at + 1).filter((word) => !word.startsWith('-'));
  if (at === -1 || !['db', 'migrate', 'generate'].includes(verb)) return undefined;
  const range = project.dependencies.get('prisma') ?? project.devDependencies.get('prisma') ?? '';
  const version = /(\d+)\.?(\d*)/.exec(range);
  const generates = ['db push', 'migrate dev', 'migrate reset'].includes(`${verb} ${second}`) && !words.includes('--skip-generate');
  if (verb === 'generate' || (generates && Number(version?.[1] ?? 0) < 7))
    return { added: 'its client', allow: 'Run `prisma generate` in a RUN, and start without it (--skip-generate).' };
  const missing = /^[~^=]?5\.18\b/.test(range) || withoutScripts(tree, project, image);
  return missing
    ? { added: 'its engines', allow: 'Let the install in the RUN run the scripts of @prisma/engines, with another version than 5.18.' }
    : undefined;
}

/** No install of the image ran the scripts that download engines. pnpm 10 runs none that is not named. Source: pnpm.io/settings, onlyBuiltDependencies. */
function withoutScripts(tree: FileTree, project: NodeProject, image: HomeQuestion): boolean {
  const installs = image.commands.filter(
    ({ manager, command }) =>
      manager !== undefined && /\b(?:ci|i|install|add)\b|^yarn$/.test(command.words.map(({ raw }) => raw).join(' ')),
  );
  const silent = installs.filter(({ command }) => command.words.some(({ value }) => /^--ignore-scripts(?:=true)?$/.test(value ?? '')));
  if (installs.length > 0 && silent.length === installs.length) return true;
  const pnpm = /^pnpm@(\d+)/.exec(project.packageManager ?? '')?.[1];
  if (pnpm === undefined || Number(pnpm) < 10) return false;
  return !['package.json', 'pnpm-workspace.yaml'].some((name) => {
    const read = tree.read(joinPath(project.dir, name) ?? '');
    return read.kind === 'text' && /onlyBuiltDependencies|allowBuilds|dangerouslyAllowAllBuilds/.test(read.text);
  });
}
