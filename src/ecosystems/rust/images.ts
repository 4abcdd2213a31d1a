// Room: ecosystems/rust. The official image of Rust.
import type { ImageRow } from '../../knowledge/types.ts';

export const rustImage: ImageRow = {
  repository: 'rust',
  cmd: ['bash'],
  interactive: true,
  path: '/usr/local/cargo/bin',
  env: { RUSTUP_HOME: '/usr/local/rustup', CARGO_HOME: '/usr/local/cargo' },
  versionEnv: 'RUST_VERSION',
  unknownEnv: ['RUST_VERSION'],
  source: 'rust-lang/docker-rust, Dockerfile-*.template',
  under: [{ tag: /(^|-)alpine/, cmd: ['/bin/sh'] }],
  tags: {
    slim: 'before-suite',
    slimSince: '1.25',
    // Rust 1.72.0 had a trixie tag for some days; it is left out
    suites: [
      ['1.37', 'buster'],
      ['1.55', 'bullseye'],
      ['1.72', 'bookworm'],
      ['1.89', 'trixie'],
    ],
    suiteTags: { buster: [['1.37', '1.60']], bullseye: [['1.51']], bookworm: [['1.67']], trixie: [['1.88']] },
  },
  programs: [
    { names: 'cargo rustc rustdoc rustup rust-gdb rust-lldb' },
    { names: 'gcc cc cpp ar ld strip nm objdump objcopy ranlib readelf strings update-ca-certificates openssl', variants: ['slim'] },
    { names: 'gcc cc cpp ar ld strip nm update-ca-certificates', variants: ['alpine'] },
  ],
  level: 'full',
  certificates: 'all',
  megabytes: { full: 1500, slim: 800, alpine: 900 },
};
export const rustImages: readonly ImageRow[] = [rustImage];
