// Room: bulk/. The text of a pull request for what was pushed.
import { proofLines } from '../../proof/lines.ts';
import { maxBodyOf } from './limits.ts';
import type { Marker, PullBody } from '../../pull/types.ts';
import type { PlannedRepo } from '../../types.ts';
import type { Session } from '../session.ts';

/** Title, body and commit message. `head`: what the branch points to; undefined while there is no commit yet. */
export function bodyFor(session: Session, planned: PlannedRepo, pushed: { head: string | undefined; base?: string }): Promise<PullBody> {
  const { campaign, forge, text } = session;
  const marker: Omit<Marker, 'bodyHash'> = {
    v: 1,
    campaign: campaign.options.id,
    toolVersion: campaign.toolVersion,
    specHash: campaign.specHash,
    base: pushed.base ?? planned.base.sha,
    head: pushed.head,
    diffHash: planned.diffHash,
  };
  return text.render({
    campaign,
    planned,
    marker,
    forge: forge?.kind ?? 'git',
    limit: forge?.bodyLimit ?? maxBodyOf.git,
    verified: planned.proof ? proofLines(planned.proof).join('\n') : undefined,
  });
}
