// Room: ecosystems/go. The image that a Go binary runs on.
import { computedStart } from '../../runtime/spawned.ts';
import { hitEvidence, standsOn } from '../../facts/project.ts';
import { goImages } from './images.ts';
import type { GoProject } from './types.ts';
import type { RunPlan } from '../../base/run-plan.ts';
import { shortened } from '../../facts/eligible.ts';
import type { StageReading } from '../../facts/reading.ts';
import type { Subject } from '../../facts/subject.ts';
import type { Evidence } from '../../facts/types.ts';
import type { RunCommand } from '../../runtime/run-command.ts';
import type { RuntimeFiles } from '../../runtime/files.ts';
import { refuse } from '../../refusal.ts';
import type { Note } from '../../types.ts';
import { pinned } from '../../base/suite.ts';
import { allInstalled, type PackagePlan } from '../../base/packages.ts';
import { alpineRuntime } from '../../base/alpine-runtime.ts';
import { compilerLibraries } from '../../knowledge/compiler-libraries.ts';
import { asksForTypes, typesPackage, withoutEssentials, zoneNamed } from '../../base/essentials.ts';
import { mayStartLeft } from '../../base/left-programs.ts';
import { neededPrograms, spawnedPrograms } from '../../base/programs.ts';
import { systemPlaces } from '../../runtime/system-places.ts';
import { assumption } from '../../base/doubts.ts';
import { shellReasons, startsProgram } from '../../base/shell-reasons.ts';

export interface GoRuntime {
  image: string;
  builderImage: string | undefined;
  shell: boolean;
  static: boolean;
  packages: string[];
  manager: 'apt' | 'apk';
  /** Variables of the Dockerfile that only the build reads. */
  lostEnv: ReadonlySet<string>;
  notes: Omit<Note, 'transform'>[];
  evidence: Evidence[];
  why: string;
}
interface Question {
  subject: Subject;
  reading: StageReading;
  run: RunCommand;
  project: GoProject;
  apt: PackagePlan;
  files: RuntimeFiles;
  runs: RunPlan;
  build: { part: { command: { start: number } } };
  tools: readonly string[];
  owner: readonly string[];
}

export const DISTROLESS_STATIC = 'gcr.io/distroless/static-debian12';
/** Variables that the Go command alone reads. Source: `go help environment`. */
const GO_ENV = [
  'CGO_ENABLED',
  'GOOS',
  'GOARCH',
  'GOFLAGS',
  'GOPROXY',
  'GOSUMDB',
  'GOPRIVATE',
  'GONOSUMDB',
  'GO111MODULE',
  'GOTOOLCHAIN',
  'GOCACHE',
  'GOMODCACHE',
  'GOPATH',
  'GOBIN',
];

type Shared = Pick<GoRuntime, 'lostEnv' | 'notes' | 'evidence' | 'builderImage' | 'manager'>;

/** The first base of the table that has what the facts ask for. `dynamic`: the binary links the C library. */
export function goRuntime(q: Question, dynamic: boolean): GoRuntime {
  const { base } = q.subject.options;
  const own = standsOn(goImages, q.reading.base) || ['scratch', 'distroless', 'smallest'].includes(base) ? undefined : onItself(q, dynamic);
  if (own) return own;
  if (base === 'keep')
    refuse('no-gain', '--base keep: the Go toolchain would stay in the final image', q.run.at, { allow: 'Use --base slim.' });
  const lostEnv = new Set(
    GO_ENV.filter((name) => q.reading.stage.instructions.some((i) => i.keyword === 'ENV' && i.pairs.some((p) => p.name === name))),
  );
  const shared = { lostEnv, notes: [], evidence: [], builderImage: undefined, manager: 'apt' as const };
  const accounts = accountsOf(q);
  const reasons = [
    ...shellReasons(q),
    ...accounts.system,
    ...q.tools.map((name) => ({ file: 'Dockerfile', says: `the container starts ${name}` })),
  ];
  if (dynamic || reasons.length > 0) return debian(q, dynamic, reasons, shared);
  const bare = base === 'distroless' ? undefined : withoutEssentials(q.subject);
  const doubt = [...staticDoubts(q), ...accounts.distroless, ...(bare ? [bare] : []), ...systemPlaces(q.subject, q.run, q.project.hits())];
  const distroless =
    base === 'distroless' || (doubt.length > 0 && base !== 'scratch') || (doubt.length > 0 && q.subject.options.level !== 'max');
  const notes =
    base === 'alpine' ? [{ id: 'base-smaller', message: 'The binary is static: an empty image is smaller than Alpine, and is used' }] : [];
  if (distroless)
    return {
      ...shared,
      image: DISTROLESS_STATIC,
      shell: false,
      static: true,
      packages: [],
      evidence: doubt,
      why: `the binary is static${doubt[0] ? `, and ${doubtText(doubt[0])}` : ''}`,
    };
  const asked = doubt.find(({ line }) => line !== undefined);
  const assumed = asked ? [assumption(`${asked.file}:${asked.line} needs nothing that only distroless/static has (/tmp, users)`)] : [];
  return {
    ...shared,
    notes: [...notes, ...assumed],
    image: 'scratch',
    shell: false,
    static: true,
    packages: [],
    why: 'the binary is static: nothing says that it needs the C library, a shell or another program',
  };
}

