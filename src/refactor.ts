// The road: one transform after the other over a workspace, each change applied, parsed again and checked, or taken back.
import { applyEdits, lineAt, originalOffset, provenanceOf, startHistory, type History } from './dockerfile/edits.ts';
import { parseDockerfile } from './dockerfile/parse.ts';
import type { Dockerfile } from './dockerfile/types.ts';
import { fileRefusal } from './facts/eligible.ts';
import { checkFrame, lostInstruction, type Broken } from './facts/frame.ts';
import type { Ecosystem } from './ecosystems/door.ts';
import { readProject } from './facts/project.ts';
import { pragmaNotes, pragmas } from './facts/pragmas.ts';
import { readSubject, type Subject } from './facts/subject.ts';
import { isRefusal, refusal, type Announced, type Change, type Refusal, type Transform } from './transform.ts';
import type { Evidence } from './facts/types.ts';
import type { Applied, FileChange, Note, Options, ProjectContext, Result, Skipped } from './types.ts';

export const defaults: Options = { level: 'balanced', base: 'slim', only: undefined, skip: [] };

/** What the road carries from one transform to the next. */
interface Workspace {
  ecosystems: readonly Ecosystem[];
  dockerfile: Dockerfile;
  history: History;
  /** Files of the context that were written: path → new text. */
  files: Map<string, string>;
  /** What the transforms so far announced to change of the image's configuration. */
  announced: Announced[];
  applied: Applied[];
  skipped: Skipped[];
  notes: Note[];
}

/**
 * Refactors one Dockerfile. In: its text, the repository around it, options, the transforms in their order, and the ecosystems that
 * they know. Out: the new text with
 * everything that is to be said about it, or the reason why the text is no Dockerfile. Pure and synchronous: the same input gives the same bytes.
 */
export function refactorWith(
  transforms: readonly Transform[],
  ecosystems: readonly Ecosystem[],
  source: string,
  context: ProjectContext,
  given: Partial<Options> = {},
): Result {
  const options: Options = { ...defaults, ...given };
  const parsed = parseDockerfile(source);
  if (!parsed.ok) return { ok: false, error: parsed.error };
  const work: Workspace = {
    ecosystems,
    dockerfile: parsed.dockerfile,
    history: startHistory(source),
    files: new Map(),
    announced: [],
    applied: [],
    skipped: [],
    notes: pragmaNotes(
      parsed.dockerfile,
      transforms.map(({ id }) => id),
    ),
  };
  const original = readSubject(parsed.dockerfile, readProject(context, work.files, ecosystems), options, work.files);
  for (const transform of transforms) {
    if (!wanted(transform, options)) continue;
    const subject = readSubject(work.dockerfile, readProject(context, work.files, ecosystems), options, work.files);
    const outcome = attempt(transform, subject, ecosystems);
    if (!outcome) continue;
    if (isRefusal(outcome)) work.skipped.push(said(transform, outcome, source, { text: work.dockerfile.source, history: work.history }));
    else take(transform, outcome, work, original, context);
  }
  return finish(source, work, context);
}

function wanted(transform: Transform, options: Options): boolean {
  if (options.skip.includes(transform.id)) return false;
  return options.only ? options.only.includes(transform.id) : !transform.optIn;
}

/** Runs one plan. A refusal may be returned or thrown; the level forbids what is less safe than it. */
function attempt(transform: Transform, subject: Subject, ecosystems: readonly Ecosystem[]): Change | Refusal | undefined {
  const off = pragmas(subject.dockerfile);
  if (off.all) return undefined;
  const switched = off.ids.get(transform.id);
  try {
    const plan = transform.plan(subject, ecosystems);
    if (!plan) return undefined;
    if (switched !== undefined) return refusal('pragma-off', 'Disabled by a comment in the file', switched);
    const barred = fileRefusal(subject);
    if (barred || isRefusal(plan)) return barred ?? plan;
    if (plan.safety === 'risky' && subject.options.level !== 'max' && !subject.options.only?.includes(transform.id)) return undefined;
    if (plan.safety !== 'safe' && subject.options.level === 'safe')
      return refusal('level-safe', `Changes more than --level safe allows: ${plan.why}`, 0, { allow: 'Run with --level balanced.' });
    return plan;
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    return switched === undefined ? thrown : refusal('pragma-off', 'Disabled by a comment in the file', switched);
  }
}

