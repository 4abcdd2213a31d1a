// Room: ecosystems/rust. The image that a Rust binary runs on.
import { computedStart } from '../../runtime/spawned.ts';
import { hitEvidence } from '../../facts/project.ts';
import type { RustProject } from './types.ts';
import type { RunPlan } from '../../base/run-plan.ts';
import type { StageReading } from '../../facts/reading.ts';
import type { Subject } from '../../facts/subject.ts';
import type { Evidence } from '../../facts/types.ts';
import { rustImage } from './images.ts';
import { alpineTag } from '../../knowledge/tags.ts';
import type { RunCommand } from '../../runtime/run-command.ts';
import { refuse } from '../../refusal.ts';
import type { Note } from '../../types.ts';
import { withTag } from '../../base/base.ts';
import { pinned } from '../../base/suite.ts';
import { allInstalled, type PackagePlan } from '../../base/packages.ts';
import { alpineRuntime } from '../../base/alpine-runtime.ts';
import { withoutEssentials } from '../../base/essentials.ts';
import { mayStartLeft } from '../../base/left-programs.ts';
import { loadedReason, loadsForeign } from '../../base/slim-needs.ts';
import { neededPrograms, spawnedPrograms } from '../../base/programs.ts';
import { shellReasons } from '../../base/shell-reasons.ts';

export interface RustRuntime {
  image: string;
  builderImage: string | undefined;
  shell: boolean;
  packages: string[];
  manager: 'apt' | 'apk';
  notes: Omit<Note, 'transform'>[];
  evidence: Evidence[];
  why: string;
}
interface Question {
  subject: Subject;
  reading: StageReading;
  run: RunCommand;
  project: RustProject;
  apt: PackagePlan;
  runs: RunPlan;
}

/** distroless/cc by Debian release: the C library must be no older than the builder's. Source: GoogleContainerTools/distroless, live tags. */
const DISTROLESS_CC: Readonly<Record<string, string>> = {
  bookworm: 'gcr.io/distroless/cc-debian12',
  trixie: 'gcr.io/distroless/cc-debian13',
};
/** The packages that distroless/cc has beside the C library. Source: GoogleContainerTools/distroless, base and cc. */
const IN_DISTROLESS_CC = new Set(['libssl3', 'libgcc-s1', 'libstdc++6', 'ca-certificates']);
/** C sources that build on musl with what rust:alpine has. */
const ON_MUSL = new Set([
  'libc',
  'linux-raw-sys',
  'libz-sys',
  'zstd-sys',
  'bzip2-sys',
  'lz4-sys',
  'libsqlite3-sys',
  'libmimalloc-sys',
  'ring',
  'windows-sys',
  'js-sys',
  'web-sys',
  'core-foundation-sys',
  'security-framework-sys',
  'dirs-sys',
  'inotify-sys',
  'fsevent-sys',
]);

