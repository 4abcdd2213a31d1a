// Tests of ecosystems/rust: a package read from its files.
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../../src/context/memory.ts';
import { rustProject } from '../../../src/ecosystems/rust/project.ts';
import type { RustProject } from '../../../src/ecosystems/rust/types.ts';
import { costOf } from '../../cost.ts';

const manifest = '[package]\nname = "api"\nversion = "0.1.0"\nedition = "2021"\n';
const project = (files: Record<string, string>, dir = ''): RustProject => {
  const read = rustProject(memoryTree({ 'Cargo.toml': manifest, 'src/main.rs': 'fn main() {}', ...files }), dir);
  if (!read) throw new Error('no project');
  return read;
};
const lock = (...crates: [name: string, ...dependencies: string[]][]): string =>
  crates
    .map(
      ([name, ...dependencies]) =>
        `[[package]]\nname = "${name}"\nversion = "1.0.0"\n${name === 'api' ? '' : 'source = "registry+x"\n'}dependencies = [${dependencies.map((d) => `"${d}"`).join(', ')}]\n`,
    )
    .join('\n');
const libraries = (files: Record<string, string>): [string, string[], string | undefined][] =>
  project(files)
    .systemLibraries()
    .map((l) => [l.crate, l.debian, l.skip]);
const hits = (body: string, files: Record<string, string> = {}): [string, string | undefined][] =>
  project({ 'src/main.rs': body, ...files })
    .hits()
    .map((hit) => [hit.kind, hit.literal]);

describe('the package', () => {
  test('no manifest, or one that is no TOML, is no project', () => {
    expect(rustProject(memoryTree({}), '')).toBeUndefined();
    expect(rustProject(memoryTree({ 'Cargo.toml': '[package' }), '')).toBeUndefined();
  });
  test('its binaries: the package, listed ones, src/bin', () => {
    const p = project({
      'Cargo.toml': `${manifest}default-run = "api"\n[[bin]]\nname = "worker"\npath = "src/worker.rs"\n`,
      'src/bin/import.rs': '',
      'src/bin/export/main.rs': '',
      'src/bin/none/lib.rs': '',
    });
    expect([p.package, p.bins, p.defaultRun, p.hasLock]).toEqual(['api', ['worker', 'api', 'export', 'import'], 'api', false]);
  });
  test('a listed binary takes src/main.rs over', () =>
    expect(project({ 'Cargo.toml': `${manifest}[[bin]]\nname = "server"\npath = "src/main.rs"\n` }).bins).toEqual(['server']));
  test('autobins = false', () =>
    expect(project({ 'Cargo.toml': `${manifest}autobins = false\n[[bin]]\nname = "x"\npath = "x.rs"\n` }).bins).toEqual(['x']));
  test('a workspace: members by glob, their binaries', () => {
    const p = project({
      'Cargo.toml': '[workspace]\nmembers = ["crates/*", "tools/gen"]\nexclude = ["crates/old"]\n',
      'crates/a/Cargo.toml': '[package]\nname = "a"',
      'crates/a/src/main.rs': '',
      'crates/old/Cargo.toml': '[package]\nname = "old"',
      'crates/lib/Cargo.toml': '[package]\nname = "lib"',
      'tools/gen/Cargo.toml': '[package]\nname = "gen"',
      'tools/gen/src/main.rs': '',
    });
    expect([p.package, p.workspaceMembers, p.bins, p.binPackages?.get('gen')]).toEqual([
      undefined,
      ['crates/a', 'crates/lib', 'tools/gen'],
      ['a', 'gen'],
      'gen',
    ]);
  });
  test('build scripts, tests and examples of members are not what runs, whoever walks by', () => {
    const writes = 'fn main() { std::fs::write("x", std::env::var("A").unwrap()).unwrap(); }';
    const p = rustProject(
      memoryTree({
        'Cargo.toml': `${manifest}\n[workspace]\nmembers = ["workers"]`,
        'src/main.rs': 'fn main() {}',
        'workers/Cargo.toml': '[package]\nname = "workers"\nversion = "0.1.0"',
        'workers/build.rs': writes,
        'workers/tests/a.rs': writes,
        'workers/src/lib.rs': 'pub fn a() {}',
      }),
      '',
    );
    expect(p?.sources()).toEqual(['src/main.rs', 'workers/src/lib.rs']);
  });

  test('a member: the lock and the output are those of the workspace', () => {
    const p = project(
      { 'Cargo.toml': '[workspace]\nmembers = ["svc/*"]', 'Cargo.lock': '', 'svc/api/Cargo.toml': manifest, 'svc/api/src/main.rs': '' },
      'svc/api',
    );
    expect([p.package, p.hasLock, p.targetDir, p.bins]).toEqual(['api', true, '../../target', ['api']]);
  });
  test('.cargo/config.toml', () => {
    const p = project({ '.cargo/config.toml': '[build]\ntarget = "x86_64-unknown-linux-musl"\ntarget-dir = "out/rust"\n' });
    expect([p.buildTarget, p.targetDir]).toEqual(['x86_64-unknown-linux-musl', 'out/rust']);
  });
  test('manifests: lock, members, build scripts, toolchain; directories of path dependencies', () => {
    const m = project({
      'Cargo.toml': `${manifest}[dependencies]\nshared = { path = "./shared" }\n`,
      'Cargo.lock': '',
      'build.rs': '',
      'rust-toolchain.toml': '',
      'shared/src/lib.rs': '',
    }).manifests();
    expect('set' in m && [m.set.files, m.set.dirs]).toEqual([['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', 'build.rs'], ['shared']]);
  });
  test('a path dependency outside the context blocks', () =>
    expect(project({ 'Cargo.toml': `${manifest}[dependencies]\nx = { path = "../x" }\n` }).manifests()).toMatchObject({
      blocked: { skip: 'local-dependency' },
    }));
});

