// Room: base/. The bare Alpine image under a program that was built on Alpine: which release, and which packages it needs there.
import type { SourceHit } from '../ecosystems/types.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { alpineRelease } from '../knowledge/tags.ts';
import type { RunCommand } from '../runtime/run-command.ts';
import { refuse } from '../refusal.ts';
import { swapProblem } from './base.ts';
import type { PackagePlan } from './packages.ts';
import type { RunPlan } from './run-plan.ts';
import { zoneNamed } from './essentials.ts';
import { neededPrograms, spawnedPrograms } from './programs.ts';

interface Question {
  subject: Subject;
  reading: StageReading;
  run: RunCommand;
  project: { hits(): readonly SourceHit[] };
  apt: PackagePlan;
  runs: RunPlan;
  /** Programs that the split brings. */
  tools?: readonly string[];
}

/** The image and its packages; refuses where the release matters and is unknown, or a program has no known package. */
export function alpineRuntime(q: Question): { image: string; packages: string[] } {
  const { base, stage } = q.reading;
  const at = stage.from.image.span.start;
  const swap = swapProblem(base);
  if (swap?.id === 'arg-base') refuse(swap.id, swap.message, at, { allow: swap.allow });
  const release = base.family && alpineRelease(base.family.row, base.image.tag);
  const [library] = q.apt.libraries;
  if (library !== undefined && release === undefined)
    refuse(
      'dev-package-suite-unknown',
      `The tag of ${base.image.raw} names no release of Alpine, and ${library} must be of the same one in both stages`,
      at,
      {
        allow: 'Name the release in the tag, as in alpine3.22.',
      },
    );
  const needs = neededPrograms(
    [...q.run.needs, ...q.runs.programs, ...spawnedPrograms(q.subject, q.project.hits())],
    { row: q.subject.project.images.row('alpine'), variant: 'alpine' },
    q.reading,
    (name) => name === q.run.program || q.apt.both.includes(name) || q.tools?.includes(name) === true,
  );
  const missing = needs.missing[0];
  if (missing)
    refuse('runtime-command-unknown', `The package of Alpine that has \`${missing.program}\` is unknown; the container runs it`, q.run.at, {
      evidence: [missing.evidence],
    });
  // Alpine has no time zones. Source: pkgs.alpinelinux.org, tzdata; docker-alpine, Dockerfile
  const zones = zoneNamed(q.subject) !== undefined || q.project.hits().some((hit) => hit.kind === 'timezone') ? ['tzdata'] : [];
  return {
    image: release === undefined ? 'alpine' : `alpine:${release}`,
    packages: [...new Set([...q.apt.both, ...q.apt.libraries, ...needs.packages, ...zones])],
  };
}
