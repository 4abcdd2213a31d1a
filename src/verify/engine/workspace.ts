// Room: verify/engine/. A run's own directory: who it belongs to, the Dockerfiles that are built, and the copy of the build context (context-copy.ts).
import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownedDirectory } from '../../process/owned-directory.ts';
import { ownerText, ownOwner } from '../../process/owner.ts';
import { ownerLabel, sessionLabel } from './labels.ts';
import { EngineError, type Engine, type Recipe, type Session, type Side } from '../types.ts';

export { copyContext } from './context-copy.ts';

/** What directories of runs are called, in the system's temporary directory. */
export const directoryPrefix = 'dockerfile-mod-verify-';

/**
 * Opens a run: an id, its labels, and a directory that no other user may look into. In: the engine, caps of containers, what aborts it, and who
 * is told of its progress. End it with `cleanUp`. Throws an EngineError (`no-space`, `engine-failed`) when there can be no directory.
 */
export async function openSession(engine: Engine, how: Pick<Session, 'limits' | 'signal' | 'say'>): Promise<Session> {
  const id = randomBytes(6).toString('hex');
  try {
    const directory = await ownedDirectory(`${directoryPrefix}${id}-`, { session: id });
    const labels = ['--label', `${sessionLabel}=${id}`, '--label', `${ownerLabel}=${ownerText(ownOwner())}`];
    return { id, engine, directory, labels, ...how };
  } catch (error) {
    throw temporaryProblem(error);
  }
}

/** A Dockerfile as it is given to the engine. */
export interface Placed {
  dockerfile: string;
  ignoreFile: string;
}

/**
 * Writes what one side is built from into a directory of its own, outside of the context. BuildKit reads `<Dockerfile>.dockerignore` beside the
 * Dockerfile before the context's `.dockerignore` (https://docs.docker.com/build/concepts/context/#filename-and-location); podman is told it with `--ignorefile`.
 */
export async function place(session: Session, side: Side, recipe: Recipe): Promise<Placed> {
  try {
    const directory = await mkdtemp(join(session.directory, `${side}-`));
    const dockerfile = join(directory, 'Dockerfile');
    const ignoreFile = `${dockerfile}.dockerignore`;
    await writeFile(dockerfile, recipe.dockerfile);
    // An empty file counts as none in BuildKit (its text arrives as nothing), and the context's own would be in force.
    await writeFile(ignoreFile, recipe.ignore.trim() === '' ? '# Nothing is ignored.\n' : recipe.ignore);
    return { dockerfile, ignoreFile };
  } catch (error) {
    throw temporaryProblem(error);
  }
}

function temporaryProblem(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const space = code === 'ENOSPC' || code === 'EDQUOT';
  return new EngineError({
    kind: space ? 'no-space' : 'engine-failed',
    message: space ? `No space is left in ${tmpdir()}` : `The temporary directory cannot be used: ${message}`,
    hint: 'Set TMPDIR to a directory that can be written and has space.',
    log: '',
  });
}
