// Room: ecosystems/python. What the packages need of the system, where the image was looked into: by the ELF headers of what was installed.
import { libraryNeeds } from '../../image/libraries.ts';
import { isSeen, type ImageFacts } from '../../image/types.ts';
import type { Evidence } from '../types.ts';
import { normalName } from './names.ts';
import type { PythonProject } from './types.ts';

/** https://docs.python.org/3/library/site.html; Debian's own Python has dist-packages. */
const installed = /\/(?:site|dist)-packages\//;

/** The packages of Debian that a table tells of what is installed, and those with the libraries that it is linked with; undefined: a package needs more than its files tell. */
export function seenPackages(
  project: PythonProject,
  image: ImageFacts | undefined,
  suite: string | undefined,
): { told: string[]; linked: string[]; evidence: Evidence[] } | undefined {
  const here = image?.languagePackages.filter(({ type, path }) => type === 'pypi' && installed.test(path)) ?? [];
  if (!image || here.length === 0) return undefined;
  const told = here.flatMap(({ name }) => project.systemNeeds(normalName(name), suite) ?? []);
  if (told.some(({ skip }) => skip !== undefined)) return undefined;
  const { packages, loose } = libraryNeeds(image, (path) => installed.test(path));
  if (loose.length > 0) return undefined;
  return {
    told: told.flatMap(({ debian }) => debian),
    linked: packages.map(({ name }) => name),
    evidence: packages.map(({ name, library, program }) => ({ file: 'Dockerfile', says: `image: ${program} needs ${library} of ${name}` })),
  };
}

/**
 * Whether something was compiled when it was installed, as the wheels' own records say; undefined: they do not. What came from a repository or a
 * directory leaves a record of that, and may have needed programs: https://packaging.python.org/en/latest/specifications/direct-url/
 */
export function seenCompiling(image: ImageFacts | undefined): 'nothing' | undefined {
  if (!image || !isSeen(image.instructions)) return undefined;
  if (image.instructions.some(({ added }) => added.some(({ path }) => path.endsWith('.dist-info/direct_url.json')))) return undefined;
  const here = image.languagePackages.filter(({ type, path }) => type === 'pypi' && installed.test(path));
  return here.length > 0 && here.every(({ platform }) => platform !== undefined && !platform.startsWith('linux_')) ? 'nothing' : undefined;
}
