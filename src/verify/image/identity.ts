// Room: verify/image/. Who an image runs as, and what that user may write to. credentials(7), inode(7)
import { directoryOf, realPath } from './lookup.ts';
import type { ImageContents } from '../types.ts';

export interface Identity {
  uid: number;
  /** Primary group first, then those of /etc/group. */
  gids: readonly number[];
  name: string | undefined;
  /** Undefined: /etc/passwd does not know the user. */
  home: string | undefined;
}

/**
 * The user of a USER setting: `app`, `1000`, `app:staff`, `1000:1000`; '' is root. Undefined: a name that /etc/passwd or /etc/group of the image does not
 * have. Source: https://docs.docker.com/reference/dockerfile/#user
 */
export function identityOf(user: string, { texts }: Pick<ImageContents, 'texts'>): Identity | undefined {
  const [who = '', group] = user.split(':', 2);
  const passwd = rows(texts.get('/etc/passwd'));
  const groups = rows(texts.get('/etc/group'));
  const row = passwd.find(([name, , uid]) => (who === '' ? uid === '0' : isNumber(who) ? uid === String(Number(who)) : name === who));
  const uid = who === '' ? 0 : isNumber(who) ? Number(who) : numberOf(row?.[2]);
  if (uid === undefined) return undefined;
  const name = row?.[0];
  const home = row?.[5];
  if (group !== undefined && group !== '') {
    // With a group given, the groups of /etc/group do not count.
    const gid = isNumber(group) ? Number(group) : numberOf(groups.find(([its]) => its === group)?.[2]);
    return gid === undefined ? undefined : { uid, gids: [gid], name, home };
  }
  const member = groups.filter(([, , , members]) => name !== undefined && (members ?? '').split(',').includes(name));
  const gids = [numberOf(row?.[3]) ?? 0, ...member.map(([, , gid]) => numberOf(gid)).filter((gid) => gid !== undefined)];
  return { uid, gids, name, home };
}

/** Whether the user may write to a path: to the file or directory itself, or, where there is none, to what it would be made in. */
export function mayWrite(path: string, who: Identity, contents: Pick<ImageContents, 'files'>): boolean {
  if (who.uid === 0) return true;
  let at = path;
  while (at !== '/' && realPath(contents.files, at) === undefined) at = directoryOf(at);
  const real = realPath(contents.files, at) ?? '/';
  if (!permitted(real, who, contents, 2)) return false;
  // A directory is entered to make something in it, and so are all above.
  const directory = contents.files.get(real)?.kind === 'dir' || real === '/' ? real : directoryOf(real);
  for (let above = directory; above !== '/'; above = directoryOf(above)) if (!permitted(above, who, contents, 1)) return false;
  return true;
}

function permitted(path: string, { uid, gids }: Identity, { files }: Pick<ImageContents, 'files'>, bit: 1 | 2): boolean {
  // The root directory is not in every archive; engines make it so.
  const file = files.get(path) ?? { uid: 0, gid: 0, mode: 0o755 };
  if (file.uid === uid) return (file.mode & (bit << 6)) !== 0;
  return (file.mode & (gids.includes(file.gid) ? bit << 3 : bit)) !== 0;
}

const rows = (text: string | undefined): string[][] => (text ?? '').split('\n').map((line) => line.split(':'));
const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text);
const numberOf = (text: string | undefined): number | undefined => (text !== undefined && isNumber(text) ? Number(text) : undefined);
