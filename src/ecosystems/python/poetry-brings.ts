// Room: ecosystems/python. What Poetry itself brings into the interpreter that it is installed into: sources may import it without their manifest saying so.
import type { Evidence } from '../types.ts';
import { normalName } from './names.ts';
import type { PythonCase } from './split-case.ts';

/** Modules of Poetry 2.5 and of what it needs, names as they are imported. Source: `pip install --dry-run --report - poetry`, November 2026. */
const BROUGHT: ReadonlySet<string> = new Set(
  [
    'anyio build cachecontrol certifi cffi charset_normalizer cleo crashtest cryptography distlib dulwich fastjsonschema filelock findpython h11',
    'idna importlib_metadata installer jeepney keyring more_itertools msgpack packaging pbs_installer pkginfo platformdirs poetry pycparser',
    'pyproject_hooks rapidfuzz requests requests_toolbelt secretstorage shellingham tomlkit trove_classifiers truststore typing_extensions urllib3',
    'virtualenv zipp',
  ].flatMap((line) => line.split(' ')),
);

/** The first import of a module that Poetry brings, and neither the lock nor the project itself has. */
export function importedFromPoetry(c: PythonCase): { module: string; evidence: Evidence } | undefined {
  const { tree } = c.subject.project;
  const lock = c.project.poetryLock === undefined ? undefined : tree.read(c.project.poetryLock.path);
  if (lock?.kind !== 'text') return undefined;
  const locked = new Set([...lock.text.matchAll(/^name = "([^"]+)"/gm)].map((found) => normalName(found[1] ?? '')));
  for (const file of c.project.sources()) {
    const read = tree.read(file);
    if (read.kind !== 'text' || /(?:^|\/)(?:tests?|docs)\/|(?:^|\/)(?:test_[^/]*|conftest)\.py$/.test(file)) continue;
    for (const [n, line] of read.text.split('\n').entries()) {
      const module = /^(?:import|from)\s+(\w+)/.exec(line)?.[1];
      if (module === undefined || !BROUGHT.has(module) || locked.has(normalName(module)) || isOwn(c, module)) continue;
      return { module, evidence: { file, line: n + 1, says: line.trim() } };
    }
  }
  return undefined;
}

/** A module of the project. */
const isOwn = ({ project, subject }: PythonCase, module: string): boolean =>
  project.sources().some((path) => new RegExp(`(?:^|/)${module}(?:\\.py$|/)`).test(path)) ||
  subject.project.tree.stat(module) !== undefined;
