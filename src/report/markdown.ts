// Room: report/. `--format markdown`: for the summary of a job, or a comment. Text of a repository is made harmless.
import { diffOfReport } from './json.ts';
import { code, fenced, prose } from './neutral.ts';
import { allSkips, sentenceOf, summaryOf, type Mode } from './summary.ts';
import { isChanged, type FileReport } from './types.ts';

/** The whole report; it ends with a line break. */
export function markdown(reports: readonly FileReport[], mode: Mode): string {
  const told = reports.filter((report) => isChanged(report) || report.error || allSkips(report).length > 0);
  return `${[`## Dockerfiles: ${sentenceOf(summaryOf(reports), mode)}`, ...told.map(fileOf)].join('\n\n')}\n`;
}

function fileOf(report: FileReport): string {
  const { error, result } = report;
  const head = `### ${code(report.path)}`;
  if (error) return [head, `Line ${error.line}: ${prose(error.message)}`].join('\n\n');
  const applied = (result?.applied ?? []).map((one) => `- ${code(one.transform)} (${one.safety}): ${prose(one.why)}`);
  const skips = allSkips(report).map(
    (one) =>
      `- ${code(one.transform)}, line ${one.line}: ${prose(one.message)}${one.allow === undefined ? '' : ` To allow it: ${prose(one.allow)}`}`,
  );
  const details = (title: string, content: string): string => `<details>\n<summary>${title}</summary>\n\n${content}\n\n</details>`;
  return [
    head,
    ...(applied.length > 0 ? [applied.join('\n')] : []),
    ...(isChanged(report) ? [details('The diff', fenced(diffOfReport(report), 'diff'))] : []),
    ...(skips.length > 0 ? [details(`Left as it was, with what would allow it (${skips.length})`, skips.join('\n'))] : []),
  ].join('\n\n');
}
