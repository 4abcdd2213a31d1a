// Room: facts/. The frame invariants F1–F9: what every structural change must leave as it was. Asserted in production.
import { rangesKept, type Edit } from '../dockerfile/edits.ts';
import type { Dockerfile, Instruction, Span } from '../dockerfile/types.ts';
import { oncePer } from '../once.ts';
import type { Announced } from '../types.ts';
import { configOf, type ImageConfig } from './config.ts';
import { inside, landingIn, resolvePath } from './copies.ts';
import { lackingFile } from './found-files.ts';
import type { StageReading } from './reading.ts';
import type { Subject } from './subject.ts';

export interface Broken {
  invariant: 'F1' | 'F2' | 'F3' | 'F4' | 'F5' | 'F6' | 'F7' | 'F8' | 'F9';
  detail: string;
}

/** The first invariant that does not hold between the original subject and the current one, given all that was announced. */
export function checkFrame(original: Subject, now: Subject, announced: readonly Announced[]): Broken | undefined {
  return (
    sameConfig(original, now, announced) ??
    namedPaths(original, now) ??
    misplaced(original, now) ??
    (copySources(original) ? undefined : copySources(now)) ??
    declaredVariables(original, now) ??
    stageName(original, now) ??
    foundFiles(original, now)
  );
}

/** F9: what a RUN of a split names, it finds. */
function foundFiles(original: Subject, now: Subject): Broken | undefined {
  const detail = lackingFile(original, now);
  return detail === undefined ? undefined : { invariant: 'F9', detail };
}

/** The stages that the final one is built FROM, nearest first. */
function parentsOf({ stages, final }: Subject): StageReading[] {
  const named = new Map<string, StageReading>();
  for (const reading of stages)
    if (reading.stage.name !== undefined && !named.has(reading.stage.name)) named.set(reading.stage.name, reading);
  const found: StageReading[] = [];
  for (let at = final; at.base.ofStage !== undefined;) {
    const parent = named.get(at.stage.from.image.raw.toLowerCase());
    if (!parent || parent.stage.index >= at.stage.index) break;
    found.push(parent);
    at = parent;
  }
  return found;
}
const finalConfig = oncePer((subject: Subject): ImageConfig => configOf(subject.final, parentsOf(subject)));

const show = (words: string[] | undefined): string => (words ? JSON.stringify(words) : 'none');

function sameConfig(original: Subject, now: Subject, announced: readonly Announced[]): Broken | undefined {
  const a = finalConfig(original);
  const b = finalConfig(now);
  const keywords = new Set(announced.flatMap((n) => n.keywords ?? []));
  const differ = (what: string, x: string, y: string): Broken | undefined =>
    x === y ? undefined : { invariant: 'F1', detail: `${what} was ${x || 'none'} and would be ${y || 'none'}` };
  const config =
    (keywords.has('ENTRYPOINT') ? undefined : differ('ENTRYPOINT', show(a.entrypoint), show(b.entrypoint))) ??
    (keywords.has('CMD') ? undefined : differ('CMD', show(a.cmd), show(b.cmd))) ??
    (keywords.has('WORKDIR') ? undefined : differ('WORKDIR', a.workdir, b.workdir)) ??
    (keywords.has('SHELL') ? undefined : differ('SHELL', a.shell, b.shell)) ??
    differ('EXPOSE', a.expose.join(' '), b.expose.join(' ')) ??
    (keywords.has('VOLUME') ? undefined : differ('VOLUME', a.volumes.join(' '), b.volumes.join(' '))) ??
    differ('HEALTHCHECK', a.healthcheck, b.healthcheck) ??
    differ('STOPSIGNAL', a.stopSignal, b.stopSignal) ??
    differ('ONBUILD', a.onbuild.join('; '), b.onbuild.join('; '));
  if (config) return config;
  const expectedEnv = new Set(announced.flatMap((n) => n.env ?? []));
  for (const [name, value] of a.labels)
    if (b.labels.get(name) !== value) return { invariant: 'F1', detail: `LABEL ${name} would be lost or changed` };
  for (const [name, value] of a.env)
    if (!expectedEnv.has(name) && b.env.get(name) !== value)
      return { invariant: 'F2', detail: `ENV ${name} was "${value}" and would be ${b.env.has(name) ? `"${b.env.get(name)}"` : 'gone'}` };
  return undefined;
}

