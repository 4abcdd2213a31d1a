// scratch-essentials: what a program on an empty image still needs of a system: certificates, time zones, file types.
import { linesAfter } from '../src/dockerfile/write.ts';
import type { Piece } from '../src/dockerfile/edits.ts';
import { essentials } from '../src/base/essentials.ts';
import type { Transform } from '../src/transform.ts';

/**
 * before: FROM scratch / COPY --from=builder …         after: + COPY --from=builder /etc/ssl/certs/ca-certificates.crt …
 * Safe because: files are added that the original image had at the same paths.
 * Skipped when: the build stage is not known to have them.
 * Untouched when: the final base is not scratch, or the files are there.
 */
export const scratchEssentials: Transform = {
  id: 'scratch-essentials',
  title: 'Give a scratch image the certificates and time zones it uses',
  rationale:
    'scratch is empty: HTTPS fails without certificates, and a time zone cannot be loaded without its data. They are copied from the build stage, where the original had them.',
  structural: true,
  plan(subject) {
    const found = essentials(subject);
    if (!found || found.lines.length === 0) return found?.skip;
    return {
      edits: [
        linesAfter(
          subject.dockerfile,
          subject.final.stage.from,
          found.lines.map((line): Piece[] => [line]),
        ),
      ],
      safety: 'review',
      why: found.why,
      evidence: found.evidence,
      announces: { env: found.env },
    };
  },
};
