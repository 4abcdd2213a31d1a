// Room: test of ecosystems/node. The closed set of files that an install reads.
import { describe, expect, it } from 'vitest';
import { project } from './sample.ts';
import type { NodeProject } from '../../../src/ecosystems/node/types.ts';

function set(given: NodeProject, manager = 'npm'): { files: string[]; dirs: string[]; scripts: boolean } | string {
  const found = given.manifests(manager);
  return 'set' in found ? { files: found.set.files, dirs: found.set.dirs, scripts: found.set.scripts } : found.blocked.skip;
}
const lifecycle = (text: string, files: Record<string, string> = {}, name = 'prepare'): ReturnType<typeof set> =>
  set(project({ scripts: { [name]: text, build: 'tsc' } }, files));
const only = (...files: string[]): object => ({ files, dirs: [], scripts: false });

describe('files of each manager', () => {
  it('npm: manifest, lock, settings', () => {
    expect(set(project({}, { 'package-lock.json': '{}', '.npmrc': '', 'yarn.lock': '', 'src/a.js': '' }))).toEqual(
      only('package.json', 'package-lock.json', '.npmrc'),
    );
  });
  it('npm reads yarn.lock where it has no lock of its own', () => {
    expect(set(project({}, { 'yarn.lock': '' }))).toEqual(only('package.json', 'yarn.lock'));
  });
  it('leaves out what the ignore file hides', () => {
    expect(set(project({}, { 'package-lock.json': '{}' }, (path) => path === 'package-lock.json'))).toEqual(only('package.json'));
    expect(set(project({}, {}, () => true))).toBe('manifest-missing');
  });
  it('yarn 1 with its own program and an offline mirror', () => {
    const files = {
      'yarn.lock': '# yarn lockfile v1',
      '.yarnrc': 'yarn-path ".yarn/releases/yarn-1.js"\nyarn-offline-mirror "./mirror"\n',
      '.yarn/releases/yarn-1.js': '',
      'mirror/a.tgz': '',
    };
    expect(set(project({}, files), 'yarn')).toEqual({
      files: ['package.json', 'yarn.lock', '.yarnrc', '.yarn/releases/yarn-1.js'],
      dirs: ['mirror'],
      scripts: false,
    });
  });
  it('yarn 4', () => {
    const files = {
      'yarn.lock': '__metadata:\n',
      '.yarnrc.yml': 'yarnPath: .yarn/releases/yarn-4.cjs\n',
      '.yarn/releases/yarn-4.cjs': '',
      '.yarn/plugins/a.cjs': '',
      '.yarn/sdks/x': '',
      '.pnp.cjs': '',
    };
    expect(set(project({ scripts: { prepare: 'tsc' } }, files), 'yarn')).toEqual({
      files: ['package.json', 'yarn.lock', '.yarnrc.yml', '.pnp.cjs'],
      dirs: ['.yarn/plugins', '.yarn/releases'],
      scripts: false,
    });
  });
  it('pnpm with patches', () => {
    const files = {
      'pnpm-lock.yaml': '',
      'pnpm-workspace.yaml': 'patchedDependencies:\n  a@1.0.0: patches/a.patch\n',
      'patches/a.patch': '',
    };
    expect(set(project({}, files), 'pnpm')).toEqual(only('package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'patches/a.patch'));
  });
  it('pnpm with a hook that reads the project', () => {
    expect(set(project({}, { '.pnpmfile.cjs': "require('./scripts/x')" }), 'pnpm')).toBe('root-lifecycle-script');
    expect(set(project({}, { '.pnpmfile.cjs': 'module.exports = {}' }), 'pnpm')).toEqual(only('package.json', '.pnpmfile.cjs'));
  });
  it('bun', () => {
    expect(
      set(project({ patchedDependencies: { a: 'patches/a.patch' } }, { 'bun.lock': '', 'bunfig.toml': '', 'patches/a.patch': '' }), 'bun'),
    ).toEqual(only('package.json', 'bun.lock', 'bunfig.toml', 'patches/a.patch'));
  });
});

describe('lifecycle scripts', () => {
  const open = (...files: string[]): object => ({ files: ['package.json', ...files], dirs: [], scripts: true });
  // Hard case 01: husky is a development dependency, and runs without .git.
  it.each([
    'husky',
    'husky install',
    'is-ci || husky install',
    '[ -n "$CI" ] || husky',
    'husky || true',
    'npx husky',
    'lefthook install',
    'simple-git-hooks',
    'npx only-allow pnpm',
    'npx -y only-allow npm',
    'ngcc',
    'echo hi',
    'opencollective-postinstall || true',
    'cross-env CI=1 husky',
    'exit 0',
  ])('%s runs with the manifests alone', (text) => {
    expect(lifecycle(text)).toEqual(open());
  });
  // Hard case 02: the postinstall builds.
  it.each([
    'npm run build',
    'tsc',
    'nuxt prepare',
    'nx build',
    'turbo run build',
    'lerna bootstrap',
    'svelte-kit sync',
    'panda codegen',
    'electron-builder install-app-deps',
    'husky && npm run build',
    'sh scripts/x.sh',
    'node scripts/none.js',
    'for x in a; do y; done',
    'yarn build',
    'lefthook run x',
    'node -e "1"',
  ])('%s needs sources', (text) => {
    expect(lifecycle(text, {}, 'postinstall')).toBe('root-lifecycle-script');
  });
  it('follow npm run', () => {
    expect(set(project({ scripts: { prepare: 'npm run hooks', hooks: 'husky' } }))).toEqual(open());
    expect(set(project({ scripts: { prepare: 'npm run hooks', prehooks: 'tsc', hooks: 'husky' } }))).toBe('root-lifecycle-script');
    expect(set(project({ scripts: { prepare: 'npm run prepare' } }))).toBe('root-lifecycle-script');
  });
  it('copy a file of node core alone', () => {
    expect(
      lifecycle('node ./scripts/check', {
        'scripts/check.js': "const os = require('os');\n// require('./x')\nif (os.platform() === 'x') process.exit(1);",
      }),
    ).toEqual(open('scripts/check.js'));
    expect(lifecycle('node ./scripts/check.js', { 'scripts/check.js': "require('./x')" })).toBe('root-lifecycle-script');
    expect(lifecycle('node ./scripts/check.js', { 'scripts/check.js': "require('fs').writeFileSync('x', '')" })).toBe(
      'root-lifecycle-script',
    );
    expect(lifecycle('node ../check.js')).toBe('root-lifecycle-script');
  });
  it('do not run with ignore-scripts', () => {
    expect(lifecycle('tsc', { '.npmrc': 'ignore-scripts=true\n' })).toEqual({
      files: ['package.json', '.npmrc'],
      dirs: [],
      scripts: false,
    });
  });
  it('say where they stand', () => {
    const found = project({ scripts: { postinstall: 'npm run build', build: 'tsc' } }).manifests('npm');
    expect(found).toMatchObject({
      blocked: {
        skip: 'root-lifecycle-script',
        message: 'Install runs `postinstall: npm run build`, which needs project sources',
        evidence: [{ file: 'package.json', line: 3 }],
      },
    });
  });
});

describe('patches, prisma, addons', () => {
  it('copies patches/', () => {
    expect(set(project({ scripts: { postinstall: 'patch-package' } }, { 'patches/a.patch': '' }))).toEqual({
      files: ['package.json'],
      dirs: ['patches'],
      scripts: true,
    });
    expect(set(project({ devDependencies: { 'patch-package': '^8' } }, { 'patches/a.patch': '' }))).toMatchObject({
      dirs: ['patches'],
      scripts: false,
    });
  });
  it('copies the schema of prisma', () => {
    const schema = { 'prisma/schema.prisma': 'generator client {\n  provider = "prisma-client-js"\n}\n' };
    expect(set(project({ dependencies: { '@prisma/client': '^5' } }, schema))).toMatchObject({ dirs: ['prisma'], scripts: false });
    expect(set(project({ scripts: { postinstall: 'prisma generate' } }, schema))).toMatchObject({ dirs: ['prisma'], scripts: true });
    expect(set(project({ scripts: { postinstall: 'npx prisma generate --schema=./db/x.prisma' } }, { 'db/x.prisma': '' }))).toMatchObject({
      files: ['package.json', 'db/x.prisma'],
    });
    expect(set(project({ scripts: { postinstall: 'prisma generate' } }))).toBe('root-lifecycle-script');
    expect(
      set(
        project(
          { scripts: { postinstall: 'prisma generate' } },
          { 'prisma/schema.prisma': 'generator x {\n  provider = "ts-node ./gen.ts"\n}' },
        ),
      ),
    ).toBe('root-lifecycle-script');
    expect(
      set(project({ scripts: { postinstall: 'prisma generate' } }, { ...schema, 'prisma.config.ts': "import { x } from './src/env';" })),
    ).toBe('root-lifecycle-script');
  });
  it('refuses binding.gyp', () => {
    expect(set(project({}, { 'binding.gyp': '{}' }))).toBe('root-lifecycle-script');
  });
});

describe('local dependencies', () => {
  it.each([
    ['file:./lib', { files: ['package.json'], dirs: ['lib'], scripts: false }],
    ['link:./lib', { files: ['package.json', 'lib/package.json'], dirs: [], scripts: false }],
    ['file:lib/x.tgz', { files: ['package.json', 'lib/x.tgz'], dirs: [], scripts: false }],
    ['patch:a@npm%3A1.0.0#~/lib/x.tgz', { files: ['package.json', 'lib/x.tgz'], dirs: [], scripts: false }],
    ['^1.0.0', { files: ['package.json'], dirs: [], scripts: false }],
    ['github:a/b', { files: ['package.json'], dirs: [], scripts: false }],
    ['file:../outside', 'local-dependency'],
    ['file:.', 'local-dependency'],
    ['file:/abs', 'local-dependency'],
    ['file:none', 'local-dependency'],
    ['exec:./x.js', 'local-dependency'],
  ])('%s', (range, expected) => {
    expect(set(project({ dependencies: { a: range } }, { 'lib/package.json': '{}', 'lib/x.tgz': '' }))).toEqual(expected);
  });
  it('are found in overrides', () => {
    expect(set(project({ overrides: { a: { b: 'file:../x' } } }))).toBe('local-dependency');
  });
});

describe('workspaces', () => {
  const members = {
    'packages/a/package.json': '{"name":"a"}',
    'packages/b/package.json': '{"name":"b","dependencies":{"a":"*"}}',
    'packages/none/x': '',
    'apps/web/package.json': '{}',
    'apps/web/node_modules/x/package.json': '{}',
  };
  it('copies the manifests of the members', () => {
    expect(set(project({ workspaces: ['packages/*', './apps/web'] }, members))).toEqual(
      only('package.json', 'apps/web/package.json', 'packages/a/package.json', 'packages/b/package.json'),
    );
    expect(set(project({ workspaces: { packages: ['**', '!packages/b'] } }, members))).toEqual(
      only('package.json', 'apps/web/package.json', 'packages/a/package.json'),
    );
    expect(set(project({}, { ...members, 'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\n" }), 'pnpm')).toEqual(
      only('package.json', 'pnpm-workspace.yaml', 'packages/a/package.json', 'packages/b/package.json'),
    );
  });
  it('runs the lifecycle scripts of members too', () => {
    expect(set(project({ workspaces: ['packages/*'] }, { 'packages/a/package.json': '{"scripts":{"prepare":"tsc"}}' }))).toBe(
      'root-lifecycle-script',
    );
  });
  it('needs a member’s program', () => {
    const files = { 'packages/a/package.json': '{"name":"@x/a","bin":{"gen":"gen.js"}}' };
    expect(set(project({ workspaces: ['packages/*'], scripts: { build: 'gen && tsc' } }, files))).toBe('workspace-bin');
    expect(set(project({ workspaces: ['packages/*'], scripts: { build: 'tsc' } }, files))).toEqual(
      only('package.json', 'packages/a/package.json'),
    );
  });
  it('does not guess at globs', () => {
    expect(set(project({ workspaces: ['{a,b}/*'] }))).toBe('workspace-layout-unknown');
    expect(set(project({ workspaces: ['../x'] }))).toBe('workspace-layout-unknown');
  });
  it('finds the lock of the root for a member', async () => {
    const { memoryTree } = await import('../../../src/context/memory.ts');
    const { nodeProject } = await import('../../../src/ecosystems/node/project.ts');
    const tree = memoryTree({ 'package.json': '{"workspaces":["packages/*"]}', 'package-lock.json': '{}', ...members });
    expect(nodeProject(tree, 'packages/a')?.lockfiles).toEqual([{ manager: 'npm', path: 'package-lock.json' }]);
    expect(nodeProject(tree, 'apps/web')?.lockfiles).toEqual([]);
    expect(nodeProject(tree, '')?.members).toEqual(['packages/a', 'packages/b']);
  });
});
