// Room: ecosystems/node. Projects that are installed and built beside the one that the container runs: of a front end, the server hands out what its build makes.
import { allOf } from '../../effects/effects.ts';
import type { Effects } from '../../effects/types.ts';
import { cleanPath, inside, originOf } from '../../facts/copies.ts';
import { hitEvidence } from '../../facts/project.ts';
import type { RunReading, StageReading } from '../../facts/reading.ts';
import type { Subject } from '../../facts/subject.ts';
import { inDirectory } from '../../installs/manifest-origin.ts';
import type { RunCommand } from '../../runtime/run-command.ts';
import { spawnedBy } from '../../runtime/spawned.ts';
import { namedAnywhere, namedParts, type OtherText } from '../named-parts.ts';
import type { Evidence, FrontEnd } from '../types.ts';
import { nodeReader } from './facts.ts';
import { nodeManagers } from './managers.ts';
import { outputsBelow } from './outputs.ts';
import type { NodeProject } from './types.ts';
import { joinPath, parentOf } from '../../context/paths.ts';
import { walk } from '../../context/walk.ts';
import { fields, jsonIn, stringFields } from './json.ts';

/** It is not known to be a front end. */
export interface NoFrontEnd {
  place: string;
  why: string;
  evidence: Evidence[];
}

/** Directories of the image where a RUN installs what a package.json asks for, by its own command or by a script that it starts. */
export function installedAt(reading: StageReading): string[] {
  const found = reading.runs.flatMap(({ parts }) => allOf(parts.map(({ effects }) => effects)).flatMap(installPlace));
  return [...new Set(found)];
}
function installPlace({ command, before }: Effects): string[] {
  const manager = nodeManagers.find((one) => one.classify(command) === 'install');
  const at = manager && inDirectory(manager, command, before.cwd);
  return at === undefined ? [] : [at];
}

/** Front ends of a container that another language runs. `idle`: nothing starts Node.js there, so that packages beside the sources are the build's as well. */
export const frontEndsOf = (subject: Subject, run: RunCommand, idle: boolean): FrontEnd[] =>
  installedAt(subject.final).flatMap((place) => {
    const found = frontEnd({ subject, run, place, own: undefined });
    if (!('why' in found)) return [found];
    const dir = originOf(subject.final.copies, subject.project.tree, place);
    return idle && dir === '' ? packagesAlone(subject, place) : [];
  });

/** A package.json beside the sources of the server: its packages, where nothing names their directory. */
function packagesAlone(subject: Subject, place: string): FrontEnd[] {
  const { tree, ignore } = subject.project;
  const names =
    namedAnywhere(tree, 'node_modules', (path) => ignore.ignores(path)) ||
    settings(subject).some(({ text }) => text.includes('node_modules'));
  if (names || place === '/') return [];
  const evidence = { file: 'package.json', says: 'is installed to build; nothing that runs names node_modules' };
  return [{ place, dir: '', packages: `${place}/node_modules`, made: undefined, alone: false, evidence: [evidence] }];
}

/** Asked of each directory that is installed beside the project of the container. */
interface Question {
  subject: Subject;
  run: RunCommand;
  place: string;
  /** Where the project of the container is installed. */
  own: string | undefined;
}

/** What of such a directory the container needs. */
export function frontEnd(q: Question): FrontEnd | NoFrontEnd {
  const { subject, run, place } = q;
  const { tree, ignore } = subject.project;
  const no = (why: string, ...evidence: Evidence[]): NoFrontEnd => ({ place, why, evidence });
  const dir = originOf(subject.final.copies, tree, place);
  const project = dir === undefined || dir === '' ? undefined : subject.project.read(nodeReader, dir);
  if (q.own !== undefined && inside(q.own, place)) return no('the project that the container runs may use, too');
  if (!project || dir === undefined) return no('is no project of its own in the build context');
  if (project.workspaces) return no('is the root of a workspace');
  const starts = startedIn(run, place) ?? spawnedIn(subject, place);
  if (starts) return no('is where the container starts a program', starts);
  const linked = linkedTo(q, dir);
  if (linked) return no('is a package that another one depends on', linked);
  const program = ofServers(project, subject.final, place);
  if (program) return no('is built into a program of Node.js', program);
  const made = madeIn(subject.final, tree, place);
  const below = made?.filter((path) => inside(path, dir));
  const named = namedParts({ tree, dir, place, made: below ?? [], hidden: (path) => ignore.ignores(path), others: settings(subject) });
  if (named.all) return no('a source loads, or names as a whole', named.all);
  // what servers read of the directory that they run in is told by what names it
  const read = run.started.flatMap(({ effects, starter }) => (starter ? [] : effects.reads.known).map(({ path }) => path));
  const atPlace = (path: string): string => cleanPath(`${place}${path.slice(dir.length)}`);
  return {
    place,
    dir,
    // its sources stay: they are small, and a path that is computed may lead to them
    packages: `${place}/node_modules`,
    made: below?.map(atPlace),
    alone:
      made !== undefined &&
      !named.more &&
      !read.some((path) => inside(path, place) && !(below ?? []).some((output) => inside(path, atPlace(output)))),
    evidence: [
      { file: project.manifestPath, says: `is installed and built; nothing that runs names more of ${dir} than ${saidOf(below)}` },
    ],
  };
}
const saidOf = (made: readonly string[] | undefined): string =>
  made === undefined || made.length === 0 ? 'what its build makes' : made.join(', ');

