// Room: ecosystems/go. multi-stage for Go: one static binary on scratch, or on the smallest image that has what the facts ask for.
import type { Edit, Piece } from '../../dockerfile/edits.ts';
import { copyText } from '../../dockerfile/write.ts';
import { landingOf } from '../../facts/copies.ts';
import type { RunPart, RunReading } from '../../facts/reading.ts';
import type { Fact } from '../../facts/types.ts';
import { execText } from '../../runtime/exec-form.ts';
import { libraryNeeds } from '../../image/libraries.ts';
import { runFiles } from '../../runtime/run-files.ts';
import { refuse, requireFact } from '../../refusal.ts';
import { fromBuilder, fromContext } from '../../../transforms/multi-stage/distribute.ts';
import { fileNotes } from '../../runtime/file-notes.ts';
import { refuseRepository, type Situation } from '../../../transforms/multi-stage/situation.ts';
import { addedPath, emptySplit, type Split } from '../../../transforms/multi-stage/split.ts';
import { cgoForced, goBuild, stripFlags } from './build.ts';
import { goCase, type GoCase } from './case.ts';
import { onlyAtRunTime } from './only-at-run-time.ts';
import { goRuntime } from './runtime-image.ts';
import { settingOf, writtenSetting } from './settings.ts';

/** The split of a Go image; refuses where a fact forbids it. */
export function splitGo(s: Situation): Split {
  refuseRepository(s);
  const c = goCase(s);
  const dynamic = linked(c);
  const fact: Fact<boolean> = switchedOff(c) ? { value: false, evidence: [] } : asSeen(c, c.project.cgo());
  const cgo = requireFact(s.subject, fact, {
    id: 'cgo-unknown',
    message: (why) => `Whether the program links C code is unknown: ${why}`,
    at: c.build.part.command.start,
    allow: 'Write CGO_ENABLED=0 or CGO_ENABLED=1 before go build.',
    assumed: true,
  });
  const runtime = goRuntime(c, cgo.value || dynamic);
  const target = runtime.shell || namedByService(c) ? found(c.binary, c.run.imagePath === undefined) : c.binary;
  const exec = runtime.shell ? undefined : execText(c.run, target);
  if (exec === 'impossible') return refuse('scratch-needs-shell', 'The run command needs a shell', c.run.at);
  const rewritten = new Map<number, Piece[]>(exec ? [[exec.index, exec.text]] : []);
  const edits = runtime.static ? c.builds.flatMap((build) => staticEdits(c, build)) : [];
  const apart = runtime.static && runtime.shell ? onlyAtRunTime(c) : [];
  const stripped = new Set(
    edits.map((e) => (e.text.join('').includes('CGO_ENABLED') ? 'CGO_ENABLED=0 links no C library' : '-s -w leaves the symbol tables out')),
  );
  return {
    ...emptySplit(runtime.image),
    builderImage: runtime.builderImage,
    repeats: runtime.shell ? c.runs.repeats : new Map(),
    builderEdits: edits,
    dropped: apart.map(({ index }) => ({ index, reason: 'the program alone starts what it installs: it is installed in the last stage' })),
    moved: c.moved,
    artefacts: [
      ...fileCopies(c),
      ...namedFiles(c),
      broughtTo(c, c.binary, target),
      ...c.others.map((path) => fromBuilder(c.builder, path, undefined, c.owner)),
      ...toolCopies(c),
    ],
    workdir: c.workdir === '/' ? undefined : c.workdir,
    packages: runtime.static ? runtime.packages : [...new Set([...runtime.packages, ...librariesOf(c)])],
    manager: runtime.manager,
    rewritten,
    announces: { keywords: rewritten.size > 0 ? ['CMD', 'ENTRYPOINT'] : [], env: [...runtime.lostEnv, ...addedPath(c.reading)] },
    buildEnv: runtime.lostEnv,
    notes: [...fileNotes(c.subject, c.files), ...runtime.notes, ...(cgo.note ? [cgo.note] : [])],
    evidence: [...c.runEvidence, ...runtime.evidence, ...cgo.evidence, ...c.files.evidence],
    why: `${runtime.why}${stripped.size > 0 ? `; ${[...stripped].join(', ')}` : ''}${rewritten.size > 0 ? '; without a shell and a PATH the command is written in exec form, with its path' : ''}`,
  };
}

/** What the sources do not tell of cgo, the program that they made does: one that is dynamically linked has C in it. */
function asSeen(c: GoCase, fact: Fact<boolean>): Fact<boolean> {
  const program = c.subject.project.image?.facts.programs.find(({ path }) => path === c.binary);
  if ('value' in fact || !program) return fact;
  const says = program.static ? 'is statically linked' : `is linked with ${program.needs.map(({ name }) => name).join(', ')}`;
  return {
    value: !program.static,
    evidence: [{ file: 'Dockerfile', line: c.build.run.instruction.line, says: `image: ${c.binary} ${says}` }],
  };
}

