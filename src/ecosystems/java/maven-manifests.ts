// Room: ecosystems/java. What a download of Maven reads: the files that tell the dependencies.
// Sources: https://maven.apache.org/pom.html · https://maven.apache.org/configure.html (.mvn)
import { joinPath } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import type { Evidence, Manifests, ProjectReader } from '../types.ts';

export interface MavenProject {
  /** What a download of its dependencies reads; `files`: what its command names. */
  manifests(wrapper: boolean, files: readonly string[]): Manifests;
}

export const mavenReader: ProjectReader<MavenProject> = {
  read(tree, dir, hidden) {
    const path = joinPath(dir, 'pom.xml') ?? '';
    const pom = tree.read(path);
    if (pom.kind !== 'text' || hidden(path)) return undefined;
    return { manifests: (wrapper, files) => manifestsOf({ tree, dir, hidden, path, text: pom.text }, wrapper, files) };
  },
};

interface Place {
  tree: FileTree;
  dir: string;
  hidden: (path: string) => boolean;
  path: string;
  text: string;
}

const blocked = (skip: string, message: string, evidence: Evidence): Manifests => ({ blocked: { skip, message, evidence: [evidence] } });

/** What makes a download read more than the pom.xml. */
const MORE: readonly { pattern: RegExp; skip: string; says: string }[] = [
  { pattern: /<modules?>/, skip: 'local-dependency', says: 'has modules, whose pom.xml files it reads as well' },
  {
    pattern: /<systemPath>|file:\/\/|\$\{(?:project\.)?basedir\}[^<]*<\/url>/,
    skip: 'local-dependency',
    says: 'takes a dependency from a path',
  },
  {
    pattern: /<activation>(?:(?!<\/activation>)[\s\S]){0,2000}<file>/,
    skip: 'install-not-splittable',
    says: 'has a profile that a file switches on',
  },
];

function manifestsOf({ tree, dir, hidden, path, text }: Place, wrapper: boolean, named: readonly string[]): Manifests {
  const plain = text.replace(/<!--[\s\S]*?-->/g, '');
  const more = MORE.find(({ pattern }) => pattern.test(plain));
  if (more) return blocked(more.skip, `${path} ${more.says}`, { file: path, says: more.says });
  const parent = /<parent>([\s\S]*?)<\/parent>/.exec(plain)?.[1];
  const relative =
    parent === undefined || /<relativePath\s*\/>|<relativePath>\s*<\/relativePath>/.test(parent)
      ? undefined
      : (/<relativePath>\s*([^<]*?)\s*<\/relativePath>/.exec(parent)?.[1] ?? '../pom.xml');
  const above = relative === undefined ? undefined : joinPath(dir, relative);
  if (above !== undefined && tree.stat(above))
    return blocked('local-dependency', `${path} has its parent in ${above}`, { file: path, says: `<relativePath> ${relative ?? ''}` });
  const settings = joinPath(dir, '.mvn') ?? '';
  const extensions = tree.read(`${settings}/extensions.xml`);
  if (extensions.kind === 'text' && /git/i.test(extensions.text))
    return blocked('install-reads-git', `${settings}/extensions.xml asks git for the version`, {
      file: `${settings}/extensions.xml`,
      says: 'an extension of Maven',
    });
  const files = [path, ...named, ...(wrapper ? [joinPath(dir, 'mvnw') ?? ''] : [])];
  const missing = files.find((file) => tree.stat(file)?.kind !== 'file' || hidden(file));
  if (missing !== undefined)
    return blocked('manifest-missing', `${missing} does not exist in the build context`, { file: path, says: 'the dependencies' });
  const dirs = tree.stat(settings)?.kind === 'dir' && !hidden(settings) ? [settings] : [];
  return { set: { files, dirs, evidence: [{ file: path, says: 'names the dependencies, and no module of its own' }], scripts: false } };
}
