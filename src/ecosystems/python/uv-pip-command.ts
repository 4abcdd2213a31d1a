// Room: ecosystems/python. `uv venv`: where it makes an environment of the Python on PATH. Source: https://docs.astral.sh/uv/reference/cli/#uv-venv
import type { ShellCommand } from '../../dockerfile/types.ts';
import { joined, placeOf, placesOf, tree } from '../../effects/places.ts';
import type { Call, ShellState, Told } from '../../effects/types.ts';
import { options } from '../../effects/words.ts';

const VALUED: ReadonlySet<string> = new Set(['--prompt', '--cache-dir', '--color', '--link-mode', '--index-url', '--default-index']);
/** Another Python, which uv may have to download. */
const OTHER = /^(?:-p|--python|--python-preference|--managed-python)(?:=|$)/;

/** The directories of the environments that a `uv venv` makes; undefined: it is none, or one of another Python. */
export function uvVenvs(command: ShellCommand, state: ShellState): string[] | undefined {
  const [program, ...words] = command.words;
  const [verb, ...args] = words.map((word) => word.value ?? word.raw);
  if (!/(?:^|\/)uv$/.test(program?.value ?? '') || verb !== 'venv' || args.some((word) => OTHER.test(word))) return undefined;
  const { rest } = options(words.slice(1), VALUED);
  if (rest.length > 0) return rest.flatMap((word) => placeOf(word, state, true)?.path ?? []);
  return state.cwd === undefined ? [] : [`${state.cwd === '/' ? '' : state.cwd}/.venv`];
}

/** What it does. */
export function uvVenv({ command, state }: Call): Told | undefined {
  const made = uvVenvs(command, state);
  return made && made.length > 0
    ? { does: { kind: 'files' }, writes: joined(placesOf([], state, true), { known: made.map(tree) }) }
    : undefined;
}
