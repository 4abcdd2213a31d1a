// Room: runtime/. Files and directories of the context that a variable of the container names: ENV CONFIG=conf/app.toml.example, DOCS=./docs in compose.
import { namesSet } from '../dockerfile/state.ts';
import { inside, originAbove, resolvePath } from '../facts/copies.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { isOfTools } from './named-elsewhere.ts';

export interface NamedByVariable {
  /** A path of the context that is there. */
  path: string;
  /** A word without `/` and `.`, which may mean something else than the path. */
  word: boolean;
}

/** What the Dockerfile's own ENV and the environment of the services name, as seen from the working directory. */
export function namedByVariables(subject: Subject, { copies, end }: StageReading, workdir: string): NamedByVariable[] {
  const { tree, ignore, uses } = subject.project;
  const own = namesSet(subject.dockerfile.instructions);
  const set = [...end.env].flatMap(([name, one]) => ('value' in one && own.has(name) ? [[name, one.value] as const] : []));
  const { services, byHand = [] } = uses();
  const given = [...services, ...byHand].flatMap(({ environment = [] }) => environment);
  return [...set, ...given]
    .filter(([name]) => !isOfTools(name))
    .flatMap(([, value]) => value.split(/[,;\s]+/).slice(0, 20))
    .map((value) => value.replace(/^[a-z][\w+]{0,20}:(?:\/\/)?(?=[\w./-])/i, ''))
    .flatMap((value) => {
      const image = /^[\w@./-]{1,200}$/.test(value) ? resolvePath(workdir, value) : undefined;
      const path = image === undefined || image === workdir || !inside(image, workdir) ? undefined : originAbove({ copies, tree }, image);
      return path === undefined || path === '' || ignore.ignores(path) || tree.stat(path) === undefined
        ? []
        : [{ path, word: !/[./]/.test(value) }];
    });
}