/** F3, where stages were split: every path that the run command names and that the original put into the image is copied to the final stage. */
function namedPaths(original: Subject, now: Subject): Broken | undefined {
  if (now.stages.length === original.stages.length) return undefined;
  const config = finalConfig(now);
  const workdir = config.workdir.startsWith('/') ? config.workdir : undefined;
  const copies = [now.final, ...parentsOf(now)].flatMap((stage) => stage.copies);
  // a bare name at the head is looked up on PATH; behind it, it may be a file
  const heads = [config.entrypoint?.[0], config.cmd?.[0]].filter((word) => word?.includes('/') === true);
  for (const word of [...heads, config.entrypoint?.[1], config.cmd?.[1]]) {
    if (word === undefined) continue;
    if (!/^\.{0,2}\/[\w./-]+$|^[\w-][\w./-]*\.(js|mjs|cjs|py|sh|jar)$/.test(word)) continue;
    const path = resolvePath(workdir, word);
    const system = ['/bin', '/sbin', '/usr', '/nodejs', '/opt/java'].some((dir) => path !== undefined && inside(path, dir));
    if (path === undefined || system) continue;
    const covered = copies.some(
      (copy) => copy.dest !== undefined && (path === copy.dest || inside(path, copy.dest) || inside(copy.dest, path)),
    );
    if (!covered) return { invariant: 'F3', detail: `${word} is run, but nothing copies ${path} into the final stage` };
  }
  return undefined;
}

/**
 * F3, of every file: what is copied into the final stage of a split lands where the original had it. A path of a build stage is that of the original;
 * directories that the original did not fill itself (`/out`) are the split's own.
 */
