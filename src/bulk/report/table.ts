// Room: bulk/. The report for a terminal.
import { coloured, plain, type Palette } from '../../report/colour.ts';
import { visible } from '../../report/visible.ts';
import type { RepositoryRow, CampaignSummary } from './types.ts';
import { counted, savingsText, stateOrder, statesOf, stateWords, whole, type Tone } from './words.ts';

/** Rows of one table; the other formats hold all. */
const maxRows = 20;
/** Repositories listed by name. */
const maxNamed = 40;

/** The report in lines that fit a terminal; each piece ends with a line break. */
export function* table(summary: CampaignSummary, colour: 'always' | 'never'): Generator<string> {
  const palette = colour === 'always' ? coloured : plain;
  const { repositories, campaign } = summary;
  yield `${palette.bold(`${campaign.options.id}: ${counted(repositories.length, 'repository', 'repositories')}`)}\n`;
  for (const { count, words } of statesOf(summary))
    yield `${right(count)}  ${toned(words.tone, palette)(words.label)} ${palette.dim(`– ${words.means}`)}\n`;
  yield* counts(
    'Why',
    summary.byReason.map(({ state, reason, count }) => [count, `${stateWords[state].label}: ${reason}`]),
    palette,
  );
  yield* counts(
    'Applied',
    summary.transforms.map(({ transform, count }) => [count, transform]),
    palette,
  );
  yield* counts(
    'Skipped',
    summary.skips.map(({ transform, reason, count, example }) => [count, `${transform}, ${reason}: ${example}`]),
    palette,
  );
  yield* counts(
    'Different changes',
    summary.clusters.map(({ id, count, transforms }) => [count, `${id}  ${transforms.join(', ')}`]),
    palette,
  );
  yield* named(repositories, palette);
  yield `\n${savingsText(summary).join('\n')}\n`;
}

function* counts(title: string, rows: readonly (readonly [number, string])[], palette: Palette): Generator<string> {
  if (rows.length === 0) return;
  yield `\n${palette.bold(title)}\n`;
  for (const [count, text] of rows.slice(0, maxRows)) yield `${right(count)}  ${visible(text)}\n`;
  if (rows.length > maxRows) yield `${' '.repeat(9)}${palette.dim(`and ${whole(rows.length - maxRows)} more`)}\n`;
}

/** Pull requests, what would change, and what needs a person: named one by one. */
function* named(rows: readonly RepositoryRow[], palette: Palette): Generator<string> {
  const worth = rows.filter(
    (row) => row.pull !== undefined || row.state === 'planned' || row.state === 'failed' || row.state === 'dead' || row.state === 'frozen',
  );
  if (worth.length === 0) return;
  yield `\n${palette.bold('Repositories')}\n`;
  const sorted = worth.toSorted((a, b) => stateOrder.indexOf(a.state) - stateOrder.indexOf(b.state));
  for (const row of sorted.slice(0, maxNamed)) {
    const change = row.state === 'planned' && row.cluster !== undefined ? `change ${row.cluster}` : undefined;
    const told = [row.pull?.url, row.failure ?? row.reason ?? change].filter((text) => text !== undefined).map(visible);
    const { label, tone } = stateWords[row.state];
    yield `  ${toned(tone, palette)(label.padEnd(18))} ${visible(row.repo)}${told.length > 0 ? `  ${told.join('  ')}` : ''}\n`;
  }
  if (worth.length > maxNamed) yield `  ${palette.dim(`and ${whole(worth.length - maxNamed)} more`)}\n`;
}

const right = (count: number): string => whole(count).padStart(7);

function toned(tone: Tone, palette: Palette): (text: string) => string {
  const colours = { good: palette.green, open: palette.cyan, quiet: (text: string) => text, warn: palette.yellow, bad: palette.red };
  return colours[tone];
}
