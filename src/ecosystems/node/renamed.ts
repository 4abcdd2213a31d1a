// Room: ecosystems/node. Functions and modules under other names than their own: `import { chmod as setMode } from 'fs/promises'`.

const word = '[\\w$]{1,60}';
const blank = '\\s{0,20}';
const clause = '\\{([^{}]{1,2000})\\}';
const module = `['"](?:node:)?([^'"\\n]{1,100})['"]`;
const declared = `(?<![\\w$.])(?:const|let|var)\\s{1,20}`;
const required = `(?:await\\s{1,20})?(?:require|import)${blank}\\(${blank}${module}${blank}\\)`;

/** `import x, { a as b } from 'm'`, `import * as x from 'm'`. */
const imported = new RegExp(
  `(?<![\\w$.])import\\s{0,20}(?:(${word})${blank},?${blank})?(?:\\*\\s{1,20}as\\s{1,20}(${word})|${clause})?${blank}from${blank}${module}`,
  'g',
);
/** `const { a: b } = require('m')`, `const x = require('m').promises`. */
const assigned = new RegExp(`${declared}(?:(${word})|${clause})${blank}=${blank}${required}((?:\\.\\w{1,40})?)`, 'g');
/** `const write = promisify(fs.writeFile)`, `const write = fs.writeFile`. */
const kept = new RegExp(
  `${declared}(${word})${blank}=${blank}(?:(?:${word}\\.)?promisify${blank}\\(${blank})?(${word})(?:\\.promises)?\\.(\\w{1,40})${blank}(?=[;,)\\n])`,
  'g',
);
const promised = new RegExp(`${declared}(${word})${blank}=${blank}(?:${word}\\.)?promisify${blank}\\(${blank}(${word})${blank}\\)`, 'g');
/** `const { a: b } = fs.promises`. */
const opened = new RegExp(`${declared}${clause}${blank}=${blank}(${word})((?:\\.promises)?)${blank}(?=[;,\\n])`, 'g');

export interface Names {
  /** By the function's own name, what a source calls it; names that are the same are left out. */
  functions: ReadonlyMap<string, readonly string[]>;
  /** By module, the names that stand for all of it. */
  modules: ReadonlyMap<string, readonly string[]>;
}

/** Every name of a text that it gives to what it imports. */
export function namesOf(text: string): Names {
  const functions = new Map<string, string[]>();
  const modules = new Map<string, string[]>();
  const add = (to: Map<string, string[]>, key: string, name: string): void => {
    const safe = name.replaceAll('$', '\\$');
    const all = to.get(key);
    if (!all) to.set(key, [safe]);
    else if (!all.includes(safe)) all.push(safe);
  };
  const named = (own: string, name: string): void => {
    if (own !== name) add(functions, own, name);
  };
  const parts = (list: string): void => {
    for (const [, own = '', name = ''] of list.matchAll(/([\w$]{1,60})\s{0,20}(?::|\sas\s)\s{0,20}([\w$]{1,60})/g)) named(own, name);
  };
  for (const [, whole, space, list = '', from = ''] of text.matchAll(imported)) {
    for (const name of [whole, space]) if (name !== undefined && name !== 'type') add(modules, from, name);
    parts(list);
  }
  for (const [, whole, list = '', from = '', member = ''] of text.matchAll(assigned)) {
    if (whole !== undefined && (member === '' || member === '.promises' || member === '.default')) add(modules, from, whole);
    else if (whole !== undefined) named(member.slice(1), whole);
    parts(list);
  }
  const spaces = new Set([...modules.values()].flat());
  const isSpace = (name: string): boolean => spaces.has(name.replaceAll('$', '\\$'));
  for (const [, list = '', from = ''] of text.matchAll(opened)) if (isSpace(from)) parts(list);
  for (const [, name = '', from = '', own = ''] of text.matchAll(kept)) if (isSpace(from)) named(own, name);
  for (const [, name = '', own = ''] of text.matchAll(promised)) named(own, name);
  return { functions, modules };
}
