// Room: ecosystems/node. What the builds of a Dockerfile write, as far as their commands and settings tell.
import type { NodeCase } from './split-case.ts';

/** As context paths; undefined when one of them cannot be told. */
export function outputsOf(c: Pick<NodeCase, 'builds' | 'workdir' | 'project' | 'dir'>): string[] | undefined {
  const all: string[] = [];
  for (const { part } of c.builds) {
    if (part.effects.before.cwd !== c.workdir) return undefined;
    const outputs = c.project.outputsOf?.(part.command.words.map((word) => word.raw).join(' '));
    if (!outputs || 'unknown' in outputs) return undefined;
    all.push(...outputs.value.map((o) => [c.dir, o].filter(Boolean).join('/')));
  }
  return all.length > 0 ? all : undefined;
}
