// Room: runtime/. Where the process was seen to write when the image was run. It adds to what is told otherwise: what was not seen is not absent.
import { parentOf } from '../effects/places.ts';
import { leftRows } from '../image/left-behind.ts';
import { isSeen } from '../image/types.ts';
import type { Subject } from '../facts/subject.ts';
import type { Refusal } from '../refusal.ts';
import { isFree, isShared, isSystem, isThere, unknown, type Found } from './write-found.ts';

/** Byte code that Python keeps where it may, and does without elsewhere: https://docs.python.org/3/reference/import.html#cached-bytecode-invalidation */
const spared = /\/__pycache__(?:\/|$)/;
/** What a server makes in the home of whoever runs it, and does without where it cannot. Source: gunicorn.org/reference/settings, control_socket. */
const ofTheHome = /^\/root\/\.gunicorn(?:\/|$)/;

/** Adds the directories and files that the process wrote to; refuses where it made directories of its own that cannot be made for it. */
export function ofSeen(subject: Subject, found: Found): Refusal | undefined {
  const image = subject.project.image?.facts;
  if (!image || !isSeen(image.running)) return undefined;
  const facts = isSeen(image.instructions) ? image.instructions.flatMap(({ added }) => added) : [];
  const dirs = new Set(facts.flatMap(({ kind, path }) => (kind === 'dir' ? path : [])));
  const files = new Set(facts.flatMap(({ kind, path }) => (kind === 'file' ? path : [])));
  for (const path of image.running.written) {
    if (isFree(path) || spared.test(path) || ofTheHome.test(path) || leftRows.some(({ pattern }) => pattern.test(path))) continue;
    const dir = givenFor(subject, path, dirs);
    if (parentOf(path) !== dir && !dirs.has(dir) && !isSystem(subject, dir) && !isThere(subject, found, dir)) {
      const evidence = [{ file: 'Dockerfile', says: `image: the process wrote ${path} when it was run` }];
      const refused = unknown(
        subject,
        found,
        `The program makes ${dir} itself, with directories in it; where that is there before, it may take them for made`,
        evidence,
        `Make ${dir} in a RUN, with all that the program wants to find there.`,
      );
      if (refused) return refused;
    }
    if (!found.paths.has(dir)) found.evidence.push({ file: 'Dockerfile', says: `image: the process wrote ${path} when it was run` });
    found.paths.add(dir);
    if (dirs.has(dir)) found.there.add(dir);
    if (files.has(path)) found.files.add(path);
  }
  return undefined;
}

/** The directory of the image that a new file needs: the nearest that a line made; else the first below the directories that all share. */
function givenFor(subject: Subject, path: string, dirs: ReadonlySet<string>): string {
  for (let at = parentOf(path); at !== '/'; at = parentOf(at)) if (dirs.has(at)) return at;
  let top = path;
  for (let at = parentOf(path); !isShared(at); at = parentOf(at)) top = at;
  return top === path || isSystem(subject, top) ? parentOf(path) : top;
}
