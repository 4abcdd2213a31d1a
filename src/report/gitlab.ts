// Room: report/. `--format gitlab`: GitLab's code quality report. https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
import { createHash } from 'node:crypto';
import { changedPlaces } from './changes.ts';
import { isChanged, type FileReport } from './types.ts';
import { visible } from './visible.ts';

/** An entry for each hunk and transform, and one for each file that cannot be read. */
export function gitlabQuality(reports: readonly FileReport[]): Record<string, unknown>[] {
  return reports.flatMap((report) => {
    const { error, patchPath: path } = report;
    if (error) return [entry('unreadable', 'major', error.message, path, error.line)];
    if (!isChanged(report)) return [];
    const places = changedPlaces(report);
    const told = new Set(places.flatMap(({ ids }) => ids));
    const elsewhere = (report.result?.applied ?? []).map(({ transform }) => transform).filter((id) => !told.has(id));
    return [...places.flatMap(({ ids, from }) => ids.map((id) => [id, from] as const)), ...elsewhere.map((id) => [id, 1] as const)].map(
      ([id, line]) => {
        const applied = report.result?.applied.filter(({ transform }) => transform === id) ?? [];
        const text = applied.map(({ title, why }) => `${title}: ${why}`).join('; ');
        const severity = applied.every(({ safety }) => safety === 'safe') ? 'info' : 'minor';
        return entry(id, severity, text === '' ? id : text, path, line);
      },
    );
  });
}

function entry(name: string, severity: string, description: string, path: string, line: number): Record<string, unknown> {
  const text = visible(description);
  // Not the line: a finding is the same one after something above it has changed.
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([name, path, text]))
    .digest('hex');
  return { description: text, check_name: name, fingerprint, severity, location: { path, lines: { begin: line } } };
}
