// Room: cli/. The inputs of the action, checked; action.yml describes them.
import type { World } from '../world.ts';

export interface Inputs {
  mode: 'check' | 'pr';
  paths: string[];
  /** Flags that both modes share. */
  refactor: string[];
  failOnChange: 'yes' | 'no';
  workingDirectory: string;
  token: string;
  /** Flags of mode pr. */
  pull: string[];
}

/** How the runner names an input in the environment: blanks become `_`, the rest stays. https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax#inputs */
const variableOf = (name: string): string => `INPUT_${name.replace(/ /g, '_').toUpperCase()}`;

/** Reads the inputs; a sentence when one is wrong. */
export function inputsOf(env: World['env']): Inputs | string {
  const get = (name: string): string => (env[variableOf(name)] ?? '').trim();
  const mode = get('mode') || 'check';
  if (mode !== 'check' && mode !== 'pr') return `mode is '${mode}'; it may be check or pr`;
  for (const name of ['fail-on-change', 'draft', 'sign-off', 'verify', 'smallest'])
    if (!['', 'true', 'false'].includes(get(name))) return `${name} is '${get(name)}'; it may be true or false`;
  const refactor = ['level', 'base', 'only', 'skip'].flatMap((name) => (get(name) === '' ? [] : [`--${name}=${get(name)}`]));
  const paths = linesOf(get('paths'));
  return {
    mode,
    paths: paths.length === 0 ? ['.'] : paths,
    refactor,
    failOnChange: get('fail-on-change') === 'false' ? 'no' : 'yes',
    workingDirectory: get('working-directory') || '.',
    token: get('token'),
    pull: pullFlags(get, env),
  };
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Flag → input. With `=`, so that a value that starts with `-` is a value. */
const pullInputs: Readonly<Record<string, string>> = {
  id: 'id',
  config: 'config',
  'base-branch': 'base-branch',
  title: 'title',
  label: 'labels',
  reviewer: 'reviewers',
  author: 'author',
  platform: 'platform',
  measure: 'measure',
  prove: 'prove',
};

function pullFlags(get: (name: string) => string, env: World['env']): string[] {
  const values = Object.entries(pullInputs).flatMap(([flag, input]) => (get(input) === '' ? [] : [`--${flag}=${get(input)}`]));
  const probes = linesOf(get('probes')).map((path) => `--probe=${path}`);
  const switches = ['draft', 'sign-off', 'verify', 'smallest'].flatMap((name) => (get(name) === 'true' ? [`--${name}`] : []));
  // The workflow's own repository, on the server that runs it.
  const repository = env.GITHUB_REPOSITORY === undefined ? [] : [`--repo=${env.GITHUB_REPOSITORY}`];
  const server = env.GITHUB_SERVER_URL;
  const elsewhere = server === undefined || server === 'https://github.com' ? [] : [`--base-url=${server}`];
  return [...values, ...probes, ...switches, ...repository, ...elsewhere];
}
