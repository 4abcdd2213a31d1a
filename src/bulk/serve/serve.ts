// Room: bulk/. `serve`: what a webhook says becomes one more look at the pull request, by the engine that `apply` uses.
import type { Forge } from '../../forge/types.ts';
import { attempt } from '../run/attempt.ts';
import { publishRepository } from '../run/publish/publish.ts';
import { recordOf, type Session } from '../run/session.ts';
import { refOf } from '../transport/api.ts';
import type { RepoKey, RepoRecord } from '../types.ts';
import type { Notice, Word } from './notices.ts';

export interface Service {
  /** Takes a notice; what it asks for is done in turn. Never throws. */
  take(notice: Notice): void;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
}

/** What was done, for a log line. */
export interface Served {
  repo: RepoKey;
  outcome: string;
}

export interface ServeOptions {
  tell(served: Served): void;
  /** The campaign cannot go on: the token, a full disk, a bug. */
  stopped(error: unknown): void;
  /** Milliseconds that a repository is left in peace, so that a burst of pushes is looked at once. */
  settle: number;
}

/** Repositories that wait at one time; what comes beyond is looked at by the next `sync`. */
const maxWaiting = 10_000;

/**
 * The service of a campaign. One repository after the other; notices for one that waits already are one. Only pull requests that the
 * journal knows are looked at, and none is opened: that is for `apply`.
 */
export function service(session: Session, forge: Forge, options: ServeOptions): Service {
  const waiting = new Map<RepoKey, { words: Set<Word>; since: number }>();
  let work: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    while (waiting.size > 0 && !session.signal.aborted) {
      const [[repo, { words, since }] = ['', { words: new Set<Word>(), since: 0 }]] = waiting;
      await session.sleep(Math.max(0, since + options.settle - session.now()));
      waiting.delete(repo);
      options.tell({ repo, outcome: await look(session, forge, repo, words) });
    }
  };
  return {
    take(notice) {
      const wanted = wantedBy(session, forge, notice);
      if (!wanted || (waiting.size >= maxWaiting && !waiting.has(wanted.repo))) return;
      const known = waiting.get(wanted.repo) ?? { words: new Set<Word>(), since: session.now() };
      for (const word of wanted.words) known.words.add(word);
      waiting.set(wanted.repo, known);
      work ??= drain()
        .catch(options.stopped)
        .finally(() => (work = undefined));
    },
    idle: async () => {
      while (work) await work;
    },
  };
}

/** The repository that has to be looked at, and what a comment asks for; undefined: nothing has to be done. */
function wantedBy(session: Session, forge: Forge, notice: Notice): { repo: RepoKey; words: Word[] } | undefined {
  if (notice.kind === 'nothing') return undefined;
  const repo = `${forge.host}/${notice.repository}`;
  const record = session.records.get(repo);
  if (record?.pull?.state !== 'open') return undefined;
  if (notice.kind === 'push')
    return notice.branch === record.base?.branch || isOwnBranch(session, record, notice.branch) ? { repo, words: [] } : undefined;
  if (notice.number !== record.pull.number) return undefined;
  if (notice.kind === 'pull') return { repo, words: [] };
  // To drop commits is for those who may push. Where the forge does not tell whether a comment's author may, there is the box, which only these can tick.
  const words = notice.words.filter((word) => notice.mayWrite === 'yes' || (notice.mayWrite === 'unknown' && word !== 'hand-back'));
  return words.length > 0 ? { repo, words } : undefined;
}

const isOwnBranch = ({ campaign }: Session, record: RepoRecord, branch: string): boolean =>
  branch === campaign.options.pull.branch && record.headRepo === undefined;

async function look(session: Session, forge: Forge, repo: RepoKey, words: ReadonlySet<Word>): Promise<string> {
  const tried = await attempt(session, repo, async () => {
    if (words.size > 0) await tick(forge, recordOf(session, repo), words);
    return publishRepository(session, repo, { mayOpen: async () => 'no', onlyApproved: 'no' });
  });
  if (tried.kind === 'done') return tried.value;
  return tried.kind === 'left' ? 'left out' : `failed: ${tried.failure.kind}`;
}

/** A comment ticks the box, so that everyone sees what was asked for, and the engine knows one way only. */
async function tick(forge: Forge, record: RepoRecord, words: ReadonlySet<Word>): Promise<void> {
  if (!record.pull) return;
  const { body, state } = await forge.pull(refOf(record), record.pull.number);
  const ticked = [...words].reduce(
    (text, word) => text.replace(`[ ] <!-- dockerfile-mod:${word} -->`, `[x] <!-- dockerfile-mod:${word} -->`),
    body,
  );
  if (state === 'open' && ticked !== body) await forge.updatePull(refOf(record), record.pull.number, { body: ticked });
}
