// Room: observe/. From a built image and what it did to the document: pure, so that the same image gives the same bytes.
import type { BaseFacts, ImageConfigFacts, ImageFacts, ImageOf, InstructionFacts, NotSeen, RunningFacts } from '../image/types.ts';
import { isSeen } from '../image/types.ts';
import type { WholeImage } from '../verify/image/image.ts';
import { mergeLayers } from '../verify/image/tree.ts';
import type { BuiltImage, ImageConfig, Observation, OsPackage } from '../verify/types.ts';
import type { Base } from './base.ts';
import { instructionFacts, type Instruction } from './instructions.ts';
import { languagePackages } from './language-packages.ts';
import { dependsIn, manualIn, ownersIn, packagesIn } from './os-packages.ts';
import { programFacts } from './programs.ts';
import type { Hide } from './secrets.ts';
import { systemOf } from './system.ts';

/** What was looked at. */
export interface Seen {
  of: ImageOf;
  built: BuiltImage;
  whole: WholeImage;
  base: Base | NotSeen;
  instructions: readonly Instruction[];
  running: { observed: Observation; probes: readonly string[] } | NotSeen;
  hide: Hide;
}

/** The document of an image. */
export function imageFacts({ of, built, whole, base, instructions, running, hide }: Seen): ImageFacts {
  const { contents } = whole;
  const ownerOf = ownersIn(contents);
  const below = isSeen(base) ? baseBelow(base, whole) : base;
  const each = isSeen(below)
    ? instructionFacts(
        whole,
        { history: below.history, onBuild: below.onBuild.length },
        instructions.map((one) => ({ ...one, text: hide.text(one.text) })),
        ownerOf,
      )
    : below;
  const brought = isSeen(each) ? new Set(each.flatMap(({ added, changed }) => [...added, ...changed].map(({ path }) => path))) : undefined;
  return {
    schemaVersion: 1,
    of,
    image: { ...configFacts(built.config, hide), size: built.size, layers: whole.layers.length, files: filesIn(contents.files) },
    base:
      isSeen(below) && isSeen(base)
        ? baseFacts(base, below.system, hide)
        : isSeen(below)
          ? { unknown: 'the base image was not found' }
          : below,
    system: systemOf(contents),
    instructions: each,
    osPackages: osPackages(whole, isSeen(below) ? below.packages : undefined, each),
    languagePackages: languagePackages(contents),
    programs: programFacts(contents, built.config.env, (path) => brought?.has(path) !== false, ownerOf),
    running: isSeen(running) ? runningFacts(running.observed, running.probes, hide) : running,
  };
}

interface BaseBelow {
  history: number;
  onBuild: readonly string[];
  system: BaseFacts['system'];
  packages: readonly OsPackage[];
}

function baseBelow(base: Base, whole: WholeImage): BaseBelow | NotSeen {
  const digests = whole.contents.layers.map(({ digest }) => digest);
  if (base.layers.some((digest, i) => digests[i] !== digest))
    return { unknown: `the image is not built on the ${base.reference} that the engine has` };
  const merged = mergeLayers(whole.layers.slice(0, base.layers.length).map(({ entries }) => entries));
  const { history, onBuild } = base;
  return { history, onBuild, system: systemOf(merged), packages: packagesIn(merged.texts) ?? [] };
}

const baseFacts = (base: Base, system: BaseFacts['system'], hide: Hide): BaseFacts => ({
  reference: base.reference,
  ...configFacts(base.config, hide),
  size: base.size,
  layers: base.layers.length,
  onBuild: base.onBuild.map(hide.text),
  system,
});

/** Labels by which a run finds what it made: of the run, not of the image. */
const own = /^dockerfile-mod\.verify(?:\.|$)/;

function configFacts(config: ImageConfig, hide: Hide): ImageConfigFacts {
  const words = (list: readonly string[] | undefined): string[] | null => list?.map(hide.text) ?? null;
  return {
    user: config.user,
    env: hide.env(config.env),
    entrypoint: words(config.entrypoint),
    cmd: words(config.cmd),
    workdir: config.workdir,
    ports: config.exposedPorts,
    volumes: config.volumes,
    labels: Object.keys(config.labels)
      .filter((name) => !own.test(name))
      .sort(),
    shell: words(config.shell),
    healthcheck: config.healthcheck !== undefined,
  };
}

function filesIn(files: WholeImage['contents']['files']): number {
  let count = 0;
  for (const { kind } of files.values()) if (kind !== 'dir') count += 1;
  return count;
}

function osPackages(
  { contents }: WholeImage,
  base: readonly OsPackage[] | undefined,
  each: readonly InstructionFacts[] | NotSeen,
): ImageFacts['osPackages'] {
  const manual = manualIn(contents.texts);
  const ofBase = new Set(base?.map(({ name }) => name));
  const lines = new Map(
    isSeen(each) ? each.flatMap(({ line, packagesAdded }) => packagesAdded.map((name): [string, number] => [name, line])) : [],
  );
  const all = packagesIn(contents.texts) ?? [];
  const dependsOf = dependsIn(contents.texts, all);
  return all.map((one) => ({
    manager: one.manager,
    name: one.name,
    version: one.version,
    size: one.size ?? null,
    manual: manual?.(one) ?? null,
    from: lines.get(one.name) ?? (ofBase.has(one.name) ? 'base' : null),
    ...(dependsOf(one.name).length > 0 ? { depends: dependsOf(one.name) } : {}),
  }));
}

function runningFacts(observed: Observation, probes: readonly string[], hide: Hide): RunningFacts {
  const seen = <T>(value: T | undefined, why: string): T | NotSeen => value ?? { unknown: why };
  return {
    at: observed.at ?? '',
    probes,
    kind: observed.kind,
    exitCode: observed.exitCode ?? null,
    processes: seen(
      observed.processes?.map(({ uid, argv }) => ({ uid, argv: hide.text(argv) })),
      observed.kind === 'ends' ? 'the container had ended' : 'the engine does not tell its processes',
    ),
    ports: seen(observed.ports, 'the ports of the container cannot be seen from here'),
    written: observed.written,
    mapped: seen(observed.mapped, observed.kind === 'ends' ? 'the container had ended' : 'its memory cannot be looked at from here'),
  };
}
