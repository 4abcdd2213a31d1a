// Room: ecosystems/rust. A Cargo package as every room may ask it.
import type { EcosystemProject, ProjectReader, ProjectReads, Store } from '../types.ts';
import { once } from '../../once.ts';
import { literalPaths } from '../literal-paths.ts';
import { rustProject } from './project.ts';
import type { RustProject } from './types.ts';

/** Reads the Cargo.toml of a directory and what stands around it. */
export const rustReader: ProjectReader<RustProject> = { read: rustProject };

export function rustFacts(reads: ProjectReads, dir: string): EcosystemProject | undefined {
  const project = reads.read(rustReader, dir);
  return (
    project && {
      hits: () => project.hits(),
      sources: () => project.sources(),
      literals: once(() => literalPaths(reads.tree, project.sources())),
      own: (program) => project.bins.includes(program),
      store: () => storeOf(project),
      // what a program loads cannot be told from its dependencies alone
      envFileReader: () => 'the program, as far as can be told',
    }
  );
}

/** Crates that keep data in files whose path is seldom a literal in the sources. */
const STORES = ['rusqlite', 'sled', 'redb', 'rocksdb', 'libsqlite3-sys', 'tracing-appender'];

function storeOf(project: RustProject): Store | undefined {
  const crates = project.crates();
  const name = 'value' in crates ? STORES.find((store) => crates.value.has(store)) : undefined;
  return name === undefined
    ? undefined
    : { package: name, what: 'a database or log file', evidence: { file: 'Cargo.lock', says: `locks ${name}` } };
}
