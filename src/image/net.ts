// Room: image/. What the instructions of the build stage leave in the image, taken together.
import type { FileFacts, InstructionFacts } from './types.ts';

/** A file of the finished image that the build stage wrote. */
export interface NetFile {
  fact: FileFacts;
  /** Of the instruction that wrote it last. */
  line: number;
  /** It lies over one that was there before. */
  over: boolean;
}
export interface Net {
  files: Map<string, NetFile>;
  /** What was there before and is gone, with the line that removed it. */
  removed: Map<string, number>;
  /** Bytes that a later instruction replaced or removed. */
  replaced: number;
}

/** Lays the layers of these instructions one over the other. */
export function netOf(instructions: readonly InstructionFacts[]): Net {
  const net: Net = { files: new Map(), removed: new Map(), replaced: 0 };
  const children: Children = new Map();
  for (const { line, added, changed, removed } of instructions) {
    for (const path of removed) {
      const over = net.files.get(path)?.over ?? true;
      drop(net, children, path);
      if (over) net.removed.set(path, line);
    }
    for (const fact of added) put(net, children, { fact, line, over: net.removed.has(fact.path) });
    for (const fact of changed) put(net, children, { fact, line, over: true });
  }
  return net;
}

/** Of a directory: what the instructions wrote in it. */
type Children = Map<string, Set<string>>;

function put(net: Net, children: Children, file: NetFile): void {
  const { path, kind } = file.fact;
  const before = net.files.get(path);
  if (before && (before.fact.kind !== 'dir' || kind !== 'dir')) drop(net, children, path);
  net.files.set(path, { ...file, over: before?.over ?? file.over });
  net.removed.delete(path);
  for (let at = path; at !== '';) {
    const above = at.slice(0, at.lastIndexOf('/'));
    const known = children.get(above);
    if (known?.has(at)) return;
    if (known) known.add(at);
    else children.set(above, new Set([at]));
    at = above;
  }
}

function drop(net: Net, children: Children, path: string): void {
  for (const child of children.get(path) ?? []) drop(net, children, child);
  children.delete(path);
  const own = net.files.get(path);
  if (own?.fact.kind === 'file') net.replaced += own.fact.size;
  net.files.delete(path);
}
