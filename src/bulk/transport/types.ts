// Room: bulk/. How the content of a repository is read, and how a branch of it is written.
import type { FileWrite, RepoRef, TreeEntry } from '../../forge/types.ts';
import type { RepoRecord } from '../types.ts';

/** Where a repository is: of a record, what transports need. */
export type Place = Pick<RepoRecord, 'repo' | 'ref' | 'url' | 'directory' | 'headRepo'>;

/** A commit's tree, and its blobs as they are asked for. */
export interface Snapshot {
  entries: readonly TreeEntry[];
  bring(shas: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
  /** Blobs that this transport reads at a reasonable price. */
  maxBlobs: number;
  close(): void;
}

export interface CheckedOut {
  /** Real and absolute. */
  directory: string;
  close(): void;
}

export interface BranchWrite {
  branch: string;
  /** Head that the branch must have now; `absent`: there must be none. Otherwise ForgeError `conflict`. */
  expect: string | 'absent';
  parent: string;
  files: readonly FileWrite[];
  message: string;
  author: { name: string; email: string } | undefined;
  /** Repository of the branch, when it is a fork. */
  to: RepoRef | undefined;
}

export interface Transport {
  /** The branch and its head; the default branch when none is given. Undefined: no such branch, or an empty repository. */
  head(place: Place, branch: string | undefined): Promise<{ branch: string; sha: string } | undefined>;
  snapshot(place: Place, commit: string): Promise<Snapshot>;
  /** All files of a commit in a directory of their own, for building; undefined where only git could bring them. */
  checkOut?(place: Place, commit: string): Promise<CheckedOut>;
  /** Makes the commit and moves the branch. `before` is awaited right before the outside changes, with the commit's id where it is known. */
  write(place: Place, write: BranchWrite, before: (head: string | undefined) => Promise<void>): Promise<string>;
}