/** Debian slim of the builder's release; distroless/cc or scratch (musl) where asked for and possible. */
export function rustRuntime(q: Question): RustRuntime {
  const { image, tag } = q.reading.base;
  const { base } = q.subject.options;
  const at = image.span.start;
  if (base === 'keep')
    refuse('no-gain', '--base keep: the Rust toolchain would stay in the final image', q.run.at, { allow: 'Use --base slim.' });
  const system = q.project.systemLibraries();
  const unclear = needsAll(q, system);
  const whole = unclear && wholeSystem(q, unclear);
  if (whole) return whole;
  unclear?.refuse();
  const libraries = [...system.flatMap((s) => s.debian), ...q.apt.libraries];
  const reasons = shellReasons(q);
  if (tag.variant === 'alpine') return onAlpine(q, libraries);
  const notes: RustRuntime['notes'] = [];
  if (base === 'scratch' || base === 'alpine') {
    const musl = muslProblem(q);
    const shell = base === 'scratch' ? (reasons[0] ?? withoutEssentials(q.subject))?.says : undefined;
    if (musl === undefined && shell === undefined && libraries.length === 0) return muslRuntime(q, base);
    notes.push({
      id: 'base-not-possible',
      message: `${base} is not possible here: ${shell ?? musl ?? `it links ${libraries[0]}`}; Debian slim is used`,
    });
  }
  const release = pinned(q.reading.base);
  if (!release) return refuse('dev-package-suite-unknown', `The Debian release of ${image.raw} is unknown`, at);
  const { suite, builderImage } = release;
  const pin = pinNotes(release);
  const certificates = q.project.systemCertificates();
  const tls = !('value' in certificates) || certificates.value;
  const evidence = [...reasons, ...('value' in certificates ? certificates.evidence : []), ...system.map((s) => s.evidence)];
  if (
    (base === 'distroless' || base === 'smallest') &&
    DISTROLESS_CC[suite] !== undefined &&
    reasons.length === 0 &&
    libraries.every((p) => IN_DISTROLESS_CC.has(p))
  )
    return {
      image: DISTROLESS_CC[suite] ?? '',
      builderImage,
      shell: false,
      packages: [],
      manager: 'apt',
      notes: [...notes, ...pin],
      evidence,
      why: 'the binary needs the C library and nothing else',
    };
  if (base === 'distroless')
    notes.push({
      id: 'base-not-possible',
      message: `distroless is not possible here: ${reasons[0]?.says ?? `it links ${libraries.find((p) => !IN_DISTROLESS_CC.has(p)) ?? 'a system library'}`}; Debian slim is used`,
    });
  return {
    image: `debian:${suite}-slim`,
    builderImage,
    shell: true,
    packages: packagesOf(q, libraries, tls),
    manager: 'apt',
    notes: [...notes, ...pin],
    evidence,
    why: 'the binary runs on the same Debian release without the Rust toolchain',
  };
}

/** Why a smaller system may lack what the program needs. */
interface Unclear {
  says: string;
  evidence: Evidence;
  /** Which system does not matter where it has all that the image of Rust has; `starts`: and nothing names what it lacks. */
  whole: 'will do' | 'starts' | 'may not do';
  refuse(): never;
}

/** A library that is linked or loaded, or a program that is started, cannot be told. */
function needsAll(q: Question, system: ReturnType<RustProject['systemLibraries']>): Unclear | undefined {
  const untold = system.filter((s) => s.skip !== undefined);
  const unclear = untold.find((s) => s.ofSystem !== true) ?? untold[0];
  const told = (id: string, says: string, evidence: Evidence, whole: Unclear['whole'], allow?: string): Unclear => ({
    says,
    evidence,
    whole,
    refuse: () => refuse(id, says, q.run.at, { evidence: [evidence], ...(allow === undefined ? {} : { allow }) }),
  });
  if (unclear?.skip && !q.project.hasLock) {
    const says = 'There is no Cargo.lock, so whether a crate links a system library is unknown';
    return told(unclear.skip, says, unclear.evidence, 'may not do', 'Commit Cargo.lock.');
  }
  // the build of a crate that is not known may leave a library where cargo builds
  if (unclear?.skip)
    return told(unclear.skip, `${unclear.crate} links a system library`, unclear.evidence, unclear.ofSystem ? 'will do' : 'may not do');
  if (q.reading.base.tag.variant === 'alpine') return undefined;
  const computed = computedStart(q.subject, q.project.hits());
  if (computed && q.subject.options.level !== 'max') return told('dynamic-subprocess', computed.says, hitEvidence(computed.hit), 'starts');
  const loaded = q.project.hits().find(loadsForeign);
  return loaded && told('ctypes-dlopen', loadedReason(loaded), hitEvidence(loaded), 'will do');
}

const pinNotes = ({ suite, builderImage }: { suite: string; builderImage: string | undefined }): RustRuntime['notes'] =>
  builderImage === undefined
    ? []
    : [{ id: 'suite-pinned', message: `The build stage is pinned to ${suite}, so that both stages have the same C library` }];

