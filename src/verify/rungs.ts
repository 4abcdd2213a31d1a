// Room: verify/. Which candidates the ladder tries, from the smallest that the facts allow to the safest: each is a set of options for the one road.
import type { Options, Skipped } from '../types.ts';
import { noHttp } from './run/probe.ts';
import type { CheckId, Observation, Prove, RungId } from './types.ts';

/** A candidate: what the Dockerfile becomes with these options, and with what the original's image showed. */
export interface Rung {
  id: Exclude<RungId, 'in-place' | 'original'>;
  options: Pick<Options, 'level' | 'base'>;
  /** Checks that would show an assumption to be wrong; undefined: nothing is assumed. None: it is not tried, and that is told. */
  against?: readonly CheckId[];
  /** Only where the last plan stands on an empty image: a binary that misses the system's files has the fewest of them there. */
  when?: 'on-scratch';
}

/** What decides which candidates there are. */
export interface Ground {
  prove: Prove;
  /** What was asked for. */
  level: Options['level'];
  base: Options['base'];
  /** Of the original's image; null: it has none, or it is not known. */
  libc: 'glibc' | 'musl' | null;
  /** What of the original can be seen to fail: see `falsifiers`. */
  against: readonly CheckId[];
}

/**
 * The candidates in their order. In place transforms and the original are no rungs of their own here: they are what is left of a candidate when its split
 * is taken back. Unknowns are assumed only where they are asked for (`--level max`, first; `--smallest`, last), and something would show them to be wrong.
 */
export function rungsFor({ prove, level, base, libc, against }: Ground): Rung[] {
  const proven = level === 'max' ? 'balanced' : level;
  // Distroless images are Debian's: what musl's linker loads does not run there.
  const smaller: ('smallest' | 'distroless')[] = prove === 'smallest' && libc !== 'musl' ? ['smallest', 'distroless'] : [];
  const onBases = (at: Options['level']): Rung[] => [
    ...smaller.map((id): Rung => ({ id, options: { level: at, base: id } })),
    ...(prove === 'same' ? [] : [{ id: 'proven' as const, options: { level: at, base } }]),
    ...(prove === 'slim' && base === 'slim'
      ? [{ id: 'distroless' as const, options: { level: at, base: 'distroless' as const }, when: 'on-scratch' as const }]
      : []),
  ];
  const assuming = (rungs: readonly Rung[]): Rung[] => rungs.map((rung) => ({ ...rung, id: 'assumed', against }));
  const same: Rung = { id: 'same', options: { level: proven, base: 'keep' } };
  const asked: Rung = { id: 'assumed', options: { level: 'max', base: prove === 'same' ? 'keep' : base }, against };
  return [
    ...(level === 'max' ? (prove === 'same' || against.length === 0 ? [asked] : assuming(onBases('max'))) : []),
    ...onBases(proven),
    same,
    ...(level === 'balanced' && prove === 'smallest' ? [asked] : []),
  ];
}

/**
 * The checks that would show an assumption to be wrong: a port that answers, a probe, a health check that passes, a command that ends well. An original
 * that only fails shows nothing.
 */
export function falsifiers({ kind, exitCode, answers, health, commands, smoke }: Observation): CheckId[] {
  return [
    ...(answers.some(({ status }) => status !== undefined && status < 500) ? ['http' as const] : []),
    ...(answers.some(({ error }) => error === noHttp) ? ['ports' as const] : []),
    ...(health === 'healthy' ? ['health' as const] : []),
    ...(kind === 'ends' && exitCode === 0 ? ['output' as const] : []),
    ...(commands.some(({ code }) => code === 0) ? ['command' as const] : []),
    ...(smoke?.code === 0 ? ['smoke' as const] : []),
  ];
}

/** Refusals by what the Dockerfile is for, or by who asked: nothing that is seen in its image answers these. */
const answeredByNobody: ReadonlySet<string> = new Set([
  'cargo-run',
  'context-ambiguous',
  'dev-dockerfile',
  'dev-server-cmd',
  'final-by-target',
  'image-used-as-toolbox',
  'level-safe',
  'no-cmd',
  'onbuild-present',
  'opted-out',
  'pragma-off',
  'windows-base',
]);
/** What is not known of a base: the image says it, whatever the Dockerfile has besides. */
const ofBase: ReadonlySet<string> = new Set(['unknown-base', 'arg-base', 'digest-base', 'private-mirror-base']);

/** Whether facts of the image may allow what was refused. In: the refusals, and how many stages the Dockerfile has. */
export const mayLook = (skipped: readonly Skipped[], stages: number | undefined): boolean =>
  skipped.some(
    ({ transform, reason }) =>
      (transform === 'multi-stage' && stages === 1 && !answeredByNobody.has(reason)) || (stages !== undefined && ofBase.has(reason)),
  );
