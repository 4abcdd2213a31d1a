// Room: ecosystems/rust. Rust: cargo.
import type { Ecosystem } from '../door.ts';
import { builtBefore } from './cargo-run.ts';
import { rustFacts } from './facts.ts';
import { rustImages } from './images.ts';
import { rustIgnored } from './ignored.ts';
import { rustManagers } from './managers.ts';
import { rustRows } from './rows.ts';
import { splitRust } from './split.ts';
import { cargoTargetMount } from './target-cache.ts';

export const rust: Ecosystem = {
  id: 'rust',
  images: rustImages,
  managers: rustManagers,
  rows: rustRows,
  toolchain: ['cargo', 'rustc'],
  linksLibc: true,
  history: [
    {
      files: /(^|\/)Cargo\.toml$/,
      pattern: /^\s*["']?(vergen[\w-]*|built|git-version|shadow-rs|git-testament|build-info[\w-]*|rustc_tools_util|git2|gix)\b/m,
    },
    { files: /(^|\/)build\.rs$/, pattern: /\bgit\b|\bgit2::|\bgix::/ },
  ],
  project: rustFacts,
  ignored: rustIgnored,
  outputMount: cargoTargetMount,
  builtBefore,
  opens: true,
  split: splitRust,
};
