// Room: facts/. The image configuration that a stage ends with, its base image's settings included.
import type { Instruction } from '../dockerfile/types.ts';
import type { StageReading } from './reading.ts';

export interface ImageConfig {
  /** As JSON text; shell form as the shell's argv. Undefined: none. */
  entrypoint: string[] | undefined;
  cmd: string[] | undefined;
  healthcheck: string;
  expose: string[];
  volumes: string[];
  stopSignal: string;
  shell: string;
  workdir: string;
  onbuild: string[];
  labels: ReadonlyMap<string, string>;
  /** Set by the Dockerfile itself. */
  env: ReadonlyMap<string, string>;
}

const bodyOf = (i: Instruction): string => i.logical.text.replace(/^\s*\S+\s*/, '').trim();

function commandOf(i: Extract<Instruction, { keyword: 'CMD' | 'ENTRYPOINT' }>, reading: StageReading): string[] {
  if (i.form === 'exec') return (i.json ?? []).map((arg) => arg.value);
  return [...reading.before(i).shell, i.script?.text ?? bodyOf(i)];
}

/** Builds the configuration of one stage; `parents` are the readings of the stages it is built FROM, nearest first. */
export function configOf(reading: StageReading, parents: readonly StageReading[] = []): ImageConfig {
  const chain = [...parents].reverse().concat(reading);
  const { family } = reading.base;
  // a script that starts what it is given, and nothing else, is the same as none
  let entrypoint = family?.entry && family.entry.program === undefined ? undefined : family?.entrypoint;
  let cmd = family?.cmd;
  const expose = new Set<string>(family?.exposes ?? []);
  const volumes = new Set<string>(family?.volumes ?? []);
  const labels = new Map<string, string>();
  const env = new Map<string, string>();
  const last = new Map<string, string>();
  const onbuild: string[] = [];
  for (const part of chain) {
    let ownCmd = false;
    for (const i of part.stage.instructions) {
      if (i.keyword === 'CMD') {
        cmd = commandOf(i, part);
        ownCmd = true;
      } else if (i.keyword === 'ENTRYPOINT') {
        entrypoint = commandOf(i, part);
        // Dockerfile reference: an ENTRYPOINT resets a CMD that came from the base image
        if (!ownCmd) cmd = undefined;
      } else if (i.keyword === 'EXPOSE') for (const word of i.words) expose.add(word.value);
      else if (i.keyword === 'VOLUME') for (const value of i.json?.map((a) => a.value) ?? i.words.map((w) => w.value)) volumes.add(value);
      else if (i.keyword === 'LABEL') for (const pair of i.pairs) labels.set(pair.name, pair.value ?? '');
      else if (i.keyword === 'ENV') for (const pair of i.pairs) env.set(pair.name, valueOf(part, pair.name));
      else if (i.keyword === 'HEALTHCHECK' || i.keyword === 'STOPSIGNAL' || i.keyword === 'SHELL') last.set(i.keyword, bodyOf(i));
      else if (i.keyword === 'ONBUILD') onbuild.push(bodyOf(i));
    }
  }
  const { workdir } = reading.end;
  return {
    entrypoint,
    cmd,
    healthcheck: last.get('HEALTHCHECK') ?? '',
    expose: [...expose].sort(),
    volumes: [...volumes].sort(),
    stopSignal: last.get('STOPSIGNAL') ?? family?.stopSignal ?? '',
    shell: last.get('SHELL') ?? '',
    workdir: 'value' in workdir ? workdir.value : `unknown: ${workdir.unknown}`,
    onbuild,
    labels,
    env,
  };
}

function valueOf(reading: StageReading, name: string): string {
  const value = reading.end.env.get(name);
  return value === undefined ? '' : 'value' in value ? value.value : `unknown: ${value.unknown}`;
}
