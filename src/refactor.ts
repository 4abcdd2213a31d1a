// The road: one transform after the other over a workspace, each change applied, parsed again and checked, or taken back.
import { applyEdits, linesOf, originsOf, provenanceOf, startHistory, type History } from './dockerfile/edits.ts';
import { parseDockerfile } from './dockerfile/parse.ts';
import { rootOf } from './dockerfile/settings.ts';
import { digestOf } from './image/digest.ts';
import { fileRefusal } from './facts/eligible.ts';
import { checkFrame, lostInstruction, type Broken } from './facts/frame.ts';
import type { Ecosystem } from './ecosystems/door.ts';
import { allowOf } from './knowledge/allows.ts';
import { readProject, type Project } from './facts/project.ts';
import { askedFor, offInFile, pragmaNotes, pragmas, switchedOff } from './facts/pragmas.ts';
import { readSubject, type Subject } from './facts/subject.ts';
import { once, onceEach } from './once.ts';
import { isRefusal, refusal, type Refusal } from './refusal.ts';
import type { Announced } from './types.ts';
import type { Change, Transform } from './transform.ts';
import type { Evidence } from './facts/types.ts';
import type { Applied, FileChange, Note, Options, ProjectContext, Result, Skipped, Step } from './types.ts';

export const defaults: Options = { level: 'balanced', base: 'slim', only: undefined, skip: [] };

/** What the road carries from one transform to the next. */
interface Workspace {
  ecosystems: readonly Ecosystem[];
  context: ProjectContext;
  /** What is read of the text as it is now: once, until it changes. */
  subject: Subject;
  history: History;
  /** Files of the context that were written: path → new text. */
  files: Map<string, string>;
  /** What the transforms so far announced to change of the image's configuration. */
  announced: Announced[];
  applied: Applied[];
  steps: Step[] | undefined;
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
  const files = new Map<string, string>();
  const { image: facts } = context;
  if (facts && facts.of.digest !== digestOf(source)) return { ok: false, error: otherImage };
  const image = facts && { facts, from: rootOf(parsed.dockerfile)?.from.image.raw ?? '' };
  const original = readSubject(parsed.dockerfile, readProject(context, files, ecosystems, image), options);
  const work: Workspace = {
    ecosystems,
    context,
    subject: original,
    history: startHistory(source),
    files,
    announced: [],
    applied: [],
    steps: options.steps ? [] : undefined,
    skipped: [],
    notes: pragmaNotes(
      parsed.dockerfile,
      transforms.map(({ id }) => id),
    ),
  };
  for (const transform of transforms) {
    if (!wanted(transform, options)) continue;
    const outcome = attempt(transform, work.subject, original, ecosystems);
    if (!outcome) continue;
    if (isRefusal(outcome)) work.skipped.push(said(transform, outcome, placesOf(work, original)));
    else take(transform, outcome, work, original);
  }
  return finish(source, work);
}

const otherImage = {
  message: 'The image facts are of another Dockerfile, or of another text of this one',
  line: 1,
  column: 1,
  hint: 'Look at the image again: dockerfile-mod observe --format json.',
};

function wanted(transform: Transform, options: Options): boolean {
  if (options.skip.includes(transform.id)) return false;
  return options.only ? options.only.includes(transform.id) : !transform.optIn;
}

/** Runs one plan. A refusal may be returned or thrown; the level forbids what is less safe than it. */
function attempt(
  transform: Transform,
  subject: Subject,
  original: Subject,
  ecosystems: readonly Ecosystem[],
): Change | Refusal | undefined {
  if (pragmas(subject.dockerfile).all) return undefined;
  const switched = offBy(transform, subject, original);
  try {
    const plan = transform.plan(subject, ecosystems);
    if (!plan) return undefined;
    if (switched) return switched;
    const barred = fileRefusal(subject);
    if (barred || isRefusal(plan)) return barred ?? plan;
    if (plan.safety === 'risky' && subject.options.level !== 'max' && !subject.options.only?.includes(transform.id)) return undefined;
    if (plan.safety !== 'safe' && subject.options.level === 'safe')
      return refusal('level-safe', `Changes more than --level safe allows: ${plan.why}`, 0, { allow: 'Run with --level balanced.' });
    return plan;
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    return switched ?? thrown;
  }
}

/** The comment that switches a transform off. One that held for the file holds on where an edit put an instruction above it. */
function offBy({ id, oneByOne }: Transform, { dockerfile }: Subject, original: Subject): Refusal | undefined {
  const isOfFile = askedFor(original.dockerfile, id) !== undefined;
  const found = switchedOff(dockerfile, id, oneByOne && !isOfFile ? 'oneByOne' : 'whole');
  return isOfFile && found ? { ...found, message: offInFile } : found;
}

