// Room: ecosystems/go. The settings that one go command finds: in front of it, exported before it, in ENV and ARG, written by `go env -w`.
import type { Known } from '../../dockerfile/types.ts';
import type { RunPart, StageReading } from '../../facts/reading.ts';
import type { GoBuild } from './build.ts';

/** A variable as the command finds it. Source: `go help environment`. */
export function settingOf(part: RunPart, build: GoBuild, name: string): Known | undefined {
  if (build.computedEnv.includes(name)) return { unknown: `${name} is computed` };
  const own = Object.hasOwn(build.env, name) ? build.env[name] : undefined;
  return own === undefined ? part.effects.before.lookup(name) : { value: own };
}

/** What `go env -w NAME=VALUE` wrote before an instruction; a build argument and the environment count more. Source: `go help env`. */
export function writtenSetting({ runs }: StageReading, before: number, name: string): Known | undefined {
  let found: Known | undefined;
  for (const { instruction, parts } of runs)
    for (const { command, effects } of instruction.index <= before ? parts : [])
      if (effects.program === 'go' && command.words.some((word) => word.value === '-w'))
        for (const { raw, value } of command.words)
          if (raw.startsWith(`${name}=`))
            found = value === undefined ? { unknown: `${name} is computed` } : { value: value.slice(name.length + 1) };
  return found;
}
