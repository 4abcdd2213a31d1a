// Room: ecosystems/node. How the production dependencies are come by.
import type { ShellCommand, State } from '../../dockerfile/types.ts';
import type { Used } from './runtime-development.ts';
import type { Evidence } from '../types.ts';
import type { NodeProject } from './types.ts';

/**
 * `as-is`: only they were installed. `pruned`: a RUN leaves the others out behind the build. `omit`: `npm ci --omit=dev` is exact.
 * `prune`: `npm prune --omit=dev` behind the build.
 * `keep-all`: the container needs a development dependency.
 */
export interface Production {
  strategy: 'as-is' | 'pruned' | 'omit' | 'prune' | 'keep-all';
  evidence: Evidence[];
  notes: { id: string; message: string }[];
}

/** One install or prune of the project, and what is in force where it runs. */
export interface ProductionStep {
  command: ShellCommand;
  prunes: boolean;
  state: State;
  line: number;
}

/** Options that leave development dependencies out. Source: npm docs, npm-install `--omit`; older: `--production`, `--only=prod`; pnpm: `--prod`. */
const LEFT_OUT = /^(?:--omit=dev|--prod(?:uction)?(?:=true)?|-P|--only=prod(?:uction)?)$/;
/** Options that bring them whatever else is set. Source: npm docs, config, include: what is included wins over what is omitted. */
const BROUGHT =
  /^(?:--include=dev|--prod(?:uction)?=false|--no-prod(?:uction)?|--omit=|--also=dev(?:elopment)?|--dev|--only=dev(?:elopment)?)$/;

/**
 * Chooses the strategy for the installs of a project, in order. `used`: a development dependency that the container needs; `lasting`: why they
 * cannot be taken out.
 */
export function production(
  project: NodeProject,
  steps: readonly [ProductionStep, ...ProductionStep[]],
  asked: { used: () => Used | undefined; lasting: () => Evidence | undefined },
): Production {
  const [install] = steps;
  const words = joined(install.command);
  const choices = steps.map(omits);
  const bringing = steps.findLastIndex((step, n) => !step.prunes && choices[n] !== 'yes');
  if (project.devDependencies.size === 0 || bringing < 0) return { strategy: 'as-is', evidence: [], notes: [] };
  const own = steps.find((_, n) => n > bringing && choices[n] === 'yes');
  // what one RUN installs and removes again is in no layer
  if (own?.line === steps[bringing]?.line) return { strategy: 'as-is', evidence: [], notes: [] };
  if (own)
    return {
      strategy: 'pruned',
      evidence: [{ file: 'Dockerfile', line: own.line, says: 'leaves development dependencies out' }],
      notes: [],
    };
  const chosen = steps[choices.findIndex((choice) => typeof choice === 'object')];
  if (chosen)
    return {
      strategy: 'keep-all',
      evidence: [{ file: 'Dockerfile', line: chosen.line, says: 'installs what NODE_ENV, which whoever builds chooses, asks for' }],
      notes: [kept(`Line ${chosen.line} installs what NODE_ENV, which whoever builds chooses, asks for`)],
    };
  const needed = asked.used();
  if (needed)
    return {
      strategy: 'keep-all',
      evidence: [needed.evidence],
      notes: [
        {
          id: 'runtime-uses-devdep',
          message: `${needed.says}; all dependencies are kept`,
        },
      ],
    };
  const lasting = asked.lasting();
  if (lasting) return { strategy: 'keep-all', evidence: [lasting], notes: [kept(`${lasting.file} ${lasting.says}`)] };
  return { strategy: omittable(project, words) ? 'omit' : 'prune', evidence: [], notes: [] };
}

/** Why development dependencies stay where the container needs none of them. */
const kept = (why: string): Production['notes'][number] => ({ id: 'development-kept', message: `${why}; all dependencies are kept` });

/** `--omit dev` as `--omit=dev`. */
const joined = ({ words }: ShellCommand): string[] => {
  const texts = words.map((word) => word.value ?? word.raw);
  return texts.map((text, n) => (['--omit', '--include', '--only', '--also'].includes(text) ? `${text}=${texts[n + 1] ?? ''}` : text));
};

/** Whether a command leaves development dependencies out, or who decides it. */
function omits({ command, state }: ProductionStep): 'yes' | 'no' | { unknown: string } {
  const words = joined(command);
  if (words.some((word) => BROUGHT.test(word))) return 'no';
  if (words.some((word) => LEFT_OUT.test(word))) return 'yes';
  const inline = command.assignments.find((a) => a.name === 'NODE_ENV');
  const set = inline ? (inline.value === undefined ? { unknown: 'NODE_ENV' } : { value: inline.value }) : nodeEnv(state);
  if (set === undefined) return 'no';
  return 'unknown' in set ? set : set.value === 'production' ? 'yes' : 'no';
}

/** ENV wins over ARG, whose value is the caller's. What an unknown image sets is left out here: leaving the others out twice does no harm. */
function nodeEnv({ env, args }: State): ReturnType<State['env']['get']> {
  const set = env.get('NODE_ENV');
  if (set && 'value' in set) return set;
  return args.has('NODE_ENV') ? { unknown: 'NODE_ENV is a build argument' } : undefined;
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
