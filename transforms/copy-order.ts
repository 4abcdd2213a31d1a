// copy-order: the dependency install sees the manifests alone, so that a source edit does not run it again.
import type { Edit, Piece } from '../src/dockerfile/edits.ts';
import type { Dockerfile, ShellCommand, Span } from '../src/dockerfile/types.ts';
import {
  alike,
  blankAbove,
  commandRemoval,
  copyText,
  linesAfter,
  linesBefore,
  ownerFlags,
  removals,
  replaced,
  whole,
} from '../src/dockerfile/write.ts';
import { leftOut } from '../src/facts/pragmas.ts';
import type { RunReading } from '../src/facts/reading.ts';
import { shellUpTo } from '../src/installs/cut.ts';
import { downloadSettings } from '../src/installs/download.ts';
import { manifestCopies, notYetThere } from '../src/installs/manifests.ts';
import { destinationBehind } from '../src/installs/passing.ts';
import type { InstallSite } from '../src/installs/shapes.ts';
import { findInstallSites } from '../src/installs/sites.ts';
import { isRefusal, type Change, type Refusal, type Transform } from '../src/transform.ts';

/**
 * before: COPY . . / RUN npm ci                        after: COPY package.json package-lock.json ./ / RUN npm ci / COPY . .
 * Safe because: the final file tree is the same; the later COPY overwrites what the earlier one brought.
 * Skipped when: the install reads more than its manifests or asks git, something between reads or changes the sources, or the rest of its RUN
 * removes or changes what it made.
 * Untouched when: no COPY of a directory stands before an install.
 */
export const copyOrder: Transform = {
  id: 'copy-order',
  title: 'Copy the source after the dependency install',
  rationale:
    'A COPY of the whole context before the install runs the install again after every edit of a source file. With only the manifests before it, its layer is kept until a dependency changes.',
  structural: true,
  oneByOne: true,
  plan(subject) {
    const sites = findInstallSites(subject);
    const outcomes = sites.map((site) =>
      isRefusal(site) ? site : (heldBack(subject.dockerfile, site) ?? planSite(subject.dockerfile, site)),
    );
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

/** The site is the COPY, the last install, and what stands between them. */
function heldBack(dockerfile: Dockerfile, { reading, copy, runs }: InstallSite): Refusal | undefined {
  const last = Math.max(...runs.map(({ instruction }) => instruction.index));
  return leftOut(
    dockerfile,
    copyOrder.id,
    (i) => i.index >= copy.instruction.index && i.index <= last && reading.stage.instructions.includes(i),
  );
}

function planSite(dockerfile: Dockerfile, site: InstallSite): Edit[] | Refusal {
  const copy = site.copy.instruction;
  const run = site.runs[site.runs.length - 1] as RunReading;
  const lines = (manifestCopies(site.copy, notYetThere(site)) ?? []).map((c) => [copyText(ownerFlags(copy), c.sources, c.dest)]);
  const manifests = lines.length === 0 ? removals(dockerfile, [copy]) : [replaced(copy, lines)];
  if (site.kind === 'add-download') {
    const settings = downloadSettings(site.last.part).flatMap((span): Piece[] => [span, ' ']);
    const download: Piece[] = [...runHead(run), ...settings, site.last.manager.downloadCommand ?? ''];
    if (!site.behind) return [linesBefore(copy, [...lines, download])];
    return [...manifests, linesBefore(run.instruction, [download, sourcesBehind(site, run)])];
  }
  return [...(lines.length === 0 ? manifests : placed(dockerfile, site, lines)), ...behindInstall(dockerfile, site, run)];
}

/**
 * The manifests in the place of the COPY; right above the install where another RUN stands between, which would run again with each of their
 * changes. A command of the same language there may look into them: which version of pnpm it is to be.
 */
function placed(dockerfile: Dockerfile, { reading, copy, runs, last }: InstallSite, lines: Piece[][]): Edit[] {
  const { index } = copy.instruction;
  const install = (runs[0] as RunReading).instruction;
  const between = reading.runs.filter(({ instruction }) => instruction.index > index && instruction.index < install.index);
  const same = between.some(({ parts }) => parts.some(({ manager }) => manager?.ecosystem === last.manager.ecosystem));
  return between.length > 0 && !same && destinationBehind(reading, copy, install) === undefined
    ? [...removals(dockerfile, [copy.instruction]), linesBefore(install, lines)]
    : [replaced(copy.instruction, lines)];
}

/** The COPY of the sources behind the install, and what stood behind the install in its RUN behind the COPY. */
function behindInstall(dockerfile: Dockerfile, site: InstallSite, run: RunReading): Edit[] {
  const { cut, last } = site;
  const source = sourcesBehind(site, run);
  const install = last.part.command;
  const again = (upTo: ShellCommand): Piece[] => shellUpTo(run, upTo).flatMap((c): Piece[] => [span(c), ' && ']);
  if (site.kind === 'two-step') {
    const text = [
      ` ${last.manager.withoutProject}\n`,
      ...source,
      '\n',
      ...alike(run.instruction, runHead(run)),
      ...again(install),
      span(install),
    ];
    return [{ start: install.end, end: install.end, text }];
  }
  if (!cut) return [linesAfter(dockerfile, run.instruction, blankAbove(dockerfile, run.instruction) ? [[], source] : [source])];
  const forward = cut.forward.flatMap((c): Piece[] => [' && ', span(c)]);
  const taken = cut.forward.flatMap((c) => commandRemoval(run.instruction.script?.commands ?? [], c) ?? []);
  const text = [...forward, '\n', ...source, '\n', ...alike(run.instruction, runHead(run)), ...again(cut.last)];
  return [{ start: cut.last.end, end: cut.next.start, text }, ...taken];
}

const span = ({ start, end }: Span): Span => ({ start, end });

/** `RUN` with the flags of another one. */
const runHead = ({ instruction }: RunReading): Piece[] => ['RUN ', ...instruction.flags.flatMap((flag): Piece[] => [span(flag), ' '])];

/** The COPY of the sources as it is written behind a RUN: with an absolute destination where another WORKDIR is in force there. */
function sourcesBehind({ reading, copy }: InstallSite, run: RunReading): Piece[] {
  const { instruction } = copy;
  const { dest } = instruction;
  const absolute = destinationBehind(reading, copy, run.instruction);
  if (absolute === undefined || !dest) return [whole(instruction)];
  const text = instruction.json ? JSON.stringify(absolute) : absolute;
  return [{ start: instruction.leadStart, end: dest.start }, text, { start: dest.end, end: instruction.end }];
}
