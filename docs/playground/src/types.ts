// The playground's project, and what its page and its worker say to each other.
import type { BaseChoice, LevelName, Refactored } from '../../../src/index.ts';
import type { Row } from '../../../src/report/side-by-side.ts';

/** One file of the build context. */
export interface ProjectFile {
  path: string;
  text: string;
  /** Bytes, where the file is there but not read: it is large or no text. */
  unread?: number;
}

export interface Settings {
  level: LevelName;
  base: BaseChoice;
  /** Ids of transforms that do not run. */
  skip: string[];
}

/** What is shown and shared: the Dockerfile first, then the files around it. */
export interface Project {
  files: ProjectFile[];
  settings: Settings;
}

export const dockerfileName = 'Dockerfile';

export const levels: Readonly<Record<LevelName, string>> = {
  safe: 'leaves what is in the image as it is: cache mounts, the order of COPY',
  balanced: 'also what is proven to behave the same: another base, fewer dependencies, a user',
  max: 'also what is unknown, taken for harmless, with a note for each assumption',
};
export const bases: readonly BaseChoice[] = ['slim', 'distroless', 'scratch', 'alpine', 'keep', 'smallest'];

export interface Request {
  id: number;
  project: Project;
}

/** A file before and after, for the table. */
export interface ChangedFile {
  path: string;
  isNew: boolean;
  rows: Row[];
}

export type Answer = { id: number; milliseconds: number } & (
  | { kind: 'done'; result: Refactored; changed: ChangedFile[]; patch: string }
  | { kind: 'wrong'; line: number; message: string; hint?: string }
  | { kind: 'crashed'; message: string }
);

/** A project that has only a Dockerfile. */
export const projectOf = (files: ProjectFile[], settings: Partial<Settings> = {}): Project => ({
  files,
  settings: { level: 'balanced', base: 'slim', skip: [], ...settings },
});
