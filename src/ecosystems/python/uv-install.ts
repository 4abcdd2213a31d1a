// Room: ecosystems/python. One `uv sync`: which directory of the context it installs, and whether the project itself.
// Source: https://docs.astral.sh/uv/concepts/projects/config/#project-packaging
import { aboveRun } from '../../facts/mounted.ts';
import type { RunPart, RunReading, StageReading } from '../../facts/reading.ts';
import type { Subject } from '../../facts/subject.ts';
import { contextDirectory } from '../../installs/sites.ts';
import { pythonManagers } from './managers.ts';
import { projectAt, type ProjectInstall } from './project-install.ts';
import { at, readToml } from './toml.ts';
import { uvSync, type UvSync } from './uv-command.ts';
import { installsItself } from './uv-start.ts';

/** One `uv sync`. */
export interface UvInstall {
  run: RunReading;
  part: RunPart;
  sync: UvSync;
  /** Directory in the image, and that of the context which stands there. */
  cwd: string;
  dir: string;
  /** The project itself, where it is installed as well: a link to its sources. */
  project: ProjectInstall | undefined;
}

const uv = pythonManagers.find(({ id }) => id === 'uv');

/** Reads an install of uv; undefined: it is none that is read, or of no directory of the context. */
export function uvInstall(reading: StageReading, run: RunReading, part: RunPart, { project: { tree } }: Subject): UvInstall | undefined {
  const { cwd } = part.effects.before;
  const sync = uvSync(part.command);
  const above = aboveRun(reading, run, tree);
  const dir = sync && uv && cwd !== undefined ? contextDirectory(uv, cwd, above) : undefined;
  if (!sync || cwd === undefined || dir === undefined) return undefined;
  const manifest = readToml(tree, [dir, 'pyproject.toml'].filter(Boolean).join('/'));
  if (manifest === undefined || 'why' in manifest) return undefined;
  const isPackage = installsItself(manifest.table);
  if (at(manifest.table, 'tool', 'uv', 'workspace') !== undefined) return undefined;
  const project = isPackage && sync.project ? projectAt(reading, run, part, tree, { path: cwd, extras: [], editable: true }) : undefined;
  return isPackage && sync.project && !project ? undefined : { run, part, sync, cwd, dir, project };
}
