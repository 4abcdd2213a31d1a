// Room: ecosystems/rust. The row of cargo: manifests, lockfiles, caches, what each of its verbs does.
import type { ShellCommand } from '../../dockerfile/types.ts';
import type { CacheDir, CommandKind, PackageManager } from '../types.ts';
import { cargoBuild, cargoCommand } from './build.ts';

// CARGO_HOME is ~/.cargo unless set; the rust images set it to /usr/local/cargo.
const cargoHome = (part: string): CacheDir => ({
  target: `~/.cargo/${part}`,
  movedBy: [{ env: 'CARGO_HOME', suffix: `/${part}` }],
  source: 'https://doc.rust-lang.org/cargo/guide/cargo-home.html#caching-the-cargo-home-in-ci',
});

/** The directory of build output: a cache whose mount hides what was built, so that binaries must be copied out in the same RUN. Relative to the workspace's root. */
export const cargoTarget: CacheDir & { option: string; outputInside: true } = {
  target: 'target',
  movedBy: [{ env: 'CARGO_TARGET_DIR' }, { env: 'CARGO_BUILD_TARGET_DIR' }],
  option: '--target-dir',
  sharing: 'locked',
  source: 'https://doc.rust-lang.org/cargo/reference/build-cache.html',
  outputInside: true,
};

/** Source: `cargo --list` and the pages of https://doc.rust-lang.org/cargo/commands. */
const kinds: Readonly<Record<string, CommandKind>> = {
  build: 'build',
  b: 'build',
  rustc: 'build',
  doc: 'build',
  leptos: 'build',
  zigbuild: 'build',
  auditable: 'build',
  test: 'test',
  t: 'test',
  nextest: 'test',
  bench: 'test',
  check: 'test',
  c: 'test',
  clippy: 'test',
  run: 'run',
  r: 'run',
  watch: 'run',
  fetch: 'download',
  vendor: 'download',
};
const cached = new Set([...Object.keys(kinds), 'install', 'chef', 'update', 'generate-lockfile', 'metadata', 'tree', 'binstall']);
const withoutCache = new Set(['--version', '-V', '--help', '-h', '--list']);

function classify(command: ShellCommand): CommandKind | undefined {
  const found = cargoCommand(command);
  if (!found) return undefined;
  const verb = found.verb?.value ?? '';
  const values = found.rest.map((word) => word.value ?? '');
  if (verb === 'install') return values.some((v) => v === '--path' || v.startsWith('--path=')) ? 'build' : 'install-named';
  if (verb === 'binstall') return 'install-named';
  if (verb === 'chef') return values[0] === 'cook' ? 'install' : 'other';
  if (verb === 'cache')
    return values.some((v) => v === '-a' || v === '--autoclean' || v === '-r' || v === '--remove-dir') ? 'clean-cache' : 'other';
  return Object.hasOwn(kinds, verb) ? kinds[verb] : 'other';
}

const emptied =
  /^(?:~\/\.cargo|\/root\/\.cargo|\$HOME\/\.cargo|\/usr\/local\/cargo|\$CARGO_HOME|\$\{CARGO_HOME\})\/(?:registry|git)(?:\/(?:cache|src|index|db|checkouts))?(?:\/\*)?$/;

export const cargo: PackageManager = {
  id: 'cargo',
  ecosystem: 'rust',
  manual: 'https://doc.rust-lang.org/cargo',
  programs: ['cargo'],
  places: ['/usr/local/cargo', '~/.cargo'],
  // Source: doc.rust-lang.org/cargo/commands; github.com/LukeMathWalker/cargo-chef (prepare)
  inPlace: 'add chef fix fmt generate-lockfile init metadata new remove tree update'.split(' '),
  elsewhere: () => true,
  manifests: ['Cargo.toml'],
  lockfiles: ['Cargo.lock'],
  classify,
  caches: [cargoHome('registry'), cargoHome('git/db')],
  usesCache(command) {
    const found = cargoCommand(command);
    return (
      found?.verb?.value !== undefined &&
      cached.has(found.verb.value) &&
      !found.rest.some((word) => withoutCache.has(word.value ?? '')) &&
      !(found.verb.value === 'chef' && found.rest[0]?.value !== 'cook')
    );
  },
  cacheOff: [],
  cacheOffOptions: [],
  clearsCache(command) {
    if (cargoCommand(command)) return classify(command) === 'clean-cache';
    const [program, ...words] = command.words;
    const paths = words.filter((word) => !word.raw.startsWith('-')).map((word) => word.raw.replaceAll('"', '').replace(/(.)\/$/, '$1'));
    return program?.value === 'rm' && paths.length > 0 && paths.every((path) => emptied.test(path));
  },
  runsFromCache: true,
  offline: { options: ['--offline', '--frozen'], env: [{ name: 'CARGO_NET_OFFLINE' }] },
  crossTarget: (command) => cargoBuild(command)?.target,
};
export const rustManagers: readonly PackageManager[] = [cargo];

export { cargoBuild } from './build.ts';
