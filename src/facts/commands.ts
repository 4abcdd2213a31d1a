// Room: facts/. What ordinary programs of a RUN do, where no package manager row says so.

/** Kinds of a command that belongs to no package manager. */
export type PlainKind =
  | 'files' // makes, moves, removes files or changes their owner or mode
  | 'users' // makes users and groups
  | 'download' // brings a file from the network
  | 'quiet' // leaves nothing behind (echo, cd, set, test, …)
  | 'compile' // a compiler or build tool in the working tree
  | 'unknown';

// Sources: POSIX utilities, GNU coreutils, shadow(5) tools; names only, so that an unknown program stays unknown.
const KINDS: Record<Exclude<PlainKind, 'unknown'>, readonly string[]> = {
  files: [
    'mkdir',
    'chown',
    'chmod',
    'chgrp',
    'ln',
    'touch',
    'rm',
    'rmdir',
    'cp',
    'mv',
    'install',
    'sed',
    'tar',
    'unzip',
    'gunzip',
    'truncate',
    'dos2unix',
  ],
  users: ['useradd', 'adduser', 'groupadd', 'addgroup', 'usermod'],
  download: ['curl', 'wget', 'git'],
  quiet: [
    'corepack',
    'echo',
    'printf',
    'cd',
    'set',
    'export',
    'unset',
    'true',
    ':',
    'test',
    '[',
    'ls',
    'cat',
    'pwd',
    'which',
    'command',
    'env',
    'date',
    'id',
    'whoami',
    'uname',
    'sleep',
    'umask',
    'grep',
    'head',
    'tail',
    'sort',
    'find',
    'xargs',
    'file',
    'ldd',
    'du',
    'stat',
    'tee',
    'ulimit',
  ],
  compile: [
    'make',
    'gcc',
    'g++',
    'cc',
    'c++',
    'clang',
    'cmake',
    'ninja',
    'meson',
    'tsc',
    'node',
    'python',
    'python3',
    'protoc',
    'strip',
    'sh',
    'bash',
  ],
};
const byName = new Map(Object.entries(KINDS).flatMap(([kind, names]) => names.map((name) => [name, kind as PlainKind])));

/** What a program of this name does; `name` without its directory. */
export const plainKind = (name: string): PlainKind => byName.get(name) ?? 'unknown';

/** The program that `go install example.com/x/tool@v1` makes: the last element of the path, a major version left out. */
export function toolName(path: string): string {
  const parts = (path.split('@')[0] ?? '').split('/').filter((part) => !/^v\d+$/.test(part));
  return parts[parts.length - 1] ?? '';
}
