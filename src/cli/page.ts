// Room: cli/. `--report FILE.html`: what a run did, as one page that stands alone: before and after side by side, reasons, what was left.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf, reasonOf } from '../checkout/paths.ts';
import { html, page, sentence, type Content, type Markup } from '../report/html.ts';
import { diffTable } from '../report/html-diff.ts';
import { allSkips, sentenceOf, summaryOf, type Mode } from '../report/summary.ts';
import { isChanged, type FileReport } from '../report/types.ts';
import { visible } from '../report/visible.ts';
import { reportStyle } from '../report/html-style.ts';
import type { UsageError, World } from './world.ts';

/** Writes the page; what is wrong with its place is bad usage. */
export async function writePage(reports: readonly FileReport[], path: string, mode: Mode, world: World): Promise<UsageError | undefined> {
  try {
    await writeFile(resolve(world.cwd, path), reportPage(reports, mode, world.version));
    return undefined;
  } catch (error) {
    return { usage: `--report: ${path}: ${reasonOf(error) || codeOf(error)}` };
  }
}

/** The page. The same reports give the same bytes. */
export function reportPage(reports: readonly FileReport[], mode: Mode, version: string): string {
  const told = reports.filter((report) => report.error || isChanged(report) || allSkips(report).length > 0);
  const body = html`<header>
      <h1>Dockerfiles</h1>
      <p class="lead">${sentenceOf(summaryOf(reports), mode)}</p>
      ${
        told.length > 1 &&
        html`<nav aria-label="Dockerfiles">
          <ul>
            ${told.map((report, i) => html`<li><a href="#file-${i + 1}">${visible(report.path)}</a></li>`)}
          </ul>
        </nav>`
      }
    </header>
    ${told.map((report, i) => section(report, `file-${i + 1}`))}
    <footer>Made by dockerfile-mod ${visible(version)}.</footer>`;
  return page('Dockerfiles', body, reportStyle);
}

function section(report: FileReport, at: string): Markup {
  const { result, error, context } = report;
  const head = html`<h2 id="${at}">${visible(report.path)}</h2>
    ${context !== undefined && html`<p class="lead">Build context <code>${visible(context)}</code>.</p>`}`;
  if (error)
    return html`<section aria-labelledby="${at}">
      ${head}
      <p><strong>Line ${error.line}: ${visible(error.message)}</strong></p>
      ${error.hint !== undefined && html`<p>${sentence(visible(error.hint))}</p>`}
    </section>`;
  const changed = report.files.filter((file) => file.before !== file.after);
  return html`<section aria-labelledby="${at}">
    ${head}
    ${list(
      'What changed, and why',
      (result?.applied ?? []).map((one) => ({ id: one.transform, safety: one.safety, says: one.why, more: one.evidence.map(told) })),
    )}
    ${result && result.source !== result.output && diffTable(report.patchPath, result.source, result.output)}
    ${changed.map((file) => diffTable(file.patchPath, file.before, file.after))}
    ${list(
      'What was left, and what would allow it',
      allSkips(report).map((one) => ({
        id: one.transform,
        says: `line ${one.line}: ${one.message}`,
        more: one.allow === undefined ? [] : [`To allow it: ${one.allow}`],
      })),
    )}
  </section>`;
}

const told = ({ file, line, says }: { file: string; line?: number; says: string }): string =>
  `${file}${line === undefined ? '' : `:${line}`}: ${says}`;

interface Told {
  id: string;
  safety?: string;
  says: string;
  more: readonly string[];
}

function list(title: string, rows: readonly Told[]): Content {
  return (
    rows.length > 0 &&
    html`<h3>${title}</h3>
      <ul class="reasons">
        ${rows.map(
          ({ id, safety, says, more }) =>
            html`<li>
              <code>${visible(id)}</code>
              ${safety !== undefined && html`<span class="safety ${safety}">${safety}</span> `}${sentence(visible(says))}
              ${
                more.length > 0 &&
                html`<ul class="dim">
                  ${more.map((one) => html`<li>${sentence(visible(one))}</li>`)}
                </ul>`
              }
            </li>`,
        )}
      </ul>`
  );
}
