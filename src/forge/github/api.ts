// Room: forge/. GitHub: Octokit over the door. Octokit brings the routes with their types, pages, GraphQL and apps' tokens; pace,
// limits, retries and errors are the door's, one for all (its own plugins for these would be a second one: they repeat writes).
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { z } from 'zod';
import { baseAddress, hostOf, segment } from '../address.ts';
import { read, once } from '../ask.ts';
import type { Connection } from '../connection.ts';
import type { Meaning } from '../errors.ts';
import { openDoor } from '../request.ts';
import type { Door, Treatment } from '../request.ts';
import type { RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';

const Paged = Octokit.plugin(paginateRest);
export type GitHub = InstanceType<typeof Paged>;

export interface GitHubApi {
  host: string;
  connection: Connection;
  octokit(): Promise<GitHub>;
  /** Options of a request that say how the door treats it: `request: api.as({ kind: 'read' })`. */
  as(treatment: Treatment): { fetch: ReturnType<Door['fetch']> };
}

/** docs.github.com "Getting started with the REST API": github.com, GitHub Enterprise Cloud with data residency, Enterprise Server. */
export function gitHubAddress(baseUrl: string): { host: string; root: string } {
  const url = baseAddress(baseUrl);
  const base = url.href.replace(/\/+$/, '');
  const own = url.host === 'github.com' || url.host === 'api.github.com' || url.host.endsWith('.ghe.com');
  const root = own ? `${url.protocol}//${url.host.startsWith('api.') ? url.host : `api.${url.host}`}` : `${base}/api/v3`;
  return { host: hostOf(url).replace(/^api\./, ''), root };
}

/** What GitHub means where it is not the general table. docs.github.com "Troubleshooting the REST API", and its GraphQL errors. */
const meaning: Meaning = (status, message) => {
  if (/was archived so is read-only|repository is archived/i.test(message)) return 'archived';
  if (status === 409 && /repository is empty/i.test(message)) return 'empty';
  if (status === 422 && /pull request already exists/i.test(message)) return 'already-exists';
  if (status === 422 && /reference already exists|update is not a fast forward|expected branch to point to/i.test(message))
    return 'conflict';
  if ((status === 403 || status === 404) && /repository access blocked/i.test(message)) return 'forbidden';
  return undefined;
};

const graphqlErrors = z.object({ errors: z.array(z.object({ type: z.string().nullish(), message: z.string() })).min(1) });

/** GraphQL refuses with a 200: docs.github.com "Rate limits and query limits for the GraphQL API"; types as GitHub answers them. */
function hidden(json: unknown): { status: number; message: string } | undefined {
  const found = graphqlErrors.safeParse(json);
  const first = found.success ? found.data.errors[0] : undefined;
  if (!first) return undefined;
  const statuses: Record<string, number> = { RATE_LIMITED: 403, NOT_FOUND: 404, FORBIDDEN: 403, INSUFFICIENT_SCOPES: 403, STALE_DATA: 409 };
  if (/something went wrong while executing/i.test(first.message)) return { status: 502, message: first.message };
  if (first.type === 'RATE_LIMITED') return { status: 403, message: `API rate limit exceeded: ${first.message}` };
  return { status: statuses[first.type ?? ''] ?? (/secondary rate limit/i.test(first.message) ? 403 : 422), message: first.message };
}

/** Makes the API; sends nothing yet. */
export function openGitHub(connection: Connection): GitHubApi {
  const { host, root } = gitHubAddress(connection.baseUrl);
  const door = openDoor({ connection, root, meaning, hidden, headers: {} });
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const options = {
    baseUrl: root,
    userAgent: 'dockerfile-mod',
    log: silent,
    request: { fetch: door.fetch({ kind: 'read' }), log: silent },
  };
  const { credential } = connection;
  async function make(): Promise<GitHub> {
    if (credential?.kind !== 'app') return new Paged({ ...options, ...(credential ? { auth: credential.value } : {}) });
    const auth = { appId: credential.id, privateKey: credential.privateKey };
    const installationId =
      credential.installation ?? (await onlyInstallation(new Paged({ ...options, authStrategy: createAppAuth, auth })));
    return new Paged({ ...options, authStrategy: createAppAuth, auth: { ...auth, installationId } });
  }
  return {
    host,
    connection,
    octokit: once(make),
    as: (treatment) => ({ fetch: door.fetch(treatment) }),
  };
}

async function onlyInstallation(octokit: GitHub): Promise<number> {
  const { data } = await answered(octokit.request('GET /app/installations'));
  const found = read(z.array(z.object({ id: z.number() })), data, 'GET /app/installations');
  if (found.length === 1 && found[0]) return found[0].id;
  throw new ForgeError('unsupported', `the app has ${found.length} installations: say which one`, { retryable: false });
}

/** What Octokit answers, or the ForgeError that it wrapped. */
export async function answered<T>(doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } catch (error) {
    const { cause } = Object(error) as { cause?: unknown };
    throw cause instanceof Error ? cause : error;
  }
}

/** Reads the data of an answer by a schema. */
export async function data<Shape extends z.ZodType>(shape: Shape, doing: Promise<{ data: unknown; url: string }>): Promise<z.infer<Shape>> {
  const answer = await answered(doing);
  return read(shape, answer.data, URL.canParse(answer.url) ? new URL(answer.url).pathname : 'the answer');
}

/** A GraphQL operation; `kind` says whether it writes. Errors in the answer are the door's. */
export async function graphql<Shape extends z.ZodType>(
  api: GitHubApi,
  shape: Shape,
  operation: { query: string; variables: Readonly<Record<string, unknown>>; kind: 'read' | 'content'; maxBytes?: number; onLimit?: 'wait' },
): Promise<z.infer<Shape>> {
  const octokit = await api.octokit();
  const { query, variables, kind, maxBytes, onLimit } = operation;
  const treatment = { kind, ...(maxBytes === undefined ? {} : { maxBytes }), ...(onLimit === undefined ? {} : { onLimit }) };
  return read(shape, await answered(octokit.graphql(query, { ...variables, request: api.as(treatment) })), 'GraphQL');
}

/** The parameters that name a repository; refuses names that would leave their segment. */
export function named(ref: RepoRef): { owner: string; repo: string } {
  segment(ref.owner);
  segment(ref.name);
  return { owner: ref.owner, repo: ref.name };
}
