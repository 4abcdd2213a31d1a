// copy-order: the dependency install sees the manifests alone, so that a source edit does not run it again.
import type { Edit, Piece } from '../src/dockerfile/edits.ts';
import { blankAbove, copyText, linesAfter, linesBefore, ownerFlags, replaced, whole } from '../src/dockerfile/write.ts';
import type { Subject } from '../src/facts/subject.ts';
import { manifestCopies } from '../src/installs/manifests.ts';
import { commandsOf, findInstallSites, type InstallSite } from '../src/installs/sites.ts';
import { isRefusal, refusal, type Change, type Refusal, type Transform } from '../src/transform.ts';

/**
 * before: COPY . . / RUN npm ci                        after: COPY package.json package-lock.json ./ / RUN npm ci / COPY . .
 * Safe because: the final file tree is the same; the later COPY overwrites what the earlier one brought.
 * Skipped when: the install reads more than its manifests, or cannot be told apart from what follows it in its RUN.
 * Untouched when: no COPY of a directory stands before an install.
 */
export const copyOrder: Transform = {
  id: 'copy-order',
  title: 'Copy the source after the dependency install',
  rationale:
    'A COPY of the whole context before the install runs the install again after every edit of a source file. With only the manifests before it, its layer is kept until a dependency changes.',
  structural: true,
  plan(subject) {
    const sites = findInstallSites(subject);
    const outcomes = sites.map((site) => (isRefusal(site) ? site : planSite(subject, site)));
    const skips = outcomes.filter(isRefusal);
    const moved = sites.filter((site, n): site is InstallSite => !isRefusal(site) && !isRefusal(outcomes[n]));
    return moved.length === 0
      ? skips[0]
      : changeOf(
          moved,
          outcomes.flatMap((o) => (isRefusal(o) ? [] : o)),
          skips,
        );
  },
};

function changeOf(moved: readonly InstallSite[], edits: Edit[], skips: Refusal[]): Change {
  const files = (site: InstallSite): string => [...site.set.files, ...site.set.dirs.map((d) => `${d}/`)].join(', ');
  return {
    edits,
    skips,
    safety: moved.some((site) => site.set.scripts) ? 'review' : 'safe',
    why: moved
      .map((site) => `the install (${site.last.manager.id}) reads only ${files(site)}, so it need not run again when a source file changes`)
      .join('; '),
    evidence: moved.flatMap((site) => [
      { file: 'Dockerfile', line: site.copy.instruction.line, says: 'copies the sources before the install' },
      ...site.set.evidence,
    ]),
  };
}

function planSite(subject: Subject, site: InstallSite): Edit[] | Refusal {
  const { dockerfile } = subject;
  const copy = site.copy.instruction;
  const lines = (manifestCopies(site.copy, site.set) ?? []).map((c) => [copyText(ownerFlags(copy), c.sources, c.dest)]);
  if (site.kind === 'add-download') return [linesBefore(copy, [...lines, [`RUN ${site.last.manager.downloadCommand}`]])];
  const run = site.runs[site.runs.length - 1]?.instruction;
  if (!run?.script || run.script.heredoc)
    return refusal('install-not-splittable', 'The install stands in a heredoc or in exec form', run?.start ?? copy.start);
  const source: Piece[] = [whole(copy)];
  const manifests = replaced(copy, lines);
  const commands = commandsOf(run);
  const at = commands.indexOf(site.last.part.command);
  const install = commands[at];
  const next = commands[at + 1];
  if (!install || (next && next.before?.operator !== '&&' && next.before?.operator !== ';'))
    return refusal(
      'install-not-splittable',
      'Install shares a RUN with commands that need sources, and cannot be split from them',
      run.start,
    );
  const again = prefixOf(commands.filter((_, n) => n < at));
  if (site.kind === 'two-step')
    return [
      manifests,
      { start: install.end, end: install.end, text: [` ${site.last.manager.withoutProject}\n`, ...source, '\nRUN ', ...again, install] },
    ];
  if (next) return [manifests, { start: install.end, end: next.start, text: ['\n', ...source, '\nRUN ', ...again] }];
  return [manifests, linesAfter(dockerfile, run, blankAbove(dockerfile, run) ? [[], source] : [source])];
}

/** What a split RUN repeats so that its second half runs as before: `cd`, `set`, `export`. */
function prefixOf(commands: readonly { start: number; end: number; words: { value: string | undefined }[] }[]): Piece[] {
  return commands
    .filter((c) => ['cd', 'set', 'export'].includes(c.words[0]?.value ?? ''))
    .flatMap((c): Piece[] => [{ start: c.start, end: c.end }, ' && ']);
}
