// Room: verify/. One rewrite judged against the original: whole if it passes, or without the transforms that fail.
import type { Core } from '../checkout/types.ts';
import { causesOf } from './compare/causes.ts';
import { largestPassing, type Pick, type TakenBack } from './rollback.ts';
import { afterOf, rewrite, writesOf, type Subject, type Subjects } from './subject.ts';
import { tryRewrite, type RewriteTrial, type Stage, type Trying } from './trial.ts';
import type { Check, Recipe, RolledBack, Session, VerifyOptions } from './types.ts';

export interface Verifying {
  session: Session;
  core: Core;
  options: VerifyOptions;
}

/** How images are built and read for the measures that are asked for. */
export function depthOf({ measure = 'full' }: VerifyOptions): Trying {
  return { cache: measure === 'full' ? 'cold' : 'warm', compressed: measure === 'none' ? 'leave' : 'measure' };
}

/** What came of the rewrites of one Dockerfile. */
export interface Judged {
  kept: RewriteTrial | undefined;
  /** The rewrite that is shown: the kept one, or the full one that failed. */
  shown: RewriteTrial;
  /** The full rewrite. */
  first: RewriteTrial;
  rolledBack: RolledBack[];
}

/** Rewrites with a part of the transforms that were tried, by what they were built from and announce; good for one stage. */
export type Tried = Map<string, RewriteTrial>;

/** Tries the full rewrite, and as long as it fails takes transforms back. `how.tried`: of earlier rewrites of the same stage. `how.whole`: the full one, where it was tried. */
export async function judge(
  stage: Stage,
  subject: Subject,
  full: Recipe,
  all: Subjects,
  how: Verifying & { tried?: Tried; whole?: RewriteTrial },
): Promise<Judged> {
  const { session, options } = how;
  if (!how.whole) session.say({ kind: 'step', text: 'Building and running the rewritten file' });
  const first = how.whole ?? (await tryRewrite(stage, subject.planned, full, depthOf(options)));
  if (first.passed) return { kept: first, shown: first, first, rolledBack: [] };
  // What stands on the disk was not made by transforms of this run.
  if (options.since !== undefined) return { kept: undefined, shown: first, first, rolledBack: [] };
  const known: Tried = how.tried ?? new Map();
  const attempt = async (pick: Pick): Promise<RewriteTrial> => {
    const planned = rewrite(subject, pick, all);
    const recipe = afterOf(planned, how.core, writesOf(planned));
    const key = JSON.stringify([recipe, planned.report.result?.applied.map((one) => one.transform)]);
    const before = known.get(key);
    if (before) return before;
    session.say({ kind: 'step', text: saysOf(pick) });
    const trial = await tryRewrite(stage, planned, recipe, { cache: 'warm', compressed: 'leave' });
    known.set(key, trial);
    return trial;
  };
  const { kept, rolledBack } = await largestPassing(first, attempt);
  const told = rolledBack.map((one) => tell(one, stage, subject));
  return { kept, shown: kept ?? first, first, rolledBack: told };
}

const saysOf = ({ only, skip }: Pick): string => (only ? `Trying with ${only.join(', ')} alone` : `Trying without ${skip.join(', ')}`);

function tell({ transform, witness, failing }: TakenBack<RewriteTrial>, stage: Stage, subject: Subject): RolledBack {
  // What a prefix fails at may be another thing: what a later transform would have brought. The failure that is told is that of the rewrite.
  const failures = (trial: RewriteTrial): Check[] => trial.checks.filter((check) => check.outcome === 'failed');
  const wanted = new Set(failures(failing).map(({ id }) => id));
  const failed = failures(witness).find(({ id }) => wanted.has(id)) ?? failures(failing)[0];
  const check: Check = failed ?? { id: 'build', outcome: 'failed', detail: 'It did not pass', differences: [] };
  const project = subject.planned.project;
  const causes = project
    ? causesOf({
        failed: check,
        applied: witness.planned.report.result?.applied.find((one) => one.transform === transform),
        contents: witness.contents ? { before: stage.contents, after: witness.contents } : undefined,
        tree: project.tree,
      })
    : [];
  return { transform, check: check.id, reason: check.detail, log: check.log ?? '', causes };
}
