// Room: bulk/. The report as Markdown, for an issue or a wiki page: nothing of a repository is followed by a forge.
import { code, fenced, prose } from '../../report/neutral.ts';
import type { CampaignSummary, RepositoryRow } from './types.ts';
import { appliedText, counted, headline, pullUrl, savingsText, statesOf, stateWords, whole } from './words.ts';

/** Clusters whose example is shown, and characters of one. */
const maxExamples = 20;
const maxPatch = 6000;

/** The report, in pieces that end with a line break. */
export function* markdown(summary: CampaignSummary): Generator<string> {
  const { campaign, at, clusters, repositories } = summary;
  yield `# Campaign ${code(campaign.options.id)}\n\n${headline(summary)}.\n\n`;
  yield* section('Outcomes', ['Repositories', 'State', 'Means'], statesOf(summary), ({ count, words }) => [
    whole(count),
    words.label,
    words.means,
  ]);
  yield `## Savings\n\n${savingsText(summary).join('\n')}\n\n`;
  yield* section('Why', ['Repositories', 'State', 'Reason'], summary.byReason, (one) => [
    whole(one.count),
    stateWords[one.state].label,
    code(one.reason),
  ]);
  yield* section('Applied', ['Times', 'Transform'], summary.transforms, (one) => [whole(one.count), code(one.transform)]);
  yield* section('Skipped', ['Times', 'Transform', 'Reason', 'For example'], summary.skips, (one) => [
    whole(one.count),
    code(one.transform),
    code(one.reason),
    prose(one.example),
  ]);
  if (clusters.length > 0)
    yield `## Different changes\n\n${counted(clusters.length, 'different change')}. Diffs that differ only in names and numbers count as one.\n\n`;
  for (const { id, count, transforms, example } of clusters.slice(0, maxExamples)) {
    const shown = example.patch.length > maxPatch ? example.patch.slice(0, example.patch.lastIndexOf('\n', maxPatch)) : example.patch;
    const title = `${counted(count, 'repository', 'repositories')}: ${transforms.map(code).join(', ')}`;
    yield `### ${code(id)}\n\n${title}. From ${code(example.repo)}${shown === example.patch ? '' : ', its beginning'}:\n\n`;
    if (shown !== '') yield `${fenced(shown, 'diff')}\n\n`;
  }
  if (clusters.length > maxExamples) yield `And ${whole(clusters.length - maxExamples)} more.\n\n`;
  yield* section('Repositories', ['Repository', 'State', 'Changed', 'Applied', 'Pull request', 'Reason'], repositories, rowCells);
  yield `dockerfile-mod ${campaign.toolVersion}, ${at}\n`;
}

function* section<One>(title: string, heads: readonly string[], all: readonly One[], cells: (one: One) => string[]): Generator<string> {
  if (all.length === 0) return;
  yield `## ${title}\n\n| ${heads.join(' | ')} |\n|${' --- |'.repeat(heads.length)}\n`;
  for (const one of all) yield `| ${cells(one).join(' | ')} |\n`;
  yield '\n';
}

function rowCells(row: RepositoryRow): string[] {
  const url = pullUrl(row);
  const pull = row.pull === undefined ? '' : `${url === undefined ? row.pull.number : `<${url}>`} (${row.pull.state})`;
  const why = row.failure ?? row.reason;
  return [
    code(row.repo),
    stateWords[row.state].label,
    row.dockerfiles === 0 ? '' : `${row.changed} of ${row.dockerfiles}`,
    appliedText(row) === '' ? '' : code(appliedText(row)),
    pull.replaceAll('|', '%7C'),
    why === undefined ? '' : prose(why),
  ];
}