/** A doubt in a sentence: a line of a source, or what is switched off. */
const doubtText = (doubt: Evidence): string =>
  /^(?:names|sets) /.test(doubt.says)
    ? `${doubt.file}${doubt.line === undefined ? '' : `:${doubt.line}`} ${doubt.says}: distroless/static has that directory`
    : doubt.line === undefined
      ? `${doubt.says}; distroless/static has them`
      : `${quoted(doubt)} needs what distroless/static has (/tmp, users)`;

/** A line of a source for a sentence: its place, and the text as code. */
const quoted = ({ file, line, says }: Evidence): string => {
  const text = shortened(says);
  return text.includes('`') ? `${file}:${line ?? 1}` : `${file}:${line ?? 1} (\`${text}\`)`;
};

/** What scratch does not have and distroless/static does: /tmp, a passwd file; computed paths. */
function staticDoubts(q: Question): Evidence[] {
  return q.project
    .hits()
    .filter((h) => h.kind === 'temp' || h.kind === 'user')
    .map(hitEvidence);
}

/** Users and groups that distroless/static has by name. Source: GoogleContainerTools/distroless, common/variables.bzl, static/. */
const DISTROLESS_NAMES: ReadonlySet<string> = new Set(['root', 'nobody', 'nonroot', 'tty', 'staff']);

/** Names of users and groups that the last stage must have: those that distroless has, and others, which are of the system. */
function accountsOf({ reading, owner }: Question): { distroless: Evidence[]; system: Evidence[] } {
  const user = 'value' in reading.end.user ? reading.end.user.value : '';
  const owners = [
    ...reading.copies.flatMap(({ instruction }) => instruction.chown ?? []),
    ...owner.map((flag) => flag.slice(flag.indexOf('=') + 1)),
  ];
  const names = [user, ...owners]
    .flatMap((text) => text.split(':'))
    .filter((name) => name !== '' && !/^\d+$/.test(name) && name !== 'root');
  const told = (name: string): Evidence => ({ file: 'Dockerfile', says: `the user or group ${name} stands in the files of a system` });
  return {
    distroless: names.filter((name) => DISTROLESS_NAMES.has(name)).map(told),
    system: names.filter((name) => !DISTROLESS_NAMES.has(name)).map(told),
  };
}

const reasonOf = (reason: Evidence | undefined): string =>
  reason?.says.startsWith(startsProgram)
    ? `${quoted({ ...reason, says: reason.says.slice(startsProgram.length) })} starts a program`
    : (reason?.says ?? 'a shell is needed');

/** What the image of Go has beside buildpack-deps. Source: docker-library/golang, Dockerfile-linux.template. */
const COMPILERS = ['g++', 'gcc', 'libc6-dev', 'make', 'pkg-config'];

/**
 * The system that the image of Go stands on, and all packages that the file installs: nothing but Go is missing. Undefined: something names Go
 * itself, or the release is not known.
 */
function wholeSystem(q: Question, dynamic: boolean, says: string, shared: Shared): GoRuntime | undefined {
  const { tag, image } = q.reading.base;
  const pin = pinned(q.reading.base);
  if (mayStartLeft(q.subject, [], ['go', 'gofmt'])) return undefined;
  const told = {
    ...shared,
    shell: true,
    static: !dynamic,
    notes: [{ id: 'base-not-possible', message: `${says}: the last stage has all of ${image.raw} but Go itself` }],
    why: 'the binary runs on the system that the image of Go stands on, without the toolchain',
  };
  if (tag.variant === 'alpine') {
    const bare = alpineRuntime(q);
    const packages = [...new Set(['ca-certificates', ...bare.packages, ...allInstalled(q.apt)])];
    return { ...told, image: bare.image, packages, manager: 'apk' };
  }
  if (tag.variant !== 'full' || !pin) return undefined;
  const packages = [...new Set([...COMPILERS, ...allInstalled(q.apt)])];
  return { ...told, image: `buildpack-deps:${pin.suite}-scm`, packages, builderImage: dynamic ? pin.builderImage : undefined };
}

