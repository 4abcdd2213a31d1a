// Tests of ecosystems/rust: commands.
import { describe, expect, test } from 'vitest';
import type { ShellCommand } from '../../../src/dockerfile/types.ts';
import { parseShell } from '../../../src/dockerfile/shell.ts';
import { cargo, cargoBuild } from '../../../src/ecosystems/rust/managers.ts';

const command = (text: string): ShellCommand => parseShell(text).seen[0] as ShellCommand;

describe('what a cargo command does', () => {
  test.each([
    ['cargo build --release', 'build'],
    ['cargo +nightly b', 'build'],
    ['cargo --locked build', 'build'],
    ['/usr/local/cargo/bin/cargo build', 'build'],
    ['cargo install --path .', 'build'],
    ['cargo install diesel_cli --no-default-features', 'install-named'],
    ['cargo fetch --locked', 'download'],
    ['cargo test', 'test'],
    ['cargo clippy -- -D warnings', 'test'],
    ['cargo run --release', 'run'],
    ['cargo chef cook --release --recipe-path recipe.json', 'install'],
    ['cargo clean', 'other'],
    ['rustup target add x', undefined],
  ])('%s', (text, kind) => expect(cargo.classify(command(text))).toBe(kind));
  test('the cache', () => {
    expect(cargo.usesCache(command('cargo build'))).toBe(true);
    expect(cargo.usesCache(command('cargo --version'))).toBe(false);
    expect(cargo.clearsCache(command('rm -rf $CARGO_HOME/registry /usr/local/cargo/git'))).toBe(true);
    expect(cargo.clearsCache(command('rm -rf target'))).toBe(false);
  });
});

describe('cargo build', () => {
  test('its options', () =>
    expect(
      cargoBuild(
        command(
          'SQLX_OFFLINE=true cargo build -r --locked --bin=api -p server --target x86_64-unknown-linux-musl --features a,b -F "c d" --no-default-features',
        ),
      ),
    ).toMatchObject({
      release: true,
      bin: 'api',
      package: 'server',
      target: 'x86_64-unknown-linux-musl',
      locked: true,
      features: ['a', 'b', 'c', 'd'],
      defaultFeatures: false,
      env: { SQLX_OFFLINE: 'true' },
      installPath: undefined,
    }));
  test('debug, profiles', () => {
    expect(cargoBuild(command('cargo build'))).toMatchObject({ release: false, profile: undefined });
    expect(cargoBuild(command('cargo build --profile dist'))).toMatchObject({ release: false, profile: 'dist' });
  });
  test('cargo install of the project', () =>
    expect(cargoBuild(command('cargo install --path ./server --root /out'))).toMatchObject({
      installPath: './server',
      root: '/out',
      release: true,
    }));
  test('computed values are named', () =>
    expect(cargoBuild(command('cargo build --release --bin $NAME --package=$P'))).toMatchObject({
      bin: undefined,
      computed: ['--bin', '--package'],
    }));
  test('other commands are none', () => {
    expect(cargoBuild(command('cargo install ripgrep'))).toBeUndefined();
    expect(cargoBuild(command('cargo test'))).toBeUndefined();
    expect(cargoBuild(command('make build'))).toBeUndefined();
  });
});
