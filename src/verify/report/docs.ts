// Room: verify/report/. The tables of docs/verify.md that are made of the code: outcomes, checks, the ladder, problems.
import { checkTexts, outcomeTexts, problemTexts, rungTexts } from './checks.ts';

/** The text of the page with its tables filled in again, between `<!-- name -->` and `<!-- /name -->`. Throws when one has no place. */
export function docsTables(page: string): string {
  const tables = {
    outcomes: table(
      ['outcome', 'means'],
      Object.values(outcomeTexts).map(({ title, means }) => [title, means]),
    ),
    checks: table(
      ['check', '', 'looks at'],
      Object.entries(checkTexts).map(([id, { title, looksAt }]) => [`\`${id}\``, title, looksAt]),
    ),
    ladder: table(
      ['candidate', '', 'what it is'],
      Object.entries(rungTexts).map(([id, { title, means }]) => [`\`${id}\``, title, means]),
    ),
    problems: table(
      ['kind', 'means', 'what to do'],
      Object.entries(problemTexts).map(([kind, { means, hint }]) => [`\`${kind}\``, means, hint]),
    ),
  };
  return Object.entries(tables).reduce((text, [name, rows]) => filled(text, name, rows), page);
}

/** The page with new text between `<!-- name -->` and `<!-- /name -->`. Throws when it has no such place. */
export function filled(page: string, name: string, rows: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(open), page.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`the page has no place for the table of ${name}`);
  return `${page.slice(0, from + open.length)}\n\n${rows}\n${page.slice(to)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('');
}
