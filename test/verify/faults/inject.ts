// test/verify/faults: the library with a fault put into it.
import type { Core } from '../../../src/checkout/types.ts';
import type { Fault } from './faults.ts';

export interface Faulty {
  core: Core;
  /** Rewrites that had the transform, and how many of them the fault changed. */
  seen: { applied: number; changed: number };
}

/** The library, but what it makes is broken whenever the transform of the fault is among those that applied. */
export function faulty(core: Core, fault: Fault): Faulty {
  const seen = { applied: 0, changed: 0 };
  const refactor: Core['refactor'] = (source, context, options) => {
    const result = core.refactor(source, context, options);
    if (!result.ok || !result.applied.some((one) => one.transform === fault.transform)) return result;
    const ignore = result.files.find((file) => file.path.endsWith('.dockerignore'));
    const made = { dockerfile: result.output, ignore: ignore?.after ?? '' };
    const broken = { ...made, ...fault.breaks(made) };
    seen.applied += 1;
    if (broken.dockerfile !== made.dockerfile || broken.ignore !== made.ignore) seen.changed += 1;
    const files = result.files.map((file) => (file === ignore ? { ...file, after: broken.ignore } : file));
    return { ...result, output: broken.dockerfile, files };
  };
  return { core: { ...core, refactor }, seen };
}
