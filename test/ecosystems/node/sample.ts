// Room: test of ecosystems/node. A project in memory, in one call.
import { memoryTree, type MemoryFile } from '../../../src/context/memory.ts';
import { nodeProject } from '../../../src/ecosystems/node/project.ts';
import type { NodeProject } from '../../../src/ecosystems/node/types.ts';

/** The project of `manifest` with `files` beside it. */
export function project(
  manifest: object,
  files: Record<string, string | MemoryFile> = {},
  ignores?: (path: string) => boolean,
): NodeProject {
  const found = nodeProject(memoryTree({ 'package.json': JSON.stringify(manifest, undefined, 2), ...files }), '', ignores);
  if (found === undefined) throw new Error('no project');
  return found;
}
/** A lock of npm with these packages below node_modules. */
export function npmLock(packages: Record<string, object>, root: object = {}): string {
  const entries = Object.entries(packages).map(([name, entry]) => [`node_modules/${name}`, entry]);
  return JSON.stringify({ lockfileVersion: 3, packages: { '': root, ...Object.fromEntries(entries) } }, undefined, 2);
}
