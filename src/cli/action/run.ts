// Room: cli/. One run of the action, from its inputs to the exit code.
import { resolve } from 'node:path';
import { isWithin } from '../../checkout/paths.ts';
import { run } from '../run.ts';
import type { ExitCode, World } from '../world.ts';
import { check } from './check.ts';
import { annotate, mask, setOutput } from './commands.ts';
import { inputsOf, type Inputs } from './inputs.ts';

/** Runs the action. In: the runner's environment; `cwd` is the workspace. Out: the exit code; nothing is thrown. */
export async function runAction(world: World): Promise<ExitCode> {
  const inputs = inputsOf(world.env);
  if (typeof inputs === 'string') return refuse(inputs, world);
  const cwd = resolve(world.cwd, inputs.workingDirectory);
  if (!isWithin(world.cwd, cwd)) return refuse('working-directory leads out of the workspace', world);
  return inputs.mode === 'check' ? check(inputs, { ...world, cwd }) : pull(inputs, { ...world, cwd });
}

function refuse(message: string, world: World): ExitCode {
  annotate(world, 'error', 'dockerfile-mod', message);
  return 2;
}

/** Mode pr: the same as `dockerfile-mod pr` for the workflow's repository; the token goes by the environment. */
async function pull(inputs: Inputs, world: World): Promise<ExitCode> {
  mask(world, inputs.token);
  const env = inputs.token === '' ? world.env : { ...world.env, DOCKERFILE_MOD_TOKEN: inputs.token };
  let out = '';
  const stdout = {
    write: (text: string) => {
      out += text;
      return world.stdout.write(text.replace(/^(\s*)(?=::|##\[)/gm, '$1 \u00b7'));
    },
  };
  const status = await run(['pr', ...inputs.refactor, ...inputs.pull], { ...world, env, stdout });
  setOutput(world, 'pull-request-url', /https?:\/\/[^\s<>"']+\/(?:pulls?|merge_requests)\/\d+/.exec(out)?.[0] ?? '');
  // Nothing is wrong when a limit is reached: the next run goes on.
  return status === 5 ? 0 : status;
}
