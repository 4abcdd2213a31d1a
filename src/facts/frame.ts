// Room: facts/. The frame invariants F1–F8 (rule book §0.4): what every structural change must leave as it was. Asserted in production.
import { applyEdits, startHistory, type Edit } from '../dockerfile/edits.ts';
import type { Dockerfile } from '../dockerfile/types.ts';
import type { Announced } from '../transform.ts';
import { configOf, type ImageConfig } from './config.ts';
import { inside, resolvePath } from './copies.ts';
import type { StageReading } from './reading.ts';
import type { Subject } from './subject.ts';

export interface Broken {
  invariant: 'F1' | 'F2' | 'F3' | 'F4' | 'F5' | 'F6' | 'F7' | 'F8';
  detail: string;
}

/** The first invariant that does not hold between the original subject and the current one, given all that was announced. */
export function checkFrame(original: Subject, now: Subject, announced: readonly Announced[]): Broken | undefined {
  return (
    sameConfig(original, now, announced) ??
    namedPaths(original, now) ??
    (copySources(original) ? undefined : copySources(now)) ??
    declaredVariables(original, now) ??
    stageName(original, now)
  );
}

const parentsOf = (subject: Subject, reading: StageReading): StageReading[] => {
  const { ofStage } = reading.base;
  const parent = reading.stage.from.image.raw.toLowerCase();
  const found =
    ofStage === undefined ? undefined : subject.stages.find((s) => s.stage.index < reading.stage.index && s.stage.name === parent);
  return found ? [found, ...parentsOf(subject, found)] : [];
};
export const finalConfig = (subject: Subject): ImageConfig => configOf(subject.final, parentsOf(subject, subject.final));

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
    differ('VOLUME', a.volumes.join(' '), b.volumes.join(' ')) ??
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
  const copies = [now.final, ...parentsOf(now, now.final)].flatMap((stage) => stage.copies);
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

function copySources(now: Subject): Broken | undefined {
  const { stages } = now.dockerfile;
  const names = stages.map((s) => s.name);
  for (const stage of stages) {
    if (stage.name !== undefined && ['scratch', 'context'].includes(stage.name))
      return { invariant: 'F4', detail: `stage name ${stage.name} is reserved` };
    if (stage.name !== undefined && names.indexOf(stage.name) !== stage.index)
      return { invariant: 'F4', detail: `two stages are named ${stage.name}` };
  }
  for (const reading of now.stages)
    for (const copy of reading.copies) {
      const from = copy.instruction.from?.toLowerCase();
      const index = from === undefined ? -1 : names.indexOf(from);
      if (index >= reading.stage.index) return { invariant: 'F4', detail: `COPY --from=${from} names a later stage` };
      if (index === -1 && from !== undefined && ['builder', 'build', 'deps', 'dependencies'].includes(from))
        return { invariant: 'F4', detail: `COPY --from=${from} names no stage` };
    }
  return undefined;
}

/** F5: a variable that the original declared is declared wherever it is still used, unless the same use was undeclared before. */
function declaredVariables(original: Subject, now: Subject): Broken | undefined {
  const declared = new Set([...original.final.end.env.keys(), ...original.final.end.args.keys()]);
  const before = new Set(undeclared(original, declared).map((use) => use.key));
  const broken = undeclared(now, declared).find((use) => !before.has(use.key));
  return broken && { invariant: 'F5', detail: `line ${broken.line} uses $${broken.name}, which its stage does not declare` };
}

function undeclared(subject: Subject, names: ReadonlySet<string>): { key: string; name: string; line: number }[] {
  const uses: { key: string; name: string; line: number }[] = [];
  for (const reading of subject.stages)
    for (const i of reading.stage.instructions) {
      if (i.keyword === 'CMD' || i.keyword === 'ENTRYPOINT' || i.keyword === 'HEALTHCHECK') continue;
      const state = reading.before(i);
      for (const match of i.logical.text.matchAll(/\$\{?([A-Za-z_]\w*)/g)) {
        const name = match[1] ?? '';
        const own = i.keyword === 'ARG' && i.pairs.some((p) => p.name === name);
        const assigned =
          i.keyword === 'RUN' &&
          new RegExp(`(^|[\\s;&|(])(export\\s+|read\\s+|for\\s+)?${name}(=|\\s+in\\s|\\b\\s*;)`).test(i.logical.text);
        if (names.has(name) && !own && !assigned && !state.env.has(name) && !state.args.has(name))
          uses.push({ key: `${i.logical.text.trim()} ${name}`, name, line: i.line });
      }
    }
  return uses;
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
  const applied = applyEdits(before.source, edits, before.eol, '', startHistory(before.source));
  if ('conflict' in applied) return undefined;
  const kept = applied.history.segments
    .filter((s) => s.origin !== undefined)
    .map((s) => [s.origin as number, (s.origin as number) + s.length] as const);
  for (const i of before.instructions) {
    const { start, end } = i.keywordSpan;
    const survives = kept.some(([from, to]) => from < end && to > start);
    if (!survives && !dropped.has(i.index)) return { invariant: 'F8', detail: `${i.keyword} at line ${i.line} would be lost` };
  }
  return undefined;
}
