// base-slim: the final image stands on the slim twin of its base, where nothing that only the full one has is used.
import { assumedAtMax, assumption } from '../src/base/doubts.ts';
import { slimNeeds } from '../src/base/slim-needs.ts';
import { swapProblem, withTag } from '../src/base/base.ts';
import { linesAfter } from '../src/dockerfile/write.ts';
import { aptInstallText } from '../src/dockerfile/write.ts';
import { imageRefusal } from '../src/facts/eligible.ts';
import { ecosystemOf } from '../src/facts/project.ts';
import { isFollowed } from '../src/runtime/other-commands.ts';
import type { Subject } from '../src/facts/subject.ts';
import { archivedSuites } from '../src/knowledge/suites.ts';
import { slimTag } from '../src/knowledge/tags.ts';
import { isRefusal, refusal, refuse, type Change, type Refusal, type Transform } from '../src/transform.ts';

/**
 * before: FROM node:22                                 after: FROM node:22-slim
 * Safe because: every program that the stage's RUNs and the container use is in the slim image or is installed.
 * Skipped when: something may compile, or a program's package is unknown.
 * Untouched when: the base is small already, or has no slim twin.
 */
export const baseSlim: Transform = {
  id: 'base-slim',
  title: 'Use the slim variant of the base image',
  rationale:
    'The full images carry compilers and development headers for any package that might compile. An image that compiles nothing runs the same on the slim variant, at a fifth of the size.',
  structural: true,
  plan(subject, ecosystems): Change | Refusal | undefined {
    const { base, stage } = subject.final;
    if (subject.options.base === 'keep' || base.ofStage !== undefined || !base.family || base.tag.variant !== 'full') return undefined;
    const tag = slimTag(base.family.row, base.image.tag);
    if (typeof tag !== 'string')
      return ['already-slim', 'no-slim-variant'].includes(tag.skip) ? undefined : refusal(tag.skip, tag.message, base.image.span.start);
    if (
      ecosystemOf(subject.project.ecosystems, base)?.toolchain ||
      !stage.instructions.some((i) => i.keyword === 'CMD' || i.keyword === 'ENTRYPOINT')
    )
      return undefined;
    const barred = imageRefusal(subject, { base: 'known', follows: (service) => isFollowed(subject, service) }) ?? swapRefusal(subject);
    if (barred) return barred;
    const needs = slimNeeds(subject, ecosystems);
    if (isRefusal(needs)) return needs;
    if (needs.packages.length > 0 && archivedSuites.has(base.tag.suite ?? ''))
      return refusal(
        'suite-archived',
        `Debian ${base.tag.suite} is archived: ${needs.packages.join(', ')} can no longer be installed`,
        base.image.span.start,
      );
    return {
      edits: [
        { ...base.image.span, text: [withTag(base.image, tag)] },
        ...(needs.packages.length > 0 ? [linesAfter(subject.dockerfile, stage.from, [[aptInstallText(needs.packages)]])] : []),
      ],
      safety: 'review',
      why: `nothing in this image compiles${needs.packages.length > 0 ? `, and ${needs.packages.join(', ')} ${needs.packages.length === 1 ? 'is' : 'are'} installed` : ''}`,
      evidence: needs.evidence,
      notes: [...assumedAtMax(subject), ...(needs.assumed ?? []).map(assumption)],
    };
  },
};

function swapRefusal(subject: Subject): Refusal | undefined {
  const problem = swapProblem(subject.final.base);
  if (!problem || (problem.id === 'private-mirror-base' && subject.options.level === 'max')) return undefined;
  return refuse(problem.id, problem.message, subject.final.base.image.span.start, { allow: problem.allow });
}
