// Room: layers/. The split of an image whose language nobody reads, by what its layers hold. What is not known to be the build's is kept.
import type { Piece } from '../dockerfile/edits.ts';
import { emptyPlan, type Kept, type RunPlan } from '../base/run-plan.ts';
import { isPlainName } from '../facts/copies.ts';
import { isRoot } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { isSeen, type FileFacts, type ImageFacts, type InstructionFacts } from '../image/types.ts';
import { refuse } from '../refusal.ts';
import type { Change } from '../transform.ts';
import { distribute, fromBuilder } from '../../transforms/multi-stage/distribute.ts';
import { sharedStage } from '../../transforms/multi-stage/shared-stage.ts';
import { emptySplit } from '../../transforms/multi-stage/split.ts';
import { leftRows } from '../image/left-behind.ts';
import { netOf, type Net } from '../image/net.ts';
import { partsOf, withFacts, type Parts } from './parts.ts';
import { startedIn, type Started } from './started.ts';
import { unitsOf, type Units } from '../image/units.ts';

/** Of the image; with less the split is more to read than it gains. */
const leastGain = 0.05;

/** The split; refuses where copies of files do not make the same image. Undefined: the facts cannot be put beside the instructions. */
export function byLayers(subject: Subject, facts: ImageFacts): Change | undefined {
  const { instructions } = facts;
  const known = withFacts(subject);
  if (!isSeen(instructions) || !known) return undefined;
  const started = startedIn(subject, facts);
  const kindOf = kinds(subject, started);
  const left = ({ added, changed }: InstructionFacts): number =>
    sum([...added, ...changed].filter(({ path }) => kindOf(path) !== undefined));
  const needed = new Set<number>();
  for (;;) {
    const parts = partsOf(subject, known, instructions, { left, needed });
    const layout = layoutOf(parts, kindOf);
    const missing = missingPackages(facts, layout, parts);
    const manager = managerOf(subject, facts, parts);
    if (missing.size === 0 || manager) return changeOf(subject, facts, parts, { ...layout, packages: [...missing.keys()].sort(), manager });
    for (const line of missing.values()) {
      if (needed.has(line)) return undefined;
      needed.add(line);
    }
  }
}

/** What is left behind, by path: undefined where it is kept. */
type KindOf = (path: string) => string | undefined;

function kinds(subject: Subject, started: Started): KindOf {
  const runs = subject.final.runs.map(({ instruction }) => instruction.logical.text).join('\n');
  const rows = leftRows.filter(({ tools, where }) => !(tools?.split(' ').some(started.names) ?? false) && (where?.test(runs) ?? true));
  const used = new Map<string, boolean>();
  return (path) => {
    for (const { what, pattern, except, tools } of rows) {
      const found = pattern.exec(path);
      if (!found || except?.test(path)) continue;
      const top = path.slice(0, found.index + found[0].length).replace(/\/$/, '');
      const isUsed = used.get(top) ?? (started.uses(top) || (tools === undefined && started.sets(top)));
      used.set(top, isUsed);
      if (!isUsed) return what;
    }
    return undefined;
  };
}

interface Layout {
  net: Net;
  units: Units;
  /** What is left behind, with its bytes, the largest first. */
  left: [what: string, bytes: number][];
  isKept: (path: string) => boolean;
  /** With a library that what is copied needs, and that a RUN of the build stage brought: the last stage installs them. */
  packages: string[];
  manager: 'apt' | 'apk' | undefined;
}

/** Who installs packages in the last stage; undefined: it cannot, as it does not begin as root, or nobody can. */
function managerOf({ final }: Subject, { system }: ImageFacts, { build }: Parts): 'apt' | 'apk' | undefined {
  const [first] = build;
  const { packageManager } = system;
  return first && isRoot(final.before(first.instruction)) && (packageManager === 'apt' || packageManager === 'apk')
    ? packageManager
    : undefined;
}

const replaced = 'files that a later line replaces or removes';
const packages = 'packages of the system that only the build uses';