/** Applies a change, or takes it back with the reason. */
function take(transform: Transform, change: Change, work: Workspace, original: Subject, context: ProjectContext): void {
  const before = work.dockerfile;
  const source = original.dockerfile.source;
  const seen: Placed = { text: before.source, history: work.history };
  const rollBack = (detail: string): void => {
    work.skipped.push({ transform: transform.id, reason: 'internal-invariant', message: `Rolled back: ${detail}`, line: 1 });
  };
  const applied = applyEdits(before.source, change.edits, before.eol, transform.id, work.history);
  if ('conflict' in applied) return rollBack(applied.conflict);
  const parsed = parseDockerfile(applied.text);
  if (!parsed.ok) return rollBack(`the result does not parse: line ${parsed.error.line}: ${parsed.error.message}`);
  const files = new Map([...work.files, ...(change.files ?? []).map((f) => [f.path, f.text] as const)]);
  const announced = [...work.announced, ...(change.announces ? [change.announces] : [])];
  const subject = readSubject(parsed.dockerfile, readProject(context, files, work.ecosystems), original.options, files);
  const broken =
    (transform.structural ? checkFrame(original, subject, announced) : undefined) ??
    lostInstruction(before, change.edits, new Set(change.dropped?.map((d) => d.index))) ??
    repeats(transform, subject, work.ecosystems);
  if (broken) return rollBack(`invariant ${broken.invariant} failed (${broken.detail})`);
  for (const skip of change.skips ?? []) work.skipped.push(said(transform, skip, source, seen));
  for (const note of change.notes ?? [])
    work.notes.push({ transform: transform.id, ...note, message: inOriginalLines(note.message, source, seen) });
  work.dockerfile = parsed.dockerfile;
  work.history = applied.history;
  work.files = files;
  work.announced = announced;
  if (change.edits.length > 0 || (change.files ?? []).length > 0)
    work.applied.push({
      transform: transform.id,
      title: transform.title,
      safety: change.safety,
      why: inOriginalLines(change.why, source, seen),
      evidence: placed(change.evidence, source, seen),
      ...(change.announces ? { announces: change.announces } : {}),
    });
}

/** F6: a transform that would change its own result again. */
function repeats(transform: Transform, subject: Subject, ecosystems: readonly Ecosystem[]): Broken | undefined {
  const again = attempt(transform, subject, ecosystems);
  const changes = again && !isRefusal(again) && (again.edits.length > 0 || (again.files ?? []).length > 0);
  return changes ? { invariant: 'F6', detail: `${transform.id} would change its own result again` } : undefined;
}

function said(transform: Transform, refused: Refusal, source: string, before: Placed): Skipped {
  const { id, message, at, allow, evidence } = refused;
  return {
    transform: transform.id,
    reason: id,
    message: inOriginalLines(message, source, before),
    line: lineAt(source, originalOffset(before.history, at)),
    ...(allow === undefined ? {} : { allow }),
    ...(evidence ? { evidence: placed(evidence, source, before) } : {}),
  };
}

/** The text that a transform saw, with where its characters came from. */
interface Placed {
  text: string;
  history: History;
}

/** The original line of a line of the text that the transform saw. */
function originalLine(line: number, source: string, { text, history }: Placed): number {
  let offset = 0;
  for (let n = 1; n < line; n += 1) offset = text.indexOf('\n', offset) + 1;
  return lineAt(source, originalOffset(history, offset));
}
const placed = (evidence: readonly Evidence[], source: string, before: Placed): Evidence[] =>
  evidence.map((e) => (e.file === 'Dockerfile' && e.line !== undefined ? { ...e, line: originalLine(e.line, source, before) } : e));
/** Sentences name lines of the Dockerfile as "line 7"; people look for them in the file as they have it. */
const inOriginalLines = (sentence: string, source: string, before: Placed): string =>
  sentence.replace(/\b([Ll]ine) (\d{1,6})\b/g, (_, word: string, line: string) => `${word} ${originalLine(Number(line), source, before)}`);

function finish(source: string, work: Workspace, context: ProjectContext): Result {
  const output = work.dockerfile.source;
  const files: FileChange[] = [...work.files].map(([path, after]) => {
    const read = context.tree.read(path);
    return { path, before: read.kind === 'text' ? read.text : undefined, after };
  });
  const { applied, skipped, notes } = work;
  return {
    ok: true,
    source,
    output,
    changed: output !== source || files.length > 0,
    files,
    applied,
    skipped,
    notes,
    provenance: provenanceOf(source, output, work.history),
  };
}
