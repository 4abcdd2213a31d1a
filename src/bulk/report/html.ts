// Room: bulk/. The report as a page that stands alone: no script, no network; long lists are closed until they are opened.
import { html, page, trusted, type Content, type Markup } from '../../report/html.ts';
import type { RepoState } from '../types.ts';
import { pageStyle } from './html-style.ts';
import type { CampaignSummary, Cluster, RepositoryRow } from './types.ts';
import { appliedText, counted, headline, pullUrl, savingsText, stateOrder, statesOf, stateWords, whole } from './words.ts';

/** Clusters on the page, and characters of an example: more would be a download, not a page. */
const maxClusters = 100;
const maxPatch = 20_000;

/** Where the body goes; no text of a campaign can hold it, because it is escaped. */
const place = '<!--body-->';

/** The page in pieces: a campaign of 100,000 repositories needs no string of all of it. */
export function* htmlReport(summary: CampaignSummary): Generator<string> {
  const [head = '', tail = ''] = page(`Campaign ${summary.campaign.options.id}`, trusted(place), pageStyle).split(place);
  yield head;
  yield html`<header>
    <h1>Campaign ${summary.campaign.options.id}</h1>
    <p>${headline(summary)}.</p>
    <p class="dim">${summary.campaign.options.platform}, ${summary.at}, dockerfile-mod ${summary.campaign.toolVersion}</p>
  </header>`.markup;
  yield outcomes(summary).markup;
  yield savings(summary).markup;
  yield* pulls(summary);
  yield reasons(summary).markup;
  yield clusters(summary).markup;
  yield transforms(summary).markup;
  yield skips(summary).markup;
  yield* repositories(summary);
  yield tail;
}

function outcomes(summary: CampaignSummary): Markup {
  const states = statesOf(summary);
  const total = summary.repositories.length;
  if (total === 0) return html`<p>No repository was found.</p>`;
  const told = states.map(({ count, words }) => `${whole(count)} ${words.label}`).join(', ');
  return html`<section aria-labelledby="outcomes">
    <h2 id="outcomes">Outcomes</h2>
    <div class="stack" role="img" aria-label="${`Share of each outcome: ${told}`}">
      ${states.map(({ count, words }) => html`<span class="${words.tone}-fill" style="flex-grow:${count}"></span>`)}
    </div>
    ${table(
      'Repositories by outcome',
      ['Repositories', 'Share', 'Outcome', 'Means'],
      states.map(({ count, words }) => [
        number(whole(count)),
        number(`${((count / total) * 100).toFixed(1)} %`),
        html`<span class="swatch ${words.tone}-fill" aria-hidden="true"></span> ${words.label}`,
        words.means,
      ]),
    )}
  </section>`;
}

const savings = (summary: CampaignSummary): Markup =>
  html`<section aria-labelledby="savings">
    <h2 id="savings">Savings</h2>
    ${savingsText(summary).map((line) => html`<p>${line}</p>`)}
  </section>`;

function* pulls({ repositories: all }: CampaignSummary): Generator<string> {
  const rows = all.filter((row) => row.pull !== undefined);
  if (rows.length === 0) return;
  const by = (state: 'open' | 'merged' | 'closed'): number => rows.filter((row) => row.pull?.state === state).length;
  const waiting = rows.filter((row) => row.pull?.state === 'open' && stateWords[row.state].tone === 'warn');
  yield html`<section aria-labelledby="pulls">
    <h2 id="pulls">Pull requests</h2>
    <p>${counted(rows.length, 'pull request')}: ${whole(by('open'))} open, ${whole(by('merged'))} merged, ${whole(by('closed'))} closed.</p>
  </section> `.markup;
  const title = `${counted(waiting.length, 'pull request')} that need${waiting.length === 1 ? 's' : ''} a person`;
  if (waiting.length > 0) yield* rowsDetails(title, 'Pull requests that need a person', waiting);
  yield '</section>';
}

const reasons = ({ byReason }: CampaignSummary): Markup =>
  byReason.length === 0
    ? html``
    : html`<section aria-labelledby="reasons">
        <h2 id="reasons">Why</h2>
        ${table(
          'Exclusions and failures by reason',
          ['Repositories', 'Outcome', 'Reason'],
          byReason.map(({ state, reason, count }) => [number(whole(count)), stateWords[state].label, reason]),
        )}
      </section>`;

function transforms({ transforms: all }: CampaignSummary): Markup {
  const [most] = all;
  if (!most) return html``;
  return html`<section aria-labelledby="applied">
    <h2 id="applied">What is applied</h2>
    ${table(
      'How often each transform is applied',
      ['Times', 'Transform', 'Of the most frequent'],
      all.map(({ transform, count }) => [
        number(whole(count)),
        html`<code>${transform}</code>`,
        html`<span
          class="bar open-fill"
          style="width:${Math.max(1, Math.round((count / most.count) * 100))}%"
          role="img"
          aria-label="${Math.round((count / most.count) * 100)} percent"
        ></span>`,
      ]),
    )}
  </section>`;
}

