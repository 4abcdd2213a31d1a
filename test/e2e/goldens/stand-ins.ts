// test/e2e/goldens: what fixtures leave out because nobody builds them, made up in the copy that is built: types of packages, versions in a lock of npm.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from '../../../src/process/run.ts';

/** Changes files of a directory so that the builds of made-up projects come further. What the tool makes of it must be the same: see `buildBoth`. */
export async function withStandIns(directory: string, signal: AbortSignal): Promise<void> {
  const files = filesIn(directory);
  for (const path of files) {
    if (/(?<!\.d)\.[cm]?tsx?$/.test(path)) change(path, withoutTypes);
    if (/\/tsconfig[\w.-]*\.json$/.test(path)) change(path, withEasyOptions);
  }
  for (const path of files.filter((one) => one.endsWith('/package-lock.json') && !isLock(readFileSync(one, 'utf8'))))
    await lock(path, signal);
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return ['node_modules', '.git'].includes(entry.name) ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}

function change(path: string, how: (text: string) => string): void {
  const text = readFileSync(path, 'utf8');
  const changed = how(text);
  if (changed !== text) writeFileSync(path, changed);
}

/** https://www.typescriptlang.org/docs/handbook/release-notes/typescript-3-7.html#-ts-nocheck-in-typescript-files */
export const withoutTypes = (text: string): string => (text.startsWith('#!') ? text : `// @ts-nocheck\n${text}`);

/** Types of libraries are not checked, and default imports find what CommonJS exports. https://www.typescriptlang.org/tsconfig/#skipLibCheck, #esModuleInterop */
export function withEasyOptions(text: string): string {
  const wanted = ['skipLibCheck', 'esModuleInterop'].filter((name) => !text.includes(`"${name}"`)).map((name) => `"${name}": true`);
  if (wanted.length === 0) return text;
  const options = /"compilerOptions"\s*:\s*\{/.exec(text);
  const start = options ?? /\{/.exec(text);
  if (start === null) return text;
  const end = start.index + start[0].length;
  const isLast = /^\s*\}/.test(text.slice(end));
  const words = options ? wanted.join(', ') : `"compilerOptions": { ${wanted.join(', ')} }`;
  return `${text.slice(0, end)} ${words}${isLast ? '' : ','}${text.slice(end)}`;
}

interface Locked {
  integrity?: string;
  link?: boolean;
  inBundle?: boolean;
}

/** Whether a lock names what can be fetched. https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
export function isLock(text: string): boolean {
  try {
    const { packages = {} } = JSON.parse(text) as { packages?: Record<string, Locked> };
    const fetched = Object.entries(packages).filter(
      ([path, { link, inBundle }]) => path.startsWith('node_modules/') && link !== true && inBundle !== true,
    );
    return fetched.length > 0 && fetched.every(([, { integrity }]) => /^sha(?:1|512)-[\w+/]{27,86}={0,2}$/.test(integrity ?? ''));
  } catch {
    return false;
  }
}

/** Locks that npm has made, by all that they are made of. */
const made = new Map<string, Promise<string | undefined>>();

/** Another lock in its place, of what the manifest beside it asks for; the old one where npm cannot make one. */
async function lock(path: string, signal: AbortSignal): Promise<void> {
  const directory = dirname(path);
  const old = readFileSync(path, 'utf8');
  rmSync(path);
  const manifests = filesIn(directory).filter((one) => /\/(?:package\.json|\.npmrc)$/.test(one));
  const key = manifests.map((one) => `${one.slice(directory.length)}\n${readFileSync(one, 'utf8')}`).join('\n');
  const known = made.get(key) ?? lockOf(directory, path, signal);
  made.set(key, known);
  writeFileSync(path, (await known) ?? old);
}

async function lockOf(directory: string, path: string, signal: AbortSignal): Promise<string | undefined> {
  const flags = ['--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { code } = await runProgram('npm', ['install', ...flags], { cwd: directory, signal, timeout: 60_000 });
  return code === 0 && existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
