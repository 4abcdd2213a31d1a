// Room: checkout/config. What the text of a configuration file says, and what is wrong with it, by line. Pure: the library loads it.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair, type YAMLMap } from 'yaml';
import { nearest } from '../near.ts';
import { campaignOf, mirrorsOf, replacementsOf } from './read-images.ts';
import {
  emptyConfig,
  ruleFields,
  ruleNames,
  switches,
  topFields,
  type ConfigProblem,
  type ConfigText,
  most,
  type Field,
  type Reading,
  type RuleName,
  type Rules,
  type Said,
} from './fields.ts';

export interface ConfigRead {
  config: ConfigText;
  problems: ConfigProblem[];
}

/** In: the text, YAML or JSON; ids of the transforms; a key, where the configuration is the value of one (package.json). */
export function readConfig(text: string, known: readonly string[], key?: string): ConfigRead {
  const counter = new LineCounter();
  const problems: ConfigProblem[] = [];
  const document = parseDocument(text, { lineCounter: counter, logLevel: 'silent', prettyErrors: false });
  const config = emptyConfig();
  for (const { message, pos } of document.errors.slice(0, 1)) problems.push({ ...at(counter, pos[0]), message: `is no YAML: ${message}` });
  if (problems.length > 0) return { config, problems };
  const reading: Reading = {
    known,
    lineOf: (node) => at(counter, startOf(node)).line,
    wrong(node, message) {
      problems.push({ ...at(counter, startOf(node)), message });
      return undefined;
    },
  };
  const top = topOf(document, key);
  if (isNothing(top)) return { config, problems };
  if (!isMap(top)) reading.wrong(top, `has no names: it may say \`${[...ruleNames, ...Object.keys(topFields)].join('`, `')}\``);
  else readTop(top, config, reading);
  return { config, problems };
}

const topOf = (document: Document, key: string | undefined): unknown => (key === undefined ? document.contents : document.get(key, true));

const isNothing = (node: unknown): boolean => node === null || node === undefined || (isScalar(node) && node.value === null);

function at(counter: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = counter.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

const startOf = (node: unknown): number => (node as Node | undefined)?.range?.[0] ?? 0;

function readTop(top: YAMLMap, config: ConfigText, reading: Reading): void {
  for (const { name, pair } of namesOf(top, [...ruleNames, ...Object.keys(topFields)], reading)) {
    if (name === 'extends') config.extends = texts(pair.value, '`extends` is a path, or a list of paths', reading);
    else if (name === 'mirrors') config.mirrors = mirrorsOf(pair.value, reading);
    else if (name === 'replacements') config.replacements = replacementsOf(pair.value, reading);
    else if (name === 'campaign') config.campaign = campaignOf(pair, reading);
    else if (name === 'overrides') config.overrides = overridesOf(pair.value, reading);
    else if (name !== '$schema') readRule(name as RuleName, pair, config.rules, reading);
  }
}

/** The pairs of a map whose name is known; of others it is said. */
function namesOf(map: YAMLMap, known: readonly string[], reading: Reading): { name: string; pair: Pair }[] {
  return map.items.flatMap((pair) => {
    const name = isScalar(pair.key) ? String(pair.key.value) : '';
    if (known.includes(name)) return [{ name, pair }];
    const meant = nearest(name.toLowerCase(), known);
    const instead =
      meant === undefined ? `known are \`${known.filter((one) => one !== '$schema').join('`, `')}\`` : `did you mean \`${meant}\`?`;
    reading.wrong(pair.key, `\`${name.slice(0, 40)}\` is not known here; ${instead}`);
    return [];
  });
}

function readRule(name: RuleName, pair: Pair, rules: Rules, reading: Reading): void {
  const value = valueOf(name, ruleFields[name], pair.value, reading);
  if (value !== undefined) Object.assign(rules, { [name]: { value, line: reading.lineOf(pair.key) } });
}

function valueOf(name: RuleName, field: Field, node: unknown, reading: Reading): unknown {
  const value = isScalar(node) ? node.value : undefined;
  const known = (values: readonly string[]): string => `\`${name}\` may be ${values.join(', ')}`;
  if (field.kind === 'switch')
    return switches.get(typeof value === 'string' ? value.toLowerCase() : value) ?? reading.wrong(node, `\`${name}\` may be true or false`);
  if (field.kind === 'choice')
    return typeof value === 'string' && field.values.includes(value) ? value : reading.wrong(node, known(field.values));
  if (field.kind === 'directory')
    return typeof value === 'string' && value !== '' && !value.startsWith('/')
      ? value
      : reading.wrong(node, `\`${name}\` is a directory, relative to this file`);
  const given = texts(node, `\`${name}\` is a list of transforms`, reading);
  for (const one of given.filter(({ value: id }) => !reading.known.includes(id)))
    reading.wrong(one.node, `no transform is called \`${one.value.slice(0, 40)}\`; they are ${reading.known.join(', ')}`);
  return given.map(({ value: id }) => id);
}

/** A text, or a list of texts. */
function texts(node: unknown, expected: string, reading: Reading): (Said<string> & { node: unknown })[] {
  const items: unknown[] = isSeq(node) ? node.items : [node];
  if (items.length > most) reading.wrong(node, `is a list of more than ${most}`);
  return items.slice(0, most).flatMap((item) => {
    const value = isScalar(item) ? item.value : undefined;
    if (typeof value === 'string' && value !== '') return [{ value, line: reading.lineOf(item), node: item }];
    reading.wrong(item ?? node, isAlias(item) ? 'aliases are not read here: write the value out' : expected);
    return [];
  });
}

function overridesOf(node: unknown, reading: Reading): ConfigText['overrides'] {
  if (!isSeq(node)) return reading.wrong(node, '`overrides` is a list; each has `paths` and rules') ?? [];
  return node.items.slice(0, most).flatMap((item) => {
    if (!isMap(item)) return reading.wrong(item, 'each of `overrides` has `paths` and rules') ?? [];
    const one: ConfigText['overrides'][number] = { paths: [], rules: {} };
    for (const { name, pair } of namesOf(item, ['paths', ...ruleNames], reading)) {
      if (name === 'paths') one.paths = texts(pair.value, '`paths` is a pattern, or a list of patterns', reading).map(({ value }) => value);
      else readRule(name as RuleName, pair, one.rules, reading);
    }
    if (one.paths.length === 0 && !item.has('paths')) reading.wrong(item, 'each of `overrides` has `paths`: `paths: [services/**]`');
    return [one];
  });
}
