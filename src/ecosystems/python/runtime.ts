// Room: ecosystems/python. What the packages and the code need of the runtime image.
import type { StageReading } from '../../facts/reading.ts';
import type { Evidence } from '../types.ts';
import { namesSet } from '../../dockerfile/state.ts';
import { isPure } from './compiling.ts';
import type { Declared } from './declared.ts';
import type { FromSource } from './from-source.ts';
import { isRemote } from './pip-command.ts';
import type { ImageFacts } from '../../image/types.ts';
import { seenPackages } from './seen-packages.ts';
import { linkedWhenCompiled, needRow } from './system-needs.ts';
import type { PythonProject } from './types.ts';

/** What the full image does not have either: where the Dockerfile does not install it, the program ran without it. Source: buildpack-deps. */
const NOT_IN_FULL = new Set([
  'libgl1',
  'libodbc2',
  'libzbar0',
  'ffmpeg',
  'tesseract-ocr',
  'poppler-utils',
  'pandoc',
  'libreoffice',
  'libportaudio2',
  'libgeos-c1v5',
  'libsndfile1',
]);

/** Debian packages that the locked packages need at run time, or why they cannot be told. */
export function pythonPackages(
  project: PythonProject,
  source: Parameters<PythonProject['packages']>[0],
  version: string | undefined,
  more: Asked = {},
): PackagesTold {
  const told = byList(project, source, version, more);
  if (!('skip' in told) || told.skip !== 'sdist-libs-unknown') return told;
  const seen = seenPackages(project, more.image, more.suite);
  if (!seen) return told;
  const debian = [...seen.told.filter((name) => !NOT_IN_FULL.has(name)), ...seen.linked];
  return { debian: [...new Set(debian)].sort(), evidence: seen.evidence };
}

interface Asked {
  named?: readonly string[];
  /** What projects that are installed themselves say that they need. */
  declared?: readonly Declared[];
  suite?: string | undefined;
  built?: FromSource | undefined;
  /** The image, where it was looked into. */
  image?: ImageFacts | undefined;
}
/** Why packages of the system cannot be told; `debian`: those that can. */
interface Untold {
  skip: string;
  message: string;
  evidence: Evidence[];
  unknown: boolean;
  debian?: string[];
  /** What would allow it, where that of the id does not help. */
  allow?: string;
}
type PackagesTold = { debian: string[]; evidence?: Evidence[] } | Untold;

function byList(
  project: PythonProject,
  source: Parameters<PythonProject['packages']>[0],
  version: string | undefined,
  { named = [], declared = [], suite, built }: Asked,
): PackagesTold {
  const listed = project.packages(source);
  if ('unknown' in listed)
    return {
      skip: 'sdist-libs-unknown',
      message: `The list of packages is not complete: ${listed.unknown}`,
      evidence: listed.evidence ?? [],
      unknown: true,
    };
  const debian: string[] = [];
  let open: Untold | undefined;
  const remote = named.find(isRemote);
  for (const { name, evidence, asked } of wantedOf(listed.value, named, declared)) {
    if (built?.builds(name) && !isPure(name) && !needRow(name)?.compiles)
      return {
        skip: 'sdist-libs-unknown',
        message: `${name} is built from source (line ${built.evidence.line}); which shared libraries it links is unknown`,
        evidence: [evidence, built.evidence],
        unknown: false,
      };
    const needs = project.systemNeeds(name, suite);
    if (needs?.skip) return { skip: needs.skip, ...untoldNeeds(name, needs.skip, suite), evidence: [evidence], unknown: false };
    if (needs) {
      debian.push(...needs.debian.filter((needed) => !NOT_IN_FULL.has(needed)));
      continue;
    }
    const compiles = project.compiles(name, version, undefined, asked);
    const libraries = linkedWhenCompiled(name, suite);
    if (libraries && ('unknown' in compiles || compiles.value)) {
      debian.push(...libraries);
      continue;
    }
    if ('unknown' in compiles)
      open ??= {
        skip: 'sdist-libs-unknown',
        message: `${name} may compile from source; its shared libraries are unknown (${compiles.unknown})`,
        evidence: [evidence],
        unknown: true,
      };
    else if (compiles.value)
      return {
        skip: 'sdist-libs-unknown',
        message: `${name} compiles from source; its shared libraries are unknown`,
        evidence: [evidence, ...compiles.evidence],
        unknown: false,
      };
  }
  if (remote !== undefined)
    open ??= {
      skip: 'sdist-libs-unknown',
      message: `The list of packages is not complete: ${remote} does not say what it brings`,
      evidence: [{ file: 'Dockerfile', says: `installs ${remote}` }],
      unknown: true,
    };
  const told = [...new Set(debian)].sort();
  return open ? { ...open, debian: told } : { debian: told };
}

/** The release is named already, and no list has it. */
const untoldNeeds = (name: string, skip: string, suite: string | undefined): Pick<Untold, 'message' | 'allow'> =>
  skip === 'dev-package-suite-unknown' && suite !== undefined
    ? {
        message: `What ${name} needs of Debian ${suite} is not known`,
        allow: 'Take the image of a newer release of Debian, as -bookworm names one.',
      }
    : { message: `What ${name} needs of the system is not known` };

export interface Wanted {
  name: string;
  evidence: Evidence;
  /** Where it is asked for by name, and with which version. */
  asked: { file: string; spec: string } | undefined;
}
/** All that is installed, by name. */
export function wantedOf(listed: readonly Omit<Wanted, 'asked'>[], named: readonly string[], declared: readonly Declared[]): Wanted[] {
  const own = named
    .filter((text) => !isRemote(text))
    .map((text): Wanted => ({
      name: /^[\w.-]+/.exec(text)?.[0] ?? text,
      evidence: { file: 'Dockerfile', says: `installs ${text}` },
      asked: { file: 'Dockerfile', spec: /^[\w.-]+(?:\[[^\]]*\])?\s*([^;@]*)/.exec(text)?.[1]?.trim() ?? '' },
    }));
  const needed = declared.map(({ name, spec, file }): Wanted => ({
    name,
    evidence: { file, says: `needs ${name} ${spec}`.trim() },
    asked: { file, spec },
  }));
  return [...listed.map((one) => ({ ...one, asked: undefined })), ...own, ...needed];
}

/** The first package that compiles when it is installed, as far as is known; what may compile is one where its libraries are known for that case. */
export function compilingPackage(
  project: PythonProject,
  source: Parameters<PythonProject['packages']>[0],
  version: string | undefined,
  { named = [], declared = [], suite }: Asked,
): { name: string; evidence: Evidence[] } | undefined {
  const listed = project.packages(source);
  for (const { name, evidence, asked } of wantedOf('unknown' in listed ? [] : listed.value, named, declared)) {
    if (needRow(name)?.compiles) return { name, evidence: [evidence] };
    const compiles = project.compiles(name, version, undefined, asked);
    if ('unknown' in compiles ? linkedWhenCompiled(name, suite) !== undefined : compiles.value)
      return { name, evidence: [evidence, ...(compiles.evidence ?? [])] };
  }
  return undefined;
}

/** Variables of the file that only the installer reads. Sources: pip "Configuration", Poetry "Configuration" (environment variables). */
export function installerEnv(installer: 'pip' | 'poetry' | 'uv', reading: StageReading): ReadonlySet<string> {
  const names = [...reading.end.env.keys()].filter(
    (name) => name.startsWith(installer === 'uv' ? 'UV_' : 'POETRY_') || (installer === 'pip' && name.startsWith('PIP_')),
  );
  const set = namesSet(reading.stage.instructions);
  return new Set(names.filter((name) => set.has(name)));
}
