// Files of this machine, read in the page: chosen one by one, as a folder, or dropped. Bounds as on the command line, and fewer files.
import { binaryProbe, maxTextSize } from '../../../src/context/limits.ts';
import type { ProjectFile } from './types.ts';

const maxEntries = 2000;
const maxBytes = 30_000_000;
/** What builds make again and what git keeps: large, and not read by the program. */
const left = /(?:^|\/)(?:\.git|node_modules|\.venv|__pycache__|target)\//;

/** What could be read, and how many could not. Without a folder, paths are names. */
export async function readPicked(list: Iterable<File>): Promise<{ files: ProjectFile[]; more: number }> {
  const chosen = [...list]
    .map((file) => ({ file, path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name }))
    .filter(({ path }) => !left.test(path));
  let bytes = 0;
  const files: ProjectFile[] = [];
  for (const { file, path } of chosen.slice(0, maxEntries)) {
    const tooLarge = file.size > maxTextSize || bytes + file.size > maxBytes;
    const text = tooLarge ? undefined : await file.text();
    if (text === undefined || text.slice(0, binaryProbe).includes('\0')) {
      files.push({ path, text: '', unread: file.size });
      continue;
    }
    bytes += file.size;
    files.push({ path, text });
  }
  return { files, more: chosen.length - files.length };
}
