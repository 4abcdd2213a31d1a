// Room: ecosystems/python. Python: pip, poetry, uv and pipenv.
import type { Ecosystem } from '../door.ts';
import { pythonFacts } from './facts.ts';
import { pythonImages } from './images.ts';
import { pythonIgnored } from './ignored.ts';
import { pythonManagers } from './managers.ts';
import { pythonOnSlim } from './on-slim.ts';
import { pythonRows, pythonWrappers } from './rows.ts';
import { splitPython } from './split.ts';

export const python: Ecosystem = {
  id: 'python',
  images: pythonImages,
  managers: pythonManagers,
  rows: pythonRows,
  wrappers: pythonWrappers,
  interprets: (program) => /^python[\d.]*$/.test(program),
  history: [
    { path: 'pyproject.toml', pattern: /setuptools[-_]scm|hatch-vcs|versioneer|dunamai|poetry-dynamic-versioning|pdm.*scm/ },
    { path: 'setup.py', pattern: /use_scm_version|versioneer|git\b/ },
    { path: 'setup.cfg', pattern: /setuptools[-_]scm|versioneer/ },
  ],
  project: pythonFacts,
  ignored: pythonIgnored,
  onSlim: pythonOnSlim,
  split: splitPython,
};
