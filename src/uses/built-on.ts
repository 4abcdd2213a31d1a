// Room: uses/. Dockerfiles of the repository that build on an image of it: FROM, COPY --from, a mount. Source: docs.docker.com/reference/dockerfile
import type { FileTree } from '../context/types.ts';
import { oncePer } from '../once.ts';
import { configuration, dockerfiles } from './find.ts';

/** An image that a Dockerfile names, and where. */
interface NamedImage {
  file: string;
  line: number;
  /** As written, with the defaults of build arguments put in. */
  name: string;
  says: string;
}

/** Every image that the Dockerfiles of a repository stand on or take files from; their own stages are none. */
export const namedImages = oncePer((tree: FileTree): NamedImage[] =>
  dockerfiles(tree).flatMap((file) => imagesIn(file, configuration(tree, file) ?? '')),
);

function imagesIn(file: string, source: string): NamedImage[] {
  const defaults = new Map<string, string>();
  const stages = new Set<string>();
  const found: NamedImage[] = [];
  for (const [n, text] of source.split(/\r?\n/).entries()) {
    const [, argument, value] = /^\s*ARG\s+(\w+)=["']?([^"'\s]+)/i.exec(text) ?? [];
    if (argument !== undefined && value !== undefined) defaults.set(argument, value);
    const [, base, alias] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(text) ?? [];
    const taken = /^\s*(?:COPY|ADD|RUN)\b.*?(?:\s--from=|\bfrom=)([^\s,]+)/i.exec(text)?.[1];
    const written = base ?? taken;
    const name = written?.replace(/\$\{?(\w+)\}?/g, (all, one: string) => defaults.get(one) ?? all);
    if (name !== undefined && !stages.has(name.toLowerCase()) && !/^\d+$/.test(name) && name !== 'scratch')
      found.push({ file, line: n + 1, name, says: base === undefined ? `takes files from ${name}` : `builds from ${name}` });
    if (alias !== undefined) stages.add(alias.toLowerCase());
  }
  return found;
}
