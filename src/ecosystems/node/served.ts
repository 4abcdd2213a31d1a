// Room: ecosystems/node. A front end that is built, and whose output a server of files hands out: of the project, nothing else is needed when the container runs.
import { inside, resolvePath } from '../../facts/copies.ts';
import { servesFiles } from './server-rows.ts';
import { outputsOf } from './split-outputs.ts';
import type { NodeCase, Served } from './split-case.ts';

/** What is handed out, where the container does nothing else; undefined: it runs sources, or more than outputs is read. */
export function servedOutput(c: Omit<NodeCase, 'served'>): Served | undefined {
  const { run, project, workdir } = c;
  const [only, ...others] = run.started.filter(({ starter }) => !starter);
  if (!only || others.length > 0 || run.others.length > 0 || project.workspaces !== undefined) return undefined;
  const { program, does, reads } = only.effects;
  if (!servesFiles(program) || does.kind !== 'serve' || reads.unknown !== undefined) return undefined;
  const made = (outputsOf(c) ?? []).map((path) => resolvePath(workdir, relativeTo(path, c.dir)) ?? path);
  const dirs = reads.known.map(({ path }) => path);
  if (dirs.length === 0 || !dirs.every((path) => path !== workdir && made.some((dir) => inside(path, dir)))) return undefined;
  const global = c.reading.runs.some(({ parts }) => parts.some(({ manager, command }) => manager?.globals?.(command).includes(program)));
  const bin = project.bin(program);
  // what nobody brings is fetched when the container starts, and needs nothing of the project
  if (!global && 'unknown' in bin) return undefined;
  return {
    dirs,
    modules: !global && 'value' in bin && bin.value !== undefined,
    manifest: run.wrappers.some(([name = '']) => ['npm', 'yarn', 'pnpm', 'bun'].includes(name)),
  };
}

export const relativeTo = (path: string, dir: string): string => (dir === '' ? path : path.substring(dir.length + 1));
