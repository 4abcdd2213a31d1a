// Room: cli/. Opens a campaign: its directory, lock and journal, the forge and the transport, the token that no file ever sees.
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { isCampaignId } from '../../bulk/options.ts';
import { campaignDirectory, type CampaignDirectory } from '../../bulk/journal/directory.ts';
import { takeLock } from '../../bulk/journal/lock.ts';
import { openJournal, readJournal, type Journal } from '../../bulk/journal/log.ts';
import type { Campaign, CampaignOptions } from '../../bulk/options.ts';
import { specHashOf } from '../../bulk/plan/digest.ts';
import { readRounds } from '../../bulk/queue/round.ts';
import { pullText } from '../../bulk/pull/text.ts';
import type { Session } from '../../bulk/run/session.ts';
import { apiTransport } from '../../bulk/transport/api.ts';
import { autoTransport } from '../../bulk/transport/auto.ts';
import { gitTransport } from '../../bulk/transport/git.ts';
import { localTransport } from '../../bulk/transport/local.ts';
import type { Transport } from '../../bulk/transport/types.ts';
import { connectForge, publicAddress } from '../../forge/connect.ts';
import { clock } from '../../forge/connection.ts';
import type { GitAccess } from '../../forge/git/environment.ts';
import { createPace, limitsOf } from '../../forge/pace.ts';
import { createRedactor, readCredential, type Credential, type Redactor } from '../../forge/secrets.ts';
import { countedPace, noTraffic, type Traffic } from '../../forge/traffic.ts';
import type { Forge, ForgeKind, Pace, RepoRef } from '../../forge/types.ts';
import type { RepoKey, RepoRecord } from '../../bulk/types.ts';
import type { Flags } from '../flags.ts';
import type { UsageError, World } from '../world.ts';
import { metricsTo } from './metrics.ts';
import { proverOf } from './prover.ts';
import type { BulkFlags } from './types.ts';

type AllFlags = BulkFlags & Flags;

/** A campaign on disk, for reading. */
export interface Stored {
  campaign: Campaign;
  store: CampaignDirectory;
}

/** A campaign that is worked on; `close` writes everything down and gives the lock back. */
export interface Opened extends Stored {
  session: Session;
  journal: Journal;
  redactor: Redactor;
  close(): Promise<void>;
}

export const journalOf = (flags: AllFlags, world: World): string => resolve(world.cwd, flags.journal ?? '.dockerfile-mod');

/** The campaign that is there; a usage error when there is none. */
export function storedCampaign(flags: AllFlags, world: World): Stored | UsageError {
  if (flags.id === undefined) return { usage: 'name the campaign with --id' };
  // It names a directory.
  if (!isCampaignId(flags.id)) return { usage: `--id ${flags.id}: lower case letters, digits and -, at most 40` };
  const store = campaignDirectory(journalOf(flags, world), flags.id);
  const campaign = store.readCampaign();
  return campaign
    ? { campaign, store }
    : { usage: `there is no campaign ${flags.id} in ${flags.journal ?? '.dockerfile-mod'}: run bulk plan first` };
}

export const recordsOf = ({ store }: Stored): Promise<ReadonlyMap<RepoKey, RepoRecord>> => readJournal(store.path);

export const campaignOf = (options: CampaignOptions, version: string): Campaign => ({
  v: 1,
  options,
  specHash: specHashOf(options),
  toolVersion: version,
  createdAt: new Date().toISOString(),
});

