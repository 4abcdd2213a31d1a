// Room: ecosystems/node. What a command line of npm, yarn, pnpm or bun brings or could install exactly.
import type { Edit } from '../../dockerfile/edits.ts';
import type { ShellCommand } from '../../dockerfile/types.ts';
import type { ManagerId } from './invocation.ts';
import { callOf, wordsOf } from './kinds.ts';
import { programsOf } from './known-packages.ts';

/** What `npm i -g x@1` brings: the packages, and the programs that are not called as theirs. */
export function globalsOf({ words }: ShellCommand): string[] {
  const texts = words.map((word) => word.value ?? '');
  if (!texts.some((text) => ['-g', '--global', '--location=global', 'global'].includes(text))) return [];
  return texts
    .slice(2)
    .filter((text) => text !== '' && !text.startsWith('-') && !['add', 'install', 'i', 'global'].includes(text))
    .map(packageName)
    .flatMap((name) => [name, ...programsOf(name)]);
}

/** What `npx serve`, `npm exec --package=typescript tsc` or `pnpm dlx serve` fetches where nothing else brings it. Source: docs.npmjs.com/cli/v11/commands/npx, Description. */
export function fetchedBy(manager: ManagerId, command: ShellCommand): string[] {
  const call = callOf(command);
  if (call?.manager !== manager || !['exec', 'dlx', 'x'].includes(call.verb) || call.bin === undefined) return [];
  const packages = wordsOf(command).flatMap((word, n, all) => {
    const spec = /^--package=(.+)$/.exec(word)?.[1] ?? (['-p', '--package'].includes(all[n - 1] ?? '') ? word : undefined);
    return spec === undefined ? [] : [packageName(spec)];
  });
  return [...call.bin.slice(0, 1), ...packages];
}
const packageName = (spec: string): string => (spec.lastIndexOf('@') > 0 ? spec.slice(0, spec.lastIndexOf('@')) : spec);

/** `npm install` as `npm ci`; options that only `install` has are taken over or dropped. Source: npm docs, npm-ci. */
export function exactInstall({ words }: ShellCommand): Edit[] | undefined {
  if (!['install', 'i'].includes(words[1]?.value ?? '')) return undefined;
  // without the lock: newer versions than it has are wanted
  if (words.some(({ value }) => /^--(?:no-(?:package-lock|shrinkwrap)|(?:package-lock|shrinkwrap)=false)$/.test(value ?? '')))
    return undefined;
  return words.flatMap((word, n): Edit[] => {
    if (n === 1) return [{ start: word.start, end: word.end, text: ['ci'] }];
    if (word.value === '--no-save') return [{ start: words[n - 1]?.end ?? word.start, end: word.end, text: [] }];
    return [];
  });
}
