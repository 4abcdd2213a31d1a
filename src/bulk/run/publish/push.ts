// Room: bulk/. Pushes what is planned: intent, commit with a lease, done.
import type { PullBody } from '../../pull/types.ts';
import type { PlannedRepo, RepoRecord } from '../../types.ts';
import { tell, type Session } from '../session.ts';
import { trailerOf } from './identity.ts';

/** Makes one commit on the planned base and lets our branch point to it, if it points to `expect` now. Answers its id. */
export async function pushPlanned(session: Session, record: RepoRecord, planned: PlannedRepo, how: Push): Promise<string> {
  const { repo } = record;
  const { branch, author } = session.campaign.options.pull;
  const { expect, body } = how;
  const parent = planned.base.sha;
  const { diffHash } = planned;
  const head = await session.transport.write(
    record,
    {
      branch,
      expect,
      parent,
      files: planned.files.map(({ path, mode, after, beforeSha }) => ({ path, mode, content: Buffer.from(after), before: beforeSha })),
      message: messageOf(session, body.commitMessage),
      author,
      to: record.headRepo,
    },
    (known) =>
      tell(session, {
        repo,
        ev: 'push.intent',
        data: { branch, expect, parent, diffHash, ...(known === undefined ? {} : { head: known }) },
      }),
  );
  await tell(session, { repo, ev: 'push.done', data: { branch, head, diffHash } });
  return head;
}

export interface Push {
  expect: string | 'absent';
  body: Pick<PullBody, 'commitMessage'>;
}

/** Ends with our trailer, in the block of trailers when there is one. Source: git-interpret-trailers(1). */
function messageOf({ campaign }: Session, message: string): string {
  const text = message.trimEnd();
  const last = text.split('\n').at(-1) ?? '';
  const trailer = trailerOf(campaign.options.id);
  return `${text}${/^[A-Za-z][A-Za-z-]*: /.test(last) && text.includes('\n') ? '\n' : '\n\n'}${trailer}\n`;
}
