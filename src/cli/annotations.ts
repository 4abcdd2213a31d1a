// Room: cli/. `--format github`: an annotation for each hunk, which a runner shows beside the changed lines of a pull request.
import { changedPlaces } from '../report/changes.ts';
import { isChanged, type FileReport } from '../report/types.ts';
import { annotate } from './action/commands.ts';
import type { World } from './world.ts';

/** One for each hunk, in the order of the files; errors too. Files are named from the repository's root, as runners have it. */
export function annotateReports(reports: readonly FileReport[], world: World): void {
  for (const report of reports) {
    const { error, result, patchPath: file } = report;
    if (error) {
      const { message, line, column } = error;
      annotate(world, 'error', 'dockerfile-mod: not a Dockerfile that can be read', message, { file, line, column });
    }
    if (!isChanged(report)) continue;
    const places = changedPlaces(report);
    const shown = places.length > 0 ? places : [{ ids: (result?.applied ?? []).map(({ transform }) => transform), from: 1 }];
    for (const { ids, from } of shown) {
      const why = ids.map((id) => {
        const applied = result?.applied.find(({ transform }) => transform === id);
        return applied ? `${id}: ${applied.why}` : id;
      });
      annotate(world, 'warning', `dockerfile-mod: ${ids.join(', ')}`, why.join('; '), { file, line: from });
    }
  }
}