function layoutOf({ layers, build }: Parts, kindOf: KindOf): Layout {
  const net = netOf(layers);
  const installs = new Set(build.flatMap(({ facts }) => (facts && facts.packagesAdded.length > 0 ? [facts.line] : [])));
  const ofInstall = (path: string): boolean => installs.has(net.files.get(path)?.line ?? 0);
  const isLeft = (path: string): boolean => kindOf(path) !== undefined || ofInstall(path);
  const bytes = new Map<string, number>();
  const add = (what: string, size: number): void => void bytes.set(what, (bytes.get(what) ?? 0) + size);
  if (net.replaced > 0) add(replaced, net.replaced);
  for (const [path, { fact }] of net.files) {
    const what = kindOf(path) ?? (ofInstall(path) ? packages : undefined);
    if (what !== undefined && fact.kind === 'file') add(what, leftRows.some((row) => row.what === what && row.links) ? 0 : fact.size);
  }
  const left = [...bytes].toSorted(([, a], [, b]) => b - a);
  const isKept = (path: string): boolean => net.files.has(path) && !isLeft(path);
  return { net, units: unitsOf(net, isLeft), left, isKept, packages: [], manager: undefined };
}

/** Packages with a library that a kept program or library needs, and the lines of the RUNs that bring them. */
function missingPackages({ programs, needs: seen }: ImageFacts, { isKept, net }: Layout, { build }: Parts): Map<string, number> {
  const brought = new Map(
    build.flatMap(({ facts }) => (facts ? facts.packagesAdded.map((name): [string, number] => [name, facts.line]) : [])),
  );
  const seenMissing = (seen?.packages ?? []).map(({ name }): [string, number | undefined] => [name, brought.get(name)]);
  const lines = new Map(seenMissing.filter((one): one is [string, number] => one[1] !== undefined));
  for (const { path, needs } of programs) {
    if (!isKept(path)) continue;
    for (const need of needs) {
      const line = need.owner === null ? undefined : brought.get(need.owner);
      if (line !== undefined && need.owner !== null) lines.set(need.owner, line);
      else if (need.path !== null && net.files.has(need.path) && !isKept(need.path))
        refuse('opaque-run', `${path} needs ${need.path}, which lies among what only builds read`, 0);
    }
  }
  return lines;
}

function changeOf(subject: Subject, facts: ImageFacts, parts: Parts, layout: Layout): Change {
  const { final } = subject;
  const { stage } = final;
  const first = parts.build[0];
  const lost = [...layout.net.removed].find(([path]) => !leftRows.some(({ pattern }) => pattern.test(path)));
  const at = (line: number): number => parts.build.find((one) => one.facts?.line === line)?.instruction.start ?? stage.from.start;
  if (lost)
    refuse(
      'opaque-run',
      `Line ${lost[1]} removes ${lost[0]}, which was there before the build; a copy of files does not remove it`,
      at(lost[1]),
    );
  const { problem } = layout.units;
  if (problem) refuse('opaque-run', `${problem.path}, which line ${problem.line} writes, ${problem.why}`, at(problem.line));
  const gain = layout.left.reduce((all, [, bytes]) => all + bytes, 0);
  const share = gain / Math.max(facts.image.size, 1);
  if (!first || share < leastGain)
    refuse(
      'no-gain',
      `By its layers, a split would leave ${megabytes(gain)} of ${megabytes(facts.image.size)} behind (${(share * 100).toFixed(1)} %)`,
      stage.from.start,
    );
  const builder = stage.name === 'builder' ? 'build' : 'builder';
  const runs = runPlan(parts);
  const shared = sharedStage(final, runs);
  if (!shared) return refuse('no-gain', 'Nothing is left to build', stage.from.start);
  // a stage with nothing in it is none
  const below = shared.own.size > 0 ? shared : undefined;
  const end = parts.build[parts.build.length - 1]?.instruction ?? stage.from;
  const lines = rootLines(layout.units, madeByWorkdir(parts, subject));
  const names = [...layout.units.copies, ...layout.units.links, ...layout.units.rights].map(({ path }) => path);
  const odd = [...names, ...layout.units.cleared, ...layout.units.links.map(({ to }) => to)].find((path) => !isPlainName(path));
  if (odd !== undefined) refuse('opaque-run', `The build writes ${JSON.stringify(odd)}, a name that an instruction cannot hold`, end.start);
  if (lines.length > 0 && !isRoot(final.before(end)))
    refuse('opaque-run', `Owners and links of what is built are made by root, and line ${end.line} stands behind USER`, end.start);
  if (layout.units.cleared.length > 0 && !isRoot(final.before(end)))
    refuse('opaque-run', `Line ${end.line} stands behind USER: what is left behind cannot be told from what it wrote`, end.start);
  const split = {
    ...emptySplit(below?.name ?? stage.from.image.raw),
    builderTail: layout.units.cleared.length > 0 ? [[`RUN rm -rf ${layout.units.cleared.join(' ')}`]] : [],
    artefacts: [...copyLines(builder, layout.units), ...(lines.length > 0 ? [[`RUN ${lines.join(' \\\n && ')}`]] : [])],
    packages: layout.packages,
    manager: layout.manager ?? 'apt',
    moved: new Set(parts.moved.map(({ instruction }) => instruction.index)),
  };
  return {
    edits: distribute(subject, split, { builder, owner: undefined, recommended: [], shared: below, runs }),
    safety: 'review',
    why: whyOf(layout, gain, facts.image.size),
    evidence: evidenceOf(layout, parts),
    notes: [],
    dropped: [],
  };
}

