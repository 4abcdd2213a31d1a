// Room: forge/. A bare repository that has the trees of one commit and of its blobs those asked for; commits without a checkout.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ForgeError, type FileWrite, type TreeEntry } from '../types.ts';
import { git, gitBytes, type GitAccess } from './environment.ts';

/** Branches and their heads as the remote tells them, and which one HEAD is. One read; nothing is fetched. */
export async function remoteHeads(access: GitAccess, url: string, branches: readonly string[]): Promise<RemoteHeads> {
  const refs = branches.map((branch) => `refs/heads/${branch}`);
  const said = await git(access, ['ls-remote', '--symref', '--', url, 'HEAD', ...refs]);
  const heads = new Map<string, string>();
  let defaultBranch: string | undefined;
  for (const line of said.split('\n')) {
    const symbolic = /^ref: refs\/heads\/(.+)\tHEAD$/.exec(line)?.[1];
    if (symbolic !== undefined) defaultBranch = symbolic;
    const [, sha, name] = /^([0-9a-f]{40,64})\t(?:refs\/heads\/)?(.+)$/.exec(line) ?? [];
    if (sha !== undefined && name !== undefined) heads.set(name, sha);
  }
  return { heads, defaultBranch };
}

export interface RemoteHeads {
  /** Branch (or `HEAD`) → commit. */
  heads: ReadonlyMap<string, string>;
  defaultBranch: string | undefined;
}

export interface BareRepository {
  directory: string;
  url: string;
  /** Object ids of blobs that were fetched: to ask git would fetch the others, one by one. */
  blobs: Set<string>;
}

/** Makes an empty bare repository in a directory of its own, with the remote as promisor: blobs come when they are fetched. */
export async function bareRepository(access: GitAccess, below: string, url: string): Promise<BareRepository> {
  mkdirSync(below, { recursive: true, mode: 0o700 });
  const directory = mkdtempSync(join(below, 'git-'));
  await git(access, ['init', '--quiet', '--bare', '--template=', directory]);
  for (const [key, value] of [
    ['remote.origin.url', url],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialclonefilter', 'blob:none'],
    ['extensions.partialClone', 'origin'],
    ['core.repositoryformatversion', '1'],
  ] as const)
    await git(access, ['config', key, value], { cwd: directory });
  return { directory, url, blobs: new Set() };
}

export const removeRepository = ({ directory }: BareRepository): void => rmSync(directory, { recursive: true, force: true });

/** Fetches one commit, without its history; its blobs now, or (by default) when they are wanted. */
export async function fetchCommit(
  access: GitAccess,
  { directory }: BareRepository,
  commit: string,
  blobs: 'now' | 'later' = 'later',
): Promise<void> {
  const args = [
    'fetch',
    '--quiet',
    '--depth=1',
    blobs === 'now' ? '--no-filter' : '--filter=blob:none',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-recurse-submodules',
    'origin',
    commit,
  ];
  await git(access, args, { cwd: directory });
}

/** The tree of a commit that was fetched. Sizes are not known: they would have to be fetched. */
export async function listTree(access: GitAccess, { directory }: BareRepository, commit: string): Promise<TreeEntry[]> {
  const said = await git(access, ['ls-tree', '-r', '-t', '-z', '--full-tree', commit], { cwd: directory, maxBytes: 256 * 1024 * 1024 });
  return said.split('\0').flatMap((line) => {
    const [, mode, sha, path] = /^(100644|100755|120000|160000|040000) \w+ ([0-9a-f]+)\t([\s\S]*)$/.exec(line) ?? [];
    return mode === undefined || sha === undefined || path === undefined
      ? []
      : [{ path, mode: mode as TreeEntry['mode'], sha, size: undefined }];
  });
}

/** Bytes of blobs; what the repository has not is fetched in one go. Larger than `maxBytes`: left out. */
export async function readBlobs(
  access: GitAccess,
  repository: BareRepository,
  shas: readonly string[],
  maxBytes: number,
): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(shas)].filter((sha) => /^[0-9a-f]{40,64}$/.test(sha));
  if (wanted.length === 0) return new Map();
  const missing = wanted.filter((sha) => !repository.blobs.has(sha));
  if (missing.length > 0) {
    // What git itself runs to bring what a partial clone has left out. Source: promisor-remote.c, fetch_objects.
    const args = ['-c', 'fetch.negotiationAlgorithm=noop', 'fetch', 'origin', '--quiet', '--no-tags', '--no-write-fetch-head'];
    await git(access, [...args, '--recurse-submodules=no', '--filter=blob:none', '--stdin'], {
      cwd: repository.directory,
      input: `${missing.join('\n')}\n`,
    });
    for (const sha of missing) repository.blobs.add(sha);
  }
  const bytes = await gitBytes(access, ['cat-file', '--batch'], {
    cwd: repository.directory,
    input: wanted.map((sha) => `${sha}\n`).join(''),
  });
  return new Map([...batchOf(Buffer.from(bytes))].filter(([, blob]) => blob.length <= maxBytes));
}

function batchOf(bytes: Buffer): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) break;
    const [sha, kind, size] = bytes.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (sha === undefined || kind !== 'blob') continue;
    blobs.set(sha, bytes.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}

export interface GitCommit {
  parent: string;
  files: readonly FileWrite[];
  message: string;
  author: { name: string; email: string };
  /** Seconds since the epoch. */
  time: number;
}

/** Makes a commit on top of a commit that was fetched; nothing is pushed. Answers its id. */
export async function makeCommit(access: GitAccess, { directory }: { directory: string }, commit: GitCommit): Promise<string> {
  const { parent, files, message, author, time } = commit;
  const index = join(mkdtempSync(join(directory, 'index-')), 'index');
  const env = { GIT_INDEX_FILE: index };
  try {
    await git(access, ['read-tree', parent], { cwd: directory, env });
    const lines: string[] = [];
    for (const { path, mode, content } of files) {
      if (!isPlainPath(path))
        throw new ForgeError('unprocessable', `not a path of a repository: ${JSON.stringify(path)}`, { retryable: false });
      const sha = (await git(access, ['hash-object', '-w', '--stdin'], { cwd: directory, input: content })).trim();
      lines.push(`${mode} ${sha}\t${path}\0`);
    }
    await git(access, ['update-index', '-z', '--index-info'], { cwd: directory, env, input: lines.join('') });
    const tree = (await git(access, ['write-tree', '--missing-ok'], { cwd: directory, env })).trim();
    const who = { NAME: author.name, EMAIL: author.email, DATE: `${time} +0000` };
    const people = Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) => Object.entries(who).map(([key, value]) => [`GIT_${role}_${key}`, value])),
    );
    return (await git(access, ['commit-tree', tree, '-p', parent], { cwd: directory, env: people, input: message })).trim();
  } finally {
    rmSync(join(index, '..'), { recursive: true, force: true });
  }
}

const isPlainPath = (path: string): boolean =>
  path.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && name.toLowerCase() !== '.git') && !path.includes('\0');

/** Lets a branch of the remote point to a commit, if it points to `expect` now (`absent`: if there is none). Throws ForgeError `conflict` otherwise. */
export async function pushCommit(
  access: GitAccess,
  { directory, url }: BareRepository,
  { branch, commit, expect }: { branch: string; commit: string; expect: string | 'absent' },
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const lease = `--force-with-lease=${ref}:${expect === 'absent' ? '' : expect}`;
  await git(access, ['push', '--quiet', '--porcelain', '--no-verify', lease, '--', url, `${commit}:${ref}`], { cwd: directory });
}
