// Room: installs/. A download of what a build needs, as a RUN of its own in front of the sources.
import { HOME_UNKNOWN } from '../effects/places.ts';
import { originOf } from '../facts/copies.ts';
import type { RunPart, RunReading } from '../facts/reading.ts';
import type { Instruction, Span } from '../dockerfile/types.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { isBlocked, outside } from './manifests.ts';
import type { Sources } from './passing.ts';
import { firstOf, refused, takes, type InstallSite, type Obstacle } from './shapes.ts';

/** The build that downloads what it needs, where a command of its own could do that before. */
export const downloadingBuild = (run: RunReading): RunPart | undefined =>
  run.opaque === undefined ? run.parts.find((p) => p.manager?.downloadCommand !== undefined && p.kind === 'build') : undefined;

/**
 * The RUN that a download is put in front of; undefined: nothing is downloaded, or not in a way that could be repeated before it. The download
 * stands behind everything that configures it: where something of that stands behind the COPY of the sources, the COPY goes behind it as well.
 */
export function addedDownload(sources: Sources, run: RunReading, other: Obstacle | undefined): InstallSite | Refusal | undefined {
  const { subject, reading, copy } = sources;
  const part = downloadingBuild(run);
  const manager = part?.manager;
  if (!part || !manager || offline(reading, part)) return undefined;
  const downloaded = (firstOf(reading)(`${manager.id} download`) ?? Number.POSITIVE_INFINITY) < run.instruction.index;
  const state = reading.before(run.instruction);
  const cwd = 'value' in state.workdir ? state.workdir.value : undefined;
  const dir = cwd === undefined ? undefined : originOf(reading.copies, subject.project.tree, cwd);
  if (downloaded || !takes(copy, dir)) return undefined;
  const manifests = subject.project.of(manager.ecosystem, dir ?? '')?.downloads?.();
  if (!manifests) return undefined;
  if (isBlocked(manifests))
    return refusal(manifests.blocked.skip, manifests.blocked.message, run.instruction.start, { evidence: manifests.blocked.evidence });
  const apart = ofItsOwn(run, part);
  if (apart !== undefined)
    return refusal('install-not-splittable', `A download in front of the sources would lack ${apart}`, run.instruction.start);
  const between = reading.stage.instructions.filter((i) => i.index > copy.instruction.index && i.index < run.instruction.index);
  const behind = between.some((i) => configures(sources, i));
  if (behind && other) return refused(other);
  return (
    outside(copy, manifests.set, run.instruction.start) ?? {
      reading,
      copy,
      runs: [run],
      last: { part, manager, cwd, dir, files: [], changed: undefined },
      kind: 'add-download',
      set: manifests.set,
      cut: undefined,
      ...(behind ? { behind } : {}),
    }
  );
}

/** What the command in front of which a download stands is told by its environment, but what only a compiler asks for. */
export const downloadSettings = ({ command, manager }: RunPart): Span[] =>
  command.assignments.filter(({ name }) => !manager?.buildVariables?.test(name)).map(({ start, end }) => ({ start, end }));

/** The build takes what it needs from what is there. */
function offline({ end }: Sources['reading'], { command, manager }: RunPart): boolean {
  const { options = [], env = [] } = manager?.brought ?? {};
  const isSet = ({ name, value }: { name: string; value?: string }): boolean => {
    const set = command.assignments.find((a) => a.name === name) ?? end.env.get(name);
    return set !== undefined && (value === undefined || ('value' in set && set.value === value));
  };
  return command.words.some((word) => options.includes(word.value ?? '')) || env.some(isSet);
}

/** What the build has from its own RUN, and a download in another one would lack. */
function ofItsOwn({ parts, instruction }: RunReading, part: RunPart): string | undefined {
  const before = parts.slice(0, parts.indexOf(part));
  const sets = before.find((p) => p.manager !== part.manager && !leavesNothing(p));
  const mount = instruction.mounts.find(({ type }) => type === 'bind' || type === 'tmpfs');
  if (sets) return `what \`${sets.name || sets.command.assignments[0]?.name}\` does before the build in the same RUN`;
  return mount ? `the mount on ${mount.target ?? 'a directory'} of the build's RUN` : undefined;
}
/** It says something or goes to another directory, and sets no variable. */
function leavesNothing({ effects: { does, writes, starts }, command }: RunPart): boolean {
  const sets = command.words.length === 0 || command.words.slice(1).some(({ raw }) => /^[A-Za-z_]\w*=/.test(raw));
  const quiet = does.kind === 'nothing' || does.kind === 'state';
  return quiet && !sets && starts.length === 0 && writes.known.length === 0 && writes.unknown === undefined;
}

/** True for what a download behind it may find otherwise than one before it: variables, directories, users, settings, programs. */
function configures({ reading }: Sources, i: Instruction): boolean {
  if (i.keyword === 'RUN')
    return (reading.run(i.index)?.parts ?? []).some(({ effects: { does, writes }, manager }) => {
      if (does.kind === 'configure' || does.kind === 'unknown' || does.kind === 'users') return true;
      if (does.kind === 'package') return manager === undefined || manager.ecosystem === 'system' || does.what === 'install-named';
      return writes.unknown === HOME_UNKNOWN || writes.known.some(({ path }) => /^\/(etc|root|home|usr)(\/|$)/.test(path));
    });
  return ['ENV', 'ARG', 'WORKDIR', 'USER', 'SHELL', 'COPY', 'ADD'].includes(i.keyword);
}
