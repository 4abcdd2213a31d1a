// Room: verify/. A file as it was at a git revision. Git is asked for the bytes of one blob: no hook, filter or pager of the repository runs.
import { runProgram } from '../process/run.ts';
import { EngineError } from './types.ts';

/**
 * Text of a file at a revision. In: the repository's root, the revision as git names it (`HEAD~1`, `origin/main`), the path from the root.
 * Out: the text; undefined when the revision does not have the file. Throws an EngineError `bad-input` when there is no such revision.
 */
export async function textAt(root: string, revision: string, path: string, signal: AbortSignal): Promise<string | undefined> {
  const commit = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], signal);
  if (commit === undefined) {
    throw new EngineError({
      kind: 'bad-input',
      message: `git has no revision ${revision} in ${root}`,
      hint: 'Give --since a commit, branch or tag that is there (in CI, fetch it first).',
      log: '',
    });
  }
  return git(root, ['cat-file', 'blob', `${commit.trim()}:${path}`], signal);
}

async function git(cwd: string, args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  // Hooks and file system monitors are programs that the repository's configuration names.
  const guarded = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '--no-replace-objects', ...args];
  const ran = await runProgram('git', guarded, { cwd, signal, timeout: 30_000 });
  if (ran.stopped === 'not-found')
    throw new EngineError({ kind: 'bad-input', message: '--since needs git, which is not on PATH', hint: undefined, log: '' });
  return ran.code === 0 ? ran.stdout : undefined;
}
