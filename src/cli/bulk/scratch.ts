// Room: cli/. Where a command without a campaign's directory keeps what git brings.
import { leftDirectories, ownedDirectory, removeDirectory } from '../../process/owned-directory.ts';

const prefix = 'dockerfile-mod-bulk-';

/** Does the work with a temporary directory, which is gone afterwards; what a process left that was killed is removed first. */
export async function withScratch<T>(work: (scratch: string) => Promise<T>): Promise<T> {
  for (const { path } of await leftDirectories(prefix)) await removeDirectory(path);
  const scratch = await ownedDirectory(prefix);
  try {
    return await work(scratch);
  } finally {
    await removeDirectory(scratch);
  }
}
