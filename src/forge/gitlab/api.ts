// Room: forge/. GitLab: Gitbeaker's resources over the door. Gitbeaker brings endpoints and their parameters; its own requester
// is not used: it repeats every method ten times on 429 and 502, without Retry-After.
import { createRequesterFn } from '@gitbeaker/requester-utils';
import type { RequestOptions } from '@gitbeaker/requester-utils';
import {
  Branches,
  Commits,
  Groups,
  MergeRequestApprovals,
  MergeRequestNotes,
  MergeRequests,
  Projects,
  Repositories,
  RepositoryFiles,
  Users,
} from '@gitbeaker/rest';
import type { z } from 'zod';
import { baseAddress, hostOf, segment, told } from '../address.ts';
import { read } from '../ask.ts';
import type { Connection } from '../connection.ts';
import type { Meaning } from '../errors.ts';
import { parsed } from '../exchange.ts';
import { openDoor } from '../request.ts';
import type { Door, Treatment } from '../request.ts';
import type { RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';

export interface GitLabApi {
  host: string;
  connection: Connection;
  /** The resources, whose requests are treated so; made once for each treatment. */
  as(treatment: Treatment): Resources;
}
export type Resources = ReturnType<typeof resources>;

/** GitLab's words where they are not the general table. docs.gitlab.com "REST API troubleshooting", "Commits API". */
const meaning: Meaning = (status, message) => {
  if (status === 409 && /already exists for this source branch/i.test(message)) return 'already-exists';
  // 400 is said for what moved between reading and writing.
  if (
    status === 400 &&
    /already exists|you are attempting to update a file that has changed|has been changed since|could not be created/i.test(message)
  )
    return 'conflict';
  if (status === 400 && /a file with this name doesn't exist/i.test(message)) return 'conflict';
  if (status === 404 && /tree not found|invalid revision/i.test(message)) return 'not-found';
  return undefined;
};

/** Makes the API; sends nothing yet. */
export function openGitLab(connection: Connection): GitLabApi {
  const { credential } = connection;
  if (credential?.kind === 'app') throw new ForgeError('unsupported', 'GitLab has no apps: use a token', { retryable: false });
  const url = baseAddress(connection.baseUrl);
  const host = url.href.replace(/\/+$/, '');
  const door = openDoor({ connection, root: `${host}/api/v4`, meaning, headers: {} });
  const made = new Map<string, Resources>();
  return {
    host: hostOf(url),
    connection,
    as(treatment) {
      const key = JSON.stringify(treatment);
      const found = made.get(key) ?? resources(host, credential?.value, door.fetch(treatment));
      made.set(key, found);
      return found;
    },
  };
}

function resources(host: string, token: string | undefined, fetch: ReturnType<Door['fetch']>) {
  const requesterFn = createRequesterFn(
    async (_, request) => request,
    async (endpoint, request) => {
      const { method, prefixUrl, searchParams, headers, body } = request as RequestOptions;
      const address = `${(prefixUrl ?? '').replace(/\/$/, '')}/${endpoint}${searchParams ? `?${searchParams}` : ''}`;
      const response = await fetch(address, {
        method: method ?? 'GET',
        headers: { accept: 'application/json', ...(headers as Record<string, string> | undefined) },
        body: typeof body === 'string' ? body : undefined,
      });
      const answer = parsed(await response.text(), `${method} ${endpoint}`) as Record<string, unknown> | null | undefined;
      return { body: answer ?? null, headers: Object.fromEntries(response.headers), status: response.status };
    },
  );
  // The pace may let a request wait longer than any time-out of Gitbeaker; the door has its own for each attempt.
  const options = { host, token: token ?? '', queryTimeout: null, rateLimits: {}, requesterFn };
  return {
    branches: new Branches(options),
    commits: new Commits(options),
    groups: new Groups(options),
    approvals: new MergeRequestApprovals(options),
    notes: new MergeRequestNotes(options),
    mergeRequests: new MergeRequests(options),
    projects: new Projects(options),
    repositories: new Repositories(options),
    files: new RepositoryFiles(options),
    users: new Users(options),
  };
}

/** What names a project: its path with namespace, which Gitbeaker encodes as one segment. Refuses names that are none. */
export function idOf(ref: RepoRef): string {
  for (const part of [...ref.owner.split('/'), ref.name]) segment(part);
  return told(ref);
}

/** Reads an answer of Gitbeaker, whose types promise more than a forge keeps. */
export async function answer<Shape extends z.ZodType>(shape: Shape, doing: Promise<unknown>, what: string): Promise<z.infer<Shape>> {
  return read(shape, await doing, what);
}

/** Every page of a list, one at a time: Gitbeaker would collect them all. Ends at the first page that is not full. */
export async function* pages<Shape extends z.ZodType>(
  shape: Shape,
  what: string,
  page: (options: { page: number; perPage: number }) => Promise<unknown>,
): AsyncIterable<z.infer<Shape>> {
  for (let number = 1; ; number += 1) {
    const found = await answer(shape, page({ page: number, perPage: 100 }), what);
    yield found;
    if (!Array.isArray(found) || found.length < 100) return;
  }
}
