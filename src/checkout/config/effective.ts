// Room: checkout/config. What holds for one Dockerfile: the files above it, each after those that it extends, with its overrides.
import { dirname, join } from 'node:path';
import type { Problem } from '../../report/types.ts';
import type { Options, Replacement } from '../../types.ts';
import type { Places } from '../locate.ts';
import { below, isWithin, shown } from '../paths.ts';
import { configAt, configDirectories, configFile, type ConfigFile } from './files.ts';
import { ruleNames, type Mirror, type RuleName, type Rules } from './fields.ts';

/** A value, and where it comes from: `services/.dockerfile-mod.yml:4`. */
export interface Setting<T> {
  value: T;
  from: string;
}

export interface Effective {
  /** False: left alone. Undefined: nothing is said. */
  enabled: Setting<boolean> | undefined;
  level: Setting<Options['level']> | undefined;
  base: Setting<Options['base']> | undefined;
  only: Setting<string[]> | undefined;
  /** Of all files. */
  skip: Setting<string>[];
  /** Absolute. */
  context: Setting<string> | undefined;
  mirrors: Setting<Mirror>[];
  replacements: Setting<Replacement>[];
  /** Nothing is written while there are some. */
  problems: Problem[];
}

/** Files that extend others: how far. */
const deepest = 8;

export interface ConfigQuestion {
  /** The Dockerfile, absolute; for standard input the file that it might be. */
  path: string;
  /** The repository's root, or what stands for it. */
  root: string;
  cwd: string;
}

/** What the configuration says for a Dockerfile. */
export function effectiveConfig(question: ConfigQuestion, places: Places): Effective {
  const { path, root, cwd } = question;
  const found: Effective = {
    enabled: undefined,
    level: undefined,
    base: undefined,
    only: undefined,
    skip: [],
    context: undefined,
    mirrors: [],
    replacements: [],
    problems: [],
  };
  for (const dir of configDirectories(dirname(path), root, cwd, places.disk)) {
    const known = places.configs.has(dir);
    const file = known ? places.configs.get(dir) : configAt(dir, places.disk, places.core);
    places.configs.set(dir, file);
    if (!file) continue;
    const before = found.enabled;
    apply(file, found, question, places, []);
    // What an outer file leaves alone, an inner one does not take up: whoever wrote the outer one relies on it.
    if (before?.value === false) found.enabled = before;
  }
  checkContext(found, question, places);
  return found;
}

/** The build context is a directory of the repository. */
function checkContext({ context, problems }: Effective, { root, cwd }: ConfigQuestion, { disk }: Places): void {
  if (!context) return;
  const [, path = context.from, line = '1'] = /^(.*):(\d+)$/.exec(context.from) ?? [];
  const wrong = (message: string): void => void problems.push({ path, line: Number(line), column: 1, message, hint });
  if (!isWithin(root, context.value)) return wrong('the build context lies outside of the repository');
  try {
    const real = disk.realpath(context.value);
    if (disk.stat(real).kind !== 'dir') wrong(`${shown(cwd, context.value)} is no directory`);
    else if (!isWithin(root, real)) wrong('the build context lies outside of the repository');
    else context.value = real;
  } catch {
    wrong(`${shown(cwd, context.value)}: no such directory`);
  }
}

const hint = 'Nothing was changed. `dockerfile-mod init --dry-run` prints what a configuration may hold.';

function apply(file: ConfigFile, found: Effective, question: ConfigQuestion, places: Places, above: readonly string[]): void {
  const name = shown(question.cwd, file.path);
  const problem = (line: number, column: number, message: string): void =>
    void found.problems.push({
      path: name,
      line,
      column,
      message,
      hint,
    });
  for (const { line, column, message } of file.problems) problem(line, column, message);
  for (const { value, line } of file.extends) {
    const at = join(dirname(file.path), value);
    const chain = [...above, file.path];
    if (/^\w+:/.test(value)) problem(line, 1, `\`extends\` names files of this repository: ${value} is none`);
    else if (!isWithin(question.root, at)) problem(line, 1, `${value} lies outside of the repository`);
    else if (chain.includes(at) || chain.length > deepest) problem(line, 1, `${value} extends this file in turn`);
    else {
      const base = configFile(at, places.disk, places.core);
      if (base) apply(base, found, question, places, chain);
      else problem(line, 1, `${value}: no such file`);
    }
  }
  for (const { value, line } of file.mirrors) found.mirrors.push({ value, from: `${name}:${line}` });
  for (const { value, line } of file.replacements)
    found.replacements.push({ value: { ...value, at: { file: name, line } }, from: `${name}:${line}` });
  take(file.rules, file, found, name);
  const path = below(dirname(above[0] ?? file.path), question.path);
  for (const { paths, rules } of file.overrides)
    if (path !== undefined && paths.some((pattern) => matches(pattern, path, places, (message) => problem(1, 1, message))))
      take(rules, file, found, name);
}

/** As in ignore files: what matches a directory matches all below it. */
function matches(pattern: string, path: string, { core }: Places, wrong: (message: string) => void): boolean {
  const compiled = core.pathPattern(pattern);
  if ('error' in compiled) {
    wrong(`the pattern ${pattern.slice(0, 100)} ${compiled.error}`);
    return false;
  }
  const names = path.split('/');
  return names.some((_, n) => compiled.test(names.slice(0, n + 1).join('/')));
}

function take(rules: Rules, file: ConfigFile, found: Effective, name: string): void {
  for (const key of ruleNames) takeOne(key, rules, file, found, name);
}

function takeOne(key: RuleName, rules: Rules, file: ConfigFile, found: Effective, name: string): void {
  const said = rules[key];
  if (!said) return;
  const from = `${name}:${said.line}`;
  if (key === 'skip') found.skip.push(...(rules.skip?.value ?? []).map((value) => ({ value, from })));
  else if (key === 'context') found.context = { value: join(dirname(file.path), rules.context?.value ?? ''), from };
  else Object.assign(found, { [key]: { value: said.value, from } });
}

/** The options, with those that were given before what the configuration says. */
export function optionsUnder({ level, base, only, skip, enabled }: Effective, options: Partial<Options>): Partial<Options> {
  if (enabled?.value === false) return { ...options, only: [] };
  return {
    ...(level ? { level: level.value } : {}),
    ...(base ? { base: base.value } : {}),
    ...(only ? { only: only.value } : {}),
    ...options,
    skip: [...new Set([...skip.map(({ value }) => value), ...(options.skip ?? [])])],
  };
}
