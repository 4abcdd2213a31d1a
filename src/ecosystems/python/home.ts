// Room: ecosystems/python. What installs bring into the home directory of root: Pythons of uv, packages for a user.
import type { FileTree } from '../../context/types.ts';
import type { HomeFile, HomeQuestion } from '../types.ts';
import { bringsPython } from './images.ts';
import type { PythonProject } from './types.ts';
import { otherPython, pythonOf } from './uv-python.ts';

const DIR = '~/.local/share/uv/python';

/**
 * uv takes the image's Python where the project allows it, and downloads one otherwise, to which the environment links.
 * Source: docs.astral.sh/uv/concepts/python-versions; UV_PYTHON_INSTALL_DIR, UV_PYTHON_DOWNLOADS, UV_PYTHON_PREFERENCE.
 */
export function uvPython(tree: FileTree, project: PythonProject, image: HomeQuestion): HomeFile | undefined {
  const calls = image.commands
    .filter(({ manager }) => manager === 'uv')
    .map(({ command }) => command.words.map((word) => word.value ?? word.raw));
  const makes = calls.find((words) => ['sync', 'venv', 'run', 'python'].some((verb) => words.includes(verb)) && !words.includes('pip'));
  if (!makes || ['UV_PYTHON_INSTALL_DIR', 'UV_NO_MANAGED_PYTHON'].some((name) => image.lookup(name) !== undefined)) return undefined;
  const never = image.lookup('UV_PYTHON_DOWNLOADS');
  if (never && 'value' in never && ['never', '0', 'false', 'manual'].includes(never.value)) return undefined;
  if (makes.includes('python') && makes.includes('install')) return ofRoot({ file: 'Dockerfile', says: 'installs a Python of uv' });
  const brought = bringsPython(image.repository);
  const asked = otherPython(tree, project.dir, pythonOf(image.repository, image.version));
  return asked && ofRoot(brought ? asked : { file: 'Dockerfile', says: 'the image brings no Python' });
}

const ofRoot = (evidence: HomeFile['evidence']): HomeFile => ({
  what: `uv keeps its own Python in ${DIR.replace('~', '/root')}`,
  evidence,
  allow: 'Set UV_PYTHON_INSTALL_DIR to a directory that every user may read, or take the image of that Python.',
});

/** `pip install --user`: packages of the user who installs. Source: pip.pypa.io, "User Installs"; docs.python.org, site. */
export function userSite({ commands, lookup }: HomeQuestion): HomeFile | undefined {
  const made = commands.find(({ manager, command }) => manager === 'pip' && command.words.some(({ value }) => value === '--user'));
  return made === undefined || lookup('PYTHONUSERBASE') !== undefined
    ? undefined
    : {
        what: 'pip install --user puts packages into /root/.local',
        evidence: { file: 'Dockerfile', says: 'installs packages for root alone' },
        allow: 'Install them without --user.',
      };
}
