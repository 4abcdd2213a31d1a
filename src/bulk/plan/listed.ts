// Room: bulk/. Plans a repository of which only a listing is here: what is wanted and missing is brought, until nothing is.
import type { TreeEntry } from '../../forge/types.ts';
import type { Core } from '../../checkout/types.ts';
import type { Options } from '../../types.ts';
import { planCheckout, type CheckoutPlan } from './checkout.ts';
import { listedDisk, listedRoot } from './listed-disk.ts';

export interface ListedQuestion {
  entries: readonly TreeEntry[];
  /** Brings blobs by object id; what is too large or gone comes as undefined. */
  bring(shas: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
  core: Core;
  options: Partial<Options>;
  /** As of a checkout. */
  wanted?: readonly string[] | undefined;
  /** More blobs than this are not brought. */
  maxBlobs: number;
  signal?: AbortSignal;
}

/** Thrown when a repository wants more blobs than allowed: git brings them cheaper, or nobody does. */
export class TooManyBlobs extends Error {
  override readonly name = 'TooManyBlobs';
}

/** Times that the core is run over the tree: links, manifests and sources are found one behind the other. */
const maxRounds = 60;

/** The same plan that a checkout of the commit gives. Throws `TooManyBlobs`, and what `bring` throws. */
export async function planListed(question: ListedQuestion): Promise<CheckoutPlan & { blobs: number }> {
  const { entries, bring, core, options, wanted, maxBlobs, signal } = question;
  const blobs = new Map<string, Buffer>();
  for (let round = 0; round < maxRounds; round++) {
    signal?.throwIfAborted();
    const { disk, misses, fileAt } = listedDisk(entries, blobs);
    const inRepository = (path: string): ReturnType<typeof fileAt> => fileAt(path);
    const plan = planCheckout({ disk, root: listedRoot, core, options, wanted, fileAt: inRepository });
    if (misses.size === 0) return { ...plan, blobs: blobs.size };
    if (blobs.size + misses.size > maxBlobs) throw new TooManyBlobs(`more than ${maxBlobs} files would have to be read`);
    const brought = await bring([...misses]);
    // What cannot be brought is empty, not missing for ever.
    for (const sha of misses) blobs.set(sha, brought.get(sha) ?? Buffer.alloc(0));
    await new Promise(setImmediate);
  }
  throw new TooManyBlobs(`not all known after ${maxRounds} rounds`);
}
