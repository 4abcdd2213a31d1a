// Room: ecosystems/. What the rest of a repository names of one of its directories: the parts of it that a program may read, import or hand out.
import { joinPath, parentOf } from '../context/paths.ts';
import type { Entry, FileTree } from '../context/types.ts';
import { isSkippedDirectory, walk } from '../context/walk.ts';
import { escaped } from '../dockerfile/glob.ts';
import { inside } from '../facts/copies.ts';
import type { Evidence } from '../facts/types.ts';
import { lineCounter } from './source-text.ts';

/** What is named of a directory. */
export interface NamedParts {
  /** A module of it is loaded, or all of it is meant: nothing of it can stay behind. */
  all: Evidence | undefined;
  /** A file or directory of it that no build makes is named, or its name stands alone where that may be a path. */
  more: boolean;
}
/** A text that stands in no file of the context: settings of the image. */
export interface OtherText {
  evidence: Evidence;
  text: string;
}
interface Asked {
  tree: FileTree;
  /** The directory of the context, and where the image has it. */
  dir: string;
  place: string;
  /** Context paths that a build makes below it: to name these is what is expected. */
  made: readonly string[];
  hidden: (path: string) => boolean;
  others: readonly OtherText[];
}

const CODE = /\.(?:[cm]?[jt]sx?|py|go|rb|php|rs|java|kt|ejs|pug|hbs)$/;
const SETTINGS = /\.(?:ya?ml|json|toml|ini|cfg|conf|properties)$|^\.env/;
/** Files that tell how something is built, tested or deployed: what they name is no use of the image. */
const OF_THE_BUILD =
  /^(?:tsconfig.*|package(?:-lock)?|npm-shrinkwrap|pnpm-.*|jest.*|tslint|\.?eslint.*|\.?prettier.*|\.swcrc|biome|nodemon|lerna|renovate|turbo|nx|typedoc|vercel|netlify|now|firebase|components|app|railway|render|fly|nixpacks|cloudbuild|(?:docker-)?compose.*|\.(?:gitlab-ci|travis|pre-commit-config|drone))\.(?:json|[cm]?js|ya?ml|toml)$|\.config\.[cm]?[jt]s$|[._](?:test|spec)\.\w+$|^test_\w+\.py$|^(?:[Gg]ulp|[Gg]runt)file\b/;
const NO_SOURCES = /^(?:tests?|__tests__|specs?|e2e|cypress|docs?|examples?|\.github|\.circleci|\.husky|\.devcontainer)$/;
const LARGEST = 512 * 1024;

/** Files of the context that may be read when the container runs, without those of `dir`; what was not seen goes to `cut`. */
function readable(tree: FileTree, hidden: (path: string) => boolean, cut: string[], dir?: string): Entry[] {
  const skip = (entry: Entry): boolean =>
    entry.path === dir || isSkippedDirectory(entry) || NO_SOURCES.test(entry.name) || hidden(entry.path);
  return walk(tree, '', { skip, onCut: (why) => cut.push(why) }).filter(
    ({ kind, name, path }) => kind === 'file' && !OF_THE_BUILD.test(name) && !hidden(path),
  );
}

/** Walks the context without the directory itself. */
export function namedParts(asked: Asked): NamedParts {
  const cut: string[] = [];
  const uses: { use: Use; evidence: Evidence }[] = [];
  for (const { name, path, size } of readable(asked.tree, asked.hidden, cut, asked.dir)) {
    if (!(CODE.test(name) || SETTINGS.test(name))) continue;
    const read = size > LARGEST ? undefined : asked.tree.read(path);
    if (read?.kind !== 'text') continue;
    for (const use of CODE.test(name) ? usesInCode(asked, path, read.text) : usesInText(asked, read.text, undefined))
      uses.push({ use, evidence: { file: path, line: lineCounter(read.text)(use.at), says: `names ${asked.dir}` } });
  }
  for (const { text, evidence } of asked.others) for (const use of usesInText(asked, text, PROGRAM)) uses.push({ use, evidence });
  const all = uses.find(({ use }) => use.all)?.evidence ?? (cut[0] === undefined ? undefined : { file: '.', says: cut[0] });
  return { all, more: uses.some(({ use }) => !use.all) };
}

/** A source or a setting that may be read when the container runs has this word. Bounded: true where not all was seen. */
export function namedAnywhere(tree: FileTree, word: string, hidden: (path: string) => boolean): boolean {
  const cut: string[] = [];
  const files = readable(tree, hidden, cut).filter(({ name }) => CODE.test(name) || SETTINGS.test(name) || /\.html?$/.test(name));
  return (
    cut.length > 0 ||
    files.some(({ path }) => {
      const read = tree.read(path);
      return read.kind !== 'text' || read.text.includes(word);
    })
  );
}

