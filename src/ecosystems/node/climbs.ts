// Room: ecosystems/node. Sources that leave the directory of their project: `../shared` of a server in /app/server, where a COPY has filled /app.
import { joinPath, parentOf } from '../../context/paths.ts';
import type { FileTree } from '../../context/types.ts';
import { inside, originOf, type CopyReading } from '../../facts/copies.ts';
import type { Subject } from '../../facts/subject.ts';
import { escaped } from '../../dockerfile/glob.ts';
import { withoutComments } from './comments.ts';
import { installedAt } from './front-ends.ts';
import { nodeReader } from './facts.ts';
import { valueImports } from './imports.ts';

/** The directory above the working directory that a COPY fills and that sources of the project read; undefined: they stay in their own. */
export function filledAbove(subject: Subject, workdir: string): string | undefined {
  const { copies } = subject.final;
  const { tree } = subject.project;
  const above = copies.filter((copy) => fillsAbove(copy, workdir)).sort((a, b) => (a.dest?.length ?? 0) - (b.dest?.length ?? 0))[0]?.dest;
  const dir = above === undefined ? undefined : originOf(copies, tree, workdir);
  const project = dir === undefined ? undefined : subject.project.read(nodeReader, dir);
  if (above === undefined || dir === undefined || !project) return undefined;
  // what is installed there is asked for by itself: `frontEnd`
  const known = installedAt(subject.final).flatMap((place) =>
    inside(place, above) && !inside(workdir, place) ? [place.slice(place.lastIndexOf('/') + 1)] : [],
  );
  return project.sources().some((path) => climbs(tree, path, { dir, above, workdir, known })) ? above : undefined;
}
const fillsAbove = ({ dest, fromContext, broad }: CopyReading, workdir: string): boolean =>
  fromContext && broad && dest !== undefined && dest !== '/' && dest !== workdir && inside(workdir, dest);

/** String literals with a step upwards, or the absolute path of a place. */
const UP = /(['"`])((?:\.{1,2}\/)*\.\.(?:\/[^'"`\n]{0,200})?|[^'"`\n]{0,100}\/\.\.(?:\/[^'"`\n]{0,200})?|\/[^'"`\n]{1,200})\1/g;

interface Asked {
  dir: string;
  above: string;
  workdir: string;
  /** Names of directories that a line may name. */
  known: readonly string[];
}
function climbs(tree: FileTree, path: string, { dir, above, workdir, known }: Asked): boolean {
  const read = tree.read(path);
  if (read.kind !== 'text' || !(read.text.includes('..') || read.text.includes(above))) return false;
  const text = withoutComments(read.text);
  const isKnown = (line: string): boolean => known.some((name) => new RegExp(`(?:/|['"\`])${escaped(name)}(?:/|['"\`])`).test(line));
  const modules = valueImports(text).map(({ specifier }) => specifier);
  if (modules.some((specifier) => specifier.startsWith('.') && !inside(joinPath(parentOf(path), specifier) ?? '', dir))) return true;
  const depth = parentOf(path).slice(dir.length).split('/').filter(Boolean).length;
  return text.split('\n').some((line) => {
    if (isKnown(line)) return false;
    const literals = [...line.matchAll(UP)].map((match) => match[2] ?? '').filter((literal) => !modules.includes(literal));
    if (literals.some((literal) => literal.startsWith('/') && inside(literal, above) && !inside(literal, workdir))) return true;
    const steps = literals
      .flatMap((literal) => (literal.startsWith('/') && !literal.includes('..') ? [] : literal.split('/')))
      .filter((step) => step === '..').length;
    // from the directory of the file, or from the working directory, which is the project's
    return steps > (/__dirname|import\.meta|\bdirname\b/.test(line) ? depth : 0);
  });
}
