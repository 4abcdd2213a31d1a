// Room: runtime/. Absolute paths outside of the application that sources, settings files, ENV or the command line name: the program may write to them.
import type { NamedPath } from '../ecosystems/types.ts';
import { walk } from '../context/walk.ts';
import { landingOf, resolvePath } from '../facts/copies.ts';
import { oncePer } from '../once.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { projectsOf } from './own-sources.ts';
import { kindOfPath, type PathKind } from './path-words.ts';
import type { RunCommand } from './run-command.ts';

export interface NamedElsewhere {
  /** Clean and absolute; of a path with parts that are computed, the directory before them. */
  path: string;
  kind: PathKind;
  evidence: Evidence;
}

/** Every one, in order. */
export function namedElsewhere(subject: Subject, run: RunCommand): NamedElsewhere[] {
  return [...inSources(subject), ...inSettings(subject), ...inEnvironment(subject), ...onTheCommandLine(run)];
}

function named(text: string, before: string, evidence: Evidence, given?: NamedPath['given']): NamedElsewhere[] {
  const told = kindOfPath(text, before) ?? (given === 'write' ? 'either' : undefined);
  // `cache_dir` is a directory, what a call writes may be a file
  const kind = told === 'either' ? kindGiven(text, given) : told;
  if (kind === undefined) return [];
  const parts = text.split('/');
  const computed = parts.findIndex((part) => /[{}$%<>:]/.test(part));
  const fixed = computed === -1 ? text : parts.slice(0, computed).join('/');
  const path = resolvePath('/', fixed);
  return path === undefined || path === '/' ? [] : [{ path, kind: computed === -1 ? kind : 'directory', evidence }];
}

const kindGiven = (text: string, given: NamedPath['given']): PathKind =>
  /\.\w{1,9}$/.test(text) ? 'file' : given === 'place' || text.endsWith('/') ? 'directory' : 'either';

/** Files of components run in a browser. */
const CLIENT = /\.(?:[jt]sx|vue|svelte)$/;

function inSources(subject: Subject): NamedElsewhere[] {
  return projectsOf(subject).flatMap(({ project }) => {
    const told = new Set(
      project
        .hits()
        .filter(({ kind, literal }) => kind !== 'write' || literal !== undefined)
        .filter(({ kind }) => ['read', 'template', 'write', 'env-file', 'dlopen', 'tls'].includes(kind))
        .map(({ file, line }) => `${file}:${line}`),
    );
    return (
      (project.literals?.() ?? [])
        .filter(({ text, file }) => text.startsWith('/') && !CLIENT.test(file))
        // also what is read in root's home is out of reach
        .filter(({ text, file, line, given }) => text.startsWith('/root/') || given === 'write' || !told.has(`${file}:${line}`))
        .flatMap(({ file, line, text, before, given }) => named(text, before, { file, line, says: `names ${text}` }, given))
    );
  });
}

const SETTINGS = /\.(?:json|ya?ml|toml|ini|cfg|conf|properties|env)$|^\.env$/;
/** Of package managers, editors, tests, orchestrators; descriptions of interfaces, translations. */
const NOT_SETTINGS =
  /(?:^|\/)(?:package|package-lock|npm-shrinkwrap|composer|bower|deno|turbo|nx|lerna|vercel|now|app\.json|renovate|cypress|angular|project|jest|babel|biome|components|manifest|openapi|swagger|tsconfig[\w.-]*|jsconfig|docker-compose[\w.-]*|compose[\w.-]*|mkdocs|fly|render|railway|netlify|cloudbuild|appspec|buildspec|serverless|skaffold|\.\w+rc|pnpm-lock|pnpm-workspace|yarn|poetry|uv|Pipfile|pyproject|setup|tox|mypy|pytest|Cargo|rust-toolchain)\.(?:json|ya?ml|toml|ini|cfg|lock|conf)$|(?:^|\/)(?:\.github|\.gitlab\S*|\.circleci|\.vscode|\.idea|k8s|kubernetes|helm|charts?|terraform|tests?|__tests__|fixtures|locales?|i18n|lang|translations|messages|docs?|nginx)\//i;
