// Room: effects/make. What make does for its goals: the commands of the recipes, in order. Source: GNU make manual, "Writing Recipes in Rules", "How make Processes a Makefile".
import type { Known } from '../../dockerfile/types.ts';
import { cleaned } from '../places.ts';
import { UNKNOWN, expand, isKnown, type Scope, type Variable } from './expand.ts';
import type { Asked, Makefile, Rule } from './makefile.ts';
import { namesFiles, readMakefile, withOwn } from './read.ts';

/** One line of a recipe, or the command of a `$(shell …)`. */
export interface Line {
  /** Words of the shell and its options; the text is given behind them. */
  shell: readonly string[];
  text: string;
  env: ReadonlyMap<string, Known>;
  mayFail: boolean;
}
export interface Made {
  lines: Line[];
  /** Image paths of makefiles and of files that the rules need. */
  reads: string[];
  /** They need files that are not known by name. */
  readsMore: boolean;
}

/** A variable of the shell that stands for what cannot be told. */
export const UNTOLD = '__not_told';

const MOST_LINES = 2000;

/** The commands of a call; or why they cannot be told, as the end of a sentence. */
export function madeBy(asked: Asked): Made | { unknown: string } {
  const file = readMakefile(asked);
  const made: Made = { lines: [], reads: file.files, readsMore: false };
  const named = file.scope.variable('.DEFAULT_GOAL');
  const goals = asked.goals.length > 0 ? asked.goals : [named ? expand(named.text, file.scope).trim() : (file.firstTarget ?? '')];
  const run: Run = { file, made, done: new Map() };
  const why =
    file.scope.problem ??
    goals
      .map((goal) => (goal === '' || !isKnown(goal) ? 'has no first target that is known' : make(goal, run, 0)))
      .find((one) => one !== undefined) ??
    file.scope.problem;
  if (why !== undefined) return { unknown: why };
  const ran = [...file.scope.ran].map((text): Line => ({ shell: ['/bin/sh', '-c'], text: asShell(text), env: new Map(), mayFail: true }));
  return { ...made, lines: [...ran, ...made.lines] };
}

interface Run {
  file: Makefile;
  made: Made;
  done: Map<string, 'open' | 'done'>;
}

const DEEPEST = 100;

/** Makes one target, once. Gives why that cannot be told. */
function make(target: string, run: Run, depth: number): string | undefined {
  const { file, made, done } = run;
  if (done.has(target)) return undefined;
  if (depth > DEEPEST || made.lines.length > MOST_LINES) return 'is too deep in its rules';
  done.set(target, 'open');
  const rule = file.rules.get(target);
  const doubt = rule?.doubt ?? doubtOf(file, target, rule);
  if (doubt !== undefined) return doubt;
  if (!rule) {
    made.reads.push(cleaned(target.startsWith('/') ? target : `${file.asked.cwd}/${target}`));
    return undefined;
  }
  const undo = withOwn(file, rule);
  for (const need of rule.needs) {
    const why = isKnown(need) ? make(need, run, depth + 1) : computed(file, need);
    if (!isKnown(need)) made.readsMore = true;
    if (why !== undefined) return why;
  }
  for (const recipe of rule.double ? rule.recipes : rule.recipes.filter((lines) => lines.length > 0).slice(-1)) {
    const why = cook(target, recipe, rule, run);
    if (why !== undefined) return why;
  }
  undo();
  done.set(target, 'done');
  return file.scope.problem;
}

/** A need whose name is not known: names of files are no targets of rules, unless such a file is there as well. */
function computed({ rules, asked }: Makefile, need: string): string | undefined {
  const why = 'needs targets whose names are computed';
  if (!namesFiles(need)) return why;
  const isThere = [...rules].some(([name, rule]) => !rule.phony && asked.read(cleaned(`${asked.cwd}/${name}`)) !== undefined);
  return isThere ? why : undefined;
}

/** Suffixes of the sources that make's own rules make a file from. Source: GNU make manual, "Catalogue of Built-In Rules". */
const SUFFIXES = '.o .c .cc .cpp .C .p .f .F .m .r .s .S .mod .sh .y .l'.split(' ');

/** Why rules with patterns or of make's own may say what a target does; undefined: they do not. */
function doubtOf({ vague, asked }: Makefile, target: string, rule: Rule | undefined): string | undefined {
  const cooked = rule?.recipes.some((lines) => lines.length > 0) === true;
  const open = vague.find(
    ({ before, after, explicit }) =>
      (explicit || !(cooked || rule?.phony === true)) &&
      target.length >= before.length + after.length &&
      target.startsWith(before) &&
      target.endsWith(after),
  );
  if (open) return open.why;
  const stands = asked.read(cleaned(`${asked.cwd}/${target}`)) !== undefined;
  if (cooked || rule?.phony === true || (!rule && stands)) return undefined;
  const bases = [target, target.replace(/\.[^./]*$/, '')];
  const source = bases
    .flatMap((base) => SUFFIXES.map((suffix) => base + suffix))
    .find((one) => one !== target && asked.read(cleaned(`${asked.cwd}/${one}`)) !== undefined);
  return source === undefined ? undefined : `makes ${target} of ${source} by a rule of its own`;
}