/** What the toolchain brings, and no package does. */
const TOOLCHAIN = ['cargo', 'rustc', 'rustdoc', 'rustup', 'rustfmt'];

/**
 * The system that the image of Rust stands on, and all packages that the file installs: nothing but the toolchain is missing. Undefined: it may be
 * started, or the release is not known. Source: rust-lang/docker-rust, Dockerfile.template and Dockerfile-slim.template.
 */
function wholeSystem(q: Question, { says, evidence, whole }: Unclear): RustRuntime | undefined {
  const { base } = q.reading;
  const release = pinned(base);
  const full = base.tag.variant === 'full';
  if (whole === 'may not do' || !release || !(full || base.tag.variant === 'slim')) return undefined;
  if (whole === 'starts' && mayStartLeft(q.subject, [], TOOLCHAIN)) return undefined;
  const image = full ? `buildpack-deps:${release.suite}` : `debian:${release.suite}-slim`;
  return {
    image,
    builderImage: release.builderImage,
    shell: true,
    packages: [...new Set([...(full ? [] : ['ca-certificates', 'gcc', 'libc6-dev']), ...allInstalled(q.apt)])],
    manager: 'apt',
    notes: [
      { id: 'base-not-possible', message: `${says}: the last stage has all of ${base.image.raw} but Rust itself` },
      ...pinNotes(release),
    ],
    evidence: [evidence],
    why: 'the binary runs on the system that the image of Rust stands on, without the toolchain',
  };
}

function packagesOf(q: Question, libraries: readonly string[], tls: boolean): string[] {
  const spawned = spawnedPrograms(q.subject, q.project.hits());
  const needs = neededPrograms(
    [...q.run.needs, ...q.runs.programs, ...spawned],
    { row: q.subject.project.images.row('debian'), variant: 'slim' },
    q.reading,
    (name) => name === q.run.program || q.apt.both.includes(name),
  );
  const missing = needs.missing[0];
  if (missing)
    refuse('runtime-command-unknown', `Program \`${missing.program}\` is used at run time; its package is unknown`, q.run.at, {
      evidence: [missing.evidence],
    });
  return [...new Set([...(tls ? ['ca-certificates'] : []), ...q.apt.both, ...libraries, ...needs.packages])];
}

/** Why the musl target cannot be used: a crate that needs a C library of the system. */
function muslProblem(q: Question): string | undefined {
  const crates = q.project.crates();
  if ('unknown' in crates) return crates.unknown;
  const odd = [...crates.value.keys()].find((name) => name.endsWith('-sys') && !ON_MUSL.has(name));
  return odd === undefined ? undefined : `${odd} is not known to build on musl`;
}

function muslRuntime(q: Question, base: 'scratch' | 'alpine'): RustRuntime {
  const { image } = q.reading.base;
  const notes = [{ id: 'musl', message: 'The musl C library has a slower allocator, and its name resolution differs from glibc' }];
  const builderImage = withTag(image, alpineTag(rustImage, image.tag));
  if (base === 'scratch')
    return {
      image: 'scratch',
      builderImage,
      shell: false,
      packages: [],
      manager: 'apt',
      notes,
      evidence: [],
      why: 'built on Alpine, the binary is static (musl) and needs no system at all',
    };
  return {
    image: 'alpine',
    builderImage,
    shell: true,
    packages: [],
    manager: 'apt',
    notes,
    evidence: [],
    why: 'built on Alpine, the binary is static (musl) and runs on the bare Alpine image',
  };
}

function onAlpine(q: Question, libraries: readonly string[]): RustRuntime {
  const [library] = libraries;
  if (library !== undefined)
    refuse('alpine-dev-unmapped', `The program links ${library}, and which package of Alpine it is there is unknown`, q.run.at, {
      allow: 'Build on the Debian image of Rust.',
    });
  return {
    ...alpineRuntime(q),
    builderImage: undefined,
    shell: true,
    manager: 'apk',
    notes: [],
    evidence: [],
    why: 'the binary is static (musl) and runs on the bare Alpine image',
  };
}
