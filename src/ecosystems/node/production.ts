// Room: ecosystems/node. How the production dependencies are come by (rule book §4.2.N "Prod deps strategy").
import type { ShellCommand, State } from '../../dockerfile/types.ts';
import type { RunCommand } from '../../runtime/run-command.ts';
import type { Evidence } from '../types.ts';
import type { NodeProject } from './types.ts';

/**
 * `as-is`: only they were installed. `omit`: `npm ci --omit=dev` is exact. `prune`: `npm prune --omit=dev` behind the build.
 * `keep-all`: the container needs a development dependency.
 */
export interface Production {
  strategy: 'as-is' | 'omit' | 'prune' | 'keep-all';
  evidence: Evidence[];
  notes: { id: string; message: string; line?: number }[];
}

/** Options that leave development dependencies out. Source: npm docs, npm-install `--omit`; older: `--production`, `--only=prod`. */
const PRODUCTION_OPTIONS = new Set(['--omit=dev', '--production', '--only=production', '--only=prod', '--production=true']);

/** Chooses the strategy for an npm install. `state`: in force where it runs. */
export function production(project: NodeProject, install: ShellCommand, run: RunCommand, state: State): Production {
  const env = state.env.get('NODE_ENV');
  const inline = install.assignments.find((a) => a.name === 'NODE_ENV')?.value;
  const words = install.words.map((w) => w.value ?? '');
  const omits =
    words.some((w) => PRODUCTION_OPTIONS.has(w)) ||
    words.join(' ').includes('--omit dev') ||
    inline === 'production' ||
    (env !== undefined &&
      'value' in env &&
      env.value === 'production' &&
      !words.some((w) => w.startsWith('--include=dev') || w === '--production=false'));
  if (omits || project.devDependencies.size === 0) return { strategy: 'as-is', evidence: [], notes: [] };
  const used = runtimeDevelopment(project, run);
  if (used)
    return {
      strategy: 'keep-all',
      evidence: [used.evidence],
      notes: [
        {
          id: 'runtime-uses-devdep',
          message: `\`${used.package}\` is a development dependency but used at run time; all dependencies are kept`,
          line: undefined,
        },
      ],
    };
  return { strategy: omittable(project, words) ? 'omit' : 'prune', evidence: [], notes: [] };
}

/** `npm ci --omit=dev` gives the same production tree: no scripts of the project or of its packages, a lock, no patches, no workspaces. */
function omittable(project: NodeProject, words: readonly string[]): boolean {
  const scripts = project.installScriptPackages();
  const quiet = project.lifecycle.length === 0 && !project.bindingGyp && 'value' in scripts && scripts.value.length === 0;
  const special = ['patch-package', '@prisma/client', 'prisma'].some(
    (name) => project.dependencies.has(name) || project.devDependencies.has(name),
  );
  const manifests = project.manifests('npm');
  return (
    quiet &&
    !special &&
    !project.workspaces &&
    words.includes('ci') &&
    // what is included wins over what is omitted. Source: npm docs, config, include
    !words.some((w) => w.startsWith('--include') || w.startsWith('--production')) &&
    project.lockfiles.some((l) => l.manager === 'npm') &&
    'set' in manifests &&
    manifests.set.dirs.length === 0
  );
}

/** A development dependency that the run command or non-test sources use. */
function runtimeDevelopment(project: NodeProject, run: RunCommand): { package: string; evidence: Evidence } | undefined {
  for (const need of [...run.needs, { program: run.program, evidence: { file: 'Dockerfile', says: 'is the run command' } }]) {
    const bin = project.bin(need.program);
    if ('value' in bin && bin.value?.dev) return { package: bin.value.package, evidence: need.evidence };
    if ('unknown' in bin && project.devDependencies.has(need.program)) return { package: need.program, evidence: need.evidence };
  }
  return project.devImports()[0];
}