/** Directories with what lies below them; files of one directory in one line. */
function copyLines(builder: string, { copies }: Units): Piece[][] {
  const lines: Piece[][] = [];
  const files = new Map<string, string[]>();
  for (const { path, kind } of copies)
    if (kind === 'file') {
      const dir = path.slice(0, path.lastIndexOf('/'));
      files.set(dir, [...(files.get(dir) ?? []), path]);
    }
  for (const { path, kind } of copies) {
    const dir = path.slice(0, path.lastIndexOf('/'));
    const together = kind === 'file' ? files.get(dir) : undefined;
    if (together && together.length > 1) {
      files.delete(dir);
      lines.push([`COPY --from=${builder} ${together.join(' ')} ${dir}/`]);
    } else if (kind === 'dir' || together) lines.push(fromBuilder(builder, path, undefined));
  }
  return lines;
}

/** Commands of root: owners and modes that a COPY does not bring, links that it would follow. */
function rootLines({ rights, links }: Units, made: (fact: FileFacts) => boolean): string[] {
  const set = rights
    .filter((fact) => !made(fact))
    .flatMap(({ path, uid, gid, mode }) => [`chown ${uid}:${gid} ${path}`, ...(mode === '0755' ? [] : [`chmod ${mode} ${path}`])]);
  return [...set, ...links.map(({ path, to }) => `ln -sfn ${to} ${path}`)];
}

/** A directory that a WORKDIR makes in the last stage as it did in the original. */
function madeByWorkdir({ layers }: Parts, { final }: Subject): (fact: FileFacts) => boolean {
  const makers = layers.filter(({ keyword }) => keyword === 'WORKDIR').flatMap(({ added }) => added);
  const end = final.end.workdir;
  return ({ path, uid, gid, mode }) =>
    makers.some((one) => one.path === path && one.uid === uid && one.gid === gid && one.mode === mode) &&
    'value' in end &&
    end.value === path;
}

function runPlan({ kept }: Parts): RunPlan {
  const whole = kept.map(({ instruction: { index, start, end } }): [number, Kept] => [
    index,
    { text: [{ start, end }], whole: true, cut: [] },
  ]);
  return { ...emptyPlan(), kept: new Map(whole) };
}

function whyOf({ left }: Layout, gain: number, size: number): string {
  const named = left.filter(([, bytes]) => bytes >= gain / 20).slice(0, 4);
  const words = named.map(([what, bytes]) => `${what} (${megabytes(bytes)})`);
  const list = words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
  return `looked up in the image: the build stage keeps ${list}, of ${megabytes(size)} in all; all other files of the build are copied to where they were`;
}

function evidenceOf({ units }: Layout, { kept }: Parts): Evidence[] {
  const copied = units.copies.slice(0, 8).map(({ path, line }) => ({ file: 'Dockerfile', line, says: `image: its layer writes ${path}` }));
  const stays = kept.flatMap(({ facts }) => {
    const names = facts?.packagesAdded ?? [];
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    return facts && names.length > 0
      ? [{ file: 'Dockerfile', line: facts.line, says: `image: its layer installs ${names.slice(0, 3).join(', ')}${more}` }]
      : [];
  });
  return [...stays, ...copied];
}

const sum = (files: readonly FileFacts[]): number => files.reduce((all, { kind, size }) => all + (kind === 'file' ? size : 0), 0);
const megabytes = (bytes: number): string => (bytes >= 9_950_000 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e6).toFixed(1)} MB`);
