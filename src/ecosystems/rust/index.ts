// Room: ecosystems/rust. Rust: cargo.
import type { Ecosystem } from '../door.ts';
import { rustFacts } from './facts.ts';
import { rustImages } from './images.ts';
import { rustIgnored } from './ignored.ts';
import { rustManagers } from './managers.ts';
import { splitRust } from './split.ts';
import { cargoTargetMount } from './target-cache.ts';

export const rust: Ecosystem = {
  id: 'rust',
  images: rustImages,
  managers: rustManagers,
  toolchain: ['cargo', 'rustc'],
  linksLibc: true,
  history: [
    { path: 'Cargo.toml', pattern: /\b(vergen|built|git-version|shadow-rs|git-testament|build-info)\b/ },
    { path: 'build.rs', pattern: /\bgit\b/ },
  ],
  project: rustFacts,
  ignored: rustIgnored,
  outputMount: cargoTargetMount,
  split: splitRust,
};
