// Room: ecosystems/node. What a command line of npm, yarn, pnpm or bun starts, brings or could install exactly.
import type { Edit } from '../../dockerfile/edits.ts';
import type { ShellCommand } from '../../dockerfile/types.ts';
import type { Started } from '../types.ts';
import type { ManagerId } from './invocation.ts';

/** npm start, npm run x, yarn x, npm exec x, npx x: the script, or the program behind it. Undefined: no call of this manager. */
export function started(manager: ManagerId, words: readonly string[]): Started | undefined {
  const [program = '', ...args] = words;
  if (program === 'npx' && manager === 'npm')
    return { wrapper: [program], needed: true, words: args.filter((a, n) => n > 0 || !a.startsWith('-')) };
  if (program !== manager) return undefined;
  const plain = args.filter((a) => !a.startsWith('-'));
  if (plain[0] === 'node' || plain[0] === 'exec') {
    const rest = args.filter((_, n) => n > args.indexOf(plain[0] ?? ''));
    return { wrapper: [program, plain[0]], needed: true, words: plain[0] === 'node' ? ['node', ...rest] : rest };
  }
  const name = plain[0] === 'run' || plain[0] === 'run-script' ? plain[1] : plain[0];
  return name === undefined ? { unknown: `${words.join(' ')} names no script` } : { wrapper: [program, name], needed: true, script: name };
}

/** The packages of `npm i -g x@1`: each brings a program of its name. */
export function globalsOf({ words }: ShellCommand): string[] {
  const texts = words.map((word) => word.value ?? '');
  if (!texts.some((text) => ['-g', '--global', '--location=global', 'global'].includes(text))) return [];
  return texts
    .slice(2)
    .filter((text) => text !== '' && !text.startsWith('-') && !['add', 'install', 'i', 'global'].includes(text))
    .map(packageName);
}
const packageName = (spec: string): string => (spec.lastIndexOf('@') > 0 ? spec.slice(0, spec.lastIndexOf('@')) : spec);

/** `npm install` as `npm ci`; options that only `install` has are taken over or dropped. Source: npm docs, npm-ci. */
export function exactInstall({ words }: ShellCommand): Edit[] | undefined {
  if (!['install', 'i'].includes(words[1]?.value ?? '')) return undefined;
  return words.flatMap((word, n): Edit[] => {
    if (n === 1) return [{ start: word.start, end: word.end, text: ['ci'] }];
    if (word.value === '--production' || word.value === '--only=production' || word.value === '--only=prod')
      return [{ start: word.start, end: word.end, text: ['--omit=dev'] }];
    if (word.value === '--no-save' || word.value === '--no-package-lock')
      return [{ start: words[n - 1]?.end ?? word.start, end: word.end, text: [] }];
    return [];
  });
}

/** The `node` images' entry script: what is no program, starts with a dash or is a plain file goes to node. Source: nodejs/docker-node docker-entrypoint.sh. */
export function nodeEntry(words: readonly string[]): string[] | undefined {
  const [script, ...args] = words;
  if (script !== 'docker-entrypoint.sh') return undefined;
  const [first = 'node'] = args;
  return first.startsWith('-') || /\.(js|mjs|cjs)$/.test(first) ? ['node', ...args] : args.length > 0 ? args : ['node'];
}
