// Room: cli/. `serve`: webhooks for the pull requests of a campaign.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { receiver } from '../../bulk/serve/receiver.ts';
import { service } from '../../bulk/serve/serve.ts';
import { readSecretFile } from '../../forge/secrets.ts';
import { reasonOf } from '../../checkout/paths.ts';
import { visible } from '../../report/visible.ts';
import { isUsageError, type ExitCode, type UsageError, type World } from '../world.ts';
import { interruptible } from './interrupt.ts';
import { openSession, storedCampaign, type Opened } from './open.ts';
import type { BulkRequest } from './types.ts';

/** Milliseconds that a repository is left in peace after a webhook. */
const settle = 2_000;
/** Characters of a secret that cannot be guessed. */
const minSecret = 16;

interface Address {
  host: string;
  port: number;
}

/** Serves until it is interrupted; holds the campaign's lock meanwhile. */
export async function serve({ flags }: BulkRequest, world: World): Promise<ExitCode | UsageError> {
  const stored = storedCampaign(flags, world);
  if (isUsageError(stored)) return stored;
  const address = addressOf(flags.listen ?? '');
  if (!address) return { usage: `--listen ${flags.listen}: expected host:port` };
  const secret = (
    flags.secretFile === undefined ? (world.env.DOCKERFILE_MOD_WEBHOOK_SECRET ?? '') : readSecretFile(flags.secretFile)
  ).trim();
  if (secret.length < minSecret)
    return { usage: `give the webhooks' secret (at least ${minSecret} characters) by DOCKERFILE_MOD_WEBHOOK_SECRET or --secret-file` };
  return interruptible(world, async (signal) => {
    const opened = await openSession(stored, flags, world, signal);
    if (isUsageError(opened)) return opened;
    try {
      return await listen(opened, { address, secret, signal }, world);
    } finally {
      await opened.close();
    }
  });
}

async function listen(
  { session, campaign }: Opened,
  { address, secret, signal }: { address: Address; secret: string; signal: AbortSignal },
  world: World,
): Promise<ExitCode | UsageError> {
  const { forge } = session;
  if (!forge) return { usage: `serve: there are no webhooks on the platform ${campaign.options.platform}` };
  const ended = new AbortController();
  let failure: unknown;
  const work = service(session, forge, {
    settle,
    tell: ({ repo, outcome }) => void world.stdout.write(`${new Date().toISOString()} ${visible(repo)} ${visible(outcome)}\n`),
    stopped: (error) => {
      failure = error;
      ended.abort();
    },
  });
  const server = receiver({ kind: forge.kind, secret, take: work.take });
  const refused = await startListening(server, address);
  if (refused !== undefined) return { usage: `--listen ${address.host}:${address.port}: ${refused}` };
  world.stderr.write(`listening on ${addressText(server)}/webhook\n`);
  await once(AbortSignal.any([signal, ended.signal]), 'abort');
  server.close();
  server.closeAllConnections();
  // What is under way ends; what waits is looked at by the next run.
  await work.idle();
  if (failure === undefined || signal.aborted) return 4;
  world.stderr.write(`stopped: ${visible(failure instanceof Error ? failure.message : String(failure))}\n`);
  return 4;
}

/** Undefined when the server listens; otherwise why it does not. */
async function startListening(server: Server, { host, port }: Address): Promise<string | undefined> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function addressText(server: Server): string {
  const address = server.address();
  return address === null || typeof address === 'string' ? '' : `http://${address.address}:${address.port}`;
}

function addressOf(text: string): Address | undefined {
  const [, host = '', port = ''] = /^(\[[0-9a-f:]+\]|[\w.-]+):(\d{1,5})$/i.exec(text) ?? [];
  return host === '' || Number(port) > 65_535 ? undefined : { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