/** The lines of one recipe as commands of the shell. */
function cook(target: string, recipe: readonly string[], rule: Rule, { file, made }: Run): string | undefined {
  const own = automatic(target, rule);
  const [program = '/bin/sh', ...words] = expand('$(SHELL)', file.scope).split(/\s+/).filter(Boolean);
  const flags = file.variables.get('.SHELLFLAGS');
  const options = flags ? expand(flags.text, file.scope).split(/\s+/).filter(Boolean) : ['-c'];
  const shell = [program, ...words, ...options];
  if (!shell.every(isKnown) || !(options.at(-1) ?? '').endsWith('c')) return 'runs its recipes in a shell that is computed';
  const env = environment(file);
  // the text of `define` may be several lines
  const lines = recipe.flatMap((line) =>
    expand(line, file.scope, own)
      .split(/(?<!\\)\n/)
      .map(prefixed),
  );
  // a shell of its own for each line; with .ONESHELL one for all
  const texts = file.oneShell ? [{ text: lines.map(({ text }) => text).join('\n'), mayFail: lines[0]?.mayFail ?? false }] : lines;
  for (const { text, mayFail } of texts)
    if (text.trim() !== '') made.lines.push({ shell, text: asShell(text), env, mayFail: mayFail || file.mayFail });
  return file.scope.problem;
}

/** `@` is silent, `-` goes on behind an error, `+` runs always. */
function prefixed(line: string): { text: string; mayFail: boolean } {
  const prefix = /^[@+\-\s]*/.exec(line)?.[0] ?? '';
  return { text: line.slice(prefix.length), mayFail: prefix.includes('-') };
}

/** `$@`, `$<`, `$^` and their kin. Source: GNU make manual, "Automatic Variables". */
function automatic(target: string, { needs }: Rule): Map<string, string> {
  const values: Record<string, string> = {
    '@': target,
    '<': needs[0] ?? '',
    '^': [...new Set(needs)].join(' '),
    '+': needs.join(' '),
    '?': UNKNOWN,
    '*': UNKNOWN,
    '%': '',
    '|': UNKNOWN,
  };
  const found = new Map(Object.entries(values));
  for (const [name, value] of Object.entries(values)) {
    const paths = value.split(' ').filter(Boolean);
    found.set(
      `${name}D`,
      isKnown(value) ? paths.map((path) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.')).join(' ') : UNKNOWN,
    );
    found.set(`${name}F`, isKnown(value) ? paths.map((path) => path.slice(path.lastIndexOf('/') + 1)).join(' ') : UNKNOWN);
  }
  return found;
}

/** What the recipes find in the environment beside what make itself was given. Source: GNU make manual, "Communicating Variables to a Sub-make". */
function environment({ variables, exported, exportsAll, exportsMore, scope, asked }: Makefile): ReadonlyMap<string, Known> {
  const env = new Map<string, Known>();
  for (const [name, variable] of variables) {
    const out = exported.get(name) ?? (variable.outside === true || exportsAll);
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    if (exportsMore && exported.get(name) !== true) env.set(name, { unknown: `${name} may be exported` });
    else if (out) env.set(name, exportedValue(variable, scope, name));
  }
  for (const [name, out] of exported) if (!out) env.set(name, { unknown: `${name} is not exported` });
  if (asked.given.length > 0)
    env.set('MAKEFLAGS', { value: asked.given.map(([name, value]) => `${name}=${/\s/.test(value) ? UNKNOWN : value}`).join(' ') });
  return env;
}

function exportedValue(variable: Variable, scope: Scope, name: string): Known {
  const value = variable.simple ? variable.text : expand(variable.text, scope);
  return isKnown(value) ? { value } : { unknown: `${name} is computed` };
}

/** What is not known as a variable of the shell, also within single quotes. */
function asShell(text: string): string {
  if (isKnown(text)) return text;
  let out = '';
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const one = text[at] ?? '';
    if (!isKnown(one)) out += quote === "'" ? `'"\${${UNTOLD}}"'` : `\${${UNTOLD}}`;
    else {
      out += one;
      if (one === '\\' && quote !== "'" && isKnown(text[at + 1] ?? '')) out += text[(at += 1)] ?? '';
      if (one === quote) quote = '';
      else if (quote === '' && (one === "'" || one === '"')) quote = one;
    }
  }
  return out;
}
