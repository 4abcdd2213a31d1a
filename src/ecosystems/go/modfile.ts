// Room: ecosystems/go. go.mod and go.work, read line by line. Source: https://go.dev/ref/mod#go-mod-file and #go-work-file.

export interface Requirement {
  path: string;
  version: string;
  indirect: boolean;
  line: number;
}
export interface Replacement {
  old: string;
  new: string;
  /** True when the new side is a directory (`./x`, `../x` or absolute). */
  local: boolean;
  line: number;
}
export interface ModFile {
  module: string | undefined;
  moduleLine: number;
  go: string | undefined;
  toolchain: string | undefined;
  requires: Requirement[];
  replaces: Replacement[];
  /** Of go.work: the module directories as written. */
  uses: { dir: string; line: number }[];
}

const maxLines = 20_000;

/** Reads go.mod or go.work. Lines that are not understood are left out; nothing throws. */
export function readModFile(text: string): ModFile {
  const mod: ModFile = { module: undefined, moduleLine: 1, go: undefined, toolchain: undefined, requires: [], replaces: [], uses: [] };
  let block: string | undefined;
  for (const [index, raw] of text.split('\n', maxLines).entries()) {
    const { words, comment } = wordsOf(raw);
    if (words.length === 0) continue;
    if (block !== undefined) {
      if (words[0] === ')') block = undefined;
      else take(mod, block, words, comment, index + 1);
    } else if (words[1] === '(') block = words[0];
    else take(mod, words[0] ?? '', words.slice(1), comment, index + 1);
  }
  return mod;
}

function take(mod: ModFile, directive: string, words: string[], comment: string, line: number): void {
  const [first, second] = words;
  if (first === undefined) return;
  if (directive === 'module') [mod.module, mod.moduleLine] = [first, line];
  else if (directive === 'go') mod.go = first;
  else if (directive === 'toolchain') mod.toolchain = first;
  else if (directive === 'use') mod.uses.push({ dir: first, line });
  else if (directive === 'require' && second !== undefined)
    mod.requires.push({ path: first, version: second, indirect: /^\/\/\s*indirect\b/.test(comment), line });
  else if (directive === 'replace') {
    const target = words[words.indexOf('=>') + 1];
    if (words.includes('=>') && target !== undefined)
      mod.replaces.push({ old: first, new: target, local: /^(?:\.\.?(?:\/|$)|\/)/.test(target), line });
  }
}

/** Words of a line (quotes removed) and its comment. */
function wordsOf(line: string): { words: string[]; comment: string } {
  const words: string[] = [];
  const word = /\s*(?:(\/\/.*)|"([^"\n]*)"|`([^`\n]*)`|([()])|((?:(?!\/\/)[^\s()"`])+))/y;
  for (let found = word.exec(line); found; found = word.exec(line)) {
    if (found[1] !== undefined) return { words, comment: found[1] };
    words.push(found[2] ?? found[3] ?? found[4] ?? found[5] ?? '');
  }
  return { words, comment: '' };
}

/** Compares Go versions such as '1.9' and '1.21.3' by their first two numbers. */
export function goAtLeast(version: string, major: number, minor: number): boolean {
  const found = /^(\d{1,4})(?:\.(\d{1,4}))?/.exec(version);
  const [a, b] = [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
  return a > major || (a === major && b >= minor);
}