/** Takes the lock and opens journal and forge. The campaign is written down with this version of the tool. `over`: what does the work. */
export async function openSession(
  stored: Stored,
  flags: AllFlags,
  world: World,
  signal: AbortSignal,
  over: 'process' | 'queue' = 'process',
): Promise<Opened | UsageError> {
  const { store } = stored;
  const round = over === 'process' ? readRounds(store.path)?.open : undefined;
  if (round !== undefined)
    return { usage: `workers are busy with this campaign: run bulk enqueue${round === 'publish' ? ' --publish' : ''} until it ends` };
  const scratch = resolve(store.path, 'scratch');
  const outside = await connect(stored.campaign.options, flags, world, { signal, scratch });
  if ('usage' in outside) return outside;
  const lock = takeLock(store.path);
  if ('heldBy' in lock) return { usage: `another process works on this campaign: ${lock.heldBy}` };
  try {
    // Of a run that was killed; nobody else works here now.
    rmSync(scratch, { recursive: true, force: true });
    const campaign: Campaign = { ...stored.campaign, toolVersion: world.version };
    store.writeCampaign(campaign);
    const journal = await openJournal(store.path, randomUUID());
    const session = await sessionOver({ campaign, store, journal }, outside, world, { signal, quiet: flags.quiet === true });
    outside.waiting.tell = (until, limit) =>
      // Only told: a journal that cannot be written fails at the next step.
      void journal.append({ repo: '*', ev: 'throttled', data: { limit, until: new Date(until).toISOString() } }).catch(() => undefined);
    const metrics = metricsFor(flags, world, { campaign, journal, outside });
    if (metrics && 'usage' in metrics) {
      await journal.close();
      lock.release();
      return metrics;
    }
    const close = async (): Promise<void> => {
      metrics?.end();
      await journal.close();
      lock.release();
    };
    return { campaign, store, session, journal, redactor: outside.redactor, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

const metricsFor = (
  { metricsFile }: AllFlags,
  world: World,
  { campaign, journal, outside }: { campaign: Campaign; journal: Journal; outside: Outside },
): ReturnType<typeof metricsTo> | undefined =>
  metricsFile === undefined
    ? undefined
    : metricsTo(metricsFile, world, () => ({ campaign: campaign.options.id, records: journal.records, traffic: outside.traffic }));

/** The session over a journal: on disk, or in memory for `pr`. */
export async function sessionOver(
  { campaign, store, journal }: { campaign: Campaign; store: Session['store']; journal: Pick<Journal, 'records' | 'append'> },
  { forge, transport, fallback, redactor, waiting }: Outside,
  world: World,
  { signal, quiet }: { signal: AbortSignal; quiet: boolean },
): Promise<Session> {
  const core = await world.core();
  const { refactor, verify, filters } = campaign.options;
  return {
    campaign,
    store,
    records: journal.records,
    sink: journal,
    core,
    forge,
    transport,
    fallback,
    text: pullText(core),
    prove: proverOf(verify, { refactor, wanted: filters.dockerfiles, core, world, quiet, signal }),
    redact: (text) => redactor.redact(text),
    waitsUntil: () => (waiting.until !== undefined && waiting.until > Date.now() ? waiting.until : undefined),
    now: Date.now,
    sleep: (ms) => clock.sleep(ms, signal),
    signal,
  };
}

/** The forge's limits, as they are met. */
export interface Waiting {
  /** Milliseconds since the epoch. */
  until?: number;
  tell?: (until: number, why: 'primary' | 'secondary') => void;
}

export interface Outside {
  waiting: Waiting;
  traffic: Traffic;
  forge: Forge | undefined;
  transport: Transport;
  fallback: Transport | undefined;
  redactor: Redactor;
}

/** The forge and the transports of a campaign's options. The token comes from the environment or a file, never from a flag. `around`: a budget of many workers. */
export async function connect(
  options: CampaignOptions,
  flags: AllFlags,
  world: World,
  { signal, scratch, around }: { signal: AbortSignal; scratch: string; around?: (own: Pace) => Pace },
): Promise<Outside | UsageError> {
  const redactor = createRedactor();
  const waiting: Waiting = {};
  const traffic = noTraffic();
  const { platform } = options;
  const author = options.pull.author ?? { name: 'dockerfile-mod', email: 'dockerfile-mod@localhost' };
  const access: GitAccess = {
    env: world.env,
    token: undefined,
    protocols: 'network',
    redact: (text) => redactor.redact(text),
    timeout: flags.timeoutRepo === undefined ? options.pace.timeoutRepo : flags.timeoutRepo * 1000,
    signal,
  };
  if (platform === 'local') {
    const transport = localTransport({ ...access, protocols: 'file' }, author);
    return { forge: undefined, transport, fallback: undefined, redactor, waiting, traffic };
  }
  const baseUrl = options.baseUrl ?? (platform === 'git' ? undefined : publicAddress[platform]);
  if (platform !== 'git' && baseUrl === undefined) return { usage: `--platform ${platform} needs --base-url` };
  const credential = readCredential(platform === 'git' ? 'github' : platform, { file: flags.tokenFile, env: world.env });
  // An app's key signs for the API alone: git gets no token then, and the API is the transport.
  const token = credential?.kind === 'token' ? credential.value : undefined;
  if (token !== undefined) redactor.add(token);
  const origin = baseUrl === undefined ? undefined : new URL(baseUrl).origin;
  const urlOf = ({ owner, name }: RepoRef): string => `${baseUrl?.replace(/\/+$/, '')}/${owner}/${name}.git`;
  // Paths as remotes are for people who name them (and tests), not for what a forge answers.
  const protocols = platform === 'git' && baseUrl === undefined ? 'file' : 'network';
  const withToken: GitAccess = {
    ...access,
    protocols,
    token: token !== undefined && origin !== undefined ? { origin, value: token } : undefined,
  };
  const git = gitTransport({ access: withToken, scratch, urlOf, author, now: Date.now });
  if (platform === 'git') return { forge: undefined, transport: git, fallback: undefined, redactor, waiting, traffic };
  const forge = await forgeOf(platform, { baseUrl: baseUrl ?? '', credential, options, redactor, signal, waiting, traffic, around });
  const transport = { api: apiTransport(forge), git, auto: autoTransport(forge, git) }[options.transport];
  return { forge, transport, fallback: options.transport === 'auto' ? git : undefined, redactor, waiting, traffic };
}

async function forgeOf(
  kind: ForgeKind,
  how: Pick<Outside, 'redactor' | 'waiting' | 'traffic'> & {
    baseUrl: string;
    credential: Credential | undefined;
    options: CampaignOptions;
    signal: AbortSignal;
    around: ((own: Pace) => Pace) | undefined;
  },
): Promise<Forge> {
  const { contentPerMinute, prsPerHour } = how.options.pace;
  const onSleep = (until: number, why: 'primary' | 'secondary'): void => {
    how.waiting.until = until;
    how.waiting.tell?.(until, why);
  };
  const pace = createPace({ ...limitsOf(kind), contentPerMinute, contentPerHour: prsPerHour, clock, onSleep });
  return connectForge(kind, {
    baseUrl: how.baseUrl,
    credential: how.credential,
    pace: countedPace(how.around?.(pace) ?? pace, how.traffic, clock.now),
    redactor: how.redactor,
    clock,
    signal: how.signal,
    timeout: 30_000,
  });
}
