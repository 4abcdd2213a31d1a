// Room: ecosystems/node. Options in the configuration files of build tools (vite.config.ts, next.config.js): code, so that only plain literals are read.
import { joinPath } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { withoutComments } from './comments.ts';

/** The literal of an option; `computed` when the option is there and is no literal; undefined when it is not there. */
export type Literal = { literal: string; line: number; file: string } | { computed: string } | undefined;

const endings = ['js', 'ts', 'mjs', 'mts', 'cjs', 'cts'];

/** The first of `name.config.js`, `.ts`, … that exists, without comments. */
export function configText(tree: FileTree, dir: string, name: string): { file: string; text: string } | undefined {
  for (const ending of endings) {
    const file = joinPath(dir, `${name}.${ending}`) ?? '';
    const read = tree.read(file);
    if (read.kind === 'text' && read.text.length < 512 * 1024) return { file, text: withoutComments(read.text) };
  }
  return undefined;
}

/** `option: 'literal'`, also through path.resolve(__dirname, 'literal') and path.join. Two different literals are computed. */
export function literalOption(config: { file: string; text: string } | undefined, option: string): Literal {
  if (config === undefined) return undefined;
  const found = new Set<string>();
  let line = 1;
  for (const match of config.text.matchAll(new RegExp(`(?<![\\w$.])['"]?${option}['"]?\\s{0,20}:\\s{0,20}`, 'g'))) {
    const value = literalAt(config.text.slice(match.index + match[0].length, match.index + match[0].length + 400));
    if (value === undefined) return { computed: config.file };
    found.add(value);
    line = config.text.slice(0, match.index).split('\n').length;
  }
  const [literal] = found;
  if (literal === undefined)
    return new RegExp(`[{,]\\s{0,50}${option}\\s{0,50}[,}]`).test(config.text) ? { computed: config.file } : undefined;
  return found.size > 1 ? { computed: config.file } : { literal, line, file: config.file };
}

/** A string, or path.resolve/join of __dirname (or process.cwd()) and strings. */
function literalAt(text: string): string | undefined {
  const plain = /^(['"`])([^'"`\n$]{0,200})\1\s{0,20}(?:[,}\n;)]|$)/.exec(text);
  if (plain !== null) return plain[2];
  const joined = /^(?:path\.)?(?:resolve|join)\(\s{0,20}(?:__dirname|import\.meta\.dirname|process\.cwd\(\))\s{0,20},([^()]{1,200})\)/.exec(
    text,
  );
  const parts = joined?.[1]?.split(',').map((part) => /^\s*(['"`])([^'"`$]*)\1\s*$/.exec(part)?.[2]);
  return parts?.every((part) => part !== undefined) === true ? parts.join('/') : undefined;
}
