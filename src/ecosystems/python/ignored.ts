// Room: ecosystems/python. What a Python project may want hidden from the build: bytecode, virtual environments.
import type { FileTree } from '../../context/types.ts';
import { walk } from '../../context/walk.ts';
import type { Subject } from '../../facts/subject.ts';
import { candidate, type Candidate } from '../../ignore/candidates.ts';
import { bringsPython } from './images.ts';

/** The patterns, where a stage stands on an image of Python. */
export function pythonIgnored(subject: Subject): Candidate[] {
  if (!subject.stages.some((s) => bringsPython(s.base.family?.repository))) return [];
  return [
    candidate('**/__pycache__', { sample: '__pycache__' }),
    ...(hasCompiledAlone(subject.project.tree) ? [] : [candidate('**/*.py[cod]', { sample: 'x.pyc' })]),
    candidate('.venv', { essential: true, review: true }),
    ...(subject.project.tree.stat('venv/pyvenv.cfg') ? [candidate('venv', { essential: true, review: true })] : []),
  ];
}

/** A module that is there as bytecode alone: Python imports it. Source: peps.python.org/pep-3147, "legacy .pyc files". */
const hasCompiledAlone = (tree: FileTree): boolean =>
  walk(tree, '').some(({ kind, path }) => kind === 'file' && /\.py[cod]$/.test(path) && tree.stat(path.slice(0, -1)) === undefined);
