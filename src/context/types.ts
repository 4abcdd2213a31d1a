// Room: context/. The build context as a tree of files: read-only, bounded, never followed out of its root.

/** Paths are POSIX, relative to the context's root, without './'; '' is the root itself. */
export interface Entry {
  path: string;
  name: string;
  kind: 'file' | 'dir' | 'symlink-outside' | 'other';
  /** Bytes; 0 for directories. */
  size: number;
  /** Permission bits, when known. */
  mode: number | undefined;
  /** True when this is a symbolic link; `kind`, `size` and `mode` are then those of what it leads to inside the root. */
  link?: boolean;
}
export type FileRead =
  /** `lossy`: the bytes were not UTF-8, so the text cannot be written back. */
  | { kind: 'text'; text: string; lossy?: boolean }
  | { kind: 'absent' }
  | { kind: 'too-large'; size: number }
  /** `utf16`: its text, where a byte order mark says that it is UTF-16. */
  | { kind: 'binary'; utf16?: string }
  | { kind: 'unreadable'; why: string };

/** A file tree: on disk, or in memory (tests, stdin without a context). Answers are stable for its lifetime, best the same object for the same file. */
export interface FileTree {
  read(path: string): FileRead;
  /** Undefined when there is no such directory (or it cannot be read). Sorted by name. */
  list(dir: string): Entry[] | undefined;
  stat(path: string): Entry | undefined;
  /** The repository in which the tree lies, and where, where that is another directory. */
  around?: { tree: FileTree; path: string };
}

/** The ignore file in force for one Dockerfile. Source: Docker build docs, ".dockerignore files". */
export interface IgnoreFile {
  /** Path in the context of the file in force, or undefined when there is none. */
  path: string | undefined;
  source: string;
  /** True when a path (or a parent of it) is hidden from COPY. */
  ignores(path: string): boolean;
  /** `*` (or `**`) first and then exceptions: what is sent is listed. */
  allowList: boolean;
  /** Why Docker refuses the file (a malformed pattern), or why it cannot be read; nothing counts as hidden then. */
  error?: string;
}
