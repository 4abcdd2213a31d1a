// Room: ecosystems/node. Packages that come from a git repository: what installs them starts git.
import type { FileTree } from '../../context/types.ts';
import type { Evidence } from '../../facts/types.ts';
import type { NodeProject } from './types.ts';

/** Of a manifest: URLs of git, short names of forges, and `owner/repository`. Source: docs.npmjs.com/cli/v11/configuring-npm/package-json, "Git URLs as dependencies" */
const SPEC = /^(?:git(?:\+\w+)?:|git@|(?:github|gitlab|bitbucket|gist):|[\w-][\w.-]*\/[\w.-]+(?:#|$))|^https?:.*\.git(?:#|$)/;

/** Of a lock file, of which manager ever. Sources: npm docs, package-lock-json, resolved; github.com/pnpm/spec, lockfile; yarn.lock */
const LOCKED =
  /(?:"?(?:resolved|version|from|repo|resolution)"?:?\s{0,5}["']?(?:[^"'\s]{0,200}@)?(?:git|ssh|github)\b[+:@])|\btype: git\b|\.git#/;

/** The first package of a project that comes from git; undefined: none is seen to. */
export function fromGit(tree: FileTree, project: NodeProject): { what: string; evidence: Evidence } | undefined {
  for (const [name, spec] of [...project.dependencies, ...project.devDependencies])
    if (SPEC.test(spec)) return { what: name, evidence: { file: project.manifestPath, says: `${name}: ${spec}` } };
  for (const { path } of project.lockfiles) {
    const read = tree.read(path);
    const found = read.kind === 'text' ? LOCKED.exec(read.text) : null;
    if (found) return { what: 'a package', evidence: { file: path, says: found[0] } };
  }
  return undefined;
}
