// Room: ecosystems/python. Libraries that compilers bring, and that what they compiled may load: a last stage on the same image lacks them with the compilers.
import { compilerLibraries } from '../../knowledge/compiler-libraries.ts';
import { leftPackages } from '../../../transforms/multi-stage/gain.ts';
import { hasProgram } from '../../knowledge/programs.ts';
import { pythonVersion } from './images.ts';
import { isPure } from './compiling.ts';
import { fromSource } from './from-source.ts';
import { wantedOf, type Wanted } from './runtime.ts';
import type { PythonCase } from './split-case.ts';
import type { Environment } from './split-environment.ts';
import { linkedWhenCompiled, needRow } from './system-needs.ts';
import type { Evidence } from '../types.ts';

interface Left {
  packages: string[];
  evidence: Evidence[];
}

/** What the last stage installs of what packages that only build brought beside them. */
export function leftCompilers(c: PythonCase, environment: Pick<Environment, 'packages' | 'named'>): Left {
  const left = compilersLeft(c, environment);
  return { ...left, packages: [...left.packages, ...leftCertificates(c)] };
}

/** pip of Debian depends on them, and is the build's. Source: packages.debian.org, python3-pip */
const leftCertificates = (c: PythonCase): string[] =>
  leftPackages(c).includes('python3-pip') && !c.apt.both.includes('ca-certificates') ? ['ca-certificates'] : [];

/** What the last stage installs of it: nothing where each distribution is known to come as a wheel, or to be linked with other libraries alone. */
function compilersLeft(c: PythonCase, environment: Pick<Environment, 'packages' | 'named'>): Left {
  const { apt, reading } = c;
  const none: Left = { packages: [], evidence: [] };
  const isAlpine = apt.manager === 'apk';
  if (apt.manager === undefined || hasProgram({ row: reading.base.family?.row, ...reading.base.tag }, 'gcc') === true) return none;
  const brought = new Set(compilerLibraries(apt.manager, leftPackages(c)));
  if (brought.size === 0) return none;
  const listed = c.project.packages(environment.packages);
  const declared = c.projects.flatMap(({ needs }) => ('value' in needs ? needs.value : []));
  const wanted = wantedOf('unknown' in listed ? [] : listed.value, [...environment.named], declared);
  const built = fromSource(reading);
  const named = wanted.find(({ name }) => !isAlpine && needRow(name)?.bookworm.some((library) => brought.has(library)));
  const compiled =
    untold(c, listed) ?? wanted.find((one) => mayLoadMore(c, one, isAlpine) || (built?.builds(one.name) === true && !isPure(one.name)));
  const first = compiled ?? named;
  if (!first) return none;
  // the row of a package names what it loads; of one that is compiled nobody knows
  const packages = compiled ? [...brought] : [...brought].filter((library) => needRow(first.name)?.bookworm.includes(library));
  return {
    packages: packages.filter((name) => !apt.both.includes(name)),
    evidence: [{ ...first.evidence, says: `${first.evidence.says}: ${first.name} may load what the compilers bring beside them` }],
  };
}

/** What is installed is not told by name, or has an extension of its own. */
function untold(
  { projects }: PythonCase,
  listed: ReturnType<PythonCase['project']['packages']>,
): Pick<Wanted, 'name' | 'evidence'> | undefined {
  const name = 'what is installed';
  if ('unknown' in listed) return { name, evidence: { file: 'Dockerfile', says: listed.unknown } };
  const own = projects.find(({ compiles, needs }) => compiles !== undefined || 'unknown' in needs);
  return own && { name, evidence: own.compiles ?? { file: own.path, says: 'the project is installed' } };
}

/** It may be compiled, with libraries that no table names. */
function mayLoadMore({ project, reading, suite }: PythonCase, { name, asked }: Wanted, isAlpine: boolean): boolean {
  if (isPure(name) || needRow(name)?.compiles === true) return false;
  if (isAlpine) return true; // the tables are of wheels for glibc
  if (needRow(name) || linkedWhenCompiled(name, suite)) return false;
  const compiles = project.compiles(name, pythonVersion(reading.base), undefined, asked);
  return 'unknown' in compiles || compiles.value;
}
