// Room: observe/. What each instruction of the Dockerfile did: the layers of its image, put beside the image's history.
import type { FileFacts, InstructionFacts, NotSeen } from '../image/types.ts';
import type { WholeImage } from '../verify/image/image.ts';
import type { Inode, LayerEntry } from '../verify/image/layers.ts';
import type { HistoryEntry } from '../verify/image/manifest.ts';
import { packagesIn } from './os-packages.ts';

/** What is known of the image below the first instruction. */
export interface Below {
  history: number;
  /** ONBUILD triggers of the base, which make history before the first instruction. */
  onBuild: number;
}
export interface Instruction {
  line: number;
  keyword: string;
  text: string;
}

/**
 * What the layer of each instruction added, changed and removed. In: the image, what lies below its instructions, the instructions, and who owns a
 * file. Not seen where history and instructions do not agree: a builder that squashes layers, or writes another history.
 */
export function instructionFacts(
  whole: WholeImage,
  below: Below,
  instructions: readonly Instruction[],
  ownerOf: (path: string) => string | undefined,
): InstructionFacts[] | NotSeen {
  const told = whole.history.filter(({ empty }) => !empty).length;
  if (told !== whole.layers.length) return { unknown: `the image's history names ${told} layers, and it has ${whole.layers.length}` };
  const history = whole.history.slice(below.history + below.onBuild);
  if (history.length !== instructions.length)
    return { unknown: `the image's history has ${history.length} steps for ${instructions.length} instructions` };
  const other = instructions.findIndex(({ keyword }, i) => !isStepOf(keyword, history[i]));
  if (other >= 0) return { unknown: `the image's history does not name the instruction of line ${instructions[other]?.line}` };
  const system = new FileSystem();
  const layers = [...whole.layers];
  const first = whole.history.slice(0, below.history + below.onBuild).filter(({ empty }) => !empty).length;
  for (const { entries } of layers.splice(0, first)) system.apply(entries);
  return instructions.map(({ line, keyword, text }, i) => {
    const layer = history[i]?.empty ? undefined : layers.shift();
    const packages = system.packages;
    const { added, changed, removed } = system.apply(layer?.entries ?? []);
    const facts = (paths: readonly string[]): FileFacts[] => paths.flatMap((path) => fileFacts(path, system.at(path), ownerOf));
    const files = { added: facts(added), changed: facts(changed) };
    return {
      line,
      keyword,
      text,
      bytes: [...files.added, ...files.changed].reduce((sum, { size }) => sum + size, 0),
      ...files,
      removed,
      packagesAdded: missingIn(system.packages, packages),
      packagesRemoved: missingIn(packages, system.packages),
    };
  });
}

const missingIn = (all: readonly string[], there: readonly string[]): string[] => {
  const known = new Set(there);
  return all.filter((name) => !known.has(name));
};

/** Whether a step of the history is that of such an instruction. BuildKit writes `RUN /bin/sh -c …`, older builders and buildah `/bin/sh -c #(nop) ENV …`. */
function isStepOf(keyword: string, entry: HistoryEntry | undefined): boolean {
  const text = (entry?.createdBy ?? '').trim();
  const marked = /#\(nop\)\s+(\S+)/.exec(text)?.[1];
  if (marked !== undefined) return marked.toUpperCase() === keyword;
  const word = /^\S+/.exec(text)?.[0] ?? '';
  if (word.toUpperCase() === keyword) return true;
  return keyword === 'RUN' && !/^[A-Z]+$/.test(word);
}

function fileFacts(path: string, inode: Inode | undefined, ownerOf: (path: string) => string | undefined): FileFacts[] {
  if (!inode) return [];
  const owner = ownerOf(path);
  const { kind, size, mode, uid, gid, link } = inode;
  return [
    {
      path,
      kind,
      size,
      mode: mode.toString(8).padStart(4, '0'),
      uid,
      gid,
      ...(link === undefined ? {} : { link }),
      ...(owner === undefined || kind === 'dir' ? {} : { owner }),
    },
  ];
}

interface Changes {
  added: string[];
  changed: string[];
  removed: string[];
}
interface Node {
  inode: Inode | undefined;
  children: Map<string, Node> | undefined;
}

/** The files so far, as far as it takes to say what a layer changes. A layer of BuildKit never writes through a link. */
class FileSystem {
  private readonly root: Node = { inode: undefined, children: undefined };
  packages: readonly string[] = [];

  /** Lays a layer over what is there. Out: what it changes; directories of which only the contents change are no change. */
  apply(entries: readonly LayerEntry[]): Changes {
    const changes: Changes = { added: [], changed: [], removed: [] };
    const texts = new Map<string, string>();
    for (const entry of entries) if (entry.does === 'remove' || entry.does === 'empty') this.remove(entry, changes);
    for (const entry of entries) {
      if (entry.does === 'add') this.put(entry.path, entry.inode, changes);
      if (entry.does === 'add' && entry.inode.text !== undefined) texts.set(entry.path, entry.inode.text);
      if (entry.does === 'hard-link') {
        const target = this.at(entry.target);
        this.put(entry.path, target ? { ...target, size: 0 } : { kind: 'file', size: 0, mode: 0o644, uid: 0, gid: 0 }, changes);
      }
    }
    const packages = packagesIn(texts)?.map(({ name }) => name);
    if (packages) this.packages = packages;
    return { added: changes.added.sort(), changed: changes.changed.sort(), removed: changes.removed.sort() };
  }

  at(path: string): Inode | undefined {
    return this.find(path)?.inode;
  }

  private find(path: string): Node | undefined {
    let node: Node | undefined = this.root;
    for (const part of partsOf(path)) node = node?.children?.get(part);
    return node;
  }

  private put(path: string, inode: Inode, changes: Changes): void {
    let node = this.root;
    for (const part of partsOf(path)) {
      node.children ??= new Map();
      const next: Node = node.children.get(part) ?? { inode: undefined, children: undefined };
      node.children.set(part, next);
      node = next;
    }
    const before = node.inode;
    if (before === undefined) changes.added.push(path);
    else if (inode.kind !== 'dir' || before.kind !== 'dir' || !sameRights(before, inode)) changes.changed.push(path);
    node.inode = inode;
    if (inode.kind !== 'dir') node.children = undefined;
  }

  private remove({ does, path }: { does: 'remove' | 'empty'; path: string }, changes: Changes): void {
    if (does === 'empty') {
      const node = this.find(path);
      for (const name of node?.children?.keys() ?? []) changes.removed.push(`${path}/${name}`);
      if (node) node.children = undefined;
      return;
    }
    const slash = path.lastIndexOf('/');
    if (this.find(path.slice(0, slash))?.children?.delete(path.slice(slash + 1)) === true) changes.removed.push(path);
  }
}

const sameRights = (a: Inode, b: Inode): boolean => a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');
