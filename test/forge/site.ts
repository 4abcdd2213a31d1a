// What the contract asks of a forge under test besides the client: making repositories, and acting as a person.
import type { Connection } from '../../src/forge/connection.ts';
import type { Forge, RepoRef } from '../../src/forge/types.ts';

/** Path → text; a text that begins with `#!` is executable, `-> x` a link. */
export type Files = Readonly<Record<string, string>>;

export interface Site {
  name: string;
  /** A client; each call makes a new one. */
  connect(change?: Partial<Connection>): Promise<Forge>;
  /** A repository of the actor with one commit on `main`; without files: without commits. */
  create(name: string, files: Files | undefined): Promise<RepoRef>;
  /** A commit of a person on a branch, which is made from main when it is missing. Answers its id. */
  push(repo: RepoRef, branch: string, files: Files): Promise<string>;
  archive(repo: RepoRef): Promise<void>;
  label(repo: RepoRef, name: string): Promise<void>;
  /** A person who can see the repository; answers the login. */
  person(repo: RepoRef): Promise<string>;
  /** A group whose repositories can be forked, with one in it. */
  foreign(name: string, files: Files): Promise<RepoRef>;
  status(repo: RepoRef, sha: string, context: string, state: 'pending' | 'success' | 'failure'): Promise<void>;
  /** Merging into the branch needs what nobody gives. */
  protect(repo: RepoRef, branch: string): Promise<void>;
  setTopics(repo: RepoRef, topics: readonly string[]): Promise<void>;
  rename(repo: RepoRef, name: string): Promise<void>;
  end(): Promise<void>;
}
