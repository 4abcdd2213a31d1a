// Room: runtime/. What no program reads as a rule, and a word of the sources names all the same: `flag.String("dir", "docs", …)`, where computed paths are read.
import type { FileTree } from '../context/types.ts';
import type { Project } from '../facts/project.ts';

const ASIDE =
  /^(?:docs?|documentation|examples?|deploy(?:ments?)?|charts|helm|k8s|kubernetes|screenshots|licen[cs]e|notice|copying|changelog|authors|contributors|readme)$/i;
const LARGEST = 200_000;

/** Entries of `dirs`, with words of their names in the sources: not names of fields (`json:"docs"`), but what a field is by default. */
export function namedByWords({ tree, ignore, gitIgnores, all }: Project, dirs: readonly string[], sources?: readonly string[]): string[] {
  return dirs.flatMap((dir) => {
    const aside = (tree.list(dir) ?? []).filter(({ name, path }) => ASIDE.test(name) && !ignore.ignores(path) && !gitIgnores(path));
    if (aside.length === 0) return [];
    const texts = (sources ?? all(dir).flatMap((one) => one.sources?.() ?? [])).flatMap((file) => textOf(tree, file));
    return aside.filter(({ name }) => texts.some((text) => wordIn(name).test(text))).map(({ path }) => path);
  });
}

const wordIn = (name: string): RegExp => new RegExp(`(?:(?<!\\w:)|(?<=[dD]efault:))["'\`](?:\\./)?${name}/?["'\`]`);

function textOf(tree: FileTree, file: string): string[] {
  const read = tree.read(file);
  return read.kind === 'text' && read.text.length < LARGEST ? [read.text] : [];
}
