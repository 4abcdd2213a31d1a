// Room: ecosystems/java. The row of Gradle: what its tasks do.
import type { ShellCommand } from '../../dockerfile/types.ts';
import { buildsUnread } from '../../effects/rows/languages.ts';
import { programOf } from '../../effects/words.ts';
import type { CommandKind, PackageManager } from '../types.ts';

/** Options that take a value of their own. Source: docs.gradle.org, "Command-Line Interface". */
const VALUED = new Set(
  '-p --project-dir -x --exclude-task -g --gradle-user-home -I --init-script -b --build-file -c --settings-file --max-workers --warning-mode --console --priority --include-build -F --dependency-verification -M --write-verification-metadata --tests --project-cache-dir'.split(
    ' ',
  ),
);

/** The tasks of `gradle …` and `./gradlew …`; undefined: it is none. */
function tasksOf(command: ShellCommand): string[] | undefined {
  const program = programOf(command);
  if (program !== 'gradle' && program !== 'gradlew') return undefined;
  const tasks: string[] = [];
  const words = command.words.slice(1).map(({ value, raw }) => value ?? raw);
  for (let n = 0; n < words.length; n += 1) {
    const word = words[n] ?? '';
    if (VALUED.has(word)) n += 1;
    else if (!word.startsWith('-')) tasks.push(word);
  }
  return tasks;
}

/** Tasks that look at the project, and download what they look at. */
const DOWNLOADS = /(?:^|:)(?:dependencies|resolveDependencies|downloadDependencies|help|tasks|properties|projects|wrapper|--version)$/;
const TESTS = /(?:^|:)(?:test|check|integrationTest)$/;

function classify(command: ShellCommand): CommandKind | undefined {
  const tasks = tasksOf(command);
  if (!tasks) return undefined;
  if (tasks.length === 0) return 'other';
  if (tasks.every((task) => DOWNLOADS.test(task))) return 'download';
  return tasks.every((task) => TESTS.test(task)) ? 'test' : 'build';
}

export const gradle: PackageManager = {
  id: 'gradle',
  ecosystem: 'java',
  manual: 'https://docs.gradle.org/current/userguide/command_line_interface.html',
  programs: ['gradle', 'gradlew'],
  places: ['~/.gradle'],
  manifests: ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'],
  lockfiles: [],
  classify,
  effects: buildsUnread,
  caches: [],
  usesCache: () => false,
  cacheOff: [],
  cacheOffOptions: [],
  clearsCache: () => false,
  runsFromCache: true,
};
