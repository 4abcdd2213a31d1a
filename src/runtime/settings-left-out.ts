// Room: runtime/. Settings that git leaves out: a program whose paths are computed may be given them by whoever builds.
import type { FileTree } from '../context/types.ts';

/** Endings of settings, keys and certificates: what a program is given beside its sources. */
const SETTINGS =
  /(?:^|\/)(?!coverage|report|package|tsconfig|\.)[\w@-][\w@.-]*\.(?:ya?ml|json|toml|conf|cfg|ini|properties|pem|key|crt|p12)$/i;

/**
 * Settings in a directory of the context that its .gitignore names one by one: a program that computes the paths it reads may read each of them,
 * and whoever builds may have them. Patterns are none. In: the context, and the directory; out: paths of the context.
 */
export function settingsLeftOut(tree: FileTree, dir: string): string[] {
  const read = tree.read('.gitignore');
  if (read.kind !== 'text') return [];
  const lines = read.text.split('\n').map((line) => line.trim());
  const kept = new Set(lines.filter((line) => line.startsWith('!')).map((line) => line.replace(/^!\/?/, '')));
  const paths = lines
    .filter((line) => SETTINGS.test(line) && !/[*?[\]{}!#\\]/.test(line))
    .map((line) => (line.startsWith('/') ? line.slice(1) : line))
    .filter((line) => !kept.has(line))
    // without a slash the name counts in every directory. Source: gitignore(5)
    .map((line) => (line.includes('/') || dir === '' ? line : `${dir}/${line}`));
  return [...new Set(paths)].filter((path) => dir === '' || path.startsWith(`${dir}/`)).slice(0, 12);
}
