// Room: ecosystems/python. What installs bring into the home directory of root: Pythons of uv, packages for a user.
import type { FileTree } from '../../context/types.ts';
import type { HomeFile, HomeQuestion } from '../types.ts';
import { bringsPython } from './images.ts';
import type { PythonProject } from './types.ts';

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
  const at = (name: string): string => [project.dir, name].filter(Boolean).join('/');
  const read = (name: string): string => {
    const file = tree.read(at(name));
    return file.kind === 'text' ? file.text : '';
  };
  const own = /^(\d+)\.(\d+)/.exec(bringsPython(image.repository) ? (image.version ?? '') : '');
  const asked = /^(?:cpython-)?(\d+)\.(\d+)/m.exec(read('.python-version'));
  const least = /requires-python\s*=\s*["'][^"']*(?:>=|==|~=)\s*(\d+)\.(\d+)/.exec(read('pyproject.toml'));
  const managed = makes.includes('python') && makes.includes('install');
  const other = own === null || (asked !== null && (asked[1] !== own[1] || asked[2] !== own[2]));
  const older =
    own !== null && least !== null && (Number(own[1]) < Number(least[1]) || (own[1] === least[1] && Number(own[2]) < Number(least[2])));
  if (!managed && !other && !older) return undefined;
  const why =
    asked && other
      ? `${at('.python-version')} asks for Python ${asked[1]}.${asked[2]}`
      : least && older
        ? `requires-python asks for Python ${least[1]}.${least[2]}`
        : 'the image brings no Python';
  return {
    what: `uv keeps its own Python in ${DIR.replace('~', '/root')}`,
    evidence: { file: asked && other ? at('.python-version') : older ? at('pyproject.toml') : 'Dockerfile', says: why },
    allow: 'Set UV_PYTHON_INSTALL_DIR to a directory that every user may read, or take the image of that Python.',
  };
}

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
