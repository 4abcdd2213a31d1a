// Room: ecosystems/node. What a source file imports, values only: types are gone after compiling.

export interface Import {
  specifier: string;
  offset: number;
}

/** `import … from 'x'`, `export … from 'x'`, walked word by word: a clause is what stands between the two. */
const clauseParts = /(?<![\w$.])(?:(import|export)(?![\w$])|from\s{0,20}(['"])([^'"\n]{1,300})\2)/g;
const bareImport = /\bimport\s{0,20}(['"])([^'"\n]{1,300})\1/g;
const call = /(?<![\w$.])(?:require|import|require\.resolve)\s{0,20}\(\s{0,50}(['"`])([^'"`\n$]{1,300})\1/g;

/** The value imports of a text without comments, in order. Imports whose names are all `type` names are left out. */
export function valueImports(text: string): Import[] {
  const found: Import[] = [];
  let open: number | undefined;
  for (const match of text.matchAll(clauseParts)) {
    if (match[1] !== undefined) open = match.index;
    else if (open !== undefined) {
      const clause = text.slice(open + 'import'.length, Math.min(match.index, open + 4000));
      if (/^[\s{*][\w$*{}\s,]*$/.test(clause) && !onlyTypes(clause)) found.push({ specifier: match[3] ?? '', offset: open });
      open = undefined;
    }
  }
  for (const match of text.matchAll(bareImport)) found.push({ specifier: match[2] ?? '', offset: match.index });
  for (const match of text.matchAll(call)) found.push({ specifier: match[2] ?? '', offset: match.index });
  return found.sort((a, b) => a.offset - b.offset);
}

/** `type X`, `type { X }`, `{ type A, type B }`. */
function onlyTypes(clause: string): boolean {
  const trimmed = clause.trim();
  if (/^type\s+[\w${*]/.test(trimmed) && !/^type\s*,/.test(trimmed)) return true;
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return false;
  const names = trimmed
    .slice(1, -1)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length > 0 && names.every((name) => /^type\s/.test(name));
}

/** `@scope/name/sub` → `@scope/name`; undefined for relative, absolute, `node:` and URL specifiers. */
export function packageOf(specifier: string): string | undefined {
  if (/^[./#]|^[a-z]+:|^~\//.test(specifier)) return undefined;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}
