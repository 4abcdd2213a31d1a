// Room: observe/. What a document is of, as a digest: the build context.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * `sha256:…` of a directory: names, modes and contents of its files, in the order of their names; times do not count. In: the directory, and whether a
 * path (relative, POSIX) is left out. Memory stays flat.
 */
export async function directoryDigest(root: string, isHidden: (path: string) => boolean): Promise<string> {
  const hash = createHash('sha256');
  const visit = async (path: string): Promise<void> => {
    const entries = await readdir(join(root, path), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const own = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) await visit(own);
      else if (!isHidden(own)) await add(own, entry.isSymbolicLink());
    }
  };
  const add = async (path: string, isLink: boolean): Promise<void> => {
    const at = join(root, path);
    const { mode, size } = await lstat(at);
    hash.update(`${JSON.stringify(path)} ${mode & 0o7777} ${isLink ? 'link' : size}\n`);
    if (isLink) hash.update(await readlink(at));
    else for await (const chunk of createReadStream(at)) hash.update(chunk as Buffer);
  };
  await visit('');
  return `sha256:${hash.digest('hex')}`;
}
