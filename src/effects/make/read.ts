// Room: effects/make. What a makefile says, read from its first line to its last as make does: variables, rules, conditions, other files.
// Source: GNU make manual, "How make Reads a Makefile". Nothing is run; what a command would tell is unknown.
import { cleaned } from '../places.ts';
import { FILES, UNKNOWN, expand, guessed, isKnown, type Scope, type Variable } from './expand.ts';
import { variableOf, type Asked, type Makefile, type Rule } from './makefile.ts';
import { assignmentOf, statementsOf, topLevel, type Statement } from './text.ts';

const MOST_STATEMENTS = 20_000;
const MOST_FILES = 20;
/** Reads a makefile with all that it includes. */
export function readMakefile(asked: Asked): Makefile {
  const variables = new Map<string, Variable>();
  const files = [asked.path];
  const scope: Scope = { variable: (name) => variableOf(file, name), cwd: asked.cwd, ran: new Set(), problem: undefined, budget: 400_000 };
  const file: Makefile = {
    scope,
    asked,
    rules: new Map(),
    vague: [],
    variables,
    exported: new Map(),
    exportsAll: false,
    exportsMore: false,
    firstTarget: undefined,
    oneShell: false,
    mayFail: false,
    files,
  };
  for (const [name, value] of asked.given) variables.set(name, { text: value, simple: !isKnown(value), fixed: true, outside: true });
  readText(file, asked.text);
  return file;
}

type Counts = 'on' | 'off' | 'unknown';
/** A condition that is open: whether its lines count. `taken`: a branch above has counted; `above`: whether the lines around it count. */
interface Branch {
  counts: Counts;
  taken: 'yes' | 'no' | 'unknown';
  above: Counts;
}

/** Whether lines count that stand in a condition. */
const inside = (branch: Branch | undefined): Counts =>
  branch === undefined ? 'on' : branch.above === 'off' || branch.counts === 'on' ? branch.above : branch.counts;

function readText(file: Makefile, text: string): void {
  const { scope } = file;
  const statements = statementsOf(text);
  if (statements.length > MOST_STATEMENTS) scope.problem ??= 'is too long';
  const branches: Branch[] = [];
  let current: Rule[] = [];
  for (const statement of statements) {
    if (scope.problem !== undefined) return;
    const counts = inside(branches.at(-1));
    if (statement.kind === 'condition') branches.push(opened(file, statement, { counts, taken: 'no', above: counts }));
    else if (statement.kind === 'else') {
      const last = branches.pop();
      if (last) branches.push(statement.next ? opened(file, statement.next, last) : otherwise(last));
    } else if (statement.kind === 'endif') branches.pop();
    else if (counts !== 'off') current = readStatement(file, statement, counts === 'unknown', current);
  }
}

function opened(file: Makefile, asked: { test: string; text: string }, { taken, above }: Branch): Branch {
  if (taken === 'yes' || above === 'off') return { counts: 'off', taken: 'yes', above };
  const holds = conditionOf(file, asked);
  if (holds === undefined || taken === 'unknown') return { counts: holds === false ? 'off' : 'unknown', taken: 'unknown', above };
  return { counts: holds ? 'on' : 'off', taken: holds ? 'yes' : 'no', above };
}

const otherwise = ({ taken, above }: Branch): Branch => ({
  counts: taken === 'yes' ? 'off' : taken === 'no' ? 'on' : 'unknown',
  taken: 'yes',
  above,
});

/** Whether a condition holds; undefined: cannot be told. Source: GNU make manual, "Syntax of Conditionals". */
function conditionOf({ scope }: Makefile, { test, text }: { test: string; text: string }): boolean | undefined {
  if (test === 'ifdef' || test === 'ifndef') {
    const name = expand(text, scope).trim();
    if (!isKnown(name)) return undefined;
    const found = scope.variable(name);
    if (found && !isKnown(found.text) && found.outside) return undefined;
    return ((found?.text ?? '') !== '') === (test === 'ifdef');
  }
  const [a, b] = operands(text.trim()).map((one) => expand(one, scope));
  if (a === undefined || b === undefined || !isKnown(a) || !isKnown(b)) return undefined;
  return (a === b) === (test === 'ifeq');
}

/** `(A,B)`, `"A" "B"`, `'A' 'B'`. */
function operands(text: string): string[] {
  if (text.startsWith('(')) {
    const inner = text.slice(1, text.lastIndexOf(')'));
    const comma = topLevel(inner, ',');
    return comma === -1 ? [] : [inner.slice(0, comma).trim(), inner.slice(comma + 1).trim()];
  }
  const quoted = /^(?:"([^"]*)"|'([^']*)')\s*(?:"([^"]*)"|'([^']*)')/.exec(text);
  return quoted ? [quoted[1] ?? quoted[2] ?? '', quoted[3] ?? quoted[4] ?? ''] : [];
}

