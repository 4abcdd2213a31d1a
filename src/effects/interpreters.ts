// Room: effects/. A program of the repository's own, started by an interpreter: known by its text alone, where that is plain.
import { anywhere, placeOf, tree } from './places.ts';
import type { Call, Told } from './types.ts';

/** Words in a source that reach out of the working directory: other programs, the network, a home directory, absolute paths that are opened. */
const REACHES =
  /child_process|\bsubprocess\b|os\.system|\bexec[a-z]*\s*\(|\bspawn|homedir|expanduser|\bHOME\b|Path\.home|tmpdir|urlretrieve|requests\.|urllib|https?:\/\/|\bfetch\s*\(|axios|download|importlib|__import__|\beval\s*\(|['"`]\/(?:etc|usr|var|opt|root|home|srv|data|mnt|run|lib)\b|['"`]\.\.\//i;

/**
 * `node scripts/build.js`, `python setup_assets.py`: what the file does is not run here. A text that starts no program, names no place outside and
 * brings nothing from the network works on the working directory; any other is unknown. `at`: the word that names the file; `sources`: who reads it;
 * `loads`: whether the modules that it loads may do anything.
 */
export function ownProgram(call: Call, at: number, sources: string, loads: (text: string) => boolean = imports): Told {
  const { name, args, state } = call;
  const word = args[at];
  const place = word && placeOf(word, state, false);
  const text = place && state.read?.(place.path);
  const why = `runs \`${[name, ...args.slice(0, at + 1).map((arg) => arg.raw)].join(' ')}\`, whose effects are not known`;
  const own = word === undefined ? {} : { sources, ...(place ? { runs: place } : {}) };
  if (text === undefined || state.cwd === undefined || REACHES.test(text) || loads(text))
    return { does: { kind: 'unknown', why }, writes: anywhere(why), reads: anywhere(why), startsUnknown: why, ...own };
  const here = { known: [tree(state.cwd)] };
  return { does: { kind: 'build', tool: name }, writes: here, reads: here, ...own };
}

/** The text names something outside of the working directory, or starts a program. */
export const reachesOut = (text: string): boolean => REACHES.test(text);

/** The text of a program may do more than read and write in its working directory. */
export const reaches = (text: string): boolean => REACHES.test(text) || imports(text);

/** Modules that it loads may do anything, but for those of a standard library that only compute or work on the files that they are given. */
const imports = (text: string): boolean =>
  /\brequire\(\s*['"]\.|\bfrom\s+['"]\.|\bimport\s*\(?\s*['"]\.|^\s*from\s+\.|^\s*import\s+(?!(?:os|sys|re|json|shutil|pathlib|time|datetime|string|math|glob|io|csv)\b)\w|^\s*from\s+(?!(?:os|sys|re|json|shutil|pathlib|time|datetime|string|math|glob|io|csv|typing|collections|functools|itertools|dataclasses|__future__)\s)\w/m.test(
    text,
  );
