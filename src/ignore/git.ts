// Room: ignore/. Builds that read the repository's history: then `.git` must stay in the context (rule book §4.8, `.git` guard).
import type { Subject } from '../facts/subject.ts';
import { usesBuildInfo } from '../ecosystems/go/project.ts';

/** Text in a manifest that says that a version is taken from git. */
const MANIFESTS: readonly { path: string; pattern: RegExp }[] = [
  { path: 'pyproject.toml', pattern: /setuptools[-_]scm|hatch-vcs|versioneer|dunamai|poetry-dynamic-versioning|pdm.*scm/ },
  { path: 'setup.py', pattern: /use_scm_version|versioneer|git\b/ },
  { path: 'setup.cfg', pattern: /setuptools[-_]scm|versioneer/ },
  { path: 'Cargo.toml', pattern: /\b(vergen|built|git-version|shadow-rs|git-testament|build-info)\b/ },
  { path: 'build.rs', pattern: /\bgit\b/ },
  { path: 'Makefile', pattern: /\bgit\s+(describe|rev-parse|log|tag|show|rev-list|status)/ },
  { path: 'next.config.js', pattern: /\bgit\b/ },
];

/** Who reads the history, in words; undefined when nobody is seen to. */
export function gitUser(subject: Subject): string | undefined {
  for (const reading of subject.stages)
    for (const run of reading.runs) {
      const git = [...(run.instruction.script?.seen ?? [])].find((c) => c.words[0]?.value === 'git' && c.words[1]?.value !== 'clone');
      if (git) return `line ${run.instruction.line}, which runs \`git ${git.words[1]?.value ?? ''}\``;
    }
  const node = subject.project.node('');
  const script = node && [...node.scripts.values()].find((s) => /\bgit\s+(describe|rev-parse|log|tag|show|rev-list)/.test(s.text));
  if (script) return `the script ${script.name}, which runs git`;
  const go = subject.project.go('');
  const info = go && usesBuildInfo(go)[0];
  if (info) return `${info.file}:${info.line ?? 1}, which reads the build information`;
  for (const { path, pattern } of MANIFESTS) {
    const read = subject.project.tree.read(path);
    if (read.kind === 'text' && pattern.test(read.text)) return `${path}, which takes the version from git`;
  }
  return undefined;
}
