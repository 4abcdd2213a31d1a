// Room: cli/. Verification in a campaign: one repository after the other, by the engine of this machine.
import type { ProofOptions } from '../../bulk/options.ts';
import type { Prover } from '../../bulk/proof/types.ts';
import { CampaignStopped } from '../../bulk/run/attempt.ts';
import { given } from '../../checkout/given.ts';
import type { Core } from '../../checkout/types.ts';
import { withoutSecrets } from '../../forge/secrets.ts';
import { visible } from '../../report/visible.ts';
import type { Options } from '../../types.ts';
import { ofTheMachine, type ProgressEvent, type VerifyOptions } from '../../verify/types.ts';
import type { World } from '../world.ts';

export interface Proving {
  refactor: Partial<Options>;
  /** Only Dockerfiles whose path matches one of these; undefined: all. */
  wanted: readonly string[] | undefined;
  core: Core;
  world: World;
  quiet: boolean;
  signal: AbortSignal;
}

/** The prover of a campaign that verifies; undefined for others. */
export function proverOf(options: ProofOptions | undefined, how: Proving): Prover | undefined {
  if (!options) return undefined;
  let turn: Promise<unknown> = Promise.resolve();
  return (directory, repo) => {
    const run = async (): ReturnType<Prover> => {
      how.signal.throwIfAborted();
      const { verifyPaths } = await import('../../verify/verify.ts');
      const done = await verifyPaths(questionOf(directory, options, how, stepsOn(repo, how)));
      how.signal.throwIfAborted();
      const { problem } = done;
      if (!problem) return done;
      const said = problem.hint === undefined ? problem.message : `${problem.message}. ${problem.hint}`;
      // The campaign stops, and goes on when it is mended.
      if (ofTheMachine.has(problem.kind)) throw new CampaignStopped(said);
      throw new Error(`it could not be verified: ${said}`);
    };
    const result = turn.then(run);
    turn = result.catch(() => undefined);
    return result;
  };
}

function questionOf(directory: string, options: ProofOptions, how: Proving, onProgress: VerifyOptions['onProgress']): VerifyOptions {
  const { prove, measure, probes, engine, timeout, startTimeout, memory, cpus, pidsLimit } = options;
  return {
    paths: [directory],
    cwd: directory,
    refactor: how.refactor,
    // The engine's command line has no use for the forge's token.
    env: withoutSecrets(how.world.env),
    core: how.core,
    signal: how.signal,
    measure,
    build: given({ timeout }),
    run: given({ probes, startTimeout }),
    limits: given({ memory, cpus, pids: pidsLimit }),
    ...given({ prove, engine, onProgress, wanted: how.wanted }),
  };
}

/** A line per step: builds take minutes, and somebody waits. */
function stepsOn(repo: string, { world: { stderr }, quiet }: Proving): ((event: ProgressEvent) => void) | undefined {
  if (quiet) return undefined;
  return ({ kind, text }) => {
    if (kind === 'step') stderr.write(`${stderr.isTTY ? '\r\u001b[K' : ''}${visible(repo)}: ${visible(text)}\n`);
  };
}
