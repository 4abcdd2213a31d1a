// Room: installs/. What a dependency install reads of the context, and the COPY lines that bring just that.
import type { Blocked, ManifestSet, Manifests } from '../ecosystems/types.ts';
import { landingIn, landingOf, type CopyReading } from '../facts/copies.ts';
import type { Project } from '../facts/project.ts';
import { refusal, type Refusal } from '../refusal.ts';
import type { Install, InstallSite } from './shapes.ts';

/** The closed set of files that an install reads of the context, or why it is not closed. */
export function manifestsOf(project: Project, { manager, part: { command }, dir, files }: Install): Manifests {
  const own = project.of(manager.ecosystem, dir ?? '');
  const found = own ?? (files.length > 0 ? project.bare(manager.ecosystem, dir ?? '') : undefined);
  if (!found) return blocked('manifest-missing', `${files[0] ?? manager.manifests[0]} does not exist in the build context`);
  return (
    found.manifests?.({ manager: manager.id, command, files }) ??
    blocked('install-not-splittable', `Manifests of ${manager.id} are not known to this version`)
  );
}
const blocked = (skip: string, message: string): Manifests => ({ blocked: { skip, message, evidence: [] } });

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
  const named = copy.instruction.dest?.value ?? '.';
  const written = named.includes('$') && copy.dest !== undefined ? copy.dest : named;
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

/** What of a set no COPY above brings to the same place already. */
export function notYetThere({ reading, copy, set }: Pick<InstallSite, 'reading' | 'copy' | 'set'>): ManifestSet {
  const above = reading.copies.filter((one) => one.fromContext && one.instruction.index < copy.instruction.index);
  const there = (path: string): boolean => {
    const landing = landingOf(above, path);
    return landing !== undefined && landing === landingIn(copy, path);
  };
  return { ...set, files: set.files.filter((path) => !there(path)), dirs: set.dirs.filter((path) => !there(path)) };
}

/** Refused where an install reads files that the COPY of the sources does not bring. */
export function outside(copy: CopyReading, set: ManifestSet, at: number): Refusal | undefined {
  return manifestCopies(copy, set) ? undefined : refusal('manifest-missing', 'The install reads files that this COPY does not bring', at);
}
