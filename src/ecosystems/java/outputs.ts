// Room: ecosystems/java. Where builds of Maven and Gradle leave what a container starts, and who moves it from there.
import { joinPath } from '../../context/paths.ts';
import { globMatch } from '../../dockerfile/glob.ts';
import { inside, originAbove, resolvePath } from '../../facts/copies.ts';
import type { StageReading } from '../../facts/reading.ts';
import type { Subject } from '../../facts/subject.ts';
import type { Effects } from '../../effects/types.ts';
import { isModule } from './project.ts';

/** Something that a build made. */
export interface Output {
  /** Where it lies when the container starts; may hold a glob. */
  path: string;
  /** Where the build made it. */
  made: string;
  /** The directory of the context that was built. */
  module: string;
  /** The output directory of the build, in the image. */
  root: string;
}

/** The output that lies at a path of the image, directly or by a `cp` or `mv`; undefined: no build is known to make it. */
export function outputAt(subject: Subject, path: string, depth = 0): Output | undefined {
  const direct = directOutput(subject, path);
  if (direct || depth > 4) return direct;
  for (const { from, to } of movesOf(subject.final).toReversed()) {
    const source = to === path ? from : matches(from, path, to);
    const output = source === undefined ? undefined : outputAt(subject, source, depth + 1);
    if (output) return { ...output, path };
  }
  return undefined;
}

/** `…/target/app.jar` and `…/build/libs/app.jar`, where the directory above is a module of the context. */
function directOutput({ final, project: { tree } }: Subject, path: string): Output | undefined {
  for (const found of path.matchAll(/\/(?:target|build)(?=\/|$)/g)) {
    const above = path.slice(0, found.index) || '/';
    const origin = [originAbove({ copies: final.copies, tree }, above), namedOrigin(final, tree, above)].find(
      (one) => one !== undefined && isModule(tree, one),
    );
    if (origin !== undefined) return { path, made: path, module: origin, root: path.slice(0, found.index + found[0].length) };
  }
  return undefined;
}

/** The directory of the context whose build file was copied here by its name. */
function namedOrigin({ copies }: StageReading, tree: Subject['project']['tree'], dir: string): string | undefined {
  for (const name of ['pom.xml', 'build.gradle', 'build.gradle.kts']) {
    const origin = originAbove({ copies, tree }, resolvePath(dir, name) ?? name);
    if (origin !== undefined && (origin === name || origin.endsWith(`/${name}`)) && joinPath('', origin) !== undefined)
      return origin.slice(0, Math.max(0, origin.length - name.length - 1));
  }
  return undefined;
}

interface Move {
  /** The source, absolute; may hold a glob. */
  from: string;
  /** The file, or the directory with a slash behind it. */
  to: string;
}

/** The commands of a stage that put files elsewhere. */
function movesOf({ runs }: StageReading): Move[] {
  return runs.flatMap(({ opened }) => opened.flatMap(({ effects }) => putBy(effects)));
}

/** What `cp`, `mv`, `install` and `ln` put where. */
export function putBy({ program, command, before }: Effects): Move[] {
  if (!['cp', 'mv', 'install', 'ln'].includes(program)) return [];
  const words = command.words
    .slice(1)
    .map((word) => word.value ?? word.raw)
    .filter((word) => !word.startsWith('-'));
  const to = words.pop();
  if (to === undefined || words.length === 0 || /[$`*?]/.test(to)) return [];
  const target = resolvePath(before.cwd, to);
  if (target === undefined) return [];
  return words.flatMap((word) => {
    const from = /[$`]/.test(word) ? undefined : resolvePath(before.cwd, word);
    if (from === undefined) return [];
    const directory = to.endsWith('/') || to === '.' || to.endsWith('/.') || words.length > 1 || !/\.\w+$/.test(to);
    return [{ from, to: directory ? `${target === '/' ? '' : target}/` : target }];
  });
}

/** The source of a file that a command put into a directory: its own name stands there. */
function matches(from: string, path: string, to: string): string | undefined {
  if (!to.endsWith('/') || path.slice(0, path.lastIndexOf('/') + 1) !== to) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const pattern = from.slice(from.lastIndexOf('/') + 1);
  const fits = pattern === name || globMatch(pattern, name);
  return fits || /[*?]/.test(name) ? `${from.slice(0, from.lastIndexOf('/') + 1)}${fits ? name : pattern}` : undefined;
}

/** A copy of a jar, or of a directory of a build, which the split brings. */
export function carriedBy(effects: Effects): string[] {
  return putBy(effects)
    .flatMap(({ from, to }) => {
      if (!/\/(?:target|build)\//.test(from) && !/\.(?:jar|war)$/.test(from)) return [];
      return [to.endsWith('/') ? `${to}${from.slice(from.lastIndexOf('/') + 1)}`.replace(/\/[^/]*[*?][^/]*$/, '') : to];
    })
    .filter((path) => path !== '' && !inside('/etc', path));
}
