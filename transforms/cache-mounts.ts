// cache-mounts: package managers keep what they downloaded from one build to the next.
import { aptMounts } from '../src/caches/apt.ts';
import { ownedMountPoint } from '../src/caches/mount-points.ts';
import { planMounts, type MountPlan } from '../src/caches/mounts.ts';
import type { Edit } from '../src/dockerfile/edits.ts';
import type { Instruction } from '../src/dockerfile/types.ts';
import { flagInsertion } from '../src/dockerfile/write.ts';
import type { Ecosystem } from '../src/ecosystems/door.ts';
import type { PackageManager } from '../src/ecosystems/types.ts';
import { leftOut } from '../src/facts/pragmas.ts';
import type { RunReading, StageReading } from '../src/facts/reading.ts';
import { readWithout } from '../src/caches/readers.ts';
import { linkedInstall, offlineInstall, projectObjection, rowFor, settledByFile } from '../src/caches/runtime.ts';
import type { Subject } from '../src/facts/subject.ts';
import { isRefusal, refusal, type Change, type Refusal, type Transform } from '../src/transform.ts';

/**
 * before: RUN npm ci                                   after: RUN --mount=type=cache,target=/root/.npm npm ci
 * Safe because: the mount holds copies of what can be downloaded again; what is installed stands outside of it.
 * Skipped when: the container, a later step or another stage reads the cache without the mount, the cache directory or its owner cannot be told, or the builder has no mounts.
 * Untouched when: no package manager runs, or the mount is there.
 */
