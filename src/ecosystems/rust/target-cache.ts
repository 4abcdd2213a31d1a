// Room: ecosystems/rust. Whether cargo's target directory may be a mount: what it holds is not in the image afterwards.
import { rustReader } from './facts.ts';
import type { Edit } from '../../dockerfile/edits.ts';
import type { Subject } from '../../facts/subject.ts';
import { programOf, type RunReading, type StageReading } from '../../facts/reading.ts';
import { inside, resolvePath } from '../../facts/copies.ts';
import { removedMount } from '../../caches/removals.ts';
import { cargoBuild, cargoTarget } from './managers.ts';

/**
 * The mount for `target`, when the same RUN copies the binary out (`install`, `cp`) and nothing else in the file reads the directory.
 * The id carries the project's name: mounts of one id are shared by all builds of a machine.
 */
export function cargoTargetMount(subject: Subject, reading: StageReading, run: RunReading): { flag: string; edits: Edit[] } | undefined {
  const state = reading.before(run.instruction);
  const project = subject.project.read(rustReader, '');
  const name = project?.package ?? 'cargo';
  if (!('value' in state.workdir) || run.opaque !== undefined || subject.options.level === 'safe') return undefined;
  const moved =
    cargoTarget.movedBy.some((by) => state.env.has(by.env)) ||
    run.parts.some((p) => p.command.words.some((w) => w.raw.startsWith(cargoTarget.option)));
  if (moved || !/^[\w-]+$/.test(name)) return undefined;
  const target = resolvePath(state.workdir.value, project?.targetDir ?? cargoTarget.target) ?? '';
  if (run.instruction.mounts.some((m) => m.target === target)) return undefined;
  const build = run.parts.findLastIndex((p) => p.manager?.id === 'cargo' && p.kind === 'build');
  // cargo compares file times, and the mount remembers an earlier build: without this, an older checkout would give the old binary
  const touched = run.parts.some((p, n) => n < build && p.command.words.some((w) => w.value === 'touch'));
  const part = run.parts[build];
  if (
    !part ||
    state.workdir.value === '/' ||
    !run.instruction.script ||
    !(cargoBuild(part.command)?.installPath !== undefined || copiedOut(run, build, state.workdir.value, target))
  )
    return undefined;
  // a mount point is busy: `rm -rf target` behind the build would fail
  const cleans = run.parts.some(({ manager, command }) => manager?.id === 'cargo' && command.words.some(({ value }) => value === 'clean'));
  if (!part.manager || cleans || removedMount(run, part.manager, [target])) return undefined;
  const others = subject.stages.some(
    (s) =>
      s.copies.some((c) => c.instruction.from !== undefined && c.instruction.sources.some((a) => inside(a.value, target))) ||
      s.runs.some((r) => r !== run && mentions(r, 'target/')),
  );
  const sameStage = reading === subject.final;
  if (others || sameStage) return undefined;
  const touch = {
    start: part.command.start,
    end: part.command.start,
    text: [`find . -name '*.rs' -not -path './${target.slice(state.workdir.value.length + 1)}/*' -exec touch {} + \\\n && `],
  };
  return { flag: `--mount=type=cache,id=${name}-target,target=${target},sharing=${cargoTarget.sharing}`, edits: touched ? [] : [touch] };
}
/** A command behind the build copies from the directory to a place outside of it. */
function copiedOut(run: RunReading, build: number, workdir: string, target: string): boolean {
  const out = run.parts.find(
    (p, n) =>
      n > build &&
      (p.name === 'install' || p.name === 'cp') &&
      p.command.words.some((w) => w.value !== undefined && inside(resolvePath(workdir, w.value) ?? '/', target)),
  );
  return out !== undefined && copiesOutside(out.command.words.at(-1)?.value, workdir, target);
}
const copiesOutside = (destination: string | undefined, workdir: string, target: string): boolean => {
  const path = destination === undefined ? undefined : resolvePath(workdir, destination);
  return path !== undefined && !inside(path, target);
};
const mentions = (run: RunReading, text: string): boolean =>
  run.parts.some((p) => programOf(p.command) !== 'cargo' && p.command.words.some((w) => w.raw.includes(text)));