/** Packages with the libraries that a dynamically linked program needs, where it was looked at. */
function librariesOf(c: GoCase): string[] {
  const image = c.subject.project.image?.facts;
  return image ? libraryNeeds(image, (path) => path === c.binary || c.others.includes(path)).packages.map(({ name }) => name) : [];
}

/** Why the program links the C library, or needs shared libraries of Go itself; undefined: it is static, or can be made so. */
function linked(c: GoCase): boolean {
  const forced = c.builds.flatMap(({ run, part }) => {
    const build = goBuild(part.command);
    return build
      ? (cgoForced(build, (name) => settingOf(part, build, name) ?? writtenSetting(c.reading, run.instruction.index, name)) ?? [])
      : [];
  });
  const shared = forced.find((flag) => SHARED.has(flag));
  if (shared !== undefined)
    refuse('go-shared-libraries', `\`go build ${shared}\` links libraries that stay in the build stage`, c.build.run.instruction.start, {
      allow: `Build without ${shared}.`,
    });
  // nothing is written into a script or a makefile: what it builds is linked as Go would by itself
  const byItself = c.builds.some((one) => one.part.inside === true && !isOff(c, one));
  return forced.length > 0 || byItself;
}
/** Sources: `go help build`, -linkshared; gcc's manual, -fsanitize: the sanitizers are shared libraries. */
const SHARED: ReadonlySet<string> = new Set(['-linkshared', '-msan', '-asan']);

/** All builds are told to leave C out. */
const switchedOff = (c: GoCase): boolean => c.builds.every((one) => isOff(c, one));

function isOff(c: GoCase, { run, part }: { run: RunReading; part: RunPart }): boolean {
  const build = goBuild(part.command);
  const value = build && (settingOf(part, build, 'CGO_ENABLED') ?? writtenSetting(c.reading, run.instruction.index, 'CGO_ENABLED'));
  return value !== undefined && 'value' in value && value.value === '0' && !c.reading.before(run.instruction).args.has('CGO_ENABLED');
}

/** `CGO_ENABLED=0` and `-ldflags='-s -w'` where the command does not say otherwise. Source: cmd/link, cmd/cgo. */
function staticEdits(c: GoCase, { run, part }: { run: RunReading; part: RunPart }): Edit[] {
  const { command } = part;
  const build = goBuild(command);
  if (!build || part.inside) return [];
  const edits: Edit[] = [];
  const set = settingOf(part, build, 'CGO_ENABLED') ?? writtenSetting(c.reading, run.instruction.index, 'CGO_ENABLED');
  if (!set) edits.push({ start: command.start, end: command.start, text: ['CGO_ENABLED=0 '] });
  const strip = stripFlags(build);
  if (typeof strip === 'object') edits.push({ start: strip.start, end: strip.end, text: [strip.text] });
  return edits;
}

/** Files that the run command, its scripts or the health check name: from the builder, with the mode that a RUN gave them. */
function namedFiles(c: GoCase): Piece[][] {
  const copied = c.needed.flatMap((path) => landingOf(c.reading.copies, path) ?? []);
  const named = runFiles(c.subject, c.run, [c.binary, ...c.others, ...copied, ...c.made]);
  return [...c.made, ...named].map((path) => fromBuilder(c.builder, path, c.workdir, c.owner));
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
/** A service says the same as the run command, which is written with the path of the program where the last stage has no PATH for it. */
const namedByService = (c: GoCase): boolean =>
  c.subject.project
    .uses()
    .services.some(({ command, entrypoint }) =>
      [command, entrypoint].some((given) => [given ?? []].flat()[0]?.trim().split(/\s/)[0] === c.run.program),
    );

/** Where the last stage has a program: what is started by its name stands in a directory of every image's PATH, which that of Go's is not. */
const found = (path: string, byName: boolean): string =>
  byName && path === `/go/bin/${nameOf(path)}` ? `/usr/local/bin/${nameOf(path)}` : path;
const broughtTo = (c: GoCase, path: string, target: string): Piece[] =>
  path === target ? fromBuilder(c.builder, path, undefined, c.owner) : [copyText([`--from=${c.builder}`, ...c.owner], [path], target)];

/** Programs by name go where every image looks for them. */
const toolCopies = (c: GoCase): Piece[][] =>
  c.tools.map((name) => [copyText([`--from=${c.builder}`], [`/go/bin/${name}`], '/usr/local/bin/')]);

/** Files that the program reads, from the context, each to the path where the original had it. */
function fileCopies(c: GoCase): Piece[][] {
  // what no COPY of the original takes, the original image did not have either
  return c.needed.flatMap((path) => fromContext(c.subject, path, c));
}