export const cacheMounts: Transform = {
  id: 'cache-mounts',
  title: 'Keep package downloads in BuildKit cache mounts',
  rationale:
    'A layer that is built again downloads everything again. A cache mount keeps the downloads beside the layers, so that a changed lockfile costs only what changed, and nothing of it is in the image.',
  structural: false,
  oneByOne: true,
  plan(subject, ecosystems) {
    const builder = subject.project.uses().builder[0];
    const outcomes = outcomesOf(subject, ecosystems);
    const plans = outcomes.filter((o): o is MountPlan => !isRefusal(o));
    const skips = [...new Set(outcomes.filter(isRefusal))];
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

/** What is to be done and what is refused, stage by stage in the file's order. */
function outcomesOf(subject: Subject, ecosystems: readonly Ecosystem[]): (MountPlan | Refusal)[] {
  const wanted = new Map<StageReading, (MountPlan | Refusal)[]>(subject.stages.map((reading) => [reading, []]));
  const used = new Set(subject.stages.flatMap(({ runs }) => runs.flatMap(({ parts }) => parts.map(({ manager }) => manager))));
  for (const manager of subject.project.managers) {
    if (manager.ecosystem === 'system' || !used.has(manager)) continue;
    const found = new Map(subject.stages.map((reading) => [reading, managerMounts(subject, reading, manager, wanted.get(reading) ?? [])]));
    const refused = refusals(subject, manager, found);
    for (const [reading, own] of found) {
      const forbidden = refused.get(reading);
      const outcomes = wanted.get(reading) ?? [];
      outcomes.push(...own.filter(isRefusal), ...(forbidden ? [forbidden] : []));
      for (const plan of own)
        if (!isRefusal(plan))
          outcomes.push(...withOutput(subject, reading, forbidden ? { ...plan, targets: [], flags: [], edits: [] } : plan, ecosystems));
    }
  }
  const order = (o: MountPlan | Refusal): number => (isRefusal(o) ? 0 : o.run.instruction.index);
  return subject.stages.flatMap((reading) => [
    ...aptMounts(subject, reading),
    ...(wanted.get(reading) ?? []).sort((a, b) => order(a) - order(b)),
  ]);
}

/** The stages whose mounts of one manager are left out. Where its programs run from the cache, all stages of one chain have the mounts or none. */
function refusals(
  subject: Subject,
  manager: PackageManager,
  found: ReadonlyMap<StageReading, readonly (MountPlan | Refusal)[]>,
): Map<StageReading, Refusal> {
  const plansOf = (reading: StageReading): MountPlan[] =>
    (found.get(reading) ?? []).filter((o): o is MountPlan => !isRefusal(o) && o.flags.length > 0);
  const mounted = new Set(subject.stages.flatMap(plansOf).map(({ run }) => run));
  const refused = new Map<StageReading, Refusal>();
  for (const reading of subject.stages) {
    const plans = plansOf(reading);
    const why = plans.length === 0 ? undefined : readWithout(subject, reading, manager, { plans, mounted });
    if (why) refused.set(reading, why);
  }
  if (!manager.runsFromCache) return refused;
  const roots = subject.stages.map((reading) => rootOf(subject, reading));
  for (const reading of subject.stages) {
    if (refused.has(reading) || plansOf(reading).length === 0) continue;
    const chain = subject.stages.filter((_, n) => roots[n] === rootOf(subject, reading));
    const why = chain.map((one) => refused.get(one) ?? (found.get(one) ?? []).find(isRefusal)).find((one) => one !== undefined);
    if (why) refused.set(reading, why);
  }
  return refused;
}

/** The stage at the bottom of a chain of FROMs. */
function rootOf({ stages }: Subject, reading: StageReading): StageReading {
  let root = reading;
  for (let parent = stages[root.base.ofStage ?? -1]; parent && parent !== root; parent = stages[root.base.ofStage ?? -1]) root = parent;
  return root;
}

/** What each RUN of a stage wants for one manager: a plan (an empty one where nothing is to be mounted), or why there is none. */
function managerMounts(
  subject: Subject,
  reading: StageReading,
  manager: PackageManager,
  others: readonly (MountPlan | Refusal)[],
): (MountPlan | Refusal)[] {
  const mounted = new Map<RunReading, string[]>();
  for (const o of others) if (!isRefusal(o)) mounted.set(o.run, [...(mounted.get(o.run) ?? []), ...o.targets]);
  return reading.runs.flatMap((run) => {
    if (!run.parts.some((p) => p.manager === manager)) return [];
    const plan = planMounts(reading, run, manager, rowFor(subject, reading, run, manager), mounted.get(run)) ?? {
      run,
      manager,
      targets: [],
      flags: [],
      edits: [],
    };
    if (isRefusal(plan) || plan.flags.length === 0) return [plan];
    return [
      leftOut(subject.dockerfile, 'cache-mounts', (i) => i === run.instruction) ??
        projectObjection(subject, reading, run, manager) ??
        settledByFile(subject, reading, run, manager) ??
        ownedMountPoint(subject, reading, plan) ??
        offlineInstall(reading, manager) ??
        linkedInstall(run, manager) ??
        plan,
    ];
  });
}

/** The plan with the mount of what the manager's ecosystem builds; nothing where neither is wanted. */
function withOutput(subject: Subject, reading: StageReading, plan: MountPlan, ecosystems: readonly Ecosystem[]): (MountPlan | Refusal)[] {
  const output = ecosystems.find((e) => e.id === plan.manager.ecosystem)?.outputMount?.(subject, reading, plan.run);
  const flags = [...plan.flags, ...(output ? [output.flag] : [])];
  // Builds of one stage share their output: all of them have the mount, or none.
  const isBuild = ({ index }: Instruction): boolean => reading.run(index)?.parts.some(({ manager }) => manager === plan.manager) === true;
  const held = output && leftOut(subject.dockerfile, 'cache-mounts', isBuild);
  if (held) return [held, ...(plan.flags.length === 0 ? [] : [plan])];
  return flags.length === 0 ? [] : [{ ...plan, flags, edits: [...plan.edits, ...(output?.edits ?? [])] }];
}

function changeOf(subject: Subject, plans: readonly MountPlan[], skips: Refusal[]): Change {
  const edits: Edit[] = [];
  const byRun = new Map<RunReading, MountPlan[]>();
  for (const plan of plans) {
    const own = byRun.get(plan.run);
    if (own) own.push(plan);
    else byRun.set(plan.run, [plan]);
  }
  for (const [run, own] of byRun) {
    edits.push(
      flagInsertion(
        subject.dockerfile,
        run.instruction,
        own.flatMap((p) => p.flags),
      ),
      ...own.flatMap((p) => p.edits),
    );
  }
  return {
    edits,
    skips,
    safety: plans.some((p) => p.edits.some((e) => e.text.length > 0)) ? 'review' : 'safe',
    why: `${whatIsKept(plans)} in a cache mount, which is no part of the image${plans.some((p) => p.flags.some((f) => f.includes('-target,'))) ? '; sources are touched before cargo runs, because its target directory remembers an earlier build and cargo compares file times' : ''}`,
    evidence: plans.map((p) => ({
      file: 'Dockerfile',
      line: p.run.instruction.line,
      says: `runs ${p.manager.id}; its cache directory is documented at ${p.manager.manual}`,
    })),
  };
}

/** Who keeps what, in words: where only apt's lists are mounted, its packages are not kept. */
function whatIsKept(plans: readonly MountPlan[]): string {
  const lists = (plan: MountPlan): boolean => plan.flags.length > 0 && plan.flags.every((flag) => flag.includes('/var/lib/apt/lists'));
  const ids = [...new Set(plans.filter((plan) => !lists(plan)).map(({ manager }) => manager.id))];
  const downloads = ids.length === 0 ? [] : [`${ids.join(', ')} ${ids.length === 1 ? 'keeps its' : 'keep their'} downloads`];
  const ofLists = plans.filter(lists).map(({ manager }) => `${manager.id} ${ids.length === 0 ? 'keeps ' : ''}its package lists`);
  const kept = [...downloads, ...new Set(ofLists)];
  return kept.length === 1 ? kept.join('') : `${kept.join(', and ')},`;
}
