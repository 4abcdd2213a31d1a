// Room: ecosystems/python. Packages that are built although they have wheels: what they then link is not what their wheels carry.
import type { RunPart, StageReading } from '../../facts/reading.ts';
import type { Evidence } from '../types.ts';
import { normalName } from './names.ts';
import { textOf } from './words.ts';

/** Which packages are built from source, and what says so. */
export interface FromSource {
  builds(name: string): boolean;
  evidence: Evidence;
}

/**
 * Variables that hold the names, or switch wheels off. Sources: https://pip.pypa.io/en/stable/topics/configuration/#environment-variables,
 * https://docs.astral.sh/uv/reference/environment/, https://python-poetry.org/docs/configuration/#installerno-binary
 */
const VARIABLES = ['PIP_NO_BINARY', 'UV_NO_BINARY', 'UV_NO_BINARY_PACKAGE', 'POETRY_INSTALLER_NO_BINARY'];
const OPTIONS = ['--no-binary', '--no-binary-package'];

/** The first setting of a stage that has packages built: an option, a variable, a manager's own configuration. Undefined: wheels are taken where there are some. */
export function fromSource(reading: StageReading): FromSource | undefined {
  for (const { instruction, parts } of reading.runs)
    for (const part of parts) {
      if (part.manager?.ecosystem !== 'python') continue;
      const told = optionOf(part) ?? variableOf(part) ?? configurationOf(part);
      if (told === undefined || told.value === ':none:') continue;
      const evidence = { file: 'Dockerfile', line: instruction.line, says: `${told.by} has packages built from source` };
      return { evidence, builds: named(told.value) };
    }
  return undefined;
}

interface Told {
  by: string;
  value: string;
}

function optionOf({ command }: RunPart): Told | undefined {
  const words = command.words.map(textOf);
  for (const [n, word] of words.entries())
    for (const by of OPTIONS) {
      if (word === by) return { by, value: words[n + 1]?.startsWith('-') === false ? (words[n + 1] ?? '') : ':all:' };
      if (word.startsWith(`${by}=`)) return { by, value: word.slice(by.length + 1) };
    }
  return undefined;
}

function variableOf({ command, effects }: RunPart): Told | undefined {
  for (const by of VARIABLES) {
    const own = command.assignments.find(({ name }) => name === by);
    const found = own ? { value: own.value ?? ':all:' } : effects.before.lookup(by);
    if (found) return { by, value: 'value' in found ? found.value : ':all:' };
  }
  return undefined;
}

/** `pip config set global.no-binary :all:`, `poetry config installer.no-binary name`. */
function configurationOf({ command }: RunPart): Told | undefined {
  const words = command.words.map(textOf);
  const at = words.findIndex((word) => /(?:^|\.)no-binary(?:\.|$)/.test(word));
  return at > 0 && words.includes('config') ? { by: words.slice(0, at + 1).join(' '), value: words[at + 1] ?? ':all:' } : undefined;
}

/** Names divided by commas or blanks; `:all:`, `true`, `1`, and what is computed, are all. */
function named(value: string): (name: string) => boolean {
  const names = value.split(/[\s,]+/).filter((name) => name !== '');
  if (names.some((name) => !/^[A-Za-z][\w.-]*$/.test(name) || name === 'true')) return () => true;
  const wanted = new Set(names.map(normalName));
  return (name) => wanted.has(normalName(name));
}