const skips = ({ skips: all }: CampaignSummary): Markup =>
  all.length === 0
    ? html``
    : html`<section aria-labelledby="skips">
        <h2 id="skips">What was left, and why</h2>
        ${table(
          'Skips by reason, most frequent first',
          ['Times', 'Transform', 'Reason', 'For example'],
          all.map(({ transform, reason, count, example }) => [
            number(whole(count)),
            html`<code>${transform}</code>`,
            html`<code>${reason}</code>`,
            example,
          ]),
        )}
      </section>`;

function clusters({ clusters: all }: CampaignSummary): Markup {
  if (all.length === 0) return html``;
  const more = all.length - maxClusters;
  return html`<section aria-labelledby="clusters">
    <h2 id="clusters">Different changes</h2>
    <p>${counted(all.length, 'different change')}. Diffs that differ only in names and numbers count as one change.</p>
    ${all.slice(0, maxClusters).map(clusterOf)}${more > 0 && html`<p>And ${whole(more)} more, which are in the JSON report.</p>`}
  </section>`;
}

function clusterOf({ id, count, example, repositories: names, transforms: ids }: Cluster): Markup {
  const patch = example.patch.length > maxPatch ? example.patch.slice(0, example.patch.lastIndexOf('\n', maxPatch) + 1) : example.patch;
  const others = count - names.length;
  return details(
    html`<strong>${counted(count, 'repository', 'repositories')}</strong>: ${ids.join(', ')} <code class="dim">${id}</code>`,
    html`<p>The diff of ${example.repo}${patch.length < example.patch.length && ', its beginning'}:</p>
      ${patch === '' ? html`<p class="dim">It was not kept.</p>` : diff(patch, example.repo)}
      <p>${names.join(', ')}${others > 0 && ` and ${whole(others)} more`}.</p>`,
  );
}

/** A patch, its lines marked by their sign and by colour. */
function diff(patch: string, repo: string): Markup {
  const lines = patch.replace(/\n$/, '').split('\n');
  const mark = (line: string): Content => {
    if (/^(?:diff --git|---|\+\+\+|@@|new file) /.test(line)) return html`<span class="dim">${line}</span>`;
    if (line.startsWith('+')) return html`<ins>${line}</ins>`;
    return line.startsWith('-') ? html`<del>${line}</del>` : line;
  };
  return html`<pre tabindex="0" role="region" aria-label="${`Diff of ${repo}`}">
${lines.map((line) => [mark(line.replace(/\r$/, '')), '\n'])}</pre>`;
}

function* repositories({ repositories: rows }: CampaignSummary): Generator<string> {
  if (rows.length === 0) return;
  yield '<section aria-labelledby="repositories"><h2 id="repositories">Repositories</h2>';
  const byState = new Map<RepoState, RepositoryRow[]>(stateOrder.map((state) => [state, []]));
  for (const row of rows) byState.get(row.state)?.push(row);
  for (const [state, some] of byState) {
    if (some.length === 0) continue;
    const { label, means } = stateWords[state];
    const title = html`<strong>${whole(some.length)} ${label}</strong> <span class="dim">${means}</span>`;
    yield* rowsDetails(title, `Repositories: ${label}`, some);
  }
  yield '</section>';
}

const rowHeads = ['Repository', 'Changed', 'Applied', 'Pull request', 'Reason'];

/** A list of repositories that can be opened, a row at a time. */
function* rowsDetails(title: Content, caption: string, rows: readonly RepositoryRow[]): Generator<string> {
  const [head = '', tail = ''] = details(title, table(caption, rowHeads, [], trusted(place))).markup.split(place);
  yield head;
  for (const row of rows) yield tableRow(rowCells(row)).markup;
  yield tail;
}

function rowCells(row: RepositoryRow): Content[] {
  const url = pullUrl(row);
  const text = row.pull && `#${row.pull.number} ${row.pull.state}`;
  return [
    row.repo,
    row.dockerfiles > 0 && `${row.changed} of ${row.dockerfiles}`,
    appliedText(row),
    url === undefined ? text : html`<a href="${url}" rel="noreferrer">${text}</a>`,
    row.failure ?? row.reason,
  ];
}

/** A cell of numbers, right-aligned. */
const number = (text: string): Markup => html`<span class="n">${text}</span>`;

/** A table that scrolls sideways by itself, with a name for screen readers. */
function table(caption: string, heads: readonly string[], rows: readonly Content[][], streamed?: Markup): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption class="hidden">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(tableRow)}${streamed}
      </tbody>
    </table>
  </div> `;
}

const tableRow = (cells: readonly Content[]): Markup =>
  html`<tr>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr> `;

const details = (title: Content, content: Content): Markup =>
  html`<details>
    <summary>${title}</summary>
    ${content}
  </details> `;
