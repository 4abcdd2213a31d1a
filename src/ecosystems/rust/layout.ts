// Room: ecosystems/rust. How Cargo packages are laid out. Source: The Cargo Book, "Package layout".
import type { Layout } from '../../runtime/entries.ts';

export const rustLayout: Layout = {
  compiled: /\.rs$|^cargo\.(toml|lock)$/,
  sourceDirs: new Set(['crates', 'target', 'tests', 'examples']),
  ending: '.rs',
  sources: /\.rs$|^Cargo\.(toml|lock)$/,
};
