// Room: caches/. Mounts for apt: on every apt RUN of a stage or on none.
import type { Edit } from '../dockerfile/edits.ts';
import type { ShellCommand } from '../dockerfile/types.ts';
import { linesBefore } from '../dockerfile/write.ts';
import { apt, aptLists } from '../ecosystems/system/apt.ts';
import type { PackageManager } from '../ecosystems/types.ts';
import { leftOut } from '../facts/pragmas.ts';
import type { RunReading, StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { isRefusal, refusal, type Refusal } from '../refusal.ts';
import { below } from './chain.ts';
import { planMounts, type MountPlan } from './mounts.ts';
import { clearedOperands } from './removals.ts';

/** Debian's images delete packages after every install; without this a mount on /var/cache/apt stays empty. Source: Docker docs, "Optimize cache usage in builds", apt. */
const KEEP = [
  `RUN rm -f /etc/apt/apt.conf.d/docker-clean \\\n && echo 'Binary::apt::APT::Keep-Downloaded-Packages "true";' > /etc/apt/apt.conf.d/keep-cache`,
];

/**
 * Build stages: both directories, with the setting that keeps packages. The final stage of a single-stage file: the package lists alone, where
 * its RUNs remove them. The final stage of several is left as it is: its one install seldom changes.
 */
export function aptMounts(subject: Subject, reading: StageReading): (MountPlan | Refusal)[] {
  const runs = installs(reading);
  const final = reading === subject.final;
  if (runs.length === 0 || (final && subject.dockerfile.stages.length > 1)) return [];
  const used = subject.stages.some((s) => s.base.ofStage === reading.stage.index);
  const full = !final && !used;
  const row = full ? apt : aptLists;
  const cleans = runs.every((r) => r.parts.some((p) => clears(p.command, row)));
  // what keeps packages changes apt's settings: more than safe
  if ((!full && !cleans) || (full && subject.options.level === 'safe')) return [];
  // an update whose lists are in no layer is of no use to an install elsewhere once its own layer is cached: all RUNs update for themselves, those of stages on top too, or none is touched
  const others = below(subject, reading)
    .flatMap(installs)
    .filter((run) => !updates(run));
  const other = others.find(({ parts }) => parts.some(({ manager, kind }) => manager === apt && kind === 'install-named'));
  if (others.length > 0 && !other) return [];
  if (other)
    return [
      refusal(
        'apt-update-elsewhere',
        `RUN at line ${other.instruction.line} installs from package lists that another RUN has updated, and a mount would keep them out of its layer`,
        other.instruction.start,
      ),
    ];
  const held = leftOut(subject.dockerfile, 'cache-mounts', (i) => runs.some(({ instruction }) => instruction === i));
  if (held) return [held];
  const plans: MountPlan[] = [];
  for (const run of runs) {
    const plan = planMounts(reading, run, apt, row);
    if (!plan) return [];
    if (isRefusal(plan)) return [plan];
    plans.push(plan);
  }
  const blind = runs.find((r) => r.opaque !== undefined && r.parts.some((p) => clears(p.command, row)));
  if (blind)
    return [
      refusal(
        'opaque-run',
        `RUN at line ${blind.instruction.line} is too dynamic to take the clean-up of the package lists out`,
        blind.instruction.start,
      ),
    ];
  const [first] = plans;
  if (full && first && !keepsAlready(reading)) first.edits = [keep(first), ...first.edits];
  return plans;
}
const clears = (command: ShellCommand, row: PackageManager): boolean =>
  row.clearsCache(command) || clearedOperands(command, row).length > 0;
const installs = ({ runs }: StageReading): RunReading[] =>
  runs.filter(({ parts }) => parts.some(({ manager, command }) => manager === apt && apt.usesCache(command)));

/** The RUN updates the package lists before it installs. */
function updates(run: RunReading): boolean {
  const verbs = run.parts.filter((p) => p.manager?.id === 'apt').map((p) => p.kind);
  const install = verbs.indexOf('install-named');
  const update = verbs.indexOf('download');
  return install !== -1 && update !== -1 && update < install;
}
const keep = (plan: MountPlan): Edit => linesBefore(plan.run.instruction, [KEEP]);
const keepsAlready = (reading: StageReading): boolean => reading.runs.some((r) => r.instruction.logical.text.includes('docker-clean'));
