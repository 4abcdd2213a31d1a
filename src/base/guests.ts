// Room: base/. Tools of another language that an image has for its build alone: Node.js beside Python, which builds the pages that Flask hands out.
import { computedStart } from '../runtime/spawned.ts';
import type { EcosystemFacts, Guest } from '../ecosystems/types.ts';
import { allOf } from '../effects/effects.ts';
import { projectsOf } from '../facts/applications.ts';
import type { RunPart } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { RunCommand } from '../runtime/run-command.ts';
import { spawnedPrograms } from './programs.ts';
import { packageName } from '../knowledge/debian-packages.ts';

/** The guests of an image that nothing starts when the container runs, as far as all that starts is known. */
export function idleGuests(subject: Subject, run: RunCommand, ecosystem: EcosystemFacts): readonly Guest[] {
  // the program that the build makes is read by its sources
  const own = ecosystem.toolchain === undefined ? undefined : run.program.replace(/^.*\//, '');
  const unread = run.started.some(
    ({ effects, starter }) =>
      !starter &&
      effects.program !== own &&
      effects.sources === undefined &&
      (effects.does.kind === 'unknown' || effects.startsUnknown !== undefined),
  );
  const projects = projectsOf(subject).filter((one) => one.ecosystem === ecosystem.id);
  if (unread || projects.length === 0) return [];
  return subject.project.ecosystems.flatMap(({ id, guest }) => {
    if (!guest || id === ecosystem.id) return [];
    const hits = projects.flatMap(({ project }) => project.hits());
    const needs = [...run.needs, ...spawnedPrograms(subject, hits)].map(({ program }) => program.replace(/^.*\//, ''));
    const used =
      computedStart(subject, hits) !== undefined ||
      needs.some((program) => guest.programs.includes(program)) ||
      projects.some(({ project }) => project.uses?.(guest.packages[0] ?? '')) ||
      installsForAll(subject, id);
    return used ? [] : [guest];
  });
}

/** It installs programs for the whole image that a build alone does not use. */
const installsForAll = ({ final }: Subject, ecosystem: string): boolean =>
  final.runs.some(({ parts }) =>
    parts.some(
      ({ manager, command }) =>
        manager?.ecosystem === ecosystem && (manager.globals?.(command) ?? []).some((name) => manager.buildTools?.has(name) !== true),
    ),
  );

/** A package of the system that brings such tools. */
export const isOfGuest = (guests: readonly Guest[], name: string): boolean =>
  guests.some(({ packages }) => packages.includes(packageName(name)));

/** Commands that bring nothing but such tools: they name the repository that has them, or write where they lie. */
export function bringsGuest(guests: readonly Guest[], parts: readonly RunPart[]): boolean {
  return guests.some(({ repository, places }) => {
    const named = parts.some(({ command: { words, redirects } }) =>
      [...words, ...redirects.flatMap(({ target }) => target ?? [])].some(({ raw }) => repository.test(raw)),
    );
    const written = allOf(parts.map(({ effects }) => effects)).flatMap(({ writes }) => writes.known);
    return named || (written.length > 0 && written.every(({ path }) => places.test(path)));
  });
}

/** The file installs a package of the system that brings the program. */
export const fromGuest = (ecosystems: readonly EcosystemFacts[], installed: readonly string[], program: string): boolean =>
  ecosystems.some(({ guest }) => guest?.programs.includes(program) === true && installed.some((name) => isOfGuest([guest], name)));
