// Room: ecosystems/node. The project's own source files: not tests, not tools' configurations, not what was installed or built.
import type { Entry, FileRead, FileTree } from '../../context/types.ts';
import { isSkippedDirectory, walk } from '../../context/walk.ts';
import { onceEach, oncePer } from '../../once.ts';
import { unreadFile, type Unread } from '../unread.ts';
import { withoutComments } from './comments.ts';
import { valueImports, type Import } from './imports.ts';

export interface SourceFile {
  path: string;
  /** Without comments; every other character at its place. */
  text: string;
}
export interface Sources {
  files: SourceFile[];
  /** Why not all of them were read. */
  cut: Unread | undefined;
}

/** Bounds of one scan: a file of half a megabyte is a bundle, and twenty megabytes are more than people write. */
const maxFile = 512 * 1024;
const maxTotal = 20 * 1024 * 1024;

const testDirectories = new Set([
  'test',
  'tests',
  '__tests__',
  'spec',
  'specs',
  'e2e',
  'cypress',
  '__mocks__',
  '__fixtures__',
  'fixtures',
  'stories',
  '.storybook',
  '.github',
  'docs',
  'examples',
  'bench',
  'benchmarks',
]);
/** `system-test`, `integration_tests`: the kind of tests, and the word. */
const testDirectory = /^(?:system|integration|unit|smoke|acceptance|functional|load|perf|performance|e2e)[-_]?tests?$/;
const sourceFile = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;
/** What Node.js loads through a hook of the language, or what is compiled to what it loads: coffeescript.org, livescript.net, civet.dev, imba.io. */
const otherLanguage = /\.(?:coffee|litcoffee|ls|civet|imba)$/;
/** Directories of what is sent to browsers, by the names that people give them. */
const forBrowsers = /(?:^|\/)(?:public|static|assets|client|frontend|www|wwwroot)\//;
/** A bundle for Node.js loads a module of its own; one for browsers has none of these. Source: nodejs.org/api, child_process and fs. */
const forServers = /["'`](?:node:)?(?:child_process|fs(?:\/promises)?|net|cluster|worker_threads)["'`]/;
const notSource =
  /\.(?:test|spec|stories|story|e2e|e2e-spec|cy|bench|min|d)\.[cm]?[jt]sx?$|^\.pnp\.|^\.(?:eslintrc|prettierrc|mocharc|lintstagedrc)/;
const toolConfig =
  /^(?:vite|vitest|webpack|rollup|babel|postcss|tailwind|jest|eslint|prettier|playwright|cypress|tsup|tsdown|karma|commitlint|lint-staged|stylelint|metro|craco|esbuild|protractor|release|semantic-release|changelog|codegen|orval|knip|wallaby|nyc|husky|gulpfile|gruntfile|jest\.setup|vitest\.setup|setupTests)(?:\.[\w-]+){0,3}\.[cm]?[jt]sx?$/i;

/** Reads them all, once. `ignores`: what the ignore file hides is not in the image. */
export function readSources(tree: FileTree, dir: string, ignores: (path: string) => boolean): Sources {
  let cut: Unread | undefined;
  const all = (why: string): Unread => ({ file: dir, told: `Not all sources are read: ${why}` });
  const hidden = (entry: Entry): boolean => ignores(entry.path);
  const skip = (entry: Entry): boolean =>
    (isSkippedDirectory(entry) && !['build', 'vendor', 'target', 'out'].includes(entry.name)) ||
    testDirectories.has(entry.name) ||
    (entry.kind === 'dir' && testDirectory.test(entry.name)) ||
    (entry.kind === 'dir' && isOutput(tree, entry));
  const entries = walk(tree, dir, { skip, onCut: (why) => (cut ??= all(why)) });
  const files: SourceFile[] = [];
  let total = 0;
  for (const entry of entries) {
    const { kind, name, path } = entry;
    if (kind !== 'file' || notSource.test(name) || toolConfig.test(name) || hidden(entry)) continue;
    if (otherLanguage.test(name) && !forBrowsers.test(path)) cut ??= { file: path, told: `${path} is not read, since it is no JavaScript` };
    if (!sourceFile.test(name)) continue;
    // asked for here alone: most files of a context are no sources
    const { size } = entry;
    if (size <= maxFile) total += size;
    if (total > maxTotal) {
      cut = all(`they are larger than ${maxTotal / 1024 / 1024} MiB`);
      break;
    }
    const read = tree.read(path);
    if (read.kind !== 'text') cut ??= unreadFile(path, read.kind);
    else if (size <= maxFile) files.push(sourceOf(read)(path));
    else if (forServers.test(read.text)) cut ??= unreadFile(path, `larger than ${maxFile / 1024} KiB`);
  }
  return { files, cut };
}

/** A file is read once, whoever asks: its facts are kept by this object. */
const sourceOf = oncePer(({ text }: FileRead & { kind: 'text' }) =>
  onceEach((path: string): SourceFile => ({ path, text: withoutComments(text) })),
);

/** What a source imports as a value, in order. */
export const importsOf = oncePer((file: SourceFile): Import[] => valueImports(file.text));

/** A build output that lies in the context: `build` and `out` are also names of source directories, unless they hold compiled text alone. */
function isOutput(tree: FileTree, entry: Entry): boolean {
  if (!['build', 'out', 'target'].includes(entry.name)) return false;
  const names = (tree.list(entry.path) ?? []).map((one) => one.name);
  return names.some((name) => /\.js\.map$|^index\.html$|^asset-manifest\.json$|\.tsbuildinfo$|^static$/.test(name));
}
