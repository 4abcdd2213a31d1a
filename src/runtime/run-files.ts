// Room: runtime/. Files of the context that the run command, its scripts or the health check name.
import { inside, landingOf, originOf, resolvePath } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import type { RunCommand } from './run-command.ts';

/** The image paths of such files, each copied from the context by the original, sorted; what lies inside `covered` (image paths) is left out. */
export function runFiles(subject: Subject, run: RunCommand, covered: readonly string[]): string[] {
  const { final, project } = subject;
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  const found = new Set<string>();
  for (const script of run.scripts) {
    const landing = landingOf(final.copies, script.path);
    if (landing !== undefined) found.add(landing);
  }
  for (const word of namedWords(run)) {
    const path = resolvePath(workdir, word);
    const origin = path === undefined ? undefined : originOf(final.copies, project.tree, path);
    if (path !== undefined && origin !== undefined && origin !== '' && !project.ignore.ignores(origin)) found.add(path);
  }
  return [...found].filter((path) => !covered.some((dir) => inside(path, dir))).sort();
}

/** Words that may be paths: of the command, its wrappers, the health check and the entry scripts; `--config=x` counts as x, and `seed/*.csv` as seed. */
function namedWords(run: RunCommand): string[] {
  const health = [
    ...(run.healthcheck?.json ?? []).map((a) => a.value),
    ...(run.healthcheck?.script?.seen ?? []).flatMap((c) => c.words.map((w) => w.value)),
  ];
  const scripts = run.scripts.flatMap(({ script: { seen, loops = [] } }) =>
    [...seen.flatMap(({ words, redirects }) => [...words, ...redirects.flatMap(({ target }) => target ?? [])]), ...loops].map(
      (w) => w.value ?? w.raw,
    ),
  );
  const started = run.started.flatMap(({ effects }) => effects.command.words.slice(1).map((word) => word.value));
  const words = [...run.args, ...started, ...run.wrappers.flat(), ...health, ...scripts].filter(
    (w): w is string => w !== undefined && w !== '' && w !== '.' && w !== '/',
  );
  return words
    .map((w) => (w.startsWith('-') && w.includes('=') ? w.slice(w.indexOf('=') + 1) : w))
    .map((w) => w.replace(/["']/g, '').replace(/\/[^/]*[*?[$].*$/s, ''))
    .filter((w) => !w.startsWith('-') && !w.includes('://') && w.length < 300);
}
