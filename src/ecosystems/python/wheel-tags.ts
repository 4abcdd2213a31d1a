// Room: ecosystems/python. Which wheels fit. Source: https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/ (PEP 425, 600).

export interface WheelTarget {
  /** '3.12'. */
  python: string;
  /** Machines that the image is built for. */
  machines: readonly string[];
  /** Minor version of glibc 2.x that the image has at least; 31 is Debian 11's. */
  glibcMinor: number;
}
export const usualMachines: readonly string[] = ['x86_64', 'aarch64'];

interface Tags {
  pythons: string[];
  abis: string[];
  platforms: string[];
}

/** The tags in a wheel's file name; undefined when it is no wheel. */
export function wheelTags(file: string): Tags | undefined {
  if (!file.toLowerCase().endsWith('.whl')) return undefined;
  const parts = file.slice(0, -4).split('-');
  if (parts.length < 5 || parts.length > 6) return undefined;
  const [pythons, abis, platforms] = parts.slice(-3).map((part) => part.toLowerCase().split('.'));
  return pythons && abis && platforms ? { pythons, abis, platforms } : undefined;
}

/** Whether some wheel of the files fits the target on every one of its machines. */
export function wheelFits(files: readonly string[], target: WheelTarget): boolean {
  const wheels = files.flatMap((file) => wheelTags(file) ?? []);
  return target.machines.every((machine) =>
    wheels.some(
      (tags) =>
        interpreterFits(tags, target.python) && tags.platforms.some((platform) => platformFits(platform, machine, target.glibcMinor)),
    ),
  );
}

/** True when a wheel fits every Python 3 on every machine: the version need not be known. */
export function hasUniversalWheel(files: readonly string[]): boolean {
  return files.some((file) => {
    const tags = wheelTags(file);
    return tags !== undefined && tags.pythons.includes('py3') && tags.abis.includes('none') && tags.platforms.includes('any');
  });
}

function interpreterFits(tags: Tags, python: string): boolean {
  const minor = Number(/^3\.(\d+)$/.exec(python)?.[1] ?? Number.NaN);
  return tags.pythons.some((tag) => {
    const match = /^(py|cp)3(\d*)$/.exec(tag);
    if (match === null) return false;
    const [, kind, digits] = match;
    const from = digits === '' ? 0 : Number(digits);
    if (tags.abis.includes('none')) return kind === 'py' ? from <= minor : digits === '' || from === minor;
    if (tags.abis.includes('abi3')) return kind === 'cp' && from <= minor;
    return kind === 'cp' && from === minor && tags.abis.some((abi) => abi === `cp3${minor}` || abi === `cp3${minor}m`);
  });
}

const legacyGlibc: ReadonlyMap<string, number> = new Map([
  ['manylinux1', 5],
  ['manylinux2010', 12],
  ['manylinux2014', 17],
]);

function platformFits(platform: string, machine: string, glibcMinor: number): boolean {
  if (platform === 'any') return true;
  if (platform === `linux_${machine}`) return true;
  const legacy = /^(manylinux(?:1|2010|2014))_(\w+)$/.exec(platform);
  if (legacy) return legacy[2] === machine && (legacyGlibc.get(legacy[1] ?? '') ?? Infinity) <= glibcMinor;
  const glibc = /^manylinux_2_(\d+)_(\w+)$/.exec(platform);
  return glibc !== null && glibc[2] === machine && Number(glibc[1]) <= glibcMinor;
}