describe('what is linked', () => {
  const withDependencies = (text: string): string => `${manifest}[dependencies]\n${text}\n`;
  test('openssl of the system, or compiled in', () => {
    const files = { 'Cargo.toml': withDependencies('openssl = "1"') };
    expect(libraries({ ...files, 'Cargo.lock': lock(['api', 'openssl'], ['openssl', 'openssl-sys'], ['openssl-sys']) })).toEqual([
      ['openssl-sys', ['libssl3'], undefined],
    ]);
    expect(
      libraries({
        ...files,
        'Cargo.lock': lock(['api', 'openssl'], ['openssl', 'openssl-sys'], ['openssl-sys', 'openssl-src'], ['openssl-src']),
      }),
    ).toEqual([['openssl-sys', [], undefined]]);
  });
  test('sqlite: bundled has cc', () => {
    const files = { 'Cargo.toml': withDependencies('rusqlite = "1"') };
    expect(
      libraries({
        ...files,
        'Cargo.lock': lock(
          ['api', 'rusqlite'],
          ['rusqlite', 'libsqlite3-sys'],
          ['libsqlite3-sys', 'cc', 'pkg-config'],
          ['cc'],
          ['pkg-config'],
        ),
      }),
    ).toEqual([['libsqlite3-sys', [], undefined]]);
    expect(
      libraries({
        ...files,
        'Cargo.lock': lock(['api', 'rusqlite'], ['rusqlite', 'libsqlite3-sys'], ['libsqlite3-sys', 'pkg-config'], ['pkg-config']),
      }),
    ).toEqual([['libsqlite3-sys', ['libsqlite3-0'], undefined]]);
  });
  test('development and build dependencies are not linked', () =>
    expect(
      libraries({
        'Cargo.toml': `${manifest}[dev-dependencies]\npq-sys = "1"\n[build-dependencies]\nopenssl-sys = "1"\n[target.'cfg(windows)'.dependencies]\ncurl-sys = "1"\n[dependencies]\nserde = "1"\n`,
        'Cargo.lock': lock(['api', 'pq-sys', 'openssl-sys', 'curl-sys', 'serde'], ['pq-sys'], ['openssl-sys'], ['curl-sys'], ['serde']),
      }),
    ).toEqual([]));
  test('unknown bindings cannot be told, known ones without a library are left out', () =>
    expect(
      libraries({
        'Cargo.toml': withDependencies('a = "1"'),
        'Cargo.lock': lock(
          ['api', 'a'],
          ['a', 'strange-sys', 'zstd-sys', 'windows-sys', 'glib-sys'],
          ['strange-sys'],
          ['zstd-sys'],
          ['windows-sys'],
          ['glib-sys'],
        ),
      }),
    ).toEqual([
      ['glib-sys', [], 'rust-sys-dynamic'],
      ['strange-sys', [], 'rust-sys-dynamic'],
    ]));
  test('a renamed dependency', () =>
    expect(
      libraries({
        'Cargo.toml': withDependencies('pg = { package = "pq-sys", version = "1" }'),
        'Cargo.lock': lock(['api', 'pq-sys'], ['pq-sys']),
      }),
    ).toEqual([['pq-sys', ['libpq5'], undefined]]));
  test('without a lock nothing can be told', () =>
    expect(libraries({ 'Cargo.toml': withDependencies('openssl = "1"') })[0]?.[2]).toBe('rust-sys-dynamic'));
  test('certificates of the system', () => {
    const p = project({
      'Cargo.toml': withDependencies('reqwest = "1"'),
      'Cargo.lock': lock(['api', 'reqwest'], ['reqwest', 'native-tls'], ['native-tls']),
    });
    expect(p.systemCertificates()).toEqual({
      value: true,
      evidence: [{ file: 'Cargo.lock', line: 13, says: 'native-tls reads the system certificates' }],
    });
    expect(
      project({
        'Cargo.toml': withDependencies('ureq = "1"'),
        'Cargo.lock': lock(['api', 'ureq'], ['ureq', 'webpki-roots'], ['webpki-roots']),
      }).systemCertificates(),
    ).toMatchObject({ value: false });
    expect(project({ 'Cargo.toml': withDependencies('ureq = "1"') }).systemCertificates()).toHaveProperty('unknown');
    expect(project({}).systemCertificates()).toMatchObject({ value: false });
  });
  test('crates of the lock', () =>
    expect(project({ 'Cargo.lock': lock(['api'], ['serde']) }).crates()).toMatchObject({
      value: new Map([
        ['api', '1.0.0'],
        ['serde', '1.0.0'],
      ]),
    }));
});

