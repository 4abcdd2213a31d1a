// Room: ecosystems/node. Where the build scripts write: each command of a script asked for its output.
import { joinPath } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { parseShell } from '../../dockerfile/shell.ts';
import { known, unknown, type Evidence, type Fact } from '../../facts/types.ts';
import { CHECKS, QUIET } from './build-rows.ts';
import { builders, optionOf, type Written } from './builders.ts';
import { fields, jsonIn, stringFields, textOf } from './json.ts';
import { invocation, unwrapped } from './invocation.ts';
import { wordsOf } from './kinds.ts';

/** One package with its scripts; others of the context are reached by `cd` and --prefix. */
interface Place {
  tree: FileTree;
  dir: string;
  scripts: ReadonlyMap<string, string>;
  ranges: ReadonlyMap<string, string>;
  /** The schema of Prisma that the manifest names. */
  schema?: string | undefined;
  /** Scripts that were asked, by directory and name: each is read once, and one that is still being read calls itself. */
  asked: Map<string, Written>;
}
const circular: Written = { unknown: 'scripts that call each other' };

/** Output of a script of package.json, its pre and post scripts included. Paths relative to `dir`, sorted, none inside another. */
export function scriptOutputs(tree: FileTree, dir: string, name: string, evidence: Evidence): Fact<string[]> {
  const place = placeAt(tree, dir, new Map());
  return factOf(dir, place === undefined ? { unknown: 'package.json cannot be read' } : ofScript(place, name, 0), evidence);
}

/** Output of a shell text that runs in `dir`. */
export const textOutputs = (tree: FileTree, dir: string, text: string, evidence: Evidence): Fact<string[]> =>
  factOf(dir, outputsBelow(tree, dir, text), evidence);

/** The same as paths of the context, wherever they lie in it. */
export const outputsBelow = (tree: FileTree, dir: string, text: string): Written =>
  ofText(placeAt(tree, dir, new Map()) ?? { tree, dir, scripts: new Map(), ranges: new Map(), asked: new Map() }, text, 0);

function factOf(dir: string, all: Written, evidence: Evidence): Fact<string[]> {
  if ('unknown' in all) return unknown(all.unknown, evidence);
  const relative = [...new Set(all.paths)].map((path) =>
    dir === '' ? path : path.startsWith(`${dir}/`) ? path.slice(dir.length + 1) : undefined,
  );
  if (relative.some((path) => path === undefined)) return unknown('it writes outside of its own directory', evidence);
  const paths = relative.filter((path) => path !== undefined).sort();
  return known(
    paths.filter((path) => !paths.some((other) => path.startsWith(`${other}/`))),
    evidence,
  );
}

function placeAt(tree: FileTree, dir: string, asked: Place['asked']): Place | undefined {
  const read = tree.read(joinPath(dir, 'package.json') ?? '');
  const parsed = read.kind === 'text' ? jsonIn(read) : { broken: '' };
  if ('broken' in parsed) return undefined;
  const manifest = fields(parsed.value);
  const ranges = new Map([...stringFields(manifest.get('devDependencies')), ...stringFields(manifest.get('dependencies'))]);
  return {
    tree,
    dir,
    scripts: stringFields(manifest.get('scripts')),
    ranges,
    schema: textOf(fields(manifest.get('prisma')).get('schema')),
    asked,
  };
}

function ofScript(place: Place, name: string, depth: number): Written {
  const text = place.scripts.get(name);
  if (text === undefined) return { unknown: `package.json has no script ${name}` };
  const key = `${place.dir}\0${name}`;
  const known = place.asked.get(key);
  if (known !== undefined) return known;
  place.asked.set(key, circular);
  const answer = all(
    [place.scripts.get(`pre${name}`), text, place.scripts.get(`post${name}`)].map((one) =>
      one === undefined ? { paths: [] } : ofText(place, one, depth + 1),
    ),
  );
  place.asked.set(key, answer);
  return answer;
}

function all(parts: readonly Written[]): Written {
  const stop = parts.find((part) => 'unknown' in part);
  return stop ?? { paths: [...new Set(parts.flatMap((part) => ('paths' in part ? part.paths : [])))] };
}

function ofText(place: Place, text: string, depth: number): Written {
  if (depth > 40) return circular;
  const script = parseShell(text);
  if (script.opaque !== undefined) return { unknown: `${text.slice(0, 100)}: ${script.opaque}` };
  const parts: Written[] = [];
  let here: Place | undefined = place;
  for (const command of script.commands) {
    if (here === undefined) return { unknown: 'it changes to a directory that is not in the build context' };
    const words = wordsOf(command);
    if (words[0] === 'cd') here = moved(here, words[1]);
    else if (words.length > 0) parts.push(ofCommand(here, words, assignments(command.assignments, words), depth));
  }
  return all(parts);
}

function assignments(given: readonly { name: string; value: string | undefined }[], words: readonly string[]): Map<string, string> {
  const env = new Map(given.map((one) => [one.name, one.value ?? '$']));
  for (const word of words) {
    const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(word);
    if (match?.[1] !== undefined && match[2] !== undefined) env.set(match[1], match[2]);
  }
  return env;
}

