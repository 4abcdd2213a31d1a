// Room: bulk/. From a campaign's summary to one of the reports; each is made in pieces, so that memory stays flat.
import type { CampaignSummary, ReportFormat } from './types.ts';

/** The report in pieces of text, in order. Nothing of a format is loaded that was not asked for. */
export async function* renderReport(
  summary: CampaignSummary,
  format: ReportFormat,
  colour: 'always' | 'never' = 'never',
): AsyncGenerator<string> {
  switch (format) {
    case 'json':
      yield* (await import('./json.ts')).json(summary);
      break;
    case 'csv':
      yield* (await import('./csv.ts')).csv(summary);
      break;
    case 'md':
      yield* (await import('./markdown.ts')).markdown(summary);
      break;
    case 'html':
      yield* (await import('./html.ts')).htmlReport(summary);
      break;
    case 'table':
      yield* (await import('./table.ts')).table(summary, colour);
  }
}
