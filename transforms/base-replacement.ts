// base-replacement: the final image stands on the image that the configuration wants in place of its base, where both are the same.
import { replacementFor } from '../src/base/replacement.ts';
import { refuse, type Change, type Refusal, type Transform } from '../src/transform.ts';

/**
 * before: FROM node:22-slim                            after: FROM registry.example.com/node:22-slim
 * Safe because: the configuration says of which image the other is a mirror, and that is the one that stands there.
 * Skipped when: nothing says that both hold the same.
 * Untouched when: `replacements` of the configuration names no such image.
 */
export const baseReplacement: Transform = {
  id: 'base-replacement',
  title: 'Take the base image from where the configuration wants it',
  rationale:
    'A registry of your own is near, has no limits, and can be looked into. The base of the final stage comes from there, when the configuration says so and says of which image that one is a mirror.',
  structural: true,
  plan(subject): Change | Refusal | undefined {
    const { base, stage } = subject.final;
    const wanted = replacementFor(subject.project.context.replacements ?? [], base, subject.project.images);
    if (!wanted) return undefined;
    const { image, problem, by, at } = wanted;
    const { line } = stage.from;
    if (problem) refuse(problem.id, problem.message, base.image.span.start, { allow: problem.allow });
    return {
      edits: [{ ...base.image.span, text: [image] }],
      safety: 'review',
      why: `the configuration wants ${image} in place of ${base.image.raw}, and says that both hold the same`,
      evidence: [
        { file: 'Dockerfile', line, says: `FROM ${base.image.raw}` },
        ...(at ? [{ file: at.file, line: at.line, says: `${wanted.of}: ${by}` }] : []),
      ],
    };
  },
};