function moved(place: Place, to: string | undefined): Place | undefined {
  const dir = to === undefined || /[$~*`]/.test(to) ? undefined : joinPath(place.dir, to);
  if (dir === undefined) return undefined;
  return placeAt(place.tree, dir, place.asked) ?? { ...place, dir, scripts: new Map() };
}

/** Programs that make no output directory: checks, removals, generators of sources. */
const without = new Set(
  [
    CHECKS,
    QUIET,
    'rimraf rm del del-cli mkdir mkdirp echo true exit test [ cross-env sleep tsc-alias resolve-tspaths tscpaths graphql-codegen panda openapi-generator-cli chmod touch printf clear git which',
  ].flatMap((list) => list.split(' ')),
);
/** Programs that copy: what they are given last is written. */
const copying = new Set('cp copyfiles cpx cpx2 cpy ncp copy rsync shx'.split(' '));

function ofCommand(place: Place, given: readonly string[], env: ReadonlyMap<string, string>, depth: number): Written {
  const words = unwrapped(given);
  const call = invocation(words);
  const here = call?.dir === undefined ? place : moved(place, call.dir);
  if (here === undefined) return { unknown: `${words.join(' ').slice(0, 100)} works in another directory` };
  if (call?.script !== undefined) {
    if (call.workspace) return { unknown: `${words.join(' ').slice(0, 100)} builds other packages` };
    return here.scripts.has(call.script) || call.manager === 'npm'
      ? ofScript(here, call.script, depth + 1)
      : ofProgram(here, [call.script, ...call.operands, ...call.options], env, depth);
  }
  if (call?.manager === 'bun' && call.verb === 'build') return bunBuild(here, words);
  if (call !== undefined && call.bin === undefined)
    return ['install', 'ci', 'prune', 'cache', 'config', 'version', 'rebuild', 'audit'].includes(call.verb)
      ? { paths: [] }
      : { unknown: `what ${words.join(' ').slice(0, 100)} writes is not known` };
  return ofProgram(here, call?.bin ?? words, env, depth);
}

function ofProgram(place: Place, words: readonly string[], env: ReadonlyMap<string, string>, depth: number): Written {
  const [path = '', ...args] = words;
  const name = path.replace(/^(\.\/)?node_modules\/(\.bin\/)?/, '').replace(/^@(vercel|swc|babel|zeit)\/(cli$)?/, '') || path;
  const builder = builders.get(name);
  if (builder !== undefined)
    return builder({ tree: place.tree, dir: place.dir, args, env, schema: place.schema, range: (one) => place.ranges.get(one) });
  if (without.has(name)) return { paths: [] };
  if (name === 'run-s' || name === 'run-p' || name === 'npm-run-all' || name === 'npm-run-all2') return runAll(place, args, depth);
  if (name === 'concurrently') return all(args.filter((arg) => !arg.startsWith('-')).map((arg) => concurrently(place, arg, depth)));
  if (copying.has(name)) return copied(place, name, args);
  if (name === 'node' && args[0] === 'ace' && args[1] === 'build') return { paths: [joinPath(place.dir, 'build') ?? 'build'] };
  return { unknown: `what ${words.join(' ').slice(0, 100)} writes is not known` };
}

/** https://github.com/mysticatea/npm-run-all: names, and globs over names (`build:*`). */
function runAll(place: Place, args: readonly string[], depth: number): Written {
  const names = args
    .filter((arg) => !arg.startsWith('-'))
    .flatMap((arg) => {
      if (!arg.includes('*')) return [arg];
      const prefix = arg.slice(0, arg.indexOf('*'));
      return [...place.scripts.keys()].filter((name) => name.startsWith(prefix));
    });
  return all(names.slice(0, 50).map((name) => ofScript(place, name, depth + 1)));
}

/** https://github.com/open-cli-tools/concurrently: commands, and `npm:name` for scripts. */
function concurrently(place: Place, arg: string, depth: number): Written {
  const script = /^(?:npm|yarn|pnpm|bun):(.+)$/.exec(arg)?.[1];
  return script === undefined ? ofText(place, arg, depth + 1) : runAll(place, [script], depth);
}

/** `cp -r src/views dist/`: the last word is written. `shx cp …` as well. */
function copied(place: Place, name: string, args: readonly string[]): Written {
  const inner = name === 'shx' ? args[0] : name;
  if (inner === 'rm' || inner === 'mkdir' || inner === 'chmod' || inner === 'echo') return { paths: [] };
  const target = args.filter((arg) => !arg.startsWith('-')).at(-1);
  const path = target === undefined || /[$`*]/.test(target) ? undefined : joinPath(place.dir, target);
  return path === undefined || path === place.dir ? { unknown: `where ${name} copies to is not known` } : { paths: [path] };
}

/** https://bun.com/docs/bundler */
function bunBuild(place: Place, words: readonly string[]): Written {
  const out = optionOf(words, '--outdir', '--outfile');
  const path = out === undefined || /[$`*]/.test(out) ? undefined : joinPath(place.dir, out);
  return path === undefined ? { unknown: 'bun build names no output' } : { paths: [path] };
}
