// Room: ecosystems/node. multi-stage for Node: what the runtime stage gets where something is installed beside the project.
import { holds } from '../../effects/places.ts';
import { inside } from '../../facts/copies.ts';
import { refuse } from '../../refusal.ts';
import { fromBuilder } from '../../../transforms/multi-stage/distribute.ts';
import type { Split } from '../../../transforms/multi-stage/split.ts';
import type { FrontEnd } from '../types.ts';
import { worksIn } from './front-ends.ts';
import type { NodeRuntime } from './runtime-image.ts';
import type { NodeCase } from './split-case.ts';
import { wholeApplication, withBuild } from './split-copies.ts';

/** Of what is installed beside the project, the packages stay behind. */
export function withFrontEnds(c: NodeCase, split: Split, runtime: NodeRuntime): Split {
  const { frontEnds } = c;
  const outside = frontEnds.filter(({ place }) => !inside(place, c.app));
  const builds = c.builds.filter(({ part }) => !frontEnds.some(({ place }) => worksIn(part.effects, place)));
  const listed =
    c.root === c.workdir && c.app === c.workdir && builds.length > 0 && frontEnds.every(({ alone, made = [] }) => alone && made.length > 0);
  const whole = listed ? withBuild({ ...c, builds }, split, runtime) : wholeApplication(c, split, runtime, { left: undefined });
  const copied = (front: FrontEnd): string[] =>
    (front.alone && (front.made ?? []).length > 0 ? (front.made ?? []) : [front.place]).filter((path) => !isGone(c, front, path));
  return {
    ...whole,
    artefacts: [...whole.artefacts, ...outside.flatMap(copied).map((path) => fromBuilder(c.builder, path, c.workdir, c.owner))],
    brought: new Set(
      c.reading.copies.flatMap(({ dest, instruction: { index } }) =>
        dest !== undefined && outside.some(({ place }) => inside(dest, place)) ? [index] : [],
      ),
    ),
    evidence: [...whole.evidence, ...frontEnds.flatMap(({ evidence }) => evidence)],
  };
}

/** Removed or moved away behind the builds that fill it: there is nothing to copy. */
function isGone({ reading, run }: NodeCase, { place }: FrontEnd, path: string): boolean {
  const parts = reading.runs.flatMap((r) => r.parts);
  const built = parts.findLastIndex(({ effects, manager }) => manager !== undefined && worksIn(effects, place));
  const removing = parts.slice(built + 1).filter(({ effects }) => effects.removes.known.some((gone) => holds(gone, path)));
  if (removing.length > 0 && removing.every(({ command }) => command.optional !== undefined))
    refuse('opaque-run', `Whether ${path} is still there behind the build cannot be told`, run.at, {
      allow: 'Move or remove it without a condition.',
    });
  return removing.length > 0;
}
