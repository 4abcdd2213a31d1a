// Room: ecosystems/python. Calls by another name than that of their module: `from subprocess import run as sh`, `import shutil as files`.
// Source: docs.python.org/3/reference/simple_stmts.html#import
import type { Pattern } from './scan-types.ts';

/** Modules whose functions the patterns name with the module in front. */
const MODULES = 'os|shutil|subprocess|pexpect|anyio|trio|sqlite3|aiosqlite';
/** Names of one file; more is a table written by a program, or an attack. */
const MOST = 200;

/** For the names that a file imports: patterns that find them, and mean what those of the module's own name do. */
export function importedPatterns(text: string, patterns: readonly Pattern[]): Pattern[] {
  const names = new Map<Pattern, string[]>();
  for (const [written, full] of importedNames(text)) {
    const pattern = patterns.find(({ call, find }) => call === true && isWhole(find, `${full}(`));
    if (pattern) names.set(pattern, [...(names.get(pattern) ?? []), written.replace('.', '\\.')]);
  }
  return [...names].map(([pattern, written]) => ({
    ...pattern,
    find: new RegExp(`(?<![\\w.]|\\bdef )(?:${written.join('|')})\\(`, 'g'),
  }));
}

/** What stands in the file, and the function with its module. */
function importedNames(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const add = (written: string, full: string): void => {
    if (found.size < MOST) found.set(written, full);
  };
  for (const match of text.matchAll(
    new RegExp(`^[ \\t]*from[ \\t]+(${MODULES})[ \\t]+import[ \\t]*(?:\\(([^()]{1,2000})\\)|([^(\\n][^\\n]{0,300}))`, 'gm'),
  ))
    for (const [, name = '', as] of (match[2] ?? match[3] ?? '').matchAll(/([A-Za-z_]\w*)(?:\s+as\s+([A-Za-z_]\w*))?/g))
      add(as ?? name, `${match[1] ?? ''}.${name}`);
  const modules = new Map<string, string>();
  for (const [, list = ''] of text.matchAll(/^[ \t]*import[ \t]+([^\n]{1,300})/gm))
    for (const [, module = '', as = ''] of list.matchAll(new RegExp(`\\b(${MODULES})[ \\t]+as[ \\t]+([A-Za-z_]\\w*)`, 'g')))
      if (as !== module && modules.size < MOST) modules.set(as, module);
  if (modules.size > 0)
    for (const [, as = '', name = ''] of text.matchAll(/(?<![\w.])([A-Za-z_]\w*)\.([A-Za-z_]\w*)\(/g)) {
      const module = modules.get(as);
      if (module !== undefined) add(`${as}.${name}`, `${module}.${name}`);
    }
  return found;
}

function isWhole(find: RegExp, text: string): boolean {
  find.lastIndex = 0;
  const match = find.exec(text);
  find.lastIndex = 0;
  return match?.index === 0 && match[0] === text;
}
