// Room: ecosystems/node. yarn.lock of yarn 1 and of yarn 2 and newer. What is production is what the manifests reach.
// Sources: https://classic.yarnpkg.com/en/docs/yarn-lock · https://yarnpkg.com/advanced/lexicon#lockfile
import { buildsNative } from './known-packages.ts';
import { indentedLines, unquoted, type IndentedLine } from './indented.ts';
import { reached, type Lock, type LockedPackage, type Wanted } from './lock.ts';

interface Entry {
  dependencies: Set<string>;
  package: LockedPackage;
  /** A workspace member: first-party. */
  own: boolean;
}

/** Reads the lock. `wanted`: the ranges of the manifests, which the lock does not mark as production or development. */
export function readYarnLock(path: string, text: string, wanted: Wanted): Lock {
  const berry = text.includes('__metadata:');
  const nodes = new Map<string, Entry>();
  let entry: Entry | undefined;
  for (const line of indentedLines(text)) {
    if (line.path.length === 1) entry = open(nodes, line, berry);
    else if (entry !== undefined) takeLine(entry, line, berry);
  }
  const start = wanted.production.flatMap((ranges) => [...ranges].map(([name, range]) => descriptor(name, range, berry)));
  const found = reached({ nodes, start });
  const production = new Set([...found].map((key) => nodes.get(key)));
  const all = new Set(nodes.values());
  for (const each of all) each.package.dev = !production.has(each);
  return { manager: 'yarn', path, packages: [...all].filter((each) => !each.own).map((each) => each.package) };
}

/** One entry stands under several descriptors: `a@^1, a@^1.2:`. */
function open(nodes: Map<string, Entry>, line: IndentedLine, berry: boolean): Entry | undefined {
  const key = line.path[0] ?? '';
  if (key === '__metadata' || line.value !== '') return undefined;
  const descriptors = key.split(',').map((one) => unquoted(one));
  const first = descriptors[0] ?? '';
  const name = first.slice(0, first.indexOf('@', 1));
  const locked: LockedPackage = {
    name,
    version: undefined,
    dev: undefined,
    installScript: undefined,
    os: [],
    cpu: [],
    libc: [],
    bins: berry ? [] : undefined,
    top: false,
  };
  const entry: Entry = { dependencies: new Set(), package: locked, own: first.includes('@workspace:') };
  for (const one of descriptors) if (!nodes.has(one)) nodes.set(one, entry);
  return entry;
}

function takeLine(entry: Entry, line: IndentedLine, berry: boolean): void {
  const [, field, name = ''] = line.path;
  const nested = line.path.length === 3;
  if (field === 'version' && !nested) entry.package.version = line.value;
  if ((field === 'dependencies' || field === 'optionalDependencies') && nested) {
    entry.dependencies.add(descriptor(name, line.value, berry));
    if (buildsNative(unquoted(name))) entry.package.compiled = true;
  }
  if (field === 'bin' && nested) entry.package.bins?.push(name);
  if (field === 'conditions' && !nested) conditions(entry.package, line.value);
}

/** `os=linux & cpu=x64 & libc=glibc`, `(os=linux | os=darwin) & …`. */
function conditions(locked: LockedPackage, text: string): void {
  for (const [, field, value = ''] of text.matchAll(/\b(os|cpu|libc)=([\w-]+)/g)) {
    if (field === 'os' || field === 'cpu' || field === 'libc') locked[field].push(value);
  }
}

/** `name@range` as the lock writes it: yarn 2 and newer put `npm:` before a plain range. */
function descriptor(name: string, range: string, berry: boolean): string {
  const plain = berry && !/^[a-z+]+:/.test(range);
  return `${name}@${plain ? 'npm:' : ''}${range}`;
}
