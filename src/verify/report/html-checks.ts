// Room: verify/report/. The page of `verify`: what was checked and how, what was found, what was taken back and why.
import type { Check, Difference, FileVerification, RolledBack } from '../types.ts';
import { html, type Content, type Markup } from '../../report/html.ts';
import { checkTexts } from './checks.ts';
import { ladderTold } from './ladder.ts';
import { visible, visibleLines } from '../../report/visible.ts';

/** Every check with what it looks at; nothing when there was none. */
export function checksSection({ checks }: FileVerification): Content {
  if (checks.length === 0) return undefined;
  return html`<h3>What was checked, and how</h3>
    <table class="checks">
      <thead>
        <tr>
          <th scope="col">outcome</th>
          <th scope="col">check</th>
          <th scope="col">found</th>
        </tr>
      </thead>
      <tbody>
        ${checks.map(checkRow)}
      </tbody>
    </table>`;
}

/** What was tried, the smallest image first; nothing where the first candidate stands. */
export function ladderSection({ ladder }: FileVerification): Content {
  const told = ladderTold(ladder);
  if (told.length === 0) return undefined;
  const marks = {
    stands: { mark: '✓', text: 'stands', tone: 'good' },
    failed: { mark: '✗', text: 'failed', tone: 'bad' },
    larger: { mark: '–', text: 'proven, larger', tone: 'dim' },
    'not-possible': { mark: '–', text: 'not possible', tone: 'dim' },
  } as const;
  return html`<h3>What was tried, the smallest image first</h3>
    <table class="checks">
      <thead>
        <tr>
          <th scope="col">outcome</th>
          <th scope="col">candidate</th>
          <th scope="col">what came of it</th>
        </tr>
      </thead>
      <tbody>
        ${told.map(
          ({ title, outcome, says }) =>
            html`<tr>
              <td class="${marks[outcome].tone} outcome"><span aria-hidden="true">${marks[outcome].mark}</span> ${marks[outcome].text}</td>
              <th scope="row">${title}</th>
              <td>${visible(says)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

const outcomes: Readonly<Record<Check['outcome'], { mark: string; text: string; tone: string }>> = {
  passed: { mark: '✓', text: 'passed', tone: 'good' },
  failed: { mark: '✗', text: 'failed', tone: 'bad' },
  warned: { mark: '!', text: 'worth knowing', tone: 'warn' },
  'not-checked': { mark: '–', text: 'not checked', tone: 'dim' },
};

function checkRow(check: Check): Markup {
  const { title, looksAt } = checkTexts[check.id];
  const { mark, text, tone } = outcomes[check.outcome];
  return html`<tr>
    <td class="${tone} outcome"><span aria-hidden="true">${mark}</span> ${text}</td>
    <th scope="row">${title}<span class="note">${looksAt}</span></th>
    <td>${visible(check.detail)}${aboutOf(check)}${differencesOf(check.differences)}${logDetails('Log', check.log)}</td>
  </tr>`;
}

// Failures and warnings: the sentence does not always name the paths.
function aboutOf({ about = [], outcome, detail }: Check): Content {
  const paths = outcome === 'passed' ? [] : about.filter((path) => !detail.includes(path)).slice(0, 20);
  return paths.length > 0 && html`<span class="note">${paths.map((path) => html`<code>${visible(path)}</code> `)}</span>`;
}

function differencesOf(differences: readonly Difference[]): Content {
  if (differences.length === 0) return undefined;
  return html`<dl class="differences">
    ${differences.map(
      ({ what, before, after, expected }) =>
        html`<div class="${expected === undefined ? '' : 'dim'}">
          <dt>${visible(what)}</dt>
          <dd>
            <code>${cut(before)}</code> →
            <code>${cut(after)}</code>${expected === undefined ? '' : html`<span class="note">expected: ${visible(expected)}</span>`}
          </dd>
        </div>`,
    )}
  </dl>`;
}

/** What was taken back, with the check that failed, its log, and the causes. */
export function rolledBackSection({ rolledBack }: FileVerification): Content {
  if (rolledBack.length === 0) return undefined;
  return html`<h3>Taken back</h3>
    ${rolledBack.map(rolledBackItem)}`;
}

function rolledBackItem({ transform, check, reason, causes, log }: RolledBack): Markup {
  return html`<div class="card bad-edge">
    <p>
      <strong><code>${visible(transform)}</code></strong
      >, because of <em>${checkTexts[check].title}</em>: ${visible(reason)}
    </p>
    ${
      causes.length > 0 &&
      html`<p>Behind it in the repository:</p>
        <ul>
          ${causes.map((cause) => html`<li>${visible(cause)}</li>`)}
        </ul>`
    }
    ${logDetails('Log', log)}
  </div>`;
}

const maxLog = 30_000;

/** A log that opens; its end when it is long. Nothing when it is empty. */
export function logDetails(title: string, log: string | undefined): Content {
  if (log === undefined || log.trim() === '') return undefined;
  const shown = log.length > maxLog ? `[…]\n${log.slice(-maxLog)}` : log;
  return html`<details>
    <summary>${title}</summary>
    <pre>${visibleLines(shown.replace(/\n$/, ''))}</pre>
  </details>`;
}

/** A value for a table: one line, 400 characters. */
export function cut(text: string): string {
  const shown = [...visible(text)];
  return shown.length > 400 ? `${shown.slice(0, 400).join('')}…` : shown.join('');
}
