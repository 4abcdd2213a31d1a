// Room: ecosystems/node. What a command line of npm, yarn, pnpm or bun brings or could install exactly.
import type { Edit } from '../../dockerfile/edits.ts';
import type { ShellCommand } from '../../dockerfile/types.ts';

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
