// dockerignore: what the machine of the one who builds has, and the image must not get, stays out of the build context.
import { ignoreFileText, proposePatterns } from '../src/ignore/propose.ts';
import { refusal, type Transform } from '../src/transform.ts';

/**
 * before: COPY . . without .dockerignore               after: .dockerignore with .git, ** /node_modules, dist, …
 * Safe because: no COPY, RUN, script or program names what a pattern hides.
 * Skipped when: the ignore file is an allow list, or git is asked about the repository.
 * Untouched when: no directory of the context is copied, or the patterns are there.
 */
export const dockerignore: Transform = {
  id: 'dockerignore',
  title: 'Keep host files out of the build context',
  rationale:
    '`COPY . .` takes everything: the history, dependencies installed for another system, old build output, secrets. A .dockerignore keeps them out, so that builds are smaller, faster and the same on every machine.',
  structural: false,
  plan(subject, ecosystems) {
    const proposal = proposePatterns(subject, ecosystems);
    if (!proposal) return undefined;
    if (proposal.patterns.length === 0)
      return proposal.git === undefined
        ? undefined
        : refusal(
            'git-is-read',
            `${proposal.git.changes ? '`.git` and what git tracks stay' : '`.git` stays'} in the build context: needed by ${proposal.git.who}`,
            proposal.at,
            { allow: proposal.git.allow },
          );
    const { ignore } = subject.project;
    if (ignore.error !== undefined)
      return refusal('ignore-unreadable', `Docker's meaning of ${ignore.path} cannot be told: ${ignore.error}`, proposal.at);
    if (ignore.allowList) return refusal('allowlist-ignore', 'Ignore file is an allow-list', proposal.at);
    const path = ignore.path ?? '.dockerignore';
    if (subject.project.tree.stat(path)?.link)
      return refusal('ignore-file-link', `${path} is a link: what is written to it changes the file that others read too`, proposal.at);
    return {
      edits: [],
      files: [{ path, text: ignoreFileText(ignore.source, proposal.patterns) }],
      safety: proposal.review ? 'review' : 'safe',
      why: `${proposal.patterns.join(', ')}: ${ignore.path === undefined ? 'there is no ignore file, and' : 'not listed yet, and'} nothing that was read needs them`,
      evidence: proposal.evidence,
      notes: proposal.notes,
    };
  },
};