function misplaced(original: Subject, now: Subject): Broken | undefined {
  if (now.stages.length === original.stages.length || original.stages.length !== 1) return undefined;
  const { copies, end } = original.final;
  const filled = [...copies.map((copy) => copy.dest), 'value' in end.workdir ? end.workdir.value : undefined].filter(
    (path): path is string => path !== undefined && path !== '/',
  );
  const names = new Set(now.stages.map((stage) => stage.stage.name));
  for (const copy of now.final.copies) {
    const { dest, instruction } = copy;
    if (dest === undefined) continue;
    for (const { path, kind } of copy.fromContext ? copy.sources : []) {
      const was = copies.flatMap((before) => landingIn(before, path) ?? []);
      const is = kind === 'file' || kind === 'dir' ? landingIn(copy, path) : undefined;
      if (is !== undefined && was.length > 0 && !was.includes(is))
        return { invariant: 'F3', detail: `${path || 'the context'} was copied to ${was[0]} and would be at ${is}` };
    }
    if (instruction.from === undefined || !names.has(instruction.from.toLowerCase())) continue;
    for (const { value } of instruction.sources) {
      const own = value?.startsWith('/') === true && !/[*?[]/.test(value) && filled.some((dir) => inside(value, dir));
      if (own && ![dest, resolvePath(dest, value.slice(value.lastIndexOf('/') + 1))].includes(resolvePath('/', value)))
        return { invariant: 'F3', detail: `${value} would be at ${dest}` };
    }
  }
  return undefined;
}

function copySources(now: Subject): Broken | undefined {
  const { stages } = now.dockerfile;
  const names = new Map<string, number>();
  for (const { name, index } of stages) if (name !== undefined && !names.has(name)) names.set(name, index);
  for (const stage of stages) {
    if (stage.name !== undefined && ['scratch', 'context'].includes(stage.name))
      return { invariant: 'F4', detail: `stage name ${stage.name} is reserved` };
    if (stage.name !== undefined && names.get(stage.name) !== stage.index)
      return { invariant: 'F4', detail: `two stages are named ${stage.name}` };
  }
  for (const reading of now.stages)
    for (const copy of reading.copies) {
      const from = copy.instruction.from?.toLowerCase();
      const index = from === undefined ? -1 : (names.get(from) ?? -1);
      if (index >= reading.stage.index) return { invariant: 'F4', detail: `COPY --from=${from} names a later stage` };
      if (index === -1 && from !== undefined && ['builder', 'build', 'deps', 'dependencies'].includes(from))
        return { invariant: 'F4', detail: `COPY --from=${from} names no stage` };
    }
  return undefined;
}

/** F5: a variable that the original declared is declared wherever it is still used, unless the same use was undeclared before. */
function declaredVariables(original: Subject, now: Subject): Broken | undefined {
  const declared = new Set([...original.final.end.env.keys(), ...original.final.end.args.keys()]);
  const before = new Map<string, Set<string>>();
  for (const { text, names } of undeclared(original, declared)) before.set(text, new Set([...(before.get(text) ?? []), ...names]));
  for (const { text, names, line } of undeclared(now, declared)) {
    const name = [...names].find((one) => !before.get(text)?.has(one));
    if (name !== undefined) return { invariant: 'F5', detail: `line ${line} uses $${name}, which its stage does not declare` };
  }
  return undefined;
}

/** Of each instruction, by its text: the variables of `declared` that it uses where they are not declared. */
function undeclared(subject: Subject, declared: ReadonlySet<string>): { text: string; names: Set<string>; line: number }[] {
  return subject.stages.flatMap((reading) =>
    reading.stage.instructions.flatMap((i) => {
      const { text } = i.logical;
      if (i.keyword === 'CMD' || i.keyword === 'ENTRYPOINT' || i.keyword === 'HEALTHCHECK' || !text.includes('$')) return [];
      const state = reading.before(i);
      const used = new Set([...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map((match) => match[1] ?? ''));
      for (const name of used) if (!declared.has(name) || state.env.has(name) || state.args.has(name) || sets(i, name)) used.delete(name);
      return used.size > 0 ? [{ text: text.trim(), names: used, line: i.line }] : [];
    }),
  );
}

/** The instruction itself gives the variable its value. */
function sets(i: Instruction, name: string): boolean {
  if (i.keyword === 'ARG') return i.pairs.some((p) => p.name === name);
  return i.keyword === 'RUN' && new RegExp(`(^|[\\s;&|(])(export\\s+|read\\s+|for\\s+)?${name}(=|\\s+in\\s|\\b\\s*;)`).test(i.logical.text);
}

function stageName(original: Subject, now: Subject): Broken | undefined {
  const was = original.final.stage.from.alias?.value;
  const is = now.final.stage.from.alias?.value;
  return was === undefined || was === is
    ? undefined
    : { invariant: 'F7', detail: `the final stage was named ${was} and would be ${is ?? 'unnamed'}` };
}

/** F8: every instruction of the old text is still there, in some stage, or is named as dropped. */
export function lostInstruction(before: Dockerfile, edits: readonly Edit[], dropped: ReadonlySet<number>): Broken | undefined {
  const survives = overlapping(rangesKept(edits, before.source.length));
  for (const i of before.instructions) {
    const { start, end } = i.keywordSpan;
    if (!survives(start, end) && !dropped.has(i.index)) return { invariant: 'F8', detail: `${i.keyword} at line ${i.line} would be lost` };
  }
  return undefined;
}

/** Tells whether one of the ranges has a character between two offsets. */
function overlapping(ranges: readonly Span[]): (start: number, end: number) => boolean {
  const rising = [...ranges].sort((a, b) => a.start - b.start);
  let furthest = 0;
  const reach = rising.map(({ end }) => (furthest = Math.max(furthest, end)));
  return (start, end) => {
    let [low, high] = [0, rising.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((rising[middle]?.start ?? 0) < end) low = middle + 1;
      else high = middle;
    }
    return (reach[low - 1] ?? 0) > start;
  };
}
