// Room: ecosystems/python. Tools that test and check the project's sources, as rows: CI and services run them in the image that they test.
import { file, tree } from '../../effects/places.ts';
import type { Call, Place, Row, ShellState, Told } from '../../effects/types.ts';
import type { Word } from '../../dockerfile/types.ts';
import { names } from '../../effects/words.ts';

const here = ({ cwd }: ShellState): Place[] => (cwd === undefined ? [] : [tree(cwd)]);
/** It loads the sources, and keeps files under these names in the directory where it starts. */
const keeps =
  (...entries: string[]) =>
  ({ state }: Call): Told => ({
    does: { kind: 'serve' },
    sources: 'python',
    writes: { known: state.cwd === undefined ? [] : entries.map((name) => file(`${state.cwd}/${name}`)) },
    reads: { known: here(state) },
  });

/** A formatter changes the files that it is given. Source: black.readthedocs.io; docs.astral.sh/ruff; pycqa.github.io/isort. */
function formats(call: Call): Told {
  const checks = call.args.some((word) => ['--check', '--check-only', '--diff', 'check'].includes(word.value ?? ''));
  const fixes = call.args.some((word) => word.value === '--fix');
  return checks && !fixes
    ? keeps('.ruff_cache')(call)
    : { does: { kind: 'files' }, writes: { known: here(call.state) }, reads: { known: here(call.state) } };
}

const COVERAGE = '--concurrency --context --data-file --include --omit --rcfile --source';
const wordOf = (value: string): Word => ({ start: 0, end: 0, raw: value, value, variables: [] });

/** `coverage run -m pytest` is python with an eye on it; its other commands read what it wrote down. Source: coverage.readthedocs.io, "Command line usage". */
function coverage(call: Call): Told | undefined {
  const [verb, ...args] = call.args;
  if (['report', 'xml', 'html', 'json', 'lcov', 'combine', 'erase'].includes(verb?.value ?? ''))
    return keeps('.coverage', 'coverage.xml', 'coverage.json', 'coverage.lcov', 'htmlcov')(call);
  const valued = names(COVERAGE);
  const at = args.findIndex((word, n) => {
    const text = word.value ?? word.raw;
    return text === '-m' || (!text.startsWith('-') && !valued.has(args[n - 1]?.value ?? ''));
  });
  if (verb?.value !== 'run' || at === -1) return undefined;
  const words = [wordOf('python'), ...args.slice(at)];
  return { ...keeps('.coverage')(call), starts: [{ ...call.command, assignments: [], redirects: [], before: undefined, words }] };
}

export const pythonTestRows: readonly Row[] = [
  { programs: 'pytest py.test', source: 'https://docs.pytest.org: .pytest_cache in the root directory', tell: keeps('.pytest_cache') },
  { programs: 'coverage coverage3', source: 'https://coverage.readthedocs.io/en/latest/cmd.html', tell: coverage },
  {
    programs: 'black isort autopep8 ruff',
    source: 'https://black.readthedocs.io; pycqa.github.io/isort; docs.astral.sh/ruff',
    tell: formats,
  },
  { programs: 'mypy', source: 'https://mypy.readthedocs.io: .mypy_cache', tell: keeps('.mypy_cache') },
  { programs: 'flake8 pycodestyle pyflakes pydocstyle bandit', source: 'https://flake8.pycqa.org; bandit.readthedocs.io', tell: keeps() },
];
