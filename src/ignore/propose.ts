// Room: ignore/. Patterns for the ignore file, each held against everything that may need what it hides.
import { matcher } from '../context/ignore.ts';
import type { Subject } from '../facts/subject.ts';
import { committedDirectories, isCommitted } from '../facts/committed.ts';
import { gitUser, mayAskGit, type GitUser } from '../facts/git.ts';
import type { Evidence } from '../facts/types.ts';
import type { Note } from '../types.ts';
import { candidates, type Candidate, type Ignoring } from './candidates.ts';
import { neededBy } from './needed.ts';

export interface Proposal {
  patterns: string[];
  /** One of them hides what the machine installed or built: behaviour is the same only where the Dockerfile makes it again. */
  review: boolean;
  evidence: Evidence[];
  notes: Omit<Note, 'transform'>[];
  /** Who asks git about the repository, where its history is in the context. */
  git?: GitUser & { allow?: string };
  /** Offset of the COPY that takes the context. */
  at: number;
}

/** The patterns to add; undefined when no directory of the context is copied. */
export function proposePatterns(subject: Subject, ecosystems: readonly Ignoring[]): Proposal | undefined {
  const broad = subject.stages
    .flatMap((s) => s.copies)
    .find((c) => c.fromContext && c.sources.some((s) => s.kind === 'dir' && s.path === ''));
  if (!broad || !subject.project.context.contextCertain) return undefined;
  const { ignore } = subject.project;
  const proposal: Proposal = {
    patterns: [],
    review: false,
    evidence: [{ file: 'Dockerfile', line: broad.instruction.line, says: 'copies the whole build context' }],
    notes: [],
    at: broad.instruction.start,
  };
  // where git is asked which files are tracked or changed, a tracked file that is hidden counts as removed
  const open = !ignore.ignores('.git');
  const unread = open ? mayAskGit(subject) : undefined;
  const doubt = { changes: false, allow: 'Run with --level max, if it does not ask git.' };
  const certain = open ? gitUser(subject) : undefined;
  const git: Proposal['git'] = certain ?? (unread === undefined || subject.options.level === 'max' ? undefined : { who: unread, ...doubt });
  for (const candidate of candidates(subject, ecosystems)) {
    if (ignore.path !== undefined && !candidate.essential) continue;
    if (git?.changes && candidate.pattern !== '.git' && !subject.project.gitIgnores(candidate.sample)) continue;
    if (ignore.ignores(candidate.sample) || proposal.patterns.includes(candidate.pattern)) continue;
    const review = candidate.review || (candidate.pattern === '.git' && unread !== undefined);
    if (subject.options.level === 'safe' && review) continue;
    const own = candidate.made ? ownPart(subject, candidate) : undefined;
    if (own !== undefined) {
      proposal.notes.push({
        id: 'pattern-needed',
        message: `\`${candidate.pattern}\` stays in the build context, it is not listed in the ignore file: no .gitignore leaves ${own} out, so it counts as source`,
      });
      continue;
    }
    const needed = (candidate.pattern === '.git' ? git?.who : undefined) ?? neededBy(subject, candidate, matcher(candidate.pattern));
    if (needed) {
      if (subject.project.tree.stat(candidate.sample))
        proposal.notes.push({
          id: 'pattern-needed',
          message: `\`${candidate.pattern}\` stays in the build context, it is not listed in the ignore file: needed by ${needed}`,
        });
      continue;
    }
    if (candidate.pattern === '.git' && unread !== undefined && !git)
      proposal.notes.push({
        id: 'assumed',
        message: `Assumed (level max): ${unread.replace(/, as far as can be told$/, '')} does not ask git`,
      });
    proposal.patterns.push(candidate.pattern);
    proposal.review ||= review;
  }
  // the ignore file and the Dockerfile alone are no reason to write one
  const worth = proposal.patterns.some((p) => !HOUSEKEEPING.has(p));
  return { ...proposal, patterns: worth ? proposal.patterns : [], ...(git ? { git } : {}) };
}
/** A directory that the pattern hides and that is part of the repository: what installs and builds do not make again in it would be lost. */
const ownPart = ({ project }: Subject, { pattern, sample }: Candidate): string | undefined =>
  pattern.startsWith('**/') ? committedDirectories(project, pattern.slice(3))[0] : isCommitted(project, sample) ? sample : undefined;
const HOUSEKEEPING = new Set(['Dockerfile*', '.dockerignore']);

/**
 * The new text of an ignore file: patterns at its end, or above the group of the first exception (the last match wins), in the file's own line ends.
 * A group that a comment names is not joined: a blank line stands between.
 */
export function ignoreFileText(source: string, patterns: readonly string[]): string {
  const eol = source.includes('\r\n') ? '\r\n' : '\n';
  const added = patterns.map((p) => p + eol).join('');
  if (source === '') return added;
  const exception = /^!/m.exec(source);
  const start = groupStart(source, exception?.index ?? source.length);
  const apart = source.slice(start).startsWith('#') ? eol : '';
  if (exception) return source.slice(0, start) + added + apart + source.slice(start);
  return `${source}${source.endsWith('\n') ? '' : eol}${apart}${added}`;
}

/** Where the lines without a blank one between them begin that end at `end`. */
function groupStart(source: string, end: number): number {
  const blank = [...source.slice(0, end).matchAll(/^[ \t]*\r?\n/gm)].pop();
  return blank ? blank.index + blank[0].length : 0;
}
