// Room: ecosystems/node. How Node projects are laid out.
import type { Layout } from '../../runtime/entries.ts';

export const nodeLayout: Layout = {
  manifests: new Set(['package.json', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb']),
  compiled: /\.(ts|tsx|mts|cts|jsx)$/,
  compiledIn: /\.(?:ts|tsx|mts|cts)$/,
  sources: /\.[cm]?[jt]sx?$|^package(-lock)?\.json$/,
  loads: { file: /\.[cm]?js$/, text: /\b(?:require\(\s{0,5}|from\s{1,5}|import\s{0,5}\(?\s{0,5})['"]\.{1,2}\// },
};
