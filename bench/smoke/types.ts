// What a person would do with the container of a public repository, and what came of it. See repositories.yaml.

/** Path in the container → files, or a directory of the repository. */
export type Mounts = Readonly<Record<string, Readonly<Record<string, string>>>>;
export interface Start {
  port: number;
  env?: Readonly<Record<string, string>>;
  args?: readonly string[];
  mount?: Mounts;
  /** Seconds until it has to answer. */
  wait?: number;
}
/** A request: one of `get`, `post` (a path) and `tcp` (bytes). */
export interface Ask {
  get?: string;
  post?: string;
  tcp?: string;
  headers?: Readonly<Record<string, string>>;
  form?: Readonly<Record<string, string>>;
  json?: unknown;
  text?: string;
  status?: number;
  type?: string;
  has?: readonly string[];
  keep?: Readonly<Record<string, string>>;
}
export interface Command {
  args: readonly string[];
  entrypoint?: string;
  env?: Readonly<Record<string, string>>;
  mount?: Mounts;
  exit?: number;
  has?: readonly string[];
  wrote?: Readonly<Record<string, string>>;
}
export interface Repository {
  repository: string;
  commit: string;
  dockerfile: string;
  kind: string;
  start?: Start;
  ask?: readonly Ask[];
  commands?: readonly Command[];
  logs?: readonly string[];
  vary?: readonly string[];
}

/** One thing that was done, and what came back, with what varies made the same. */
export interface Done {
  what: string;
  said: string;
  /** What was written down beforehand and did not come. */
  missing: readonly string[];
}
