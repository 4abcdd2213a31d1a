// Room: ecosystems/python. `uv pip install`: as pip, into an environment that UV_PYTHON names, since uv passes one on PATH by with --system.
// Sources: docs.astral.sh/uv/pip/environments; docs.astral.sh/uv/reference/environment, UV_PYTHON. Tried with uv 0.2 to 0.13: UV_PYTHON counts
// before --system and UV_SYSTEM_PYTHON; 0.1 refuses both together.
import type { RunReading } from '../../facts/reading.ts';
import { refuse } from '../../refusal.ts';
import type { PythonCase } from './split-case.ts';
import { anyPipInstall, pipInstall, uvPipInstall } from './pip-command.ts';
import { uvVenvs } from './uv-pip-command.ts';
import { otherUv } from './uv-command.ts';
import { invocation } from './words.ts';

export const isUvPackage = (spec: string): boolean => /^uv\b/.test(spec);
const isUv = (part: RunReading['parts'][number]): boolean => uvPipInstall(part.command) !== undefined;

/** The file installs with `uv pip`. */
export const usesUvPip = ({ reading }: Pick<PythonCase, 'reading'>): boolean => reading.runs.some(({ parts }) => parts.some(isUv));

/** A command of uv that does more than `uv pip install`, as it is written. */
export const beyondUvPip = ({ reading }: PythonCase): string | undefined =>
  reading.runs
    .flatMap(({ parts }) => parts)
    .filter((part) => !isUv(part) && uvVenvs(part.command, part.effects.before) === undefined)
    .map(
      ({ command }) =>
        otherUv(command) ?? (invocation(command)?.program === 'uv' && invocation(command)?.args[0] === 'sync' ? 'uv sync' : undefined),
    )
    .find((told) => told !== undefined);

/** Refuses where uv would not install into the environment that UV_PYTHON names, or is needed when the container runs. */
export function refuseOtherPython(c: PythonCase): void {
  if (!usesUvPip(c)) return;
  // where one RUN brings uv and installs with it, uv stands in the environment
  const within = c.reading.runs.some(
    ({ parts }) => parts.some(isUv) && parts.some(({ command }) => pipInstall(command)?.named.some(isUvPackage)),
  );
  if (!within && (c.run.wrappers.some(([program]) => program === 'uv') || c.run.needs.some(({ program }) => /(?:^|\/)uvx?$/.test(program))))
    refuse('uv-at-runtime', 'uv is called at run time', c.run.at);
  for (const run of c.reading.runs) {
    const part = run.parts.find(isUv);
    if (!part) continue;
    const at = run.instruction.start;
    const set = ['UV_PYTHON', 'UV_TARGET', 'UV_PREFIX'].find(
      (name) => c.reading.shell(run.instruction).lookup(name) !== undefined || part.command.assignments.some((one) => one.name === name),
    );
    if (set !== undefined)
      refuse('several-environments', `${set} says where uv installs: a virtual environment would stand beside it`, at, {
        allow: `Leave ${set} out.`,
      });
  }
  const old = c.reading.stage.instructions.find(({ logical }) => /\buv(?:==|~=|:)\s*0\.1\./.test(logical.text));
  if (old)
    refuse(
      'package-manager-unsupported',
      `Line ${old.line} brings uv 0.1, which installs into no environment that UV_PYTHON names`,
      old.start,
      {
        allow: 'Use a newer version of uv.',
      },
    );
}

/** What an install names that is the installers' own: uv, pip, setuptools. */
export const bringsOnly = (run: RunReading, names: RegExp): boolean =>
  run.parts.every(({ command, manager }) => {
    const read = manager?.ecosystem === 'python' ? anyPipInstall(command) : undefined;
    if (!read) return manager?.ecosystem !== 'python';
    return !read.project && read.requirements.length === 0 && read.named.every((spec) => names.test(/^[\w.-]+/.exec(spec)?.[0] ?? spec));
  });