const LARGEST = 100_000;
const VALUE = /((?:sqlite[\w+]{0,20}:\/{2,3}|file:(?:\/\/)?|unix:(?:\/\/)?)?)(?<=[\s"'=:,[(]|^)(\/[\w.@{}$%/-]{1,200})(?=["'\s,\]})]|$)/g;

/** Settings files that the image has. */
function inSettings({ project, stages }: Subject): NamedElsewhere[] {
  const copies = stages.flatMap((stage) => stage.copies);
  return settingsOf(project.tree)
    .filter(({ file }) => !project.ignore.ignores(file) && !project.gitIgnores(file) && landingOf(copies, file) !== undefined)
    .flatMap(({ file, line, text, before }) => named(text, before, { file, line, says: `names ${text}` }));
}

/** Read once for a context. */
const settingsOf = oncePer((tree: Subject['project']['tree']) => {
  const found: { file: string; line: number; text: string; before: string }[] = [];
  for (const { kind, name, path, size } of walk(tree, '')) {
    if (kind !== 'file' || !SETTINGS.test(name) || NOT_SETTINGS.test(path) || size > LARGEST || path.split('/').length > 5) continue;
    const read = tree.read(path);
    if (read.kind !== 'text' || /^apiVersion:/m.test(read.text) || /"?\b(?:openapi|swagger)"?\s*:/.test(read.text)) continue;
    for (const [n, line] of read.text.split('\n').entries()) {
      if (line.length > 1000 || /^\s*(?:#|;|\/\/)/.test(line)) continue;
      for (const match of line.matchAll(VALUE))
        found.push({ file: path, line: n + 1, text: match[2] ?? '', before: line.slice(0, match.index) + (match[1] ?? '') });
    }
  }
  return found;
});

/** Variables of toolchains and package managers: their directories are filled by the build. */
const TOOLS =
  /^(?:PATH|HOME|PWD|ZONEINFO|\w*_CA_\w*|CA_\w*|SHELL|TZ|LANG|LC_\w+|LD_\w+|PYTHON\w*|PIP\w*|POETRY\w*|PDM\w*|UV_\w*|PIPENV\w*|PIPX\w*|PYENV\w*|CONDA\w*|VIRTUAL_ENV|NODE_\w*|NPM_\w*|YARN\w*|PNPM\w*|COREPACK\w*|NVM\w*|BUN_\w*|CARGO\w*|RUST\w*|GO[A-Z]*|JAVA_\w*|MAVEN\w*|GRADLE\w*|GEM\w*|BUNDLE\w*|COMPOSER\w*|SSL_\w*|REQUESTS_\w*|CURL_\w*|GIT_\w*|PLAYWRIGHT\w*|PUPPETEER\w*|CHROM\w*|NLTK_DATA|GDAL\w*|PROJ\w*|CUDA\w*|ORACLE\w*|ANDROID\w*|FLUTTER\w*|DENO\w*|NUXT\w*|NEXT\w*|APP_HOME|APP_DIR|APP_ROOT|APPDIR|WORKDIR|PROJECT_DIR|PROJECT_ROOT|SRC_DIR|INSTALL_DIR)$/i;

function inEnvironment({ final }: Subject): NamedElsewhere[] {
  return [...final.end.env].flatMap(([name, set]) => {
    // what a COPY puts there is brought to be read
    if (!('value' in set) || TOOLS.test(name) || final.copies.some(({ dest }) => dest === set.value)) return [];
    const [, scheme = '', path] = /^((?:sqlite[\w+]*:\/{2,3}|file:(?:\/\/)?|unix:(?:\/\/)?)?)(\/[\w.@/-]+)$/.exec(set.value) ?? [];
    return path === undefined ? [] : named(path, `${name}=${scheme}`, { file: 'Dockerfile', says: `sets ${name}=${set.value}` });
  });
}

/** Words of the programs that run the project's sources; what their rows know is not asked again. */
function onTheCommandLine(run: RunCommand): NamedElsewhere[] {
  return run.started.flatMap(({ effects, evidence, starter }) => {
    if (starter || effects.sources === undefined) return [];
    const known = new Set([...effects.own.known.map(({ path }) => path), effects.runs?.path]);
    const words = effects.command.words.slice(1).map((word) => word.value ?? '');
    return words.flatMap((word, n) => {
      const [, option = '', scheme = '', path] =
        /^(--?[\w.-]+=|[\w.]+=)?((?:sqlite[\w+]*:\/{2,3}|file:(?:\/\/)?|unix:(?:\/\/)?)?)(\/[\w.@/-]+)$/.exec(word) ?? [];
      if (path === undefined || known.has(path)) return [];
      return named(path, (option === '' ? `${words[n - 1] ?? ''} ` : option) + scheme, { ...evidence, says: `names ${path}` });
    });
  });
}
