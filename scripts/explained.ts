// What the sources and the goldens say of each transform, skip and note: for `explain`, docs/transforms.md and docs/messages.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { patchOf } from '../src/report/diff.ts';
import { listTransforms } from '../src/index.ts';
import { allowOf, NOTHING_ALLOWS } from '../src/knowledge/allows.ts';
import type { Explained, Sentences } from '../src/cli/explained-types.ts';
import { goldenCases, readGolden } from '../test/golden/cases.ts';

/** Sentences that stand for one id. */
const most = 3;

/** Everything that the goldens say, by id; and what the transforms' comments say of them. */
export function explained(): Explained & { messages: Messages } {
  const messages = messagesOf();
  const told = comments();
  const transforms = Object.fromEntries(
    listTransforms().map(({ id }) => {
      const sentences = told.get(id);
      if (!sentences) throw new Error(`${id} has no comment with "before:" and "Safe because:"`);
      return [id, { ...sentences, example: exampleOf(id) }];
    }),
  );
  const skips = Object.fromEntries(
    [...messages.skipped].map(([id, { transforms: by, texts }]) => {
      const allow = allowsOf(id, [...by].sort());
      const nothing = NOTHING_ALLOWS[id];
      return [
        id,
        {
          transforms: [...by].sort(),
          says: shortest(texts),
          allow,
          ...(allow.length === 0 && nothing !== undefined ? { nothing } : {}),
        },
      ];
    }),
  );
  const notes = Object.fromEntries(
    [...messages.note].map(([id, { transforms: by, texts }]) => [id, { transforms: [...by].sort(), says: shortest(texts) }]),
  );
  return { transforms, skips, notes, messages };
}

/** What would allow it; where transforms differ, with the transforms that it is true of. */
function allowsOf(id: string, by: readonly string[]): string[] {
  const texts = new Map<string, string[]>();
  for (const transform of by) {
    const text = allowOf(transform, id);
    if (text !== undefined) texts.set(text, [...(texts.get(text) ?? []), transform]);
  }
  return [...texts].map(([text, transforms]) => (texts.size === 1 ? text : `${text} (${transforms.join(', ')})`));
}

const shortest = (texts: ReadonlySet<string>): string[] =>
  [...texts].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, most);

interface Said {
  transforms: Set<string>;
  texts: Set<string>;
}
export interface Messages {
  applied: Map<string, Said>;
  skipped: Map<string, Said>;
  note: Map<string, Said>;
}

function messagesOf(): Messages {
  const found: Messages = { applied: new Map(), skipped: new Map(), note: new Map() };
  const add = (kind: keyof Messages, id: string, transform: string, text: string): void => {
    const said = found[kind].get(id) ?? { transforms: new Set(), texts: new Set() };
    found[kind].set(id, said);
    said.transforms.add(transform);
    said.texts.add(text);
  };
  for (const one of goldenCases())
    for (const line of (readGolden(one).said ?? '').split('\n')) {
      const [, kind, transform = '', id = '', text = ''] = /^(skipped|note) (\S+) (\S+?)(?: \(line \d+\))?: (.*)$/.exec(line) ?? [];
      if (kind === 'skipped' || kind === 'note') add(kind, id, transform, text);
      const [, applied, why = ''] = /^applied (\S+) \(\w+\): (.*)$/.exec(line) ?? [];
      if (applied !== undefined) add('applied', applied, applied, why);
    }
  const sorted = (all: Map<string, Said>): Map<string, Said> => new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { applied: sorted(found.applied), skipped: sorted(found.skipped), note: sorted(found.note) };
}

/** The comments above the transforms. */
function comments(): Map<string, Sentences> {
  const paths = readdirSync('transforms', { withFileTypes: true }).map((entry) =>
    join('transforms', entry.isDirectory() ? `${entry.name}/index.ts` : entry.name),
  );
  const found = new Map<string, Sentences>();
  for (const path of paths) {
    const text = readFileSync(path, 'utf8');
    const [, comment, id] =
      /\/\*\*\n((?: \*[^\n]*\n)*? \* before:(?: ?\*?[^\n]*\n)*?) \*\/\nexport const \w+: Transform = \{\s+id: '([^']+)'/.exec(text) ?? [];
    if (comment === undefined || id === undefined) continue;
    const joined = comment.replaceAll(/^ \* ?/gm, '').replaceAll(/\n(?!(?:before|Safe|Skipped|Untouched)\b)/g, ' ');
    const part = (name: string): string | undefined => new RegExp(`^${name}:\\s*(.*?)\\s*$`, 'm').exec(joined)?.[1];
    const [before = '', after = ''] = (part('before') ?? '').split(/\s{2,}after:\s*/);
    const skipped = part('Skipped when');
    found.set(id, {
      before,
      after: after.replaceAll('** /', '**/'),
      safe: part('Safe because') ?? '',
      ...(skipped === undefined ? {} : { skipped }),
      untouched: part('Untouched when') ?? '',
    });
  }
  return found;
}

/** The diff of the smallest golden in which this transform alone runs. */
function exampleOf(id: string): string {
  const diffs = goldenCases()
    .filter(({ group }) => group === id)
    .flatMap((one) => {
      const { settings, input, expected } = readGolden(one);
      if (settings.only?.length !== 1 || settings.only[0] !== id || settings.level !== undefined) return [];
      const files = Object.entries(expected).map(([path, after]) => {
        const given = input.find((file) => file.path === path)?.content;
        return { path, before: given && 'bytes' in given ? given.bytes.toString() : undefined, after: after.toString() };
      });
      return files.length > 0 && files.every(({ after }) => after.endsWith('\n') && !after.includes('\r')) ? [patchOf(files)] : [];
    });
  // The shortest that says something.
  return diffs.filter((diff) => diff.split('\n').length >= 12).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? diffs[0] ?? '';
}
