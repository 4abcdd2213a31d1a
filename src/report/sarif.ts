// Room: report/. `--format sarif`: SARIF 2.1.0, as code scanning takes it. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
import { changedPlaces, replacementsBetween, type ChangedPlace, type Replacement } from './changes.ts';
import { isChanged, type FileReport } from './types.ts';
import { visible } from './visible.ts';

export interface SarifTool {
  version: string;
  /** All transforms: what is known of each stands once. */
  rules: readonly { id: string; title: string; rationale: string }[];
}

/** One run with a result for each hunk and transform. What was skipped is no result: nothing there is to be done by anybody. */
export function sarif(reports: readonly FileReport[], { version, rules }: SarifTool): Record<string, unknown> {
  const problems = reports.flatMap(({ patchPath, error }) => (error ? [{ ...error, path: patchPath }] : []));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'dockerfile-mod',
            semanticVersion: version,
            rules: rules.map(({ id, title, rationale }) => ({
              id,
              name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
              shortDescription: { text: title },
              fullDescription: { text: rationale },
              help: { text: `${rationale}\n\ndockerfile-mod explain ${id} says more.` },
              defaultConfiguration: { level: 'note' },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map(({ path, message, line, column }) => ({
              level: 'error',
              message: { text: visible(message) },
              locations: [{ physicalLocation: { artifactLocation: artifact(path), region: { startLine: line, startColumn: column } } }],
            })),
          },
        ],
        results: reports.flatMap((report) => (isChanged(report) ? resultsOf(report, rules) : [])),
      },
    ],
  };
}

function resultsOf(report: FileReport, rules: SarifTool['rules']): Record<string, unknown>[] {
  const places = changedPlaces(report);
  const told = new Set(places.flatMap(({ ids }) => ids));
  const results = places.flatMap((place) => place.ids.map((id) => resultOf(id, place, report, rules)));
  // What changes files of the context alone, such as an ignore file.
  const elsewhere = (report.result?.applied ?? []).map(({ transform }) => transform).filter((id) => !told.has(id));
  const start: ChangedPlace = { ids: [], from: 1, to: 1, replacements: [] };
  return [...results, ...[...new Set(elsewhere)].map((id) => resultOf(id, start, report, rules))];
}

function resultOf(id: string, place: ChangedPlace, report: FileReport, rules: SarifTool['rules']): Record<string, unknown> {
  const applied = report.result?.applied.filter(({ transform }) => transform === id) ?? [];
  const why = applied.map((one) => visible(one.why)).join('; ');
  const title = rules.find((rule) => rule.id === id)?.title ?? id;
  const isSafe = applied.every(({ safety }) => safety === 'safe');
  const changes = [
    ...(place.replacements.length > 0 ? [changeOf(report.patchPath, place.replacements)] : []),
    ...(place.replacements.length > 0
      ? []
      : report.files
          .filter((file) => file.before !== file.after)
          .map((file) => changeOf(file.patchPath, replacementsBetween(file.before ?? '', file.after)))),
  ];
  return {
    ruleId: id,
    ruleIndex: rules.findIndex((rule) => rule.id === id),
    level: isSafe ? 'note' : 'warning',
    message: { text: why === '' ? `${title}.` : `${title}: ${why}.` },
    locations: [
      { physicalLocation: { artifactLocation: artifact(report.patchPath), region: { startLine: place.from, endLine: place.to } } },
    ],
    ...(changes.length > 0 ? { fixes: [{ description: { text: title }, artifactChanges: changes }] } : {}),
  };
}

const changeOf = (path: string, replacements: readonly Replacement[]): Record<string, unknown> => ({
  artifactLocation: artifact(path),
  replacements: replacements.map(({ start, end, text }) => ({
    deletedRegion: { startLine: start, startColumn: 1, endLine: end.line, endColumn: end.column },
    ...(text === '' ? {} : { insertedContent: { text } }),
  })),
});

/** A path from the repository's root as a URI reference. */
const artifact = (path: string): Record<string, unknown> => ({
  uri: path.split('/').map(encodeURIComponent).join('/'),
  ...(path.startsWith('/') ? {} : { uriBaseId: '%SRCROOT%' }),
});