describe('what the code touches', () => {
  test('files by literal, constant, or not', () =>
    expect(
      hits(
        'const P: &str = "conf.toml";\nfn main() { std::fs::read_to_string(P); tokio::fs::read("a.txt"); File::open(&path); fs::write("out.txt", x); }',
      ),
    ).toEqual([
      ['read', 'conf.toml'],
      ['read', 'a.txt'],
      ['read', undefined],
      ['write', 'out.txt'],
    ]));
  test('directories of web servers and templates', () =>
    expect(
      hits(
        'fn main() {\nServeDir::new("static");\nfs::Files::new("/s", "./public");\nTera::new("templates/**/*");\nFileServer::from(relative!("assets"));\nPath::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data"));\n}',
      ).map(([, literal]) => literal),
    ).toEqual(['static', './public', 'templates/**/*', 'assets', 'data']));
  test('programs, but not those of clap', () => {
    expect(hits('use std::process::Command;\nfn main() { Command::new("ffmpeg"); }')).toEqual([['spawn', 'ffmpeg']]);
    expect(hits('use clap::{Arg, Command};\nfn main() { Command::new("api"); }')).toEqual([]);
    expect(hits('use clap::Parser;\nfn main() { clap::Command::new("x"); tokio::process::Command::new(name); }')).toEqual([
      ['spawn', undefined],
    ]);
  });
  test('what the compiler reads is no hit', () =>
    expect(
      hits('fn main() { include_str!("../a.sql"); sqlx::migrate!("./migrations"); let x = include_bytes!("data/x.bin"); }', {
        'migrations/1.sql': '',
        'data/x.bin': '',
      }),
    ).toEqual([]));
  test('configuration files by name', () =>
    expect(hits('fn main() { Config::builder().add_source(File::with_name("config/default")); }', { 'config/default.yaml': '' })).toEqual([
      ['read', 'config/default.yaml'],
    ]));
  test('environment files, ports, temporary files, clients', () =>
    expect(
      hits(
        'fn main() { dotenvy::dotenv().ok(); bind("0.0.0.0:8080"); bind(("0.0.0.0", 80)); SocketAddr::from(([0, 0, 0, 0], 3000)); tempfile::tempdir(); reqwest::get(u); }',
      ),
    ).toEqual(
      expect.arrayContaining([
        ['env-file', '.env'],
        ['listen', '0.0.0.0:8080'],
        ['listen', ':80'],
        ['listen', ':3000'],
        ['temp', undefined],
        ['tls', undefined],
      ]),
    ));
  test('nothing in comments, strings and tests', () =>
    expect(
      hits(
        `// fs::read("a")\n/* /* fs::read("b") */ fs::read("c") */\nfn main<'a>() { let c = '"'; let s = r#"fs::read("d")"#; let t = "fs::read(x)"; }\n#[cfg(test)]\nmod tests { fn t() { std::fs::read("e"); let y = "src/main.rs"; } }\n`,
      ),
    ).toEqual([]));
  test('tests, examples and build scripts are not read', () =>
    expect(
      hits('fn main() {}', {
        'tests/a.rs': 'fs::read("a")',
        'examples/b.rs': 'fs::read("a")',
        'build.rs': 'fs::read("a")',
        'target/x.rs': 'fs::read("a")',
      }),
    ).toEqual([]));
});

