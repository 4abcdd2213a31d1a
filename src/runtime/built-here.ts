// Room: runtime/. Programs that the stages build from the sources of the context.
import { resolvePath } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';

/** Whether a build of an ecosystem makes a program: by its path, or by the name that a build, a move or a COPY gives it. */
export function builtHere({ stages, final }: Subject, ecosystem: string, program: string): boolean {
  const name = program.slice(program.lastIndexOf('/') + 1);
  const parts = stages.flatMap(({ runs }) => runs.flatMap((run) => run.opened));
  const builds = parts.filter((part) => part.manager?.ecosystem === ecosystem && part.kind === 'build');
  const tool = parts.some((part) => part.kind === 'install-named' && part.manager?.tools?.(part.command).includes(name));
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  const path = program.includes('/') ? resolvePath(workdir, program) : undefined;
  const fetched = parts.some(({ effects }) => effects.does.kind === 'fetch' && effects.writes.known.some((place) => place.path === path));
  if (tool || fetched) return false;
  if (program.includes('/'))
    return !/\.(sh|bash)$/.test(name) && (builds.length > 0 || parts.some(({ effects }) => effects.does.kind === 'build'));
  if (builds.length === 0) return false;
  // named by the build (`-o`), or by the command or COPY that puts it where programs are
  const names = (raw: string): boolean => raw === name || raw.endsWith(`/${name}`);
  const placing = parts.filter((part) => builds.includes(part) || part.effects.does.kind === 'files');
  const copied = stages.flatMap(({ copies }) =>
    copies.flatMap(({ instruction: { sources, dest } }) => [...sources, ...(dest ? [dest] : [])]),
  );
  return (
    builds.some(({ command }) => command.words.some(({ value }) => value === 'install')) ||
    placing.some(({ command }) => command.words.slice(1).some(({ raw }) => names(raw))) ||
    copied.some(({ value }) => names(value))
  );
}

/** Whether a build of the ecosystem names the program at this path (`go build -o /parcel`): whatever else has that name, it is this one. */
export function namedByBuild({ stages, final }: Subject, ecosystem: string, program: string): boolean {
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  const path = resolvePath(workdir, program);
  return stages.some(({ runs }) =>
    runs.some((run) =>
      run.opened.some(
        ({ manager, kind, command, effects }) =>
          manager?.ecosystem === ecosystem &&
          kind === 'build' &&
          command.words.slice(1).some(({ value }) => value?.includes('/') && resolvePath(effects.before.cwd, value) === path),
      ),
    ),
  );
}
