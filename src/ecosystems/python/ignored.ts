// Room: ecosystems/python. What a Python project may want hidden from the build: bytecode, virtual environments.
import type { Subject } from '../../facts/subject.ts';
import { candidate, type Candidate } from '../../ignore/candidates.ts';

/** The patterns, where a stage stands on an image of Python. */
export function pythonIgnored(subject: Subject): Candidate[] {
  if (!subject.stages.some((s) => s.base.family?.repository === 'python')) return [];
  return [
    candidate('**/__pycache__', { sample: '__pycache__' }),
    candidate('**/*.py[cod]', { sample: 'x.pyc' }),
    candidate('.venv', { essential: true, review: true }),
    ...(subject.project.tree.stat('venv/pyvenv.cfg') ? [candidate('venv', { essential: true, review: true })] : []),
  ];
}
