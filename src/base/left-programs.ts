// Room: base/. Programs that the container starts and that packages bring which only the build stage has.
import { escaped } from '../dockerfile/glob.ts';
import type { Evidence, Need } from '../facts/types.ts';
import { hasProgram, type ImageBase } from '../knowledge/programs.ts';
import { broughtWith, COMPILERS } from '../knowledge/toolchain-programs.ts';
import { projectsOf } from '../facts/applications.ts';
import type { Subject } from '../facts/subject.ts';
import { settingsOf } from '../runtime/settings-files.ts';

interface Left {
  name: string;
  /** The package that brings it. */
  by: string;
  evidence: Evidence;
}

/** In: what is started, the image, names of packages that stay behind, and whether the application or its packages bring a program. Out: the first one that would be lost. */
export function leftProgram(
  needs: readonly Need[],
  image: ImageBase,
  packages: readonly string[],
  provided: (name: string) => boolean,
): Left | undefined {
  if (packages.length === 0) return undefined;
  for (const { program, evidence } of needs) {
    const name = /^(?:\/(?:usr\/)?s?bin\/)?([^/]+)$/.exec(program)?.[1];
    if (name === undefined || provided(name) || hasProgram(image, name) === true) continue;
    const by = broughtWith(name, packages);
    if (by !== undefined) return { name, by, evidence };
  }
  return undefined;
}

/**
 * Whether a program whose name is computed may be one that stays behind: a source, a settings file, ENV or a service names a compiler among
 * them, or one of `tools`, which RUNs installed for the whole image. In: those packages and tools.
 */
export function mayStartLeft(subject: Subject, packages: readonly string[], tools: readonly string[]): boolean {
  const names = [...COMPILERS.filter((name) => broughtWith(name, packages) !== undefined), ...tools];
  if (names.length === 0) return false;
  const named = new RegExp(`(?:["'\`]|&&\\s{0,9}|[|;]\\s{0,9}|/bin/)(?:${names.map(escaped).join('|')})(?:-\\d+)?(?=["'\`\\s]|$)`, 'm');
  const { project, final } = subject;
  const values = [
    ...[...final.end.env.values()].flatMap((set) => ('value' in set ? [set.value] : [])),
    ...project.uses().services.flatMap(({ environment = [] }) => environment.map(([, value]) => value)),
  ];
  const texts = [
    ...projectsOf(subject).flatMap(({ project: one }) =>
      (one.sources?.() ?? []).flatMap((file) => {
        const read = project.tree.read(file);
        return read.kind === 'text' ? [read.text] : [];
      }),
    ),
    ...settingsOf(subject).map(({ text }) => text),
    ...values.map((value) => `"${value}"`),
  ];
  return texts.some((text) => named.test(text));
}
