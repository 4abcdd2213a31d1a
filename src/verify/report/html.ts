// Room: verify/report/. What `verify` found, as one page that stands alone: no network, no script.
import type { FileVerification, Outcome, VerifyResult } from '../types.ts';
import { html, page, type Content, type Markup } from '../../report/html.ts';
import { secondsText } from '../../report/quantity.ts';
import { outcomeTexts } from './checks.ts';
import { checksSection, ladderSection, logDetails, rolledBackSection } from './html-checks.ts';
import { diffTable } from '../../report/html-diff.ts';
import { configSection, observedSection } from './html-images.ts';
import { layersSection, measuresSection } from './html-measures.ts';
import { verifyStyle } from './html-style.ts';
import { measureRows } from './measures.ts';
import { isKept } from './json.ts';
import { visible, visibleLines } from '../../report/visible.ts';

/** The page. Deterministic: the same result gives the same bytes. */
export function verifyHtml(result: VerifyResult): string {
  const { files, engine, version } = result;
  const title =
    files.length === 1 && files[0] ? `${visible(files[0].path)}: ${outcomeTexts[files[0].outcome].title}` : 'Verification of Dockerfiles';
  const body = html`<header>
      <h1>Verification of ${files.length === 1 ? 'a Dockerfile' : `${files.length} Dockerfiles`}</h1>
      <p class="lead">
        ${result.ok ? 'Everything that was checked is as before.' : 'Not everything could be kept, or verified: see below.'}
        ${engine === undefined ? '' : `Built and run with ${visible(engine)}.`}
      </p>
      ${files.length > 1 && contents(files)}
    </header>
    ${files.map(fileSection)}
    <footer>
      Made by dockerfile-mod ${visible(version)}. Both Dockerfiles were built from the same copy of the build context, and both images run
      with the same limits, without host mounts and without the host’s network. A check says what it looked at, no more: what nobody asks an
      image is not verified.
    </footer>`;
  return page(title, body, verifyStyle);
}

const contents = (files: readonly FileVerification[]): Markup =>
  html`<nav aria-label="Dockerfiles">
    <ul>
      ${files.map((file, i) => html`<li><a href="#file-${i + 1}">${visible(file.path)}</a> ${badge(file.outcome)}</li>`)}
    </ul>
  </nav>`;

const tones: Readonly<Record<Outcome, string>> = {
  verified: 'good',
  'partly-verified': 'warn',
  rejected: 'bad',
  unchanged: 'dim',
  'baseline-broken': 'bad',
  error: 'bad',
};
const badge = (outcome: Outcome): Markup => html`<span class="badge ${tones[outcome]}">${outcomeTexts[outcome].title}</span>`;

function fileSection(file: FileVerification, index: number): Markup {
  const at = `file-${index + 1}`;
  const context = file.context === undefined ? '' : html` Build context <code>${visible(file.context)}</code>.`;
  return html`<section aria-labelledby="${at}">
    <h2 id="${at}">${visible(file.path)} ${badge(file.outcome)}</h2>
    <p class="lead">${outcomeTexts[file.outcome].means}<span class="note">${context} Took ${secondsText(file.seconds)}.</span></p>
    ${tiles(file)} ${problemCard(file)} ${ladderSection(file)} ${rolledBackSection(file)} ${file.before !== '' && dockerfiles(file)}
    ${checksSection(file)} ${measuresSection(file)} ${layersSection(file)} ${observedSection(file)} ${configSection(file)}
  </section>`;
}

/** What one wants to know first. */
function tiles(file: FileVerification): Content {
  const rows = new Map(measureRows(file).map((row) => [row.label, row]));
  // Numbers of a rewrite that is not kept are no gain.
  const told = (isKept(file) ? ['image size', 'after a source edit', 'OS packages'] : []).flatMap((label) => {
    const row = rows.get(label);
    return row?.values ? [tile(row.change ?? '–', label, `${row.before} → ${row.after}`)] : [];
  });
  const looked = file.checks.filter((check) => check.outcome !== 'not-checked');
  const fine = looked.filter((check) => check.outcome !== 'failed').length;
  const checks = looked.length > 1 ? [tile(`${fine} of ${looked.length}`, 'checks', 'found nothing that is worse')] : [];
  return (
    told.length + checks.length > 0 &&
    html`<ul class="tiles">
      ${checks}${told}
    </ul>`
  );
}

const tile = (big: string, what: string, more: string): Markup =>
  html`<li><span class="big">${big}</span><span class="what">${what}</span><span class="note">${more}</span></li>`;

function problemCard({ problem }: FileVerification): Content {
  if (!problem) return undefined;
  return html`<div class="card bad-edge">
    <p><strong>${visible(problem.message)}</strong></p>
    ${problem.hint !== undefined && html`<p>${visible(problem.hint)}</p>`}${logDetails('Log', problem.log)}
  </div>`;
}

function dockerfiles(file: FileVerification): Markup {
  if (file.before === file.after && (file.report?.files ?? []).length === 0) {
    return html`<h3>The Dockerfile, as it was</h3>
      <pre>${visibleLines(file.before)}</pre>`;
  }
  const applied = file.report?.result?.applied.filter((one) => file.applied.includes(one.transform)) ?? [];
  const kept = applied.length > 0 ? applied : file.applied.map((transform) => ({ transform, why: '' }));
  return html`<h3>${isKept(file) ? 'The Dockerfile before and after' : 'The Dockerfile, and the rewrite that was not kept'}</h3>
    ${diffTable(file.path, file.before, file.after)} ${(file.report?.files ?? []).map((one) => diffTable(one.path, one.before, one.after))}
    ${
      kept.length > 0 &&
      html`<details>
        <summary>What was rewritten, and why</summary>
        <ul>
          ${kept.map(({ transform, why }) => html`<li><code>${visible(transform)}</code>${why === '' ? '' : `: ${visible(why)}`}</li>`)}
        </ul>
      </details>`
    }`;
}
