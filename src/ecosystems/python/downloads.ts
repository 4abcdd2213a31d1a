// Room: ecosystems/python. Data and models that a package brings from the network: where they lie, by the package's own default.
import { anywhere, placesOf, tree } from '../../effects/places.ts';
import type { Call, Told } from '../../effects/types.ts';
import { names, options } from '../../effects/words.ts';

/** Packages whose downloads start no other program, and lie where settings and versions say. Source: the manual of each, "cache" or "download". */
const QUIET: ReadonlySet<string> = names(
  'nltk transformers sentence_transformers huggingface_hub datasets diffusers torch torchvision torchaudio whisper faster_whisper easyocr tiktoken gensim stanza flair textblob tensorflow tensorflow_hub keras keras_hub insightface ultralytics fastembed timm open_clip clip',
);

/** NLTK's data: the first of its own directories that is there and may be written, in a new image the home directory. Source: nltk/downloader.py, default_download_dir. */
function nltk({ state }: Call, dir: ReturnType<ReturnType<typeof options>['value']>): Told {
  const set = state.lookup('NLTK_DATA');
  const home = state.home === undefined ? anywhere('to a home directory') : { known: [tree(`${state.home}/nltk_data`)] };
  const writes = dir ? placesOf([dir], state, true) : set === undefined ? home : anywhere('to the directory that NLTK_DATA names');
  return {
    does: writes.unknown === undefined ? { kind: 'fetch', alone: true } : { kind: 'fetch' },
    writes,
    reads: { known: [tree('/usr/local')] },
  };
}

/** `python -m nltk.downloader`, `python -m spacy download`. Sources: nltk.org/data.html; spacy.io/api/cli#download; textblob.readthedocs.io. */
export function downloadModule(name: string, call: Call, args: Call['args']): Told | undefined {
  if (name === 'nltk.downloader') return nltk(call, options(args, names('-d -u --dir --url')).value('-d', '--dir'));
  if (name === 'textblob.download_corpora') return nltk(call, undefined);
  // spacy has pip install the model as a package
  if (name === 'spacy' && args[0]?.value === 'download')
    return {
      does: { kind: 'package', manager: 'pip', what: 'install-named', into: 'python' },
      writes: { known: [tree('/usr/local')] },
      reads: { known: [] },
    };
  return undefined;
}

const NLTK = /^(?:import nltk|from nltk import download|(?:nltk\.)?download\((['"])[\w.-]+\1\))$/;

/** `python -c "import nltk; nltk.download('punkt')"`. */
export function downloadText(text: string, call: Call): Told | undefined {
  const statements = text
    .split(/[;\n]/)
    .map((one) => one.trim())
    .filter(Boolean);
  if (statements.length > 1 && statements.every((one) => NLTK.test(one))) return nltk(call, undefined);
  const modules = statements.flatMap((one) => /^(?:import|from)\s+(\w+)/.exec(one)?.[1] ?? []);
  const known = modules.length > 0 && modules.every((name) => QUIET.has(name) || name === 'os' || name === 'sys');
  if (!known || /subprocess|os\.|\bexec|\beval|__import__|importlib/.test(text)) return undefined;
  const why = `runs \`${call.name} -c\`, which brings files of ${modules[0]} to places that are not known`;
  return { does: { kind: 'unknown', why }, writes: anywhere(why), reads: anywhere(why) };
}
