// Room: uses/. What a file of a platform says of one image, before it is known whose image that is.
import type { ServiceUse } from './types.ts';

type Words = ServiceUse['command'];
export interface Found {
  name: string;
  command?: Words;
  entrypoint?: Words;
  healthcheck?: string[];
  workdir?: string | undefined;
  mounts?: string[];
  dockerfile?: string | undefined;
  image?: string | undefined;
  development?: true;
  rights?: string[];
  environment?: [string, string][];
  ports?: number[];
}

/** A command that runs in the image, where there is one. */
export const some = (name: string, command: Words, more: Partial<Found> = {}): Found[] =>
  command === undefined ? [] : [{ name, command, ...more }];
