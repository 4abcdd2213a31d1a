// Room: ecosystems/java. The row of Maven: what its goals do, and its local repository.
import type { ShellCommand } from '../../dockerfile/types.ts';
import { buildsUnread } from '../../effects/rows/languages.ts';
import { programOf } from '../../effects/words.ts';
import type { CacheDir, CommandKind, PackageManager } from '../types.ts';

/** Where Maven keeps what it downloads. Two builds must not write to it at once: https://issues.apache.org/jira/browse/MNG-2802. */
const repository: CacheDir = {
  target: '~/.m2/repository',
  movedBy: [],
  option: '-Dmaven.repo.local',
  sharing: 'locked',
  source: 'https://maven.apache.org/guides/mini/guide-configuring-maven.html#configuring-your-local-repository',
};
const MOVES = /maven\.repo\.local|localRepository/;

/** Goals that download, and leave the project alone. Sources: maven.apache.org/plugins/maven-dependency-plugin; qaware/go-offline-maven-plugin. */
const DOWNLOADS =
  /^(?:(?:org\.apache\.maven\.plugins:maven-)?dependency(?:-plugin)?(?::[\d.]+)?:(?:go-offline|resolve|resolve-plugins)|de\.qaware\.maven:go-offline-maven-plugin(?::[\d.]+)?:resolve-dependencies)$/;
/** Goals that print or hand out where the local repository lies. */
const NAMES = /:build-classpath$|^help:|:properties$/;
/** Phases and goals that put the project itself into the local repository. */
const KEEPS = /^(?:install|deploy)(?::|$)/;
/** Options that take a value of their own. Source: `mvn --help`. */
const VALUED = new Set([
  '-s',
  '--settings',
  '-gs',
  '--global-settings',
  '-f',
  '--file',
  '-P',
  '--activate-profiles',
  '-pl',
  '--projects',
  '-T',
  '--threads',
  '-t',
  '--toolchains',
  '-l',
  '--log-file',
  '-D',
  '--define',
  '-b',
  '--builder',
  '-rf',
  '--resume-from',
]);

export interface MavenCommand {
  wrapper: boolean;
  goals: string[];
  options: { name: string; value: string | undefined }[];
}

/** Reads `mvn …` and `./mvnw …`; undefined: it is none, or a word of it is computed. */
export function mavenCommand(command: ShellCommand): MavenCommand | undefined {
  const program = programOf(command);
  if (program !== 'mvn' && program !== 'mvnw') return undefined;
  const read: MavenCommand = { wrapper: program === 'mvnw', goals: [], options: [] };
  const words = command.words.slice(1);
  for (let n = 0; n < words.length; n += 1) {
    const word = words[n]?.value ?? words[n]?.raw ?? '';
    if (!word.startsWith('-')) read.goals.push(word);
    else if (VALUED.has(word)) read.options.push({ name: word, value: words[(n += 1)]?.value });
    else read.options.push({ name: word.split('=')[0] ?? word, value: /=(.*)$/s.exec(word)?.[1] });
  }
  return read;
}

function classify(command: ShellCommand): CommandKind | undefined {
  const read = mavenCommand(command);
  if (!read) return undefined;
  const [first, ...others] = read.goals;
  if (first === undefined) return 'other';
  if ([first, ...others].every((goal) => DOWNLOADS.test(goal))) return 'download';
  return first === 'test' && others.length === 0 ? 'test' : 'build';
}

/** Settings that lie outside of the project, as `/usr/share/maven/ref/settings-docker.xml` of the image, may keep the repository anywhere. */
const foreignSettings = (command: ShellCommand): boolean =>
  mavenCommand(command)?.options.some(
    ({ name, value }) => /^(?:-s|--settings|-gs|--global-settings)$/.test(name) && !/^[\w.][\w./-]*$/.test(value ?? ''),
  ) ?? false;

/** The install reads the project in its working directory alone. */
function readsManifests(command: ShellCommand): boolean {
  const elsewhere = new Set(['-f', '--file', '-pl', '--projects', '-gs', '--global-settings', '-t', '--toolchains', '-am', '--also-make']);
  return !foreignSettings(command) && (mavenCommand(command)?.options.every(({ name }) => !elsewhere.has(name)) ?? false);
}

const settingsOf = (command: ShellCommand): string[] =>
  mavenCommand(command)?.options.flatMap(({ name, value }) =>
    (name === '-s' || name === '--settings') && value !== undefined ? [value] : [],
  ) ?? [];

const REPOSITORY = /^"?(?:~|\/root|\$HOME|\$\{HOME\})\/\.m2\/repository(?:\/|\/\*)?"?$/;

export const maven: PackageManager = {
  id: 'maven',
  ecosystem: 'java',
  manual: 'https://maven.apache.org/ref/current/maven-embedder/cli.html',
  programs: ['mvn', 'mvnw'],
  places: ['~/.m2'],
  manifests: ['pom.xml'],
  lockfiles: [],
  classify,
  effects: (call, kind) => (kind === 'download' ? undefined : buildsUnread(call)),
  caches: [repository],
  usesCache: (command) =>
    ['download', 'build', 'test'].includes(classify(command) ?? 'other') &&
    !foreignSettings(command) &&
    !mavenCommand(command)?.goals.some((goal) => NAMES.test(goal)),
  settings: { files: /(?:^|\/)(?:settings\.xml|\.mvn\/(?:maven|jvm)\.config)$/, moves: MOVES },
  cacheOff: ['MAVEN_OPTS', 'MAVEN_ARGS', 'JAVA_TOOL_OPTIONS'].map((name) => ({
    name,
    when: (value: string): boolean => MOVES.test(value),
  })),
  cacheOffOptions: [],
  clearsCache({ words: [program, ...rest] }) {
    const paths = rest.filter((word) => !word.raw.startsWith('-'));
    return program?.value === 'rm' && paths.length > 0 && paths.every((word) => REPOSITORY.test(word.raw));
  },
  keepsOwn: (command) => mavenCommand(command)?.goals.some((goal) => KEEPS.test(goal)) ?? false,
  runsFromCache: true,
  offline: { options: ['-o', '--offline'] },
  readsManifests,
  filesOf: settingsOf,
};
