// Room: bulk/. The report as CSV (RFC 4180), one line per repository; a spreadsheet runs nothing of it.
import { visible } from '../../report/visible.ts';
import type { CampaignSummary, RepositoryRow } from './types.ts';

const columns: readonly (readonly [string, (row: RepositoryRow) => string | number | undefined])[] = [
  ['repository', (row) => row.repo],
  ['state', (row) => row.state],
  ['reason', (row) => row.reason],
  ['dockerfiles', (row) => row.dockerfiles],
  ['changed', (row) => row.changed],
  ['applied', (row) => counts(row.applied)],
  ['skipped', (row) => counts(row.skipped)],
  ['cluster', (row) => row.cluster],
  ['pull_request', (row) => row.pull?.url],
  ['pull_request_state', (row) => row.pull?.state],
  ['gain', (row) => row.gain?.kind],
  ['image_bytes_before', (row) => row.gain?.imageBefore],
  ['image_bytes_after', (row) => row.gain?.imageAfter],
  ['failure', (row) => row.failure],
];

const counts = (all: Readonly<Record<string, number>>): string =>
  Object.entries(all)
    .map(([name, count]) => `${name}=${count}`)
    .join(' ');

/** The lines of the report, each with its CRLF. */
export function* csv(summary: CampaignSummary): Generator<string> {
  yield `${columns.map(([name]) => name).join(',')}\r\n`;
  for (const row of summary.repositories) yield `${columns.map(([, value]) => cell(value(row))).join(',')}\r\n`;
}

/**
 * One cell. A spreadsheet takes what starts with `=`, `+`, `-`, `@`, a tab or their full-width twins for a formula: an apostrophe
 * in front makes it text. https://owasp.org/www-community/attacks/CSV_Injection
 */
function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = visible(value.replaceAll('\t', ' ')).trim();
  const guarded = /^[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",;]/.test(guarded) || guarded !== value ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