/** Applies a change, or takes it back with the reason. */
function take(transform: Transform, change: Change, work: Workspace, original: Subject): void {
  const before = work.subject.dockerfile;
  const places = placesOf(work, original);
  const rollBack = (detail: string): void => {
    work.skipped.push({ transform: transform.id, reason: 'internal-invariant', message: `Rolled back: ${detail}`, line: 1 });
  };
  const applied = applyEdits(before.source, change.edits, before.eol, transform.id, work.history);
  if ('conflict' in applied) return rollBack(applied.conflict);
  const parsed = parseDockerfile(applied.text);
  if (!parsed.ok) return rollBack(`the result does not parse: line ${parsed.error.line}: ${parsed.error.message}`);
  const files = new Map([...work.files, ...(change.files ?? []).map((f) => [f.path, f.text] as const)]);
  const announced = [...work.announced, ...(change.announces ? [change.announces] : [])];
  const subject = readSubject(parsed.dockerfile, projectWith(work, files), original.options);
  const broken =
    (transform.structural ? checkFrame(original, subject, announced) : undefined) ??
    lostInstruction(before, change.edits, new Set(change.dropped?.map((d) => d.index))) ??
    repeats(transform, subject, original, work.ecosystems);
  if (broken) return rollBack(`invariant ${broken.invariant} failed (${broken.detail})`);
  for (const skip of change.skips ?? []) work.skipped.push(said(transform, skip, places));
  for (const note of change.notes ?? [])
    work.notes.push({ transform: transform.id, ...note, message: inOriginalLines(note.message, places) });
  work.subject = subject;
  work.history = applied.history;
  work.files = files;
  work.announced = announced;
  if (change.edits.length === 0 && (change.files ?? []).length === 0) return;
  work.steps?.push({ transform: transform.id, output: applied.text, files });
  work.applied.push({
    transform: transform.id,
    title: transform.title,
    safety: change.safety,
    why: inOriginalLines(change.why, places),
    evidence: placed(change.evidence, places),
    ...(change.announces ? { announces: change.announces } : {}),
  });
}

/** The project with these files; the one that is there where they are the same. */
function projectWith({ context, ecosystems, subject, files: before }: Workspace, files: ReadonlyMap<string, string>): Project {
  const same = files.size === before.size && [...files].every(([path, text]) => before.get(path) === text);
  return same ? subject.project : readProject(context, files, ecosystems, subject.project.image);
}

/** F6: a transform that would change its own result again. */
function repeats(transform: Transform, subject: Subject, original: Subject, ecosystems: readonly Ecosystem[]): Broken | undefined {
  const again = attempt(transform, subject, original, ecosystems);
  const changes = again && !isRefusal(again) && (again.edits.length > 0 || (again.files ?? []).length > 0);
  return changes ? { invariant: 'F6', detail: `${transform.id} would change its own result again` } : undefined;
}

function said(transform: Transform, refused: Refusal, places: Places): Skipped {
  const { id, message, at, evidence } = refused;
  const advice = refused.allow ?? allowOf(transform.id, id);
  return {
    transform: transform.id,
    reason: id,
    message: inOriginalLines(message, places),
    line: places.ofOffset(at),
    ...(advice === undefined ? {} : { allow: inOriginalLines(advice, places) }),
    ...(evidence ? { evidence: placed(evidence, places) } : {}),
  };
}

/** The original lines of what a transform saw. */
interface Places {
  ofOffset(offset: number): number;
  ofLine(line: number): number;
}

function placesOf({ subject, history }: Workspace, original: Subject): Places {
  const seen = once(() => linesOf(subject.dockerfile.source));
  const source = once(() => linesOf(original.dockerfile.source));
  const originalOf = once(() => originsOf(history));
  // a last stage that was added stands for the one that was there
  const origin = (offset: number): number => (offset === lastFrom(subject) ? lastFrom(original) : originalOf()(offset));
  const ofOffset = (offset: number): number => source().lineAt(origin(offset));
  return { ofOffset, ofLine: (line) => ofOffset(seen().startOf(line)) };
}
const lastFrom = ({ dockerfile: { stages } }: Subject): number => stages.at(-1)?.from.start ?? 0;

/** In lines of the original, each once: what another one of the same line says with more is left out. */
function placed(evidence: readonly Evidence[], places: Places): Evidence[] {
  const all = evidence.map((e) => (e.file === 'Dockerfile' && e.line !== undefined ? { ...e, line: places.ofLine(e.line) } : e));
  const byPlace = onceEach((_place: string): Evidence[] => []);
  const samePlace = ({ file, line }: Evidence): Evidence[] => byPlace(`${line ?? ''} ${file}`);
  for (const e of all) samePlace(e).push(e);
  return all.filter((e) => {
    const same = samePlace(e);
    return same.find(({ says }) => says === e.says) === e && !same.some(({ says }) => says.startsWith(`${e.says}, which `));
  });
}
/** Sentences name lines of the Dockerfile as "line 7" and "Dockerfile:7"; people look for them in the file as they have it. */
const inOriginalLines = (sentence: string, places: Places): string =>
  sentence.replace(
    /(\b[Ll]ine |(?<![\w./-])Dockerfile:)(\d{1,6})\b/g,
    (_, before: string, line: string) => before + String(places.ofLine(Number(line))),
  );

function finish(source: string, work: Workspace): Result {
  const output = work.subject.dockerfile.source;
  const files: FileChange[] = [...work.files].map(([path, after]) => {
    const read = work.context.tree.read(path);
    return { path, before: read.kind === 'text' ? read.text : undefined, after };
  });
  const { applied, skipped, notes, steps } = work;
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
    ...(steps ? { steps } : {}),
  };
}
