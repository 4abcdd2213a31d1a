// Room: ecosystems/go. How Go modules are laid out. Source: go.dev "Organizing a Go module".
import type { Layout } from '../../runtime/entries.ts';

export const goLayout: Layout = {
  compiled: /\.go$|^go\.(mod|sum|work|work\.sum)$/,
  sourceDirs: new Set(['cmd', 'internal', 'pkg', 'vendor', 'api', 'tools', 'hack']),
  ending: '.go',
  sources: /\.go$|^go\.(mod|sum|work)$/,
};
