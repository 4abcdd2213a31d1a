// Room: bulk/. Plans one repository of a campaign: one read when nothing has changed since the last plan.
import { localDisk } from '../../context/disk.ts';
import { untimed } from '../../forge/deadline.ts';
import { ForgeError, type RepoInfo } from '../../forge/types.ts';
import { patchOf } from '../../report/diff.ts';
import { isChanged } from '../../report/types.ts';
import type { CampaignOptions } from '../options.ts';
import { planCheckout, type CheckoutPlan } from '../plan/checkout.ts';
import { planKeyOf } from '../plan/digest.ts';
import { planListed, TooManyBlobs } from '../plan/listed.ts';
import { outcomeOf } from '../plan/repository.ts';
import { isProposed, isWorthProving, provenPlan, type Proven } from '../proof/prove.ts';
import type { Transport } from '../transport/types.ts';
import type { Options } from '../../types.ts';
import type { ExclusionReason, RepoKey, RepoRecord } from '../types.ts';
import { eventOf } from './dry.ts';
import { recordOf, tell, type Session } from './session.ts';

/** Plans a repository and writes the outcome to the journal and its plan beside it. Throws ForgeError for what the outside does. */
export async function planRepository(session: Session, repo: RepoKey, info?: RepoInfo): Promise<void> {
  const record = recordOf(session, repo);
  const facts = info ?? (await infoOf(session, record));
  const left = facts ? exclusionOf(facts, session.campaign.options) : undefined;
  if (left) {
    await tell(session, { repo, ev: 'excluded', data: left });
    return;
  }
  const base = await baseOf(session, record, facts);
  if (base === undefined) {
    await tell(session, { repo, ev: 'excluded', data: { reason: 'empty' } });
    return;
  }
  const { specHash, toolVersion } = session.campaign;
  const key = planKeyOf(base.sha, specHash, toolVersion);
  if (record.planKey === key && record.state !== 'failed' && (record.state === 'excluded' || session.store.readPlan(repo))) return;
  const checkout = await checkoutPlan(session, record, base.sha);
  const proven = await proofOf(session, record, base.sha, checkout);
  const { campaign, core } = session;
  const outcome = outcomeOf(checkout, { repo, ref: record.ref, base, campaign, core, proven });
  if (outcome.kind === 'excluded') {
    const { reason, detail } = outcome;
    await tell(session, { repo, ev: 'excluded', data: { reason, ...(detail === undefined ? {} : { detail }), base, planKey: key } });
    return;
  }
  session.store.writePlan(outcome.planned, patchOf(outcome.planned.files));
  await tell(session, eventOf(repo, outcome));
}

/** Asked for once, when the repository is planned first: later its base branch tells whether something changed. */
async function infoOf({ forge }: Session, { ref, base }: RepoRecord): Promise<RepoInfo | undefined> {
  return forge && ref && base === undefined ? forge.repo(ref) : undefined;
}

async function baseOf({ transport, campaign }: Session, record: RepoRecord, info: RepoInfo | undefined): Promise<RepoRecord['base']> {
  const wanted = campaign.options.pull.base;
  const known = wanted ?? info?.defaultBranch ?? record.base?.branch;
  const head = await transport.head(record, known);
  // The default branch may have another name now.
  return head ?? (wanted === undefined && known !== undefined ? transport.head(record, undefined) : undefined);
}

/** Why a repository is left out before anything of it is read. */
export function exclusionOf(info: RepoInfo, { filters }: CampaignOptions): { reason: ExclusionReason; detail?: string } | undefined {
  if (info.archived) return { reason: 'archived' };
  if (info.disabled) return { reason: 'disabled' };
  if (info.empty || info.defaultBranch === undefined) return { reason: 'empty' };
  if (info.fork && filters.forks === 'skip') return { reason: 'fork' };
  if (filters.maxSizeKb !== undefined && (info.sizeKb ?? 0) > filters.maxSizeKb)
    return { reason: 'too-large', detail: `${info.sizeKb} KB` };
  if (filters.visibility !== undefined && info.visibility !== filters.visibility) return { reason: 'filter', detail: info.visibility };
  if (filters.pushedSince !== undefined && info.pushedAt !== undefined && Date.parse(info.pushedAt) < Date.parse(filters.pushedSince))
    return { reason: 'filter', detail: `last push ${info.pushedAt}` };
  return undefined;
}