type Told = Exclude<Statement, { kind: 'condition' | 'else' | 'endif' }>;

/** Reads one statement; `maybe`: a condition that is not known decides whether it counts. Gives the rules that the next recipe lines belong to. */
function readStatement(file: Makefile, statement: Told, maybe: boolean, current: Rule[]): Rule[] {
  const { scope } = file;
  switch (statement.kind) {
    case 'recipe':
      for (const rule of current) {
        if (maybe) rule.doubt ??= 'has a recipe that a condition decides';
        rule.recipes[rule.recipes.length - 1] = [...(rule.recipes.at(-1) ?? []), statement.text];
      }
      return current;
    case 'assign':
      assign(file, statement, maybe);
      return [];
    case 'undefine':
      file.variables.set(statement.name, maybe ? { text: UNKNOWN, simple: true } : { text: '', simple: true });
      return [];
    case 'export': {
      const names = expand(statement.names, scope).split(/\s+/).filter(Boolean);
      if (names.length === 0 && !maybe) file.exportsAll = statement.on;
      file.exportsMore ||= !names.every(isKnown) || (maybe && names.length === 0);
      for (const name of names) if (!maybe || statement.on) file.exported.set(name, statement.on);
      return [];
    }
    case 'include':
      include(file, expand(statement.files, scope), statement.optional, maybe);
      return [];
    case 'rule':
      return rulesOf(file, statement, maybe);
    case 'other': {
      const text = guessed(scope, maybe, () => expand(statement.text, scope)).trim();
      if (text !== '') scope.problem ??= `has a line that is computed (${String(statement.line)})`;
      return [];
    }
  }
}

/** Options that change nothing of what is run. Source: GNU make manual, "Summary of Options". */
const QUIET =
  /^(?:|-?[bBkrRsSwj]+|-j\d+|--(?:no-print-directory|print-directory|silent|quiet|no-builtin-rules|no-builtin-variables|warn-undefined-variables|keep-going|output-sync=\w+|jobs=\d+))$/;

