// Room: runtime/. The settings files that a program of the image may read: JSON, YAML, TOML, INI and their kin.
import type { FileTree } from '../context/types.ts';
import { walk } from '../context/walk.ts';
import { landingOf } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import { oncePer } from '../once.ts';

const SETTINGS = /\.(?:json|ya?ml|toml|ini|cfg|conf|properties|env)$|^\.env$/;
/** Of package managers, editors, tests, orchestrators; descriptions of interfaces, translations. */
const NOT_SETTINGS =
  /(?:^|\/)(?:package|package-lock|npm-shrinkwrap|composer|bower|deno|turbo|nx|lerna|vercel|now|app\.json|renovate|cypress|angular|project|jest|babel|biome|components|manifest|openapi|swagger|tsconfig[\w.-]*|jsconfig|docker-compose[\w.-]*|compose[\w.-]*|mkdocs|fly|render|railway|netlify|cloudbuild|appspec|buildspec|serverless|skaffold|\.\w+rc|pnpm-lock|pnpm-workspace|yarn|poetry|uv|Pipfile|pyproject|setup|tox|mypy|pytest|Cargo|rust-toolchain)\.(?:json|ya?ml|toml|ini|cfg|lock|conf)$|(?:^|\/)(?:\.github|\.gitlab\S*|\.circleci|\.vscode|\.idea|\.devcontainer|k8s|kubernetes|helm|charts?|terraform|tests?|__tests__|fixtures|locales?|i18n|lang|translations|messages|docs?|nginx)\//i;
const LARGEST = 100_000;

interface SettingsFile {
  file: string;
  text: string;
}

/** Those that the image has from the context. */
export function settingsOf({ project, stages }: Subject): SettingsFile[] {
  const copies = stages.flatMap((stage) => stage.copies);
  return readAll(project.tree).filter(
    ({ file }) => !project.ignore.ignores(file) && !project.gitIgnores(file) && landingOf(copies, file) !== undefined,
  );
}

/** Read once for a context. */
const readAll = oncePer((tree: FileTree): SettingsFile[] =>
  walk(tree, '').flatMap((entry) => {
    const { kind, name, path } = entry;
    if (kind !== 'file' || !SETTINGS.test(name) || NOT_SETTINGS.test(path) || entry.size > LARGEST || path.split('/').length > 5) return [];
    const read = tree.read(path);
    if (read.kind !== 'text' || /^apiVersion:/m.test(read.text) || /"?\b(?:openapi|swagger)"?\s*:/.test(read.text)) return [];
    return [{ file: path, text: read.text }];
  }),
);
