// Room: ecosystems/java. A project of Maven or Gradle as far as its programs go: its build files, its sources, its settings.
import { joinPath, parentOf } from '../../context/paths.ts';
import type { FileRead, FileTree } from '../../context/types.ts';
import { walk } from '../../context/walk.ts';
import { once, oncePer } from '../../once.ts';
import type { Evidence, ProjectReader, SourceHit } from '../types.ts';
import { unreadFile, unreadHits, type Unread } from '../unread.ts';
import { javaHits, kitEvidence, lexJava, type JavaFile } from './hits.ts';
import { settingsHits } from './resources.ts';

export interface JavaProject {
  dir: string;
  tool: 'maven' | 'gradle';
  /** The build files of a module and of those above it that belong to it, nearest first. `module`: its directory of the context. */
  buildFiles(module: string): { path: string; text: string }[];
  /** What its sources and settings read when it runs. */
  hits(): SourceHit[];
  sources(): string[];
  /** What says that it needs a JDK when it runs. */
  kit(): Evidence | undefined;
}

const BUILDS = ['pom.xml', 'build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'];
const SOURCE = /\.(?:java|kt|scala|groovy)$/;

/** True for a directory that holds a build file. */
export const isModule = (tree: FileTree, dir: string): boolean =>
  BUILDS.some((name) => tree.stat(joinPath(dir, name) ?? '')?.kind === 'file');

export const javaReader: ProjectReader<JavaProject> = {
  read(tree, dir, hidden) {
    const there = (path: string | undefined): path is string => path !== undefined && tree.stat(path)?.kind === 'file' && !hidden(path);
    const own = BUILDS.find((name) => there(joinPath(dir, name)));
    if (own === undefined) return undefined;
    const all = once(() =>
      walk(tree, dir)
        .filter(
          ({ kind, path }) => kind === 'file' && !hidden(path) && !/(?:^|\/)src\/(?:test|integrationTest|it|testFixtures)\//.test(path),
        )
        .map(({ path }) => path),
    );
    const read = once(() =>
      all()
        .filter((path) => SOURCE.test(path))
        .map((path) => fileOf(tree, path)),
    );
    const files = once(() => read().filter((one) => 'text' in one));
    const unread = (): SourceHit[] => read().flatMap((one) => ('told' in one ? unreadHits(one) : []));
    const exists = (path: string): 'file' | 'dir' | undefined => {
      const kind = [joinPath(dir, path), joinPath('', path)].map((at) => (at === undefined || at === '' ? undefined : tree.stat(at)?.kind));
      return kind.find((one) => one === 'file' || one === 'dir') as 'file' | 'dir' | undefined;
    };
    return {
      dir,
      tool: own === 'pom.xml' ? 'maven' : 'gradle',
      buildFiles: (module) => buildFiles(tree, module, there),
      hits: once(() => [...javaHits(files(), exists), ...settingsHits(tree, all(), exists), ...unread()]),
      sources: () => all().filter((path) => SOURCE.test(path)),
      kit: once(() => kitEvidence(files()) ?? kitDependency(tree, all())),
    };
  },
};

/** Bytes of one source that are read at most. */
const LARGEST = 2_000_000;
function fileOf(tree: FileTree, path: string): JavaFile | Unread {
  const read = tree.read(path);
  if (read.kind !== 'text') return unreadFile(path, read.kind);
  return read.text.length < LARGEST ? { path, text: read.text, lexed: lexed(read) } : unreadFile(path, 'too large');
}
const lexed = oncePer(({ text }: FileRead & { kind: 'text' }) => lexJava(text));

/** The build files from a module's directory up to the top of the context: parents of Maven, the root of Gradle. */
function buildFiles(tree: FileTree, module: string, there: (path: string | undefined) => path is string): { path: string; text: string }[] {
  const found: { path: string; text: string }[] = [];
  for (let at = module; ; at = parentOf(at)) {
    for (const name of BUILDS) {
      const path = joinPath(at, name);
      const read = there(path) ? tree.read(path) : undefined;
      if (path !== undefined && read?.kind === 'text') found.push({ path, text: withoutComments(path, read.text) });
    }
    if (at === '') return found;
  }
}

const withoutComments = (path: string, text: string): string =>
  path.endsWith('.xml') ? text.replace(/<!--[\s\S]*?(?:-->|$)/g, '') : text.replace(/\/\*[\s\S]*?(?:\*\/|$)|(?<![:'"\w])\/\/[^\n]*/g, '');

/**
 * Packages that compile Java or attach to a virtual machine when the program runs. Sources: the README of each: jasperreports, drools, reactor-tools,
 * blockhound, byte-buddy-agent, ebean-agent-loader, arthas, opentelemetry and elastic "runtime attach", janino is none.
 */
const KIT =
  /\b(?:jasperreports|drools-[a-z-]+|kie-[a-z-]+|reactor-tools|blockhound|byte-buddy-agent|ebean-agent-loader|arthas-[a-z-]+|[a-z-]*runtime-attach|apm-agent-attach|google-java-format|errorprone|java-allocation-instrumenter|tools\.jar)\b/;

function kitDependency(tree: FileTree, files: readonly string[]): Evidence | undefined {
  for (const file of files.filter((path) => /(?:^|\/)(?:pom\.xml|build\.gradle(?:\.kts)?|libs\.versions\.toml)$/.test(path))) {
    const read = tree.read(file);
    if (read.kind !== 'text') continue;
    const lines = withoutComments(
      file,
      read.text.replace(
        /<dependency>(?:(?!<\/dependency>)[\s\S])*<scope>\s*test\s*<\/scope>(?:(?!<\/dependency>)[\s\S])*<\/dependency>/g,
        '',
      ),
    ).split('\n');
    const at = lines.findIndex((line) => KIT.test(line) && !/^\s*test/i.test(line) && !/plugin/i.test(line));
    if (at !== -1) return { file, says: `depends on ${KIT.exec(lines[at] ?? '')?.[0]}, which may need a JDK when it runs` };
  }
  return undefined;
}