function assign(
  file: Makefile,
  { name: raw, operator, value, modifiers }: { name: string; operator: string; value: string; modifiers: readonly string[] },
  maybe: boolean,
): void {
  const { scope, variables } = file;
  const name = expand(raw, scope).trim();
  if (!isKnown(name)) {
    scope.problem ??= 'sets a variable whose name is computed';
    return;
  }
  if (modifiers.includes('export')) file.exported.set(name, true);
  if (name === 'MAKEFLAGS' && value.split(/\s+/).every((word) => QUIET.test(word))) return;
  if (name === '.RECIPEPREFIX' && value.length === 1) return;
  if (name === '.RECIPEPREFIX' || name === 'MAKEFLAGS' || name === 'MAKEFILES') scope.problem ??= `sets ${name}`;
  const now = scope.variable(name);
  if (now?.fixed && !modifiers.includes('override')) return;
  if (maybe) {
    variables.set(name, { text: UNKNOWN, simple: true, ...(now?.outside ? { outside: true } : {}) });
    if (/\$[({](?:shell|eval|call|foreach)\b/.test(value)) guessed(scope, true, () => expand(value, scope));
    return;
  }
  const next = assigned(scope, now, operator, value);
  if (next) variables.set(name, now?.outside ? { ...next, outside: true } : next);
}

/** What a variable is behind an assignment; undefined: as it was. */
function assigned(
  scope: Scope,
  now: Variable | undefined,
  operator: string,
  value: string,
  own?: ReadonlyMap<string, string>,
): Variable | undefined {
  if (operator === '!=') {
    scope.ran.add(expand(value, scope, own));
    return { text: UNKNOWN, simple: true };
  }
  if (operator === '?=') return now ? undefined : { text: value, simple: false };
  if (operator === '+=' && now) {
    const more = now.simple ? expand(value, scope, own) : value;
    return { text: now.text === '' ? more : `${now.text} ${more}`, simple: now.simple };
  }
  return operator === '=' || operator === '+=' ? { text: value, simple: false } : { text: expand(value, scope, own), simple: true };
}

/** Sets the variables of a target, for what is made for it. Gives back what undoes it. */
export function withOwn(file: Makefile, { own }: Rule): () => void {
  const { variables, exported, scope } = file;
  const before = own.map(({ name }) => [name, variables.get(name), exported.get(name)] as const);
  for (const { name, operator, value, exported: out } of own) {
    const now = scope.variable(name);
    if (!now?.fixed) {
      const next = assigned(scope, now, operator, value);
      if (next) variables.set(name, now?.outside ? { ...next, outside: true } : next);
    }
    if (out) exported.set(name, true);
  }
  return () => {
    for (const [name, variable, out] of before.reverse()) {
      if (variable) variables.set(name, variable);
      else variables.delete(name);
      if (out === undefined) exported.delete(name);
      else exported.set(name, out);
    }
  };
}

function include(file: Makefile, names: string, optional: boolean, maybe: boolean): void {
  const { scope, asked, files } = file;
  if (names.trim() === '') return;
  if (!isKnown(names) || /[*?[]/.test(names)) scope.problem ??= 'includes files whose names are computed';
  for (const name of names.split(/\s+/).filter(Boolean)) {
    if (scope.problem !== undefined) return;
    const path = cleaned(name.startsWith('/') ? name : `${asked.cwd}/${name}`);
    const text = asked.read(path);
    if (text === undefined) {
      // a rule of the file may make it
      if (!optional || maybe) scope.problem ??= `includes ${name}, which is not in the repository`;
      continue;
    }
    if (maybe || files.length >= MOST_FILES) scope.problem ??= maybe ? `includes ${name}, or does not` : 'includes too many files';
    files.push(path);
    if (scope.problem === undefined) readText(file, text);
  }
}

function rulesOf(file: Makefile, { targets, double, rest, inline }: Extract<Statement, { kind: 'rule' }>, maybe: boolean): Rule[] {
  const { scope } = file;
  const names = expand(targets, scope).split(/\s+/).filter(Boolean);
  const assignment = assignmentOf(rest);
  if (assignment && !rest.startsWith('=')) {
    const { name, operator, value, modifiers } = assignment;
    const own = { name, operator, value: inline === undefined ? value : `${value};${inline}`, exported: modifiers.includes('export') };
    for (const target of names) {
      if (!isKnown(target) || target.includes('%')) vague(file, target, 'sets variables of targets that are computed', true);
      else if (maybe) ruleOf(file, target).doubt ??= 'has variables that a condition decides';
      else ruleOf(file, target).own.push(own);
    }
    return [];
  }
  const isStatic = topLevel(rest, ':') !== -1;
  const needs = expand(rest, scope)
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '|')
    .map((word) => (/[*?[]/.test(word) ? FILES : word));
  const found: Rule[] = [];
  for (const target of names) {
    if (special(file, target, needs)) continue;
    const pattern = target.includes('%');
    if (!pattern && isKnown(target) && !maybe) file.firstTarget ??= target.startsWith('.') && !target.includes('/') ? undefined : target;
    if (pattern || !isKnown(target)) {
      if (!pattern) file.firstTarget ??= UNKNOWN;
      vague(file, target, `has a rule for ${target.replace(/[\uE000\uE001]/g, '…')}`, !pattern);
      continue;
    }
    const rule = ruleOf(file, target);
    if (maybe || isStatic) rule.doubt ??= isStatic ? 'has a rule with a pattern' : 'has a rule that a condition decides';
    rule.needs.push(...needs);
    rule.recipes.push(inline === undefined || inline === '' ? [] : [inline]);
    rule.double ||= double;
    found.push(rule);
  }
  return found;
}

function ruleOf({ rules }: Makefile, target: string): Rule {
  const found = rules.get(target) ?? { needs: [], recipes: [], double: false, own: [], phony: false };
  rules.set(target, found);
  return found;
}

function vague(file: Makefile, target: string, why: string, explicit: boolean): void {
  const open = /[\uE000\uE001%]/g;
  const ends = [...target.matchAll(open)].map(({ index }) => index);
  file.vague.push({ before: target.slice(0, ends[0]), after: target.slice((ends.at(-1) ?? 0) + 1), why, explicit });
}

/** Targets that say something of make itself. Source: GNU make manual, "Special Built-in Target Names". */
function special(file: Makefile, target: string, needs: readonly string[]): boolean {
  if (!/^\.[A-Z_]+$/.test(target)) return false;
  if (target === '.PHONY') for (const name of needs) if (isKnown(name)) ruleOf(file, name).phony = true;
  if (target === '.ONESHELL') file.oneShell = true;
  if (target === '.IGNORE' && needs.length === 0) file.mayFail = true;
  if (target === '.EXPORT_ALL_VARIABLES') file.exportsAll = true;
  if (target === '.SECONDEXPANSION' || target === '.DEFAULT') file.scope.problem ??= `has ${target}`;
  return true;
}

/** True where an expanded word is the name of a file that is there, whatever it is. */
export const namesFiles = (word: string): boolean => word.includes(FILES) && !word.includes(UNKNOWN);
