// Room: runtime/. Absolute paths outside of the application that sources, settings files, ENV or the command line name: the program may write to them.
import type { NamedPath } from '../ecosystems/types.ts';
import { namesSet } from '../dockerfile/state.ts';
import { resolvePath } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { oncePer } from '../once.ts';
import { isBrought, projectsOf } from '../facts/applications.ts';
import { isAddressed, kindOfPath, type PathKind } from './path-words.ts';
import type { RunCommand } from './run-command.ts';
import { spawnedBy } from './spawned.ts';
import { settingsOf } from './settings-files.ts';

export interface NamedElsewhere {
  /** Clean and absolute; of a path with parts that are computed, the directory before them. */
  path: string;
  kind: PathKind;
  evidence: Evidence;
}

/** Every one, in order. */
export const namedElsewhere = (subject: Subject, run: RunCommand): readonly NamedElsewhere[] => allOf(subject)(run);

const allOf = oncePer((subject: Subject) =>
  oncePer((run: RunCommand) => [...inSources(subject), ...inSettings(subject), ...inEnvironment(subject), ...onTheCommandLine(run)]),
);

/** Places that only root may enter or read. Sources: FHS 3.0; shadow(5), sudoers(5); Debian, ssl-cert and openssl; eff-certbot.readthedocs.io, "Where are my certificates?". */
const OF_ROOT = /^\/(?:root|etc\/(?:ssl\/private|letsencrypt\/(?:live|archive|keys)|g?shadow|sudoers(?:\.d)?)|var\/spool\/cron)(?:\/|$)/;
export const isOfRoot = (path: string): boolean => OF_ROOT.test(path);

function named(text: string, before: string, evidence: Evidence, given?: NamedPath['given']): NamedElsewhere[] {
  const told = kindOfPath(text, before, given) ?? (given === 'write' ? 'either' : undefined);
  // `cache_dir` is a directory, what a call writes may be a file
  const kind = isOfRoot(text) ? 'file' : told === 'either' ? kindGiven(text, given) : told;
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
  const started = spawnedBy(subject)
    .filter(({ effects }) => effects.every(({ does, own }) => does.kind !== 'unknown' && own.unknown === undefined))
    .map(({ hit }) => `${hit.file}:${hit.line}`);
  return projectsOf(subject).flatMap(({ project }) => {
    const told = new Set([
      ...started,
      ...project
        .hits()
        .filter(({ kind, literal }) => kind !== 'write' || literal !== undefined)
        .filter(({ kind }) => ['read', 'template', 'write', 'env-file', 'dlopen', 'tls'].includes(kind))
        .map(({ file, line }) => `${file}:${line}`),
    ]);
    const literals = project.literals?.() ?? [];
    const addressed = new Set(literals.flatMap(({ text, before }) => (isAddressed(text, before) ? [text] : [])));
    return (
      literals
        // commands and routes that another place of the sources asks for by the same name
        .filter(({ text, given }) => given !== undefined || !addressed.has(text))
        .filter(({ text, file }) => text.startsWith('/') && !CLIENT.test(file) && isBrought(subject, file))
        // also what is read in root's home is out of reach
        .filter(({ text, file, line, given }) => isOfRoot(text) || given === 'write' || !told.has(`${file}:${line}`))
        .flatMap(({ file, line, text, before, given }) => named(text, before, { file, line, says: `names ${text}` }, given))
    );
  });
}

const VALUE = /((?:sqlite[\w+]{0,20}:\/{2,3}|file:(?:\/\/)?|unix:(?:\/\/)?)?)(?<=[\s"'=:,[(]|^)(\/[\w.@{}$%/-]{1,200})(?=["'\s,\]})]|$)/g;

/** Settings files that the image has. */
function inSettings(subject: Subject): NamedElsewhere[] {
  return settingsOf(subject).flatMap(({ file, text }) =>
    pathsIn(text).flatMap(({ line, path, before }) => named(path, before, { file, line, says: `names ${path}` })),
  );
}

function pathsIn(text: string): { line: number; path: string; before: string }[] {
  return text.split('\n').flatMap((line, n) => {
    if (line.length > 1000 || /^\s*(?:#|;|\/\/)/.test(line)) return [];
    return [...line.matchAll(VALUE)].map((match) => ({
      line: n + 1,
      path: match[2] ?? '',
      before: line.slice(0, match.index) + (match[1] ?? ''),
    }));
  });
}

/** Variables of toolchains and package managers: their directories are filled by the build. */
const TOOLS =
  /^(?:PATH|HOME|PWD|ZONEINFO|\w*_CA_\w*|CA_\w*|SHELL|TZ|LANG|LC_\w+|LD_\w+|PYTHON\w*|PIP\w*|POETRY\w*|PDM\w*|UV_\w*|PIPENV\w*|PIPX\w*|PYENV\w*|CONDA\w*|VIRTUAL_ENV|NODE_\w*|NPM_\w*|YARN\w*|PNPM\w*|COREPACK\w*|NVM\w*|BUN_\w*|CARGO\w*|RUST\w*|GO[A-Z]*|JAVA_\w*|MAVEN\w*|GRADLE\w*|GEM\w*|BUNDLE\w*|COMPOSER\w*|SSL_\w*|REQUESTS_\w*|CURL_\w*|GIT_\w*|PLAYWRIGHT\w*|PUPPETEER\w*|CHROM\w*|NLTK_DATA|GDAL\w*|PROJ\w*|CUDA\w*|ORACLE\w*|ANDROID\w*|FLUTTER\w*|DENO\w*|NUXT\w*|NEXT\w*|APP_HOME|APP_DIR|APP_ROOT|APPDIR|WORKDIR|PROJECT_DIR|PROJECT_ROOT|SRC_DIR|INSTALL_DIR)$/i;
export const isOfTools = (variable: string): boolean => TOOLS.test(variable);

function inEnvironment({ final, dockerfile, project }: Subject): NamedElsewhere[] {
  // what the image itself sets is for the programs that it has
  const own = namesSet(dockerfile.instructions);
  const ofImage = [...final.end.env].flatMap(([name, set]) =>
    'value' in set && own.has(name) ? [{ name, value: set.value, file: 'Dockerfile', line: undefined }] : [],
  );
  const ofUses = project
    .uses()
    .services.flatMap(({ environment = [], evidence: { file, line } }) =>
      environment.map(([name, value]) => ({ name, value, file, line })),
    );
  return [...ofImage, ...ofUses].flatMap(({ name, value, file, line }) => {
    // what a COPY puts there is brought to be read
    if (TOOLS.test(name) || final.copies.some(({ dest }) => dest === value)) return [];
    const [, scheme = '', path] = /^((?:sqlite[\w+]*:\/{2,3}|file:(?:\/\/)?|unix:(?:\/\/)?)?)(\/[\w.@/-]+)$/.exec(value) ?? [];
    const evidence: Evidence = { file, ...(line === undefined ? {} : { line }), says: `sets ${name}=${value}` };
    return path === undefined ? [] : named(path, `${name}=${scheme}`, evidence);
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
