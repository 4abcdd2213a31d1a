// Room: installs/. What a dependency install reads of the context, and the COPY lines that bring just that.
import { poetryInstall } from '../ecosystems/python/index.ts';
import type { Blocked, ManifestSet, Manifests } from '../ecosystems/types.ts';
import type { CopyReading } from '../facts/copies.ts';
import type { Project } from '../facts/subject.ts';
import type { Install } from './sites.ts';

const missing = (what: string): Manifests => ({
  blocked: { skip: 'manifest-missing', message: `${what} does not exist in the build context`, evidence: [] },
});

/** The closed set of files that an install reads of the context, or why it is not closed. */
export function manifestsOf(project: Project, { manager, part: { command }, dir: found, files }: Install): Manifests {
  const dir = found ?? '';
  if (manager.ecosystem === 'node') return project.node(dir)?.manifests(manager.id) ?? missing('package.json');
  if (manager.ecosystem === 'go') return project.go(dir)?.manifests() ?? missing('go.mod');
  if (manager.id === 'poetry')
    return (
      project.python(dir)?.manifests('poetry', { requirements: [], noRoot: poetryInstall(command)?.noRoot ?? false }) ??
      missing('pyproject.toml')
    );
  if (manager.id === 'pip') {
    const relative = files.map((file) => (dir !== '' && file.startsWith(`${dir}/`) ? file.slice(dir.length + 1) : file));
    return project.python(dir)?.manifests('pip', { requirements: relative, noRoot: false }) ?? missing(files[0] ?? 'requirements.txt');
  }
  return { blocked: { skip: 'install-not-splittable', message: `Manifests of ${manager.id} are not known to this version`, evidence: [] } };
}

/** Several sets as one, each path once, in order. */
export function mergeSets(sets: readonly ManifestSet[]): ManifestSet {
  const unique = (paths: string[]): string[] => [...new Set(paths)];
  return {
    files: unique(sets.flatMap((s) => s.files)),
    dirs: unique(sets.flatMap((s) => s.dirs)),
    evidence: sets.flatMap((s) => s.evidence),
    scripts: sets.some((s) => s.scripts),
  };
}
export const isBlocked = (manifests: Manifests): manifests is { blocked: Blocked } => 'blocked' in manifests;

/**
 * The COPY lines for a set, put where `copy` (a broad COPY) would put the same files: one line a directory, the top one first.
 * Undefined when a file is outside of what that COPY takes.
 */
export function manifestCopies(copy: CopyReading, set: ManifestSet): { sources: string[]; dest: string }[] | undefined {
  const root = copy.sources.find((s) => s.kind === 'dir')?.path ?? '';
  const written = copy.instruction.dest?.value ?? '.';
  const base = written.endsWith('/') ? written : `${written}/`;
  const within = (path: string): string | undefined =>
    root === '' ? path : path.startsWith(`${root}/`) ? path.slice(root.length + 1) : undefined;
  const groups = new Map<string, string[]>();
  for (const file of set.files) {
    const relative = within(file);
    if (relative === undefined) return undefined;
    const dir = relative.includes('/') ? relative.slice(0, relative.lastIndexOf('/') + 1) : '';
    groups.set(dir, [...(groups.get(dir) ?? []), file]);
  }
  const lines = [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([dir, sources]) => ({ sources, dest: base + dir }));
  for (const dir of set.dirs) {
    const relative = within(dir);
    if (relative === undefined) return undefined;
    lines.push({ sources: [dir], dest: `${base}${relative}/` });
  }
  return lines;
}
