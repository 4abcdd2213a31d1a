// Room: uses/. Who uses the image that this Dockerfile builds, and how.
import type { Evidence } from '../facts/types.ts';

/** A service of compose, or what a script, CI or a platform runs in the image. */
export interface ServiceUse {
  file: string;
  service: string;
  /** The build context and Dockerfile that the compose file names, resolved to paths relative to the tree's root. */
  context: string;
  dockerfile: string;
  target: string | undefined;
  command: string[] | string | undefined;
  entrypoint: string[] | string | undefined;
  healthcheck: string[] | string | undefined;
  user: string | undefined;
  /** The directory that it starts in, where it is not the image's; absent: that of the image. */
  workdir?: string;
  /** Container paths mounted: bind (host source) or named volume. */
  mounts: { kind: 'bind' | 'volume'; source: string | undefined; target: string }[];
  /** People open a shell in it, which is all that it has to have. */
  shell?: true;
  /** People and an editor work in it: what they start is unknown. */
  development?: true;
  /** Another Dockerfile builds from the image, or takes files from it. */
  builtOn?: true;
  capAdd: string[];
  /** What it has of the host beside capabilities, each as the end of a sentence (`runs it privileged`); absent: nothing. */
  rights?: string[];
  /** Variables whose values the file says; absent: none. */
  environment?: [name: string, value: string][];
  /** Directories of the container that `docker compose watch` brings changed files to; absent: none. */
  synced?: string[];
  /** Ports of the container that are published; absent: none. */
  ports?: number[];
  evidence: Evidence;
}
/** A use of the image that says nothing yet; what runs it, and where. */
export const useAt = (file: string, line: number, name: string): ServiceUse => ({
  file,
  service: name,
  context: '',
  dockerfile: '',
  target: undefined,
  command: undefined,
  entrypoint: undefined,
  healthcheck: undefined,
  user: undefined,
  mounts: [],
  capAdd: [],
  evidence: { file, line, says: `runs ${name}` },
});

export interface Uses {
  services: ServiceUse[];
  /** What a readme tells people to run in it: it says that a command may be run, and nothing against what is not known of one; absent: nothing. */
  byHand?: ServiceUse[];
  /** GitHub Actions that run the image; absent: none. */
  actions?: Evidence[];
  /** CI that builds with kaniko or with the classic builder. */
  builder: { kind: 'kaniko' | 'classic'; evidence: Evidence }[];
}
