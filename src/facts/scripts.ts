// Room: facts/. What a command starts, the scripts of the project's manifest included (`npm run build`).
import { parseShell } from '../dockerfile/shell.ts';
import { allOf, effectsOfScript } from '../effects/effects.ts';
import type { Effects } from '../effects/types.ts';
import type { Project } from './project.ts';

const DEEPEST = 6;

/** Every command that one command comes to, itself first. `dir`: the directory of the context that it works in. */
export function withScripts(project: Project, effects: Effects, dir: string, depth = 0): Effects[] {
  return allOf([effects]).flatMap((one) => [one, ...ofScript(project, one, dir, depth)]);
}

function ofScript(project: Project, { command, after }: Effects, dir: string, depth: number): Effects[] {
  if (depth > DEEPEST) return [];
  const manager = project.managers.find((row) => row.classify(command) !== undefined);
  const started = manager?.starts?.(command.words.map((word) => word.value ?? word.raw));
  if (!manager || !started || !('script' in started)) return [];
  const of = project.of(manager.ecosystem, dir);
  return [`pre${started.script}`, started.script, `post${started.script}`].flatMap((name) => {
    const found = of?.scriptText?.(name);
    if (found === undefined) return [];
    return effectsOfScript(parseShell(found), after, project.knowledge).flatMap((one) => withScripts(project, one, dir, depth + 1));
  });
}
