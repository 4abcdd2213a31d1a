// Room: ecosystems/go. Which programs a `go build` or `go install` makes, and where it puts them. Sources: `go help build`, `go help install`, `go help environment`.
import { contextPath, inside, resolvePath } from '../../facts/copies.ts';
import type { RunPart } from '../../facts/reading.ts';
import { goBuild, type GoBuild } from './build.ts';
import { settingOf } from './settings.ts';
import { toolName } from './rows.ts';
import type { GoProject } from './types.ts';

/** Where a build runs: the image's directory, and the context's directory that stands there. */
export interface BuildPlace {
  cwd: string;
  dir: string;
  /** The image has a directory of this path when the build runs. */
  isDirectory(path: string): boolean;
}

/** Image paths of the programs that a command makes; empty where it makes none. Undefined: where it writes cannot be told. */
export function outputsOf(part: RunPart, place: BuildPlace, project: GoProject): string[] | undefined {
  const { cwd, dir, isDirectory } = place;
  const build = goBuild(part.command);
  if (!build || ['shared', 'archive', 'c-archive'].includes(build.buildmode ?? '')) return [];
  const into = build.install ? binOf(part, build) : undefined;
  if (build.install && into === undefined) return undefined;
  const at = build.directory === undefined ? dir : contextPath(`${dir}/${build.directory}`);
  const names = programNames(build, { ...place, dir: at }, project);
  if (into !== undefined) return names?.map((name) => cleanJoin(into, name));
  const { output } = build;
  if (output === undefined && build.outputWord) return undefined;
  if (output === '/dev/null') return [];
  const here = resolvePath(cwd, build.directory ?? '.') ?? cwd;
  if (output === undefined)
    return discards(build, names) || severalPackages(build, at, project) ? [] : names?.map((name) => cleanJoin(here, name));
  const target = resolvePath(here, output) ?? output;
  // "If the named output is an existing directory or ends with a slash, then any resulting executables will be written to that directory."
  if (output.endsWith('/') || isDirectory(target) || (names && names.length > 1)) return names?.map((name) => cleanJoin(target, name));
  return [target];
}

const cleanJoin = (dir: string, name: string): string => resolvePath(dir, name) ?? name;

/** Several packages, or none that is a program, are compiled and thrown away. */
const discards = (build: GoBuild, names: readonly string[] | undefined): boolean =>
  names !== undefined && (names.length !== 1 || (build.packageWords.length > 1 && build.packages.every((p) => !p.endsWith('.go'))));

/** `./...` over more than one package compiles, and keeps nothing. */
function severalPackages(build: GoBuild, at: string, { dir, packages }: GoProject): boolean {
  const base = at.slice(dir === '' ? 0 : dir.length + 1);
  return build.packages.some((target) => {
    if (!target.includes('...')) return false;
    const root = contextPath(`${base}/${target.slice(0, target.indexOf('...'))}`);
    return packages.filter((path) => inside(path, root)).length !== 1;
  });
}

/** `$GOBIN`, `$GOPATH/bin`, `~/go/bin`; undefined: computed, or for another system. */
function binOf(part: RunPart, build: GoBuild): string | undefined {
  const [bin, path, system, processor] = ['GOBIN', 'GOPATH', 'GOOS', 'GOARCH'].map((name) => {
    const found = settingOf(part, build, name);
    return found && 'unknown' in found ? undefined : { value: found?.value };
  });
  if (!bin || !path || processor?.value !== undefined || !processor || !['linux', undefined].includes(system?.value) || !system)
    return undefined;
  // the image of Go sets GOPATH
  const { home } = part.effects.before;
  return bin.value ?? (path.value === undefined ? home && `${home}/go/bin` : `${path.value}/bin`);
}

/** The names of the programs among the packages that a command names; undefined: they cannot be told. */
function programNames(build: GoBuild, at: BuildPlace, project: GoProject): string[] | undefined {
  if (build.packageWords.length !== build.packages.length) return undefined;
  const [first] = build.packages;
  if (first?.endsWith('.go')) return [build.binaryName('', first)];
  const base =
    at.dir === project.dir ? '' : inside(at.dir, project.dir) ? at.dir.slice(project.dir === '' ? 0 : project.dir.length + 1) : undefined;
  if (base === undefined) return undefined;
  const own = modulePath(project, at);
  const named = (main: string): string => build.binaryName(main === '' ? own : `${own}/${main}`, '.');
  const found = (build.packages.length === 0 ? ['.'] : build.packages).flatMap((target): (string | undefined)[] => {
    const local = target === '.' || target.startsWith('./') || target.startsWith('../');
    const path = local ? contextPath(`${base}/${target}`) : packageIn(project, target);
    if (path === undefined) return target.includes('...') ? [undefined] : [toolName(target)];
    if (target.includes('...')) {
      const root = contextPath(path.slice(0, path.indexOf('...')));
      return project.mains.filter((main) => inside(main, root)).map(named);
    }
    // a package that is no program leaves nothing; one whose files are not seen is taken to be what it is built for
    return project.mains.includes(path) || !project.packages.includes(path) ? [named(path)] : [];
  });
  return found.some((name) => name === undefined) ? undefined : [...new Set(found as string[])];
}

/** The directory of a package of the module; undefined for another module's. */
const packageIn = ({ module }: GoProject, target: string): string | undefined =>
  module !== '' && inside(target, module) ? target.slice(module.length + 1) : target === '...' ? '...' : undefined;

/** The module's path; without go.mod the place below GOPATH, or the directory's name. Source: `go help gopath`. */
function modulePath({ module, dir }: GoProject, at: BuildPlace): string {
  if (module !== '') return module;
  const root =
    at.dir === dir ? at.cwd : (resolvePath(at.cwd, at.dir.slice(dir.length).replace(/[^/]+/g, '..').replace(/^\//, '')) ?? at.cwd);
  return /\/src\/(.+)$/.exec(root)?.[1] ?? root.slice(1);
}
