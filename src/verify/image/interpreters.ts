// Room: verify/image/. Where in an image the interpreter is that sees the application's packages, and from where it sees them.
import { directoryOf, findProgram, nameOf } from './lookup.ts';
import type { ImageConfig, ImageContents } from '../types.ts';

export interface Interpreter {
  program: string;
  /** Where it is started; undefined: where the image starts. */
  workdir: string | undefined;
}

/** The python that has the most of the distributions: the one of PATH, of the start command, or of a virtual environment. */
export function pythonOf(contents: ImageContents, config: ImageConfig, names: readonly string[]): Interpreter | undefined {
  const wanted = new Set(names);
  const installed: string[] = [];
  const environments: string[] = [];
  for (const path of contents.files.keys()) {
    // lib/python3.13/site-packages/NAME-VERSION.dist-info/METADATA
    const name = /\/([^/]+)-[^/-]+\.dist-info\/METADATA$/.exec(path)?.[1];
    if (name !== undefined && wanted.has(name.toLowerCase().replace(/[-_.]+/g, '-'))) installed.push(path);
    if (path.endsWith('/pyvenv.cfg')) environments.push(directoryOf(path));
  }
  const started = [config.entrypoint?.[0], config.cmd?.[0]].filter(
    (word) => word !== undefined && /\/python[\d.]*$/.test(word),
  ) as string[];
  const path = config.env['PATH'];
  const candidates = [...started, 'python3', 'python', ...environments.map((directory) => `${directory}/bin/python`)]
    .map((name) => findProgram(contents, name, path))
    .filter((program) => program !== undefined);
  const has = (program: string): number => {
    const lib = `${directoryOf(directoryOf(program)).replace(/\/$/, '')}/lib/`;
    return installed.filter((file) => file.startsWith(lib)).length;
  };
  // The first of equals: how the image starts, then its PATH.
  const best = candidates.reduce<string | undefined>((one, other) => (one === undefined || has(other) > has(one) ? other : one), undefined);
  return best === undefined ? undefined : { program: best, workdir: undefined };
}

/** node, and the directory from which it finds the most of the packages. */
export function nodeOf({ files }: ImageContents, config: ImageConfig, names: readonly string[]): Interpreter | undefined {
  const started = config.entrypoint?.[0];
  const program =
    (started !== undefined && nameOf(started) === 'node' ? findProgram({ files }, started, config.env['PATH']) : undefined) ??
    findProgram({ files }, 'node', config.env['PATH']);
  if (program === undefined) return undefined;
  const wanted = new Set(names);
  const roots = new Map<string, number>();
  for (const path of files.keys()) {
    const match = /^((?:\/(?!node_modules\/)[^/]+)*)\/node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path);
    if (match?.[1] !== undefined && match[2] !== undefined && wanted.has(match[2])) roots.set(match[1], (roots.get(match[1]) ?? 0) + 1);
  }
  const own = config.workdir.replace(/\/$/, '');
  // From the working directory all above are seen; of others the one with the most.
  const seen = [...roots].filter(([root]) => own === root || own.startsWith(`${root}/`)).reduce((sum, [, count]) => sum + count, 0);
  const [most] = [...roots].sort((a, b) => b[1] - a[1]);
  const root = most !== undefined && most[1] > seen ? most[0] : own;
  return { program, workdir: root === '' ? '/' : root };
}