/** Go is a package of the distribution: the last stage keeps the image and all other packages. */
function onItself(q: Question, dynamic: boolean): GoRuntime {
  const { image, family, tag } = q.reading.base;
  const hits = q.project.hits();
  const computed = q.subject.options.level === 'max' ? undefined : computedStart(q.subject, hits);
  const left = q.apt.build.filter((name) => !q.apt.both.includes(name));
  if (computed && mayStartLeft(q.subject, left, ['go', 'gofmt']))
    refuse('dynamic-subprocess', computed.says, q.run.at, { evidence: [hitEvidence(computed.hit)] });
  const [tool] = q.tools;
  if (tool !== undefined)
    refuse(
      'runtime-command-unknown',
      `\`${tool}\` is used at run time, and \`go install\` brings it to a directory of the build`,
      q.run.at,
    );
  const needs = neededPrograms(
    [...q.run.needs, ...q.runs.programs, ...spawnedPrograms(q.subject, hits)],
    { row: family?.row, ...tag },
    q.reading,
    (name) => name === q.run.program || q.apt.both.includes(name),
  );
  const [missing] = needs.missing;
  if (missing)
    refuse('runtime-command-unknown', `Program \`${missing.program}\` is used at run time; its package is unknown`, q.run.at, {
      evidence: [missing.evidence],
    });
  const manager = q.apt.manager ?? 'apt';
  const loaded = dynamic && !q.project.linksOnlyC() ? compilerLibraries(manager, q.apt.build) : [];
  // Go itself has the time zones, where the program looks for them. Source: package time, LoadLocation
  const zones = zoneNamed(q.subject) !== undefined || hits.some((hit) => hit.kind === 'timezone') ? ['tzdata'] : [];
  return {
    image: image.raw,
    builderImage: undefined,
    shell: true,
    static: false,
    packages: [...new Set([...q.apt.both, ...q.apt.libraries, ...needs.packages, ...loaded, ...zones])],
    manager,
    lostEnv: new Set(),
    notes: [],
    evidence: needs.evidence,
    why: `the binary runs on ${image.raw} without Go and the other packages that only build`,
  };
}
function debian(q: Question, dynamic: boolean, reasons: Evidence[], shared: Shared): GoRuntime {
  const { image, tag } = q.reading.base;
  const computed = computedStart(q.subject, q.project.hits());
  const whole = computed && q.subject.options.level !== 'max' ? wholeSystem(q, dynamic, computed.says, shared) : undefined;
  if (whole) return whole;
  if (computed && q.subject.options.level !== 'max')
    refuse('dynamic-subprocess', computed.says, q.run.at, { evidence: [hitEvidence(computed.hit)] });
  const why = dynamic ? 'the binary links the C library' : reasonOf(reasons[0]);
  if (tag.variant === 'alpine') {
    const bare = alpineRuntime(q);
    // the compilers bring what a binary with C++ in it loads
    const loaded = dynamic && !q.project.linksOnlyC() ? compilerLibraries('apk', q.apt.build) : [];
    return {
      ...shared,
      image: bare.image,
      packages: [...new Set([...bare.packages, ...loaded])],
      shell: true,
      static: !dynamic,
      manager: 'apk',
      evidence: reasons,
      why: `${why}, so it runs on the bare Alpine image`,
    };
  }
  const pin = pinned(q.reading.base);
  if (!pin) return refuse('dev-package-suite-unknown', `The Debian release of ${image.raw} is unknown`, image.span.start);
  const { suite } = pin;
  const spawned = spawnedPrograms(q.subject, q.project.hits());
  const needs = neededPrograms(
    [...q.run.needs, ...q.runs.programs, ...spawned],
    { row: q.subject.project.images.row('debian'), variant: 'slim' },
    q.reading,
    (name) => name === q.run.program || q.apt.both.includes(name) || q.tools.includes(name),
  );
  const missing = needs.missing[0];
  if (missing)
    refuse('runtime-command-unknown', `Program \`${missing.program}\` is used at run time; its package is unknown`, q.run.at, {
      evidence: [missing.evidence],
    });
  const types = asksForTypes(q.subject, q.reading.base);
  const table = types.length > 0 ? [typesPackage(suite)] : [];
  const packages = [...new Set(['ca-certificates', ...table, ...q.apt.both, ...q.apt.libraries, ...needs.packages])];
  const change =
    pin.builderImage !== undefined
      ? [{ id: 'suite-pinned', message: `The build stage is pinned to ${suite}, so that both stages have the same C library` }]
      : [];
  return {
    ...shared,
    image: `debian:${suite}-slim`,
    builderImage: dynamic || q.tools.length > 0 ? pin.builderImage : undefined,
    shell: true,
    static: !dynamic,
    packages,
    notes: dynamic || q.tools.length > 0 ? change : [],
    evidence: [
      ...reasons,
      ...needs.evidence,
      ...types.map(({ says, ...place }) => ({ ...place, says: `asks for the types of files, which ${table.join('')} holds: ${says}` })),
    ],
    why: dynamic
      ? 'the binary links the C library, so it runs on the same Debian release without compilers'
      : `${reasonOf(reasons[0])}, so it runs on a small Debian image`,
  };
}