describe('hostile content', () => {
  const quick = (files: Record<string, string>): void => {
    const cost = costOf(() => {
      const p = rustProject(memoryTree({ 'Cargo.toml': manifest, ...files }), '');
      p?.hits();
      p?.systemLibraries();
      p?.manifests();
    });
    expect(cost).toBeLessThan(150);
  };
  test('deep TOML', () => quick({ 'Cargo.toml': `a = ${'['.repeat(100_000)}` }));
  test('__proto__ keys', () => {
    quick({
      'Cargo.toml': `${manifest}[dependencies.__proto__]\nfeatures = ["x"]\n[target.__proto__.dependencies]\nx = 1\n`,
      'Cargo.lock': '[[package]]\nname = "__proto__"\ndependencies = ["constructor", "toString"]',
    });
    expect(({} as Record<string, unknown>)['features']).toBeUndefined();
  });
  test('wrong types', () =>
    quick({
      'Cargo.toml': 'package = 3\nbin = "x"\nworkspace = []\ndependencies = [1]\ntarget = 2',
      'Cargo.lock': 'package = [1, "x", {name = 3}]',
    }));
  test('many lock entries that depend on each other', () =>
    quick({
      'Cargo.toml': `${manifest}[dependencies]\nc0 = "1"\n`,
      'Cargo.lock': lock(
        ['api', 'c0'],
        ...Array.from({ length: 2000 }, (_, i): [string, ...string[]] => [`c${i}`, `c${(i + 1) % 2000}`, `c${(i + 7) % 2000}`]),
      ),
    }));
  test('long runs', () =>
    quick({
      'src/main.rs': `${'a::'.repeat(60_000)}\n${'fs::read('.repeat(30_000)}\n${'#'.repeat(60_000)}\n${"'".repeat(60_000)}\n${'/*'.repeat(60_000)}`,
    }));
  test('member patterns', () =>
    quick({
      'Cargo.toml': `[workspace]\nmembers = ["${'*'.repeat(20_000)}", "../x", "/", ""]`,
      [`${'a'.repeat(200)}/Cargo.toml`]: manifest,
    }));
});
