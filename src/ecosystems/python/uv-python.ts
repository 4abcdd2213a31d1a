// Room: ecosystems/python. Which Python uv asks for: where the image's is another one, uv downloads its own, and the environment links to that.
// Source: docs.astral.sh/uv/concepts/python-versions
import { satisfies } from '@renovatebot/pep440';
import type { FileTree } from '../../context/types.ts';
import { bringsPython } from './images.ts';
import { readToml, stringAt } from './toml.ts';

/** Why the Python of the image may not be the one that is asked for: the file that asks, and the words. */
interface Asked {
  file: string;
  says: string;
}

/** The version of the image's Python as its tag tells it: of two numbers, the newest with these is meant. */
export const pythonOf = (repository: string | undefined, tag: string | undefined): string | undefined =>
  bringsPython(repository) ? /^3\.\d+(?:\.\d+)?$/.exec(tag ?? '')?.[0] : undefined;

/** What the project asks for, where the image may not have it; undefined: uv takes the image's. */
export function otherPython(tree: FileTree, dir: string, version: string | undefined): Asked | undefined {
  const path = (name: string): string => [dir, name].filter(Boolean).join('/');
  const newest = version !== undefined && version.split('.').length === 2 ? `${version}.99` : version;
  const pin = tree.read(path('.python-version'));
  if (pin.kind === 'text') {
    const asked = /^\s*(?:cpython-)?([\d.]+)\s*$/.exec(pin.text)?.[1];
    const fits = newest !== undefined && asked !== undefined && (newest === asked || newest.startsWith(`${asked}.`));
    if (!fits) return { file: path('.python-version'), says: `${path('.python-version')} asks for ${pin.text.trim().slice(0, 20)}` };
  }
  const manifest = readToml(tree, path('pyproject.toml'));
  const range = manifest && 'table' in manifest ? stringAt(manifest.table, 'project', 'requires-python') : undefined;
  const fits = newest !== undefined && (range === undefined || satisfies(newest, range));
  return fits ? undefined : { file: path('pyproject.toml'), says: `requires-python is ${range ?? 'not told'}` };
}