/** The container starts something in the directory, or a file of it. */
function startedIn(run: RunCommand, place: string): Evidence | undefined {
  const started = run.started.find(
    ({ effects, starter }) =>
      (effects.runs !== undefined && inside(effects.runs.path, place)) ||
      (!starter && effects.before.cwd !== undefined && inside(effects.before.cwd, place)) ||
      effects.starts.some((one) => one.before.cwd !== undefined && inside(one.before.cwd, place)),
  );
  return started?.evidence;
}

/** The sources start Node.js on a file of the directory, or on one whose path is computed. */
function spawnedIn(subject: Subject, place: string): Evidence | undefined {
  const found = spawnedBy(subject).find(({ effects }) =>
    effects.some(({ program, runs, startsUnknown }) =>
      runs === undefined ? program === 'node' && startsUnknown !== undefined : inside(runs.path, place),
    ),
  );
  return found && hitEvidence(found.hit);
}

/** Another package.json names it as a dependency: its packages are loaded through a link. */
function linkedTo({ subject }: Question, dir: string): Evidence | undefined {
  const { tree } = subject.project;
  for (const { path, name } of walk(tree, '')) {
    if (name !== 'package.json' || inside(path, dir)) continue;
    const read = tree.read(path);
    const parsed = read.kind === 'text' ? jsonIn(read) : { broken: '' };
    const manifest = fields('value' in parsed ? parsed.value : undefined);
    for (const section of ['dependencies', 'optionalDependencies', 'devDependencies', 'peerDependencies'])
      for (const [dependency, range] of stringFields(manifest.get(section))) {
        const to = /^(?:file:|link:|portal:|\.{0,2}\/)(.*)$/.exec(range)?.[1];
        if (to !== undefined && joinPath(parentOf(path), to) === dir) return { file: path, says: `depends on ${dependency} in ${dir}` };
      }
  }
  return undefined;
}

/** Frameworks that build a program for Node.js, beside or instead of files. Their manuals: "server-side rendering", "adapter-node". */
const OF_SERVERS =
  /^(?:next|nuxt|@remix-run\/.+|@react-router\/node|@sveltejs\/adapter-node|@astrojs\/node|@angular\/ssr|@nguniversal\/.+|vinxi|nitropack|express-engine|vite-plugin-ssr|vike)$/;
function ofServers(project: NodeProject, reading: StageReading, place: string): Evidence | undefined {
  const name = [...project.dependencies.keys(), ...project.devDependencies.keys()].find((one) => OF_SERVERS.test(one));
  const outputs = project.outputs('build');
  // `output: 'export'`, `nuxt generate`
  const files = name === 'next' && 'value' in outputs && outputs.value.every((path) => path === 'out');
  if (name !== undefined && !files) return { file: project.manifestPath, says: `depends on ${name}` };
  const ssr = buildsIn(reading, place).find(({ given }) => given.words.some(({ value }) => /^--ssr(?:=|$)/.test(value ?? '')));
  return ssr && { file: project.manifestPath, says: 'builds with --ssr' };
}
const buildsIn = (reading: StageReading, place: string): Effects[] =>
  reading.runs
    .flatMap(({ parts }) => allOf(parts.map(({ effects }) => effects)))
    .filter(({ before: { cwd } }) => cwd !== undefined && inside(cwd, place));

/** Context paths that the commands make which work in the directory; undefined: one of them cannot be told. */
export function madeIn(reading: StageReading, tree: Subject['project']['tree'], place: string): string[] | undefined {
  const all: string[] = [];
  for (const run of reading.runs)
    for (const part of run.parts) {
      if (!allOf([part.effects]).some((effects) => worksIn(effects, place))) continue;
      if (part.manager?.ecosystem !== 'node' && (part.effects.writes.unknown ?? part.effects.sources) !== undefined) return undefined;
      if (!ofNode(part)) continue;
      const written = writtenBy(reading, run, part.effects, tree);
      if ('unknown' in written) return undefined;
      all.push(...written.paths);
    }
  return all;
}
const ofNode = ({ manager, kind }: RunReading['parts'][number]): boolean =>
  manager?.ecosystem === 'node' && kind !== 'install' && kind !== 'clean-cache';
/** A command that works in the directory, or below it. */
export function worksIn({ command, before }: Effects, place: string): boolean {
  const manager = nodeManagers.find((one) => one.classify(command) !== undefined);
  const at = manager ? inDirectory(manager, command, before.cwd) : before.cwd;
  return at !== undefined && inside(at, place);
}
function writtenBy(
  reading: StageReading,
  run: RunReading,
  { given, before }: Effects,
  tree: Subject['project']['tree'],
): ReturnType<typeof outputsBelow> {
  const cwd = before.cwd === undefined ? undefined : originOf(reading.copies, tree, before.cwd, run.instruction.index);
  return cwd === undefined
    ? { unknown: 'it works in a directory that is not known' }
    : outputsBelow(tree, cwd, given.words.map(({ raw }) => raw).join(' '));
}

/** What the image and its command say beside the build: ENV, VOLUME, CMD, health checks. */
export const settings = ({ final: { stage }, dockerfile }: Subject): OtherText[] =>
  stage.instructions
    .filter(({ keyword }) => !['RUN', 'COPY', 'ADD', 'WORKDIR', 'LABEL', 'ARG'].includes(keyword))
    .map(({ start, end, line }) => ({
      text: dockerfile.source.slice(start, end),
      evidence: { file: 'Dockerfile', line, says: 'names it' },
    }));
