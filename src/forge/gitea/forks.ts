// Room: forge/. Gitea: forks.
import { z } from 'zod';
import { path, told } from '../address.ts';
import type { Api } from '../ask.ts';
import { read } from '../ask.ts';
import type { RepoInfo, RepoRef } from '../types.ts';
import { ForgeError } from '../types.ts';
import type { Waiter } from './pulls.ts';
import { branchHead, pages, repo } from './repositories.ts';

const forkWaits = [250, 500, 1000, 2000, 4000, 8000];

/** Forking answers 202 before the fork is there: it is asked for until its default branch answers. */
export async function fork(api: Api, waiter: Waiter, ref: RepoRef, to: { owner: string | undefined; actor: string }): Promise<RepoInfo> {
  const origin = await repo(api, ref);
  if (origin.fork) throw new ForgeError('unprocessable', `${told(ref)} is a fork itself`, { retryable: false });
  const owner = to.owner ?? to.actor;
  const body = to.owner === undefined || to.owner === to.actor ? {} : { organization: to.owner };
  let name = origin.name;
  try {
    const made = await api.door.request({ method: 'POST', path: path`/repos/${ref.owner}/${ref.name}/forks`, body });
    name = read(z.object({ name: z.string() }), made.json, 'fork').name;
  } catch (error) {
    if (!(error instanceof ForgeError) || (error.kind !== 'conflict' && error.kind !== 'unprocessable')) throw error;
    name = (await existingFork(api, origin, owner)) ?? raise(error);
  }
  for (const wait of [...forkWaits, undefined]) {
    const made = await repo(api, { host: api.host, owner, name });
    const head = made.defaultBranch === undefined ? undefined : await branchHead(api, made, made.defaultBranch);
    if (head !== undefined) return made;
    if (wait !== undefined) await waiter.clock.sleep(wait, waiter.signal);
  }
  throw new ForgeError('timeout', `${told(ref)}: its fork does not answer yet`, { retryable: true });
}

/** The fork may have been renamed; the list of forks knows its name. */
async function existingFork(api: Api, origin: RepoInfo, owner: string): Promise<string | undefined> {
  const list = {
    shape: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }),
    path: path`/repos/${origin.owner}/${origin.name}/forks`,
    query: {},
  };
  for await (const found of pages(api, list)) {
    if (found.owner.login.toLowerCase() === owner.toLowerCase()) return found.name;
  }
  return undefined;
}

function raise(error: Error): never {
  throw error;
}
