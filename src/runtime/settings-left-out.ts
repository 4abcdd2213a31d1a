// Room: runtime/. Settings that git leaves out: a program whose paths are computed may be given them by whoever builds.
import { gitIgnoreLines } from '../context/git-ignore.ts';
import type { FileTree } from '../context/types.ts';
import { globMatch } from '../dockerfile/glob.ts';
import { buildFile } from './entries.ts';

/** Endings of settings, keys and certificates: what a program is given beside its sources; directories of them. */
const SETTINGS =
  /(?:^|\/)(?:(?!coverage|report|package|tsconfig|release\.properties|buildNumber\.properties|\.)[\w@*-][\w@.*-]*\.(?:ya?ml|json|toml|conf|cfg|ini|properties|pem|key|crt|p12)|(?:conf|configs?|settings|certs|secrets|keys)\/?)$/i;
/** Files of variables, `.env` alone aside, which is told by itself. */
const VARIABLES = /(?:^|\/)(?:\.env(?:\.[\w.*-]+|\*)|[\w*-]+\.env)$/;
const EXAMPLES = /\b(?:example|sample|template|dist)\b/;

/**
 * Settings in a directory of the context that its .gitignore names: a program that computes the paths it reads may read each of them,
 * and whoever builds may have them. In: the context, and the directory; out: paths of the context, a `*` in the name where the pattern has one.
 */
export const settingsLeftOut = (tree: FileTree, dir: string): string[] =>
  leftOut(tree, dir, SETTINGS).filter((path) => !buildFile(path.slice(path.lastIndexOf('/') + 1).toLowerCase()));

/** `.env.production`, `app.env`: one of them is read, and its name is computed. Those that are there, and those that .gitignore names, which whoever builds may have. */
export function environmentFiles(tree: FileTree, dir: string): string[] {
  const named = leftOut(tree, dir, VARIABLES).map((path) => path.replace(/\.env\*$/, '.env.*'));
  const there = (tree.list(dir) ?? []).flatMap(({ kind, name, path }) =>
    kind === 'file' && /^\.env\.|\.env$/.test(name) && !EXAMPLES.test(name) ? [path] : [],
  );
  return [...new Set([...there.filter((path) => !named.some((pattern) => globMatch(pattern, path))), ...named])];
}

/** A source of a COPY that is a `.env`, or where git leaves such a file out a pattern for it. */
export const holdsVariables = (source: string): boolean => /(?:^|\/)\.(?:env|en\[v\]|env\.[\w.-]*[*[].*)$/.test(source);

/** A file that a source of a COPY may be where it is a pattern: `key.pe[m]` is `key.pem`. Undefined: it is none. */
export const sampleOf = (source: string): string | undefined =>
  /[[*]/.test(source)
    ? source
        .replace(/\[(\w)\]/g, '$1')
        .replace(/\*+/g, 'x')
        .replace(/^\.\//, '')
    : undefined;

function leftOut(tree: FileTree, dir: string, kind: RegExp): string[] {
  const lines = gitIgnoreLines(tree);
  const kept = new Set(lines.filter((line) => line.startsWith('!')).map((line) => line.replace(/^!\/?/, '')));
  const paths = lines
    .map((line) => line.replace(/^(?:\*\*)?\//, '').replace(/\/$/, ''))
    .filter((line) => kind.test(line) && !/[?[\]{}!#\\]|\*.*\/|\*\*/.test(line) && !EXAMPLES.test(line))
    .filter((line) => !kept.has(line))
    // without a slash the name counts in every directory. Source: gitignore(5)
    .map((line) => (line.includes('/') || dir === '' ? line : `${dir}/${line}`));
  return [...new Set(paths)].filter((path) => dir === '' || path.startsWith(`${dir}/`)).slice(0, 12);
}
