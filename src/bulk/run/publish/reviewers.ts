// Room: bulk/. Whom a new pull request asks for a review: those who are named, and with --codeowners-reviewers those who own the files.
import type { Forge } from '../../../forge/types.ts';
import { codeOwners } from '../../pull/code-owners.ts';
import { refOf } from '../../transport/api.ts';
import type { PlannedRepo, RepoRecord } from '../../types.ts';
import type { Session } from '../session.ts';

export interface Reviewers {
  reviewers: readonly string[];
  teamReviewers: readonly string[];
  warnings: readonly string[];
}

/**
 * Where each forge looks, in its order. Gitea and Forgejo are not in it: their file has regular expressions, and they ask the owners by
 * themselves when a pull request is opened (https://docs.gitea.com/usage/code-owners).
 */
const places: Partial<Record<Forge['kind'], readonly string[]>> = {
  github: ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'],
  gitlab: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'],
};
const maxFile = 256 * 1024;

/** Reads the CODEOWNERS of the planned base where owners are wanted. The account itself is never asked. */
export async function reviewersFor(session: Session, forge: Forge, record: RepoRecord, planned: PlannedRepo): Promise<Reviewers> {
  const { reviewers, teamReviewers, codeownersReviewers } = session.campaign.options.pull;
  const named = { reviewers, teamReviewers, warnings: [] };
  const file = codeownersReviewers === 'yes' ? await fileOf(session, forge, record, planned.base.sha) : undefined;
  if (file === undefined) return named;
  if ('warning' in file) return { ...named, warnings: [file.warning] };
  const owners = codeOwners({
    text: file.text,
    paths: planned.files.map(({ path }) => path),
    organisation: refOf(record).owner,
    sections: forge.kind === 'gitlab' ? 'yes' : 'no',
    pathPattern: session.core.pathPattern,
  });
  const self = (await forge.actor()).toLowerCase();
  return {
    reviewers: added(
      reviewers,
      owners.users.filter((name) => name.toLowerCase() !== self),
    ),
    teamReviewers: added(teamReviewers, owners.teams),
    warnings: owners.others.map((owner) => `code owner ${owner}: no user, and no team of ${refOf(record).owner}`),
  };
}

const added = (named: readonly string[], more: readonly string[]): string[] => {
  const known = new Set(named.map((name) => name.toLowerCase()));
  return [...named, ...more.filter((name) => !known.has(name.toLowerCase()))];
};

/** The first file that is there; undefined: there is none. */
async function fileOf(
  { transport }: Session,
  { kind }: Forge,
  record: RepoRecord,
  commit: string,
): Promise<{ text: string } | { warning: string } | undefined> {
  const at = places[kind];
  if (!at) return undefined;
  const snapshot = await transport.snapshot(record, commit);
  try {
    const files = new Map(
      snapshot.entries.filter(({ mode }) => mode === '100644' || mode === '100755').map((entry) => [entry.path, entry]),
    );
    const found = at.flatMap((path) => files.get(path) ?? [])[0];
    if (!found) return undefined;
    const bytes = (found.size ?? 0) > maxFile ? undefined : (await snapshot.bring([found.sha])).get(found.sha);
    if (!bytes || bytes.byteLength > maxFile) return { warning: `${found.path} was not read: it has more than ${maxFile} bytes` };
    return { text: bytes.toString('utf8') };
  } finally {
    snapshot.close();
  }
}
