// Room: facts/. Facts have three values: known (yes/no or a value) with evidence, or unknown with the reason.

export interface Evidence {
  /** Path in the build context; 'Dockerfile' stands for the file being refactored. */
  file: string;
  line?: number;
  says: string;
}
/** A program that must be in the image when the container runs, and who says so. */
export interface Need {
  program: string;
  evidence: Evidence;
  /** What it starts in turn is told as well. */
  isRead?: boolean;
}
export type Fact<T> =
  | { value: T; evidence: Evidence[] }
  /** `id`: the skip reason that this is, where it is none of who asks. */
  | { unknown: string; id?: string; evidence?: Evidence[] };

export const known = <T>(value: T, ...evidence: Evidence[]): Fact<T> => ({ value, evidence });
export const unknown = <T>(why: string, ...evidence: Evidence[]): Fact<T> => ({ unknown: why, evidence });
