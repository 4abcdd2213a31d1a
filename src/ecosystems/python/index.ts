// Room: ecosystems/python. Python: pip, poetry, uv and pipenv.
import { pythonInstallers } from './installers.ts';
import { GIT_CHANGES } from '../../knowledge/git-readers.ts';
import type { Ecosystem } from '../door.ts';
import { barePython, pythonFacts } from './facts.ts';
import { pythonImages } from './images.ts';
import { pythonIgnored } from './ignored.ts';
import { pythonManagers } from './managers.ts';
import { pythonOnSlim } from './on-slim.ts';
import { pythonRows, pythonWrappers } from './rows.ts';
import { environmentsMade } from './own-environment.ts';
import { splitPython } from './split.ts';

export const python: Ecosystem = {
  id: 'python',
  interpreted: true,
  onOtherImages: true,
  keepsCopies: true,
  images: pythonImages,
  managers: pythonManagers,
  rows: pythonRows,
  wrappers: pythonWrappers,
  installers: pythonInstallers,
  carries: environmentsMade,
  history: [
    {
      files: /(^|\/)pyproject\.toml$/,
      pattern:
        /setuptools[-_](scm|git)|hatch-vcs|source\s*=\s*["'](vcs|scm|uv-dynamic-versioning)|versioneer|dunamai|poetry[-_](dynamic-versioning|version-plugin|git-version)|uv-dynamic-versioning|pdm.*scm|versioningit|vcs-versioning|\bpbr\b|flit_scm|gitpython|pygit2|dulwich|["']git (?:describe|rev-parse|log|status|rev-list)\b/i,
    },
    {
      files: /\.py$/,
      pattern:
        /[[(]\s*["']git["']\s*,|^\s*(import git\b|from git import\b|import pygit2\b)|["']git (describe|rev-parse|log|status|rev-list)\b/m,
      changes: GIT_CHANGES,
      // Repo.clone_from and Repo.init make their own
      opens: /\b(?:git\.)?Repo\(|\bpygit2\.(?:Repository|discover_repository)\(|\bporcelain\.(?:status|log|pull|fetch)\(/,
    },
    { files: /(^|\/)setup\.py$/, pattern: /use_scm_version|setuptools[-_]git|versioneer|vcversioner|\bpbr\b|git\b/ },
    { files: /(^|\/)setup\.cfg$/, pattern: /setuptools[-_](scm|git)|versioneer|\bpbr\b/ },
    // libraries that read repositories: which one cannot be told
    {
      files: /(^|\/)([\w-]*requirements[\w.-]*\.(txt|in)|requirements\/[^/]+\.txt|Pipfile)$/,
      pattern: /^\s*(gitpython|pygit2|dulwich)\b/im,
    },
    { files: /(^|\/)docs?\/(source\/)?conf\.py$/, pattern: /setuptools_scm|sphinx_last_updated_by_git|['"]git['"]/ },
  ],
  project: pythonFacts,
  bareProject: barePython,
  ignored: pythonIgnored,
  onSlim: pythonOnSlim,
  split: splitPython,
};
