// cache-mounts: package managers keep what they downloaded from one build to the next.
import { aptMounts } from '../src/caches/apt.ts';
import { planMounts, type MountPlan } from '../src/caches/mounts.ts';
import type { Edit } from '../src/dockerfile/edits.ts';
import { flagInsertion } from '../src/dockerfile/write.ts';
import type { Ecosystem } from '../src/ecosystems/door.ts';
import type { StageReading } from '../src/facts/reading.ts';
import { offlineInstall, ownedMountPoint, projectObjection, readAtRuntime, rowFor } from '../src/caches/runtime.ts';
import type { Subject } from '../src/facts/subject.ts';
import { isRefusal, refusal, type Change, type Refusal, type Transform } from '../src/transform.ts';

/**
 * before: RUN npm ci                                   after: RUN --mount=type=cache,target=/root/.npm npm ci
 * Safe because: the mount holds copies of what can be downloaded again; what is installed stands outside of it.
 * Skipped when: the program reads the cache when it runs, the cache directory or its owner cannot be told, or the builder has no mounts.
 * Untouched when: no package manager runs, or the mount is there.
 */
export const cacheMounts: Transform = {
  id: 'cache-mounts',
  title: 'Keep package downloads in BuildKit cache mounts',
  rationale:
    'A layer that is built again downloads everything again. A cache mount keeps the downloads beside the layers, so that a changed lockfile costs only what changed, and nothing of it is in the image.',
  structural: false,
  plan(subject, ecosystems) {
    const builder = subject.project.uses().builder[0];
    const outcomes = subject.stages.flatMap((reading) => stageMounts(subject, reading, ecosystems));
    const plans = outcomes.filter((o): o is MountPlan => !isRefusal(o));
    const skips = outcomes.filter(isRefusal);
    if (plans.length === 0) return skips[0];
    if (builder)
      return refusal(
        builder.kind === 'kaniko' ? 'kaniko' : 'classic-builder',
        `${builder.evidence.file} builds with ${builder.kind === 'kaniko' ? 'kaniko, which ignores mounts' : 'the classic builder, which refuses mounts'}`,
        plans[0]?.run.instruction.start ?? 0,
        { evidence: [builder.evidence] },
      );
    return changeOf(subject, plans, skips);
  },
};

function stageMounts(subject: Subject, reading: StageReading, ecosystems: readonly Ecosystem[]): (MountPlan | Refusal)[] {
  const outcomes: (MountPlan | Refusal)[] = [];
  for (const run of reading.runs)
    for (const manager of subject.project.managers) {
      if (manager.ecosystem === 'system' || !run.parts.some((p) => p.manager === manager)) continue;
      const forbidden =
        readAtRuntime(subject, reading, run, manager) ??
        projectObjection(subject, reading, run, manager) ??
        ownedMountPoint(subject, reading, run) ??
        offlineInstall(reading, manager);
      const plan = planMounts(reading, run, manager, rowFor(subject, reading, run, manager));
      if (plan && forbidden) outcomes.push(isRefusal(plan) ? plan : forbidden);
      else if (plan && isRefusal(plan)) outcomes.push(plan);
      else outcomes.push(...withOutput(subject, reading, plan ?? { run, manager, flags: [], edits: [] }, ecosystems));
    }
  return [...aptMounts(subject, reading), ...outcomes];
}

/** The plan with the mount of what the manager's ecosystem builds; nothing where neither is wanted. */
function withOutput(subject: Subject, reading: StageReading, plan: MountPlan, ecosystems: readonly Ecosystem[]): MountPlan[] {
  const output = ecosystems.find((e) => e.id === plan.manager.ecosystem)?.outputMount?.(subject, reading, plan.run);
  const flags = [...plan.flags, ...(output ? [output.flag] : [])];
  return flags.length === 0 ? [] : [{ ...plan, flags, edits: [...plan.edits, ...(output?.edits ?? [])] }];
}

function changeOf(subject: Subject, plans: readonly MountPlan[], skips: Refusal[]): Change {
  const edits: Edit[] = [];
  const runs = [...new Set(plans.map((p) => p.run))];
  for (const run of runs) {
    const own = plans.filter((p) => p.run === run);
    edits.push(
      flagInsertion(
        subject.dockerfile,
        run.instruction,
        own.flatMap((p) => p.flags),
      ),
      ...own.flatMap((p) => p.edits),
    );
  }
  const ids = [...new Set(plans.map((p) => p.manager.id))];
  return {
    edits,
    skips,
    safety: plans.some((p) => p.edits.some((e) => e.text.length > 0)) ? 'review' : 'safe',
    why: `${ids.join(', ')} ${ids.length === 1 ? 'keeps its' : 'keep their'} downloads in a cache mount, which is no part of the image${plans.some((p) => p.flags.some((f) => f.includes('-target,'))) ? '; sources are touched before cargo runs, because its target directory remembers an earlier build and cargo compares file times' : ''}`,
    evidence: plans.map((p) => ({
      file: 'Dockerfile',
      line: p.run.instruction.line,
      says: `runs ${p.manager.id}; its cache directory is documented at ${p.manager.manual}`,
    })),
  };
}
