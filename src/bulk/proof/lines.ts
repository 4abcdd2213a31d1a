// Room: bulk/. What was verified and how, in the sentences of a pull request.
import { titleOf } from '../../verify/report/ladder.ts';
import type { Proof, ProvenFile } from './types.ts';

/** Dockerfiles that are told of one by one. */
const maxFiles = 10;

/** One sentence a line. Text of a repository may stand in it: the body neutralises it. */
export function proofLines({ engine, files }: Proof): string[] {
  const shown = files.slice(0, maxFiles).flatMap((file) => linesOf(file, engine));
  return files.length > maxFiles ? [...shown, `And ${files.length - maxFiles} more Dockerfiles.`] : shown;
}

function linesOf(file: ProvenFile, engine: string): string[] {
  const { path, outcome, passed, takenBack, tried = [], problem } = file;
  if (outcome !== 'verified' && outcome !== 'partly-verified') return [`${path} is left as it was: ${problem ?? outcome}`];
  const back = takenBack.map(
    ({ transform, check, reason }) => `Taken back in ${path}: ${transform}, with which a check fails (${titleOf(check)}): ${reason}`,
  );
  const ladder = tried.map((one) => `Tried for ${path}: ${one}`);
  return [`${path} was built and run before and after with ${engine}. Passed: ${passed.map(titleOf).join(', ')}.`, ...ladder, ...back];
}