/** One place that names the directory: all of it, or something of it. */
interface Use {
  all: boolean;
  at: number;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What stands before a literal that is a module's name. */
const MODULE = /(?:\b(?:require(?:\.resolve)?|import|jest\.mock)\s*\(\s*|\b(?:from|import)\s+)$/;
/** What stands before a literal that goes on with a path. */
const JOINED = /(?:join|resolve)\s{0,5}\([^;\n]{0,200}$|[\w)\]}"'`]\s{0,5}[+/]\s{0,5}$/i;
/** What stands before a literal that is a path: the calls and names that take one. */
const PATH_BEFORE =
  /(?:static\w*|serve\w*|send\w*|root|dir\w*|path|cwd|folder|views|template\w*|open|read\w*|glob\w*|base|prefix|FileServer|FS|embed)\W[^;\n]{0,100}$/i;
/** A shell text that works in a directory: `cd client && npm run build`, `npm --prefix client`. */
const WORKS_IN = (name: string): RegExp =>
  new RegExp(`['"\`\\s](?:cd|pushd|--prefix|--cwd|--dir|-C)[ =](?:[^'"\`\\s]*/)?${escaped(name)}(?=[/'"\`\\s;&])`, 'g');
/** Further segments behind a literal: `'client', 'build'`, `+ '/build'`, `/ "build"`. */
const BEHIND = /^\s{0,40}(?:,|\+|\/|\)\s{0,5}[+/])\s{0,40}[fr]?(['"`])([^'"`\n]{0,200})\1/;

function usesInCode(asked: Asked, file: string, text: string): Use[] {
  const name = nameOf(asked.dir);
  if (!text.includes(name)) return [];
  const literal = new RegExp(`(['"\`])((?:[^'"\`\\n]{0,200}/)?${escaped(name)})(/[^'"\`\\n]{0,200})?\\1`, 'g');
  const shell = [...text.matchAll(WORKS_IN(name))].map(({ index }): Use => ({ all: true, at: index }));
  const named = [...text.matchAll(literal)].flatMap((match): Use[] => {
    const at = match.index;
    const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
    const [all, , head = '', tail = ''] = match;
    if (head.includes('://') || /^\s*(?:\/\/|#|\*|\/\*)/.test(line)) return [];
    if (MODULE.test(line)) return moduleUse(asked, file, head + tail, at);
    let rest = tail;
    let behind = text.slice(at + all.length);
    for (let next = BEHIND.exec(behind); next !== null; next = BEHIND.exec(behind)) {
      rest += `/${next[2] ?? ''}`;
      behind = behind.slice(next[0].length);
    }
    const joined = JOINED.test(line) || head.startsWith('${');
    // an address of the server, or another place of the image
    if (head.startsWith('/') && !joined && head !== asked.place) return [];
    const loads = /\b(?:require|import|import_module)\s*\(/.test(line);
    return restUse(asked, rest, { at, loads, path: joined || PATH_BEFORE.test(line) || head.includes('/') });
  });
  return [...shell, ...named];
}

/** A module of the directory may load what is installed in it; data is read. */
function moduleUse({ dir }: Asked, file: string, specifier: string, at: number): Use[] {
  const own = specifier.startsWith('.')
    ? inside(joinPath(parentOf(file), specifier) ?? '', dir)
    : new RegExp(`^(?:[@~#]?/|#)?${escaped(nameOf(dir))}(?:/|$)`).test(specifier);
  return own && !/\.(?:json|html|css|txt|ya?ml)$/.test(specifier) ? [{ all: true, at }] : [];
}

/** What a path goes on with behind the directory's name. */
function restUse({ tree, dir, made }: Asked, given: string, found: { at: number; loads: boolean; path: boolean }): Use[] {
  const { at } = found;
  const rest = given.replace(/^[/.]*\/|\/+$/g, '').replaceAll(/\/{2,}/g, '/');
  const [first = ''] = rest.split('/');
  if (first === '') return [{ all: found.path, at }];
  if (first === 'node_modules' || /[*${%]|\.\./.test(first) || found.loads) return [{ all: true, at }];
  const path = `${dir}/${rest}`;
  if (made.some((output) => inside(path, output) || inside(output, path))) return [];
  return tree.stat(`${dir}/${first}`) === undefined ? [] : [{ all: false, at }];
}

/** What a health check or NODE_OPTIONS names of the directory runs there. */
const PROGRAM = /\.[cm]?[jt]s$/;
/** Settings: a path of the directory, quoted or not. `loaded`: which of them load what is installed there. */
function usesInText(asked: Asked, text: string, loaded: RegExp | undefined): Use[] {
  const name = nameOf(asked.dir);
  if (!text.includes(name)) return [];
  const path = new RegExp(`(?<![\\w.@-])${escaped(name)}(/[\\w.*@/-]{0,200})`, 'g');
  return [...text.matchAll(path)].flatMap((match) =>
    restUse(asked, match[1] ?? '', { at: match.index, loads: loaded?.test(match[1] ?? '') === true, path: false }),
  );
}
