// Room: verify/image/. Paths inside an image, as its own kernel would follow them: links never lead out.
import type { ImageContents } from '../types.ts';

type Files = ImageContents['files'];
/** As many links in one path as Linux follows. path_resolution(7) */
const maxLinks = 40;

/** The path without links that a path leads to; undefined when there is nothing. In: an absolute path; '/' is there always. */
export function realPath(files: Files, path: string): string | undefined {
  const waiting = partsOf(path).reverse();
  const trail: string[] = [];
  let links = 0;
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part === '..') trail.pop();
    if (part === '.' || part === '..') continue;
    trail.push(part);
    const file = files.get(`/${trail.join('/')}`);
    if (!file) return undefined;
    if (file.kind === 'dir' || (waiting.length === 0 && file.kind !== 'link')) continue;
    if (file.kind !== 'link' || (links += 1) > maxLinks) return undefined;
    const target = file.link ?? '';
    if (target.startsWith('/')) trail.length = 0;
    else trail.pop();
    waiting.push(...partsOf(target).reverse());
  }
  return `/${trail.join('/')}`;
}

/** The program of that name, as a shell would find it: by PATH (of the environment), or the path itself. Links followed. */
export function findProgram({ files }: Pick<ImageContents, 'files'>, name: string, path: string | undefined): string | undefined {
  const candidates = name.startsWith('/') ? [name] : (path ?? defaultPath).split(':').map((directory) => `${directory}/${name}`);
  return candidates.find((candidate) => {
    const real = candidate.startsWith('/') ? realPath(files, candidate) : undefined;
    const file = real === undefined ? undefined : files.get(real);
    return file?.kind === 'file' && (file.mode & 0o111) !== 0;
  });
}
/** What an engine sets when the image does not: https://github.com/moby/moby/blob/master/oci/defaults.go */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The directory of a path; '/' for what lies at the root. */
export const directoryOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));
/** The last part of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');
