// Room: ignore/. Builds that read the repository's history: then `.git` must stay in the context (rule book §4.8, `.git` guard).
import type { Subject } from '../facts/subject.ts';

/** `make` in an image has the history where the Makefile asks git for it. */
const MAKEFILE = { path: 'Makefile', pattern: /\bgit\s+(describe|rev-parse|log|tag|show|rev-list|status)/ };

/** Who reads the history, in words; undefined when nobody is seen to. */
export function gitUser(subject: Subject): string | undefined {
  for (const reading of subject.stages)
    for (const run of reading.runs) {
      const git = [...(run.instruction.script?.seen ?? [])].find((c) => c.words[0]?.value === 'git' && c.words[1]?.value !== 'clone');
      if (git) return `line ${run.instruction.line}, which runs \`git ${git.words[1]?.value ?? ''}\``;
    }
  const { project } = subject;
  for (const found of project.all('')) {
    const reader = found.historyReader?.();
    if (reader !== undefined) return reader;
  }
  for (const { path, pattern } of [...project.ecosystems.flatMap((e) => e.history ?? []), MAKEFILE]) {
    const read = project.tree.read(path);
    if (read.kind === 'text' && pattern.test(read.text)) return `${path}, which takes the version from git`;
  }
  return undefined;
}
