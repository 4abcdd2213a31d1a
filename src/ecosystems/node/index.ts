// Room: ecosystems/node. Node.js: npm, yarn, pnpm and bun.
import type { Ecosystem } from '../door.ts';
import { nodeFacts } from './facts.ts';
import { nodeImages } from './images.ts';
import { nodeIgnored } from './ignored.ts';
import { nodeManagers } from './managers.ts';
import { nodeOnSlim } from './on-slim.ts';
import { nodeRows, nodeWrappers } from './rows.ts';
import { splitNode } from './split.ts';
import { nodeEntry } from './starts.ts';

export const node: Ecosystem = {
  id: 'node',
  images: nodeImages,
  managers: nodeManagers,
  rows: nodeRows,
  wrappers: nodeWrappers,
  interprets: (program) => /^(node|bun|deno)$/.test(program),
  entry: nodeEntry,
  history: [{ path: 'next.config.js', pattern: /\bgit\b/ }],
  project: nodeFacts,
  ignored: nodeIgnored,
  onSlim: nodeOnSlim,
  split: splitNode,
};
