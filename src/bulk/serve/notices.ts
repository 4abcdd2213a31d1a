// Room: bulk/. What a webhook says, in the few words that matter here. A signed body is still parsed as text of a stranger.
import { z } from 'zod';
import type { ForgeKind } from '../../forge/types.ts';
import type { Headers } from './signature.ts';

export type Word = 'rebase' | 'hand-back' | 'stop';

export type Notice =
  /** A branch moved. */
  | { kind: 'push'; repository: string; branch: string }
  /** Something about a pull request: closed, merged, its text changed, commits pushed. */
  | { kind: 'pull'; repository: string; number: number }
  /** A comment asks for something. `mayWrite`: whether its author belongs to those who decide; GitLab and Gitea do not tell. */
  | { kind: 'comment'; repository: string; number: number; words: Word[]; mayWrite: 'yes' | 'no' | 'unknown' }
  | { kind: 'nothing'; why: string };

/** `owner/name`; on GitLab with groups. */
const fullName = z.string().regex(/^[A-Za-z0-9_.~-]{1,200}(?:\/[A-Za-z0-9_.~-]{1,200}){1,20}$/);
const repository = z.object({ full_name: fullName });
const number = z.int().min(1);
const pushShape = z.object({ ref: z.string().max(500), repository });
const pullShape = z.object({ number, repository });
const commentShape = z.object({
  action: z.string(),
  issue: z.object({ number, pull_request: z.unknown() }),
  comment: z.object({ body: z.string().max(300_000), author_association: z.string().optional() }),
  repository,
});

const project = z.object({ path_with_namespace: fullName });
const labPushShape = z.object({ ref: z.string().max(500), project });
const labPullShape = z.object({ object_attributes: z.object({ iid: number }), project });
const labNoteShape = z.object({
  object_attributes: z.object({ note: z.string().max(1_100_000), noteable_type: z.string(), action: z.string().optional() }),
  merge_request: z.object({ iid: number }).optional(),
  project,
});

/** Events of GitHub, Gitea and Forgejo (X-GitHub-Event, X-Gitea-Event, X-Forgejo-Event): the last two use GitHub's shapes. */
const hubEvents: Readonly<Record<string, (body: unknown) => Notice>> = {
  push: (body) => read(pushShape, body, ({ ref, repository: { full_name } }) => pushOf(full_name, ref)),
  pull_request: (body) =>
    read(pullShape, body, ({ number: of, repository: { full_name } }) => ({ kind: 'pull', repository: full_name, number: of })),
  issue_comment: (body) => read(commentShape, body, commentOf),
};

/** X-Gitlab-Event. */
const labEvents: Readonly<Record<string, (body: unknown) => Notice>> = {
  'Push Hook': (body) => read(labPushShape, body, ({ ref, project: { path_with_namespace } }) => pushOf(path_with_namespace, ref)),
  'Merge Request Hook': (body) =>
    read(labPullShape, body, ({ object_attributes: { iid }, project: { path_with_namespace } }) => ({
      kind: 'pull',
      repository: path_with_namespace,
      number: iid,
    })),
  'Note Hook': (body) => read(labNoteShape, body, noteOf),
};

/** What a delivery says. Never throws. */
export function noticeOf(kind: ForgeKind, headers: Headers, body: Buffer): Notice {
  const name = headers[{ github: 'x-github-event', gitea: 'x-gitea-event', gitlab: 'x-gitlab-event' }[kind]] ?? headers['x-forgejo-event'];
  const events = kind === 'gitlab' ? labEvents : hubEvents;
  const event = typeof name === 'string' && Object.hasOwn(events, name) ? events[name] : undefined;
  if (!event) return { kind: 'nothing', why: 'an event that nothing is done for' };
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return { kind: 'nothing', why: 'no JSON: set the webhook to application/json' };
  }
  return event(value);
}

function read<Shape extends z.ZodType>(shape: Shape, body: unknown, notice: (value: z.infer<Shape>) => Notice): Notice {
  const parsed = shape.safeParse(body);
  return parsed.success ? notice(parsed.data) : { kind: 'nothing', why: 'a body of another shape' };
}

const branchPrefix = 'refs/heads/';

const pushOf = (name: string, ref: string): Notice =>
  ref.startsWith(branchPrefix)
    ? { kind: 'push', repository: name, branch: ref.slice(branchPrefix.length) }
    : { kind: 'nothing', why: 'a push to no branch' };

/** GitHub's associations that may push, or belong to those who decide. docs.github.com/graphql/reference/enums#commentauthorassociation */
const trusted: ReadonlySet<string> = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

function commentOf({ action, issue, comment, repository: { full_name } }: z.infer<typeof commentShape>): Notice {
  const words = wordsOf(comment.body);
  // Edited and deleted comments ask for nothing new.
  if (action !== 'created' || issue.pull_request === undefined || issue.pull_request === null || words.length === 0)
    return { kind: 'nothing', why: 'a comment that asks for nothing' };
  const association = comment.author_association;
  const mayWrite = association === undefined ? 'unknown' : trusted.has(association) ? 'yes' : 'no';
  return { kind: 'comment', repository: full_name, number: issue.number, words, mayWrite };
}

function noteOf({ object_attributes, merge_request, project: { path_with_namespace } }: z.infer<typeof labNoteShape>): Notice {
  const words = wordsOf(object_attributes.note);
  const isNew = object_attributes.action === undefined || object_attributes.action === 'create';
  if (object_attributes.noteable_type !== 'MergeRequest' || !merge_request || !isNew || words.length === 0)
    return { kind: 'nothing', why: 'a comment that asks for nothing' };
  return { kind: 'comment', repository: path_with_namespace, number: merge_request.iid, words, mayWrite: 'unknown' };
}

/** `/dockerfile-mod rebase` on a line of its own. */
function wordsOf(comment: string): Word[] {
  const found = comment.matchAll(/^[ \t]*\/dockerfile-mod[ \t]+(rebase|hand-back|stop)[ \t]*\r?$/gm);
  return [...new Set([...found].map((match) => match[1] as Word))];
}
