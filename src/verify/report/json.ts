// Room: verify/report/. The JSON document of a verification. Only types come from the schema: zod is not loaded to print.
import type { Check, EngineProblem, FileVerification, LadderStep, Layer, Measures, RolledBack, VerifyResult } from '../types.ts';
import { patchOf } from '../../report/diff.ts';
import { checkTexts, rungTexts } from './checks.ts';
import type { VerifyDocument } from './schema.ts';

type FileDocument = VerifyDocument['files'][number];
type MeasuresDocument = NonNullable<FileDocument['measures']>['before'];
type LayerDocument = NonNullable<FileDocument['layers']>['before'][number];

/** What `verify --format json` prints, as data. */
export function verifyDocument(result: VerifyResult): VerifyDocument {
  return { version: result.version, engine: result.engine ?? null, ok: result.ok, files: result.files.map(fileDocument) };
}

// Field by field: what is added to the room's types later does not enter a published document by itself.
function fileDocument(file: FileVerification): FileDocument {
  const { measures, layers, edited, problem } = file;
  return {
    path: file.path,
    context: file.context ?? null,
    outcome: file.outcome,
    before: file.before,
    after: isKept(file) ? file.after : file.before,
    diff: diffOfVerification(file),
    applied: [...file.applied],
    rolledBack: file.rolledBack.map(rolledBackDocument),
    ladder: file.ladder.map(stepDocument),
    checks: file.checks.map(checkDocument),
    measures: measures ? { before: measuresDocument(measures.before), after: measuresDocument(measures.after) } : null,
    layers: layers ? { before: layers.before.map(layerDocument), after: layers.after.map(layerDocument) } : null,
    edited: edited ? { source: edited.source, dependency: edited.dependency } : null,
    problem: problem ? problemDocument(problem) : null,
    seconds: file.seconds,
  };
}

/** Whether a rewrite passed; otherwise `after` is the one that did not, and must not be applied. */
export const isKept = ({ outcome }: FileVerification): boolean => outcome === 'verified' || outcome === 'partly-verified';

/** The patch of what was verified: the Dockerfile, then the files of the context; '' when nothing could be kept. */
export function diffOfVerification(file: FileVerification): string {
  if (!isKept(file)) return '';
  return patchOf([
    { path: file.report?.patchPath ?? file.path, before: file.before, after: file.after },
    ...(file.report?.files ?? []).map((one) => ({ path: one.patchPath, before: one.before, after: one.after })),
  ]);
}

const checkDocument = ({ id, outcome, detail, differences, log, about }: Check): FileDocument['checks'][number] => ({
  id,
  title: checkTexts[id].title,
  outcome,
  detail,
  differences: differences.map(({ what, before, after, expected }) => ({
    what,
    before,
    after,
    ...(expected === undefined ? {} : { expected }),
  })),
  about: [...(about ?? [])],
  ...(log === undefined ? {} : { log }),
});

const rolledBackDocument = ({ transform, check, reason, causes, log }: RolledBack): FileDocument['rolledBack'][number] => ({
  transform,
  check,
  reason,
  causes: [...causes],
  log,
});

const stepDocument = ({
  rung,
  outcome,
  base,
  size,
  check,
  reason,
  mended,
  assumed,
  against,
}: LadderStep): FileDocument['ladder'][number] => ({
  rung,
  title: rungTexts[rung].title,
  outcome,
  base: base ?? null,
  size: size ?? null,
  check: check ?? null,
  reason: reason ?? null,
  mended: [...mended],
  assumed: [...assumed],
  against: [...against],
});

const layerDocument = ({ digest, bytes, compressed }: Layer): LayerDocument => ({ digest, bytes, compressed: compressed ?? null });

const problemDocument = ({ kind, message, hint, log }: EngineProblem): NonNullable<FileDocument['problem']> => ({
  kind,
  message,
  ...(hint === undefined ? {} : { hint }),
  log,
});

function measuresDocument(measures: Measures): MeasuresDocument {
  return {
    size: measures.size,
    compressed: measures.compressed ?? null,
    layers: measures.layers,
    files: measures.files,
    packages: measures.packages,
    contextBytes: measures.contextBytes,
    coldSeconds: measures.coldSeconds ?? null,
    sourceEditSeconds: measures.sourceEditSeconds ?? null,
    dependencyEditSeconds: measures.dependencyEditSeconds ?? null,
    vulnerabilities: { ...measures.vulnerabilities },
  };
}
