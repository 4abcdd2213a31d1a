// Room: ecosystems/go. The files that `go mod download` reads.
import { joinPath, parentOf } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import type { Manifests } from '../types.ts';
import type { ModFile } from './modfile.ts';
import type { Modules } from './scan.ts';

interface Inputs {
  tree: FileTree;
  dir: string;
  mod: ModFile | undefined;
  modPath: string;
  workPath: string | undefined;
  work: ModFile | undefined;
  modules: Modules;
  vendor: boolean;
  visible: (path: string | undefined) => path is string;
}

/** go.mod first, its go.sum behind it, module by module; directories of local replacements whole. */
export function goManifests({ dir, modPath, workPath, modules, vendor, visible }: Inputs): Manifests {
  if (vendor)
    return {
      blocked: {
        skip: 'go-vendored',
        message: 'vendor/ is used, nothing to download',
        evidence: [{ file: modPath, says: 'the module is vendored' }],
      },
    };
  const [missing] = modules.missing;
  if (missing)
    return {
      blocked: {
        skip: 'local-dependency',
        message: `${missing.name} is a local path outside the build context`,
        evidence: [missing.evidence],
      },
    };
  const files: string[] = [];
  const take = (base: string, names: string[]): void => {
    for (const name of names) {
      const path = joinPath(base, name);
      if (visible(path) && !files.includes(path)) files.push(path);
    }
  };
  if (workPath !== undefined) take(parentOf(workPath), ['go.work', 'go.work.sum']);
  else take(dir, ['go.mod', 'go.sum']);
  const replaced = modules.found.filter((m) => m.role === 'replaced').map((m) => m.dir);
  for (const module of modules.found) if (module.role !== 'replaced') take(module.dir, ['go.mod', 'go.sum']);
  const hidden = modules.found.find((m) => !visible(joinPath(m.dir, 'go.mod')));
  if (hidden)
    return {
      blocked: {
        skip: 'local-dependency',
        message: `${hidden.dir}/go.mod is hidden by the ignore file`,
        evidence: [{ file: modPath, says: `uses ${hidden.dir}` }],
      },
    };
  if (replaced.includes(dir) || replaced.includes(''))
    return {
      blocked: {
        skip: 'local-dependency',
        message: 'A replacement names the whole build context',
        evidence: [{ file: modPath, says: 'local replace' }],
      },
    };
  return { set: { files, dirs: replaced, evidence: files.map((file) => ({ file, says: 'read by go mod download' })), scripts: false } };
}
