// Room: ecosystems/go. The row of the go command: manifests, lockfiles, caches, what each of its verbs does.
import type { ShellCommand } from '../../dockerfile/types.ts';
import type { CacheDir, CommandKind, PackageManager } from '../types.ts';
import { goCommand } from './build.ts';
import { toolName } from './rows.ts';

export const goModuleCache: CacheDir = {
  // GOPATH is ~/go unless set; the golang images set it to /go.
  target: '~/go/pkg/mod',
  movedBy: [{ env: 'GOMODCACHE' }, { env: 'GOPATH', suffix: '/pkg/mod' }],
  source: 'https://go.dev/ref/mod#module-cache',
};
export const goBuildCache: CacheDir = {
  target: '~/.cache/go-build',
  movedBy: [{ env: 'GOCACHE' }, { env: 'XDG_CACHE_HOME', suffix: '/go-build' }],
  source: 'https://pkg.go.dev/cmd/go#hdr-Build_and_test_caching',
};

/** Source: `go help`. */
const kinds: Readonly<Record<string, CommandKind>> = {
  build: 'build',
  generate: 'build',
  test: 'test',
  vet: 'test',
  run: 'run',
  tool: 'run',
};
const cached = new Set(['build', 'install', 'run', 'test', 'vet', 'generate', 'get', 'list', 'tool', 'fix']);

interface Verb {
  verb: string;
  second: string;
  operands: string[];
  flags: string[];
}
function verbOf(command: ShellCommand): Verb | undefined {
  const values = goCommand(command)
    ?.words.slice(1)
    .map((word) => word.value ?? '');
  if (!values) return undefined;
  // `go -C dir build` is not Go's syntax (-C stands behind the verb), so the verb is the first word.
  const [verb = '', ...rest] = values;
  return {
    verb,
    second: rest[0] ?? '',
    operands: rest.filter((v) => !v.startsWith('-')),
    flags: rest.filter((v) => v.startsWith('-')).map((v) => v.replace(/^--?/, '')),
  };
}

function classify(command: ShellCommand): CommandKind | undefined {
  const found = verbOf(command);
  if (!found) return undefined;
  const { verb, second, operands, flags } = found;
  // with words (`all`, a module) the download writes sums to go.sum: go.dev/ref/mod#go-mod-download, golang/go#46214
  if (verb === 'mod') return second === 'download' ? (operands.length > 1 ? 'install-named' : 'download') : 'other';
  // `go get` and `go install` with versions name packages; without, they read the module's sources.
  if (verb === 'install') return operands.some((o) => o.includes('@')) ? 'install-named' : 'build';
  if (verb === 'get') return operands.length > 0 && operands.every((o) => !o.startsWith('.')) ? 'install-named' : 'build';
  if (verb === 'clean') return flags.some((f) => /^(?:mod|test|fuzz)?cache$/.test(f)) ? 'clean-cache' : 'other';
  return Object.hasOwn(kinds, verb) ? kinds[verb] : 'other';
}

const usesModules = ({ verb, second }: Verb): boolean =>
  cached.has(verb) || (verb === 'mod' && ['download', 'tidy', 'vendor', 'verify', 'why', 'graph'].includes(second));

/** The caches that one command fills: only a compiling command fills the build cache. */
export function goCaches(command: ShellCommand): CacheDir[] {
  const found = verbOf(command);
  if (!found || !usesModules(found)) return [];
  if (found.flags.includes('mod=vendor')) return [goBuildCache];
  return ['build', 'install', 'run', 'test', 'vet', 'tool'].includes(found.verb) ? [goModuleCache, goBuildCache] : [goModuleCache];
}

const emptied =
  /^(?:\/go|~\/go|\/root\/go|\$GOPATH|\$\{GOPATH\}|\$HOME\/go)\/pkg(?:\/mod)?(?:\/cache)?(?:\/\*)?$|^(?:~|\/root|\$HOME)\/\.cache\/go-build(?:\/\*)?$/;

export const go: PackageManager = {
  id: 'go',
  ecosystem: 'go',
  manual: 'https://pkg.go.dev/cmd/go',
  programs: ['go'],
  // Source: `go help mod`, `go help work`, `go help fmt`
  inPlace: ['mod', 'work', 'fmt'],
  places: ['/go', '~/go', '~/.cache/go-build'],
  elsewhere: (command) => verbOf(command)?.verb === 'install',
  manifests: ['go.mod', 'go.work'],
  lockfiles: ['go.sum', 'go.work.sum'],
  classify,
  caches: [goModuleCache, goBuildCache],
  usesCache: (command) => goCaches(command).length > 0,
  cachesOf: goCaches,
  cacheOff: [],
  cacheOffOptions: [],
  clearsCache(command) {
    const found = verbOf(command);
    if (found)
      return (
        found.verb === 'clean' &&
        found.operands.length === 0 &&
        found.flags.length > 0 &&
        found.flags.every((f) => /^(?:(?:mod|test|fuzz)?cache|x|i|r)$/.test(f)) &&
        found.flags.some((f) => f.endsWith('cache'))
      );
    const [program, ...words] = command.words;
    const paths = words.filter((word) => !word.raw.startsWith('-')).map((word) => word.raw.replaceAll('"', '').replace(/(.)\/$/, '$1'));
    return program?.value === 'rm' && paths.length > 0 && paths.every((path) => emptied.test(path));
  },
  runsFromCache: true,
  offline: { env: [{ name: 'GOPROXY', value: 'off' }] },
  // https://go.dev/ref/mod#build-commands: with -mod=vendor nothing is downloaded
  brought: {
    options: ['-mod=vendor', '-mod', '-modfile'],
    env: [
      { name: 'GOPROXY', value: 'off' },
      { name: 'GOFLAGS', value: '-mod=vendor' },
    ],
  },
  // https://pkg.go.dev/cmd/go#hdr-Environment_variables: for the compiler alone
  buildVariables:
    /^(CGO_|GO(OS|ARCH|ARM|ARM64|AMD64|386|MIPS|MIPS64|PPC64|RISCV64|WASM|EXPERIMENT|CACHE|GC|LDFLAGS|MAXPROCS|GCFLAGS)$|CC$|CXX$|AR$|PKG_CONFIG)/,
  readsManifests: true,
  downloadCommand: 'go mod download',
  tools: (command) =>
    verbOf(command)?.verb !== 'mod' && classify(command) === 'install-named' ? command.words.map((word) => toolName(word.value ?? '')) : [],
};
export const goManagers: readonly PackageManager[] = [go];

export { cgoForced, goBuild, stripFlags, tagsOf } from './build.ts';
