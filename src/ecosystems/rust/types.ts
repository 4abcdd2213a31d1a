// Room: ecosystems/rust. What is known of a Cargo package, read from its files.
import type { Evidence, Fact, Manifests, SourceHit } from '../types.ts';

export interface RustProject {
  dir: string;
  manifestPath: string;
  package: string | undefined;
  workspaceMembers: string[] | undefined;
  hasLock: boolean;
  /** Binary names: [[bin]], src/main.rs (package name), src/bin/*.rs. */
  bins: string[];
  /** Which package of the workspace makes a binary. */
  binPackages?: ReadonlyMap<string, string>;
  defaultRun: string | undefined;
  /** Where cargo writes when that is not `target` below `dir`: relative to `dir`, or absolute. `target-dir` of .cargo/config.toml, or the root of the workspace above. */
  targetDir: string | undefined;
  /** `[build] target` in .cargo/config.toml. */
  buildTarget: string | undefined;
  /** Crates of Cargo.lock (names). Unknown without a lock. */
  crates(): Fact<ReadonlyMap<string, string>>;
  /** System libraries that locked crates link dynamically: crate → Debian runtime packages (empty list: vendored, nothing needed); `skip` when it cannot be told. */
  systemLibraries(): { crate: string; debian: string[]; skip?: string; ofSystem?: true; evidence: Evidence }[];
  /** TLS through the system's certificates (reqwest default, native-tls, rustls-native-certs, openssl). */
  systemCertificates(): Fact<boolean>;
  /** The files of its packages. */
  sources(): string[];
  hits(): SourceHit[];
  manifests(): Manifests;
}
