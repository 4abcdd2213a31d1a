// Room: ecosystems/. Names in sources that git leaves out of a checkout: files that each user brings along, so that they lie here or not.

/** Endings of what is compiled in, made by a tool, or written by the program rather than read. */
const NOT_READ = /\.(?:[cm]?[jt]sx?|vue|svelte|map|go|rs|pyc?|logs?|out|pid|lock|tmp|bak|swp|test|exe|dll|so|dylib|a|o|prof|tsbuildinfo)$/i;

/**
 * True for a string literal that is the path of a file which git leaves out: a program that names one may open it through any function.
 * In: the literal as written, relative to the project, and git's rules. A bare word (`dist`, `logs`) names no file here.
 */
export function namesLeftOut(value: string, gitIgnores: (path: string) => boolean): boolean {
  if (value.length > 200 || NOT_READ.test(value)) return false;
  if (!/^(?:\.{1,2}\/)*[\w@.-]+(?:\/[\w@.-]+)*$/.test(value) || !/[\w-]*\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(value)) return false;
  return !value.includes('node_modules/') && gitIgnores(value.replace(/^(?:\.\/)+/, ''));
}