async function checkoutPlan(
  session: Session,
  record: RepoRecord,
  commit: string,
  options = session.campaign.options.refactor,
): Promise<CheckoutPlan> {
  const { core, campaign, transport, fallback } = session;
  const { directory } = record;
  if (directory !== undefined && campaign.options.platform === 'local')
    return planCheckout({ disk: localDisk, root: directory, core, options, wanted: campaign.options.filters.dockerfiles });
  const how = { commit, options };
  try {
    return await planBy(transport, session, record, how);
  } catch (error) {
    const canRetry = error instanceof TooManyBlobs || (error instanceof ForgeError && error.kind === 'unsupported');
    if (!canRetry || !fallback) throw error;
    return planBy(fallback, session, record, how);
  }
}

/**
 * Builds and runs both versions of what would change, where the campaign asks for it; that has limits of its own, and is not in the time
 * for one repository. Undefined: it does not, or nothing would change.
 */
async function proofOf(session: Session, record: RepoRecord, commit: string, checkout: CheckoutPlan): Promise<Proven | undefined> {
  const { prove, transport, fallback } = session;
  if (!prove || !isWorthProving(checkout, session.core)) return undefined;
  if (record.directory !== undefined && session.campaign.options.platform === 'local')
    return provenPlan(checkout, await untimed(() => prove(record.directory ?? '', record.repo)), {
      disk: localDisk,
      root: record.directory,
    });
  const by = transport.checkOut ? transport : fallback;
  if (!by?.checkOut) throw new ForgeError('unsupported', 'verification needs all files, which only git brings', { retryable: false });
  const { directory: root, close } = await by.checkOut(record, commit);
  try {
    return provenPlan(checkout, await untimed(() => prove(root, record.repo)), { disk: localDisk, root });
  } finally {
    close();
  }
}

async function planBy(
  transport: Transport,
  session: Session,
  record: RepoRecord,
  { commit, options }: { commit: string; options: Partial<Options> },
): Promise<CheckoutPlan> {
  const { core, campaign, signal } = session;
  const snapshot = await transport.snapshot(record, commit);
  try {
    const { entries, maxBlobs } = snapshot;
    const bring = (shas: readonly string[]): ReturnType<typeof snapshot.bring> => snapshot.bring(shas);
    const wanted = campaign.options.filters.dockerfiles;
    return await planListed({ entries, bring, core, options, wanted, maxBlobs, signal });
  } finally {
    snapshot.close();
  }
}

/**
 * Plans the present default branch without writing anything down: how many files (of a campaign that verifies: Dockerfiles) would change?
 * What verification took back is not proposed, so it is not looked for. Undefined: it cannot be read any more.
 */
export async function checkAgain(session: Session, repo: RepoKey): Promise<{ sha: string; changes: number } | undefined> {
  const record = recordOf(session, repo);
  const base = await baseOf(session, record, undefined);
  if (base === undefined) return undefined;
  const proven = session.store.readPlan(repo)?.proof?.files ?? [];
  const { refactor } = session.campaign.options;
  const skip = [...(refactor.skip ?? []), ...new Set(proven.flatMap((file) => file.takenBack.map(({ transform }) => transform)))];
  const checkout = await checkoutPlan(session, record, base.sha, { ...refactor, skip });
  if (checkout.optedOut) return undefined;
  if (proven.length === 0) return { sha: base.sha, changes: checkout.files.length };
  const left = new Set(proven.filter(({ outcome }) => !isProposed(outcome)).map(({ path }) => path));
  return { sha: base.sha, changes: checkout.reports.filter((report) => isChanged(report) && !left.has(report.patchPath)).length };
}
