// Room: verify/compare/. The check `config`: the image configurations of both sides, and which of their differences are meant.
// Source of what the fields mean: https://docs.docker.com/reference/dockerfile/
import type { ImageSettings } from '../../checkout/types.ts';
import type { Applied } from '../../types.ts';
import { ownerLabel, sessionLabel } from '../engine/labels.ts';
import type { Check, Difference, ImageConfig } from '../types.ts';

/** What is known of the two files that the images were built from. */
export interface Told {
  /** The transforms of the rewrite, with what they announce. */
  applied: readonly Pick<Applied, 'transform' | 'announces'>[];
  /** What each Dockerfile sets itself (`core.imageSettings`); undefined when it is no Dockerfile. */
  setByDockerfile: { before: ImageSettings | undefined; after: ImageSettings | undefined };
}

/**
 * Compares ENTRYPOINT, CMD, ENV, WORKDIR, EXPOSE, VOLUME, LABEL, HEALTHCHECK, STOPSIGNAL, SHELL and USER. Expected differences are those that a
 * transform announces, and what another base image brings or no longer brings. Out: the check `config`; it fails for anything else.
 */
export function compareConfig(before: ImageConfig, after: ImageConfig, told: Told): Check {
  const sides: Sides = { before, after, told, newBase: newBaseOf(told) };
  const differences = [...keywordDifferences(sides), ...envDifferences(sides), ...setDifferences(sides), ...labelDifferences(sides)];
  const unexpected = differences.filter(({ expected }) => expected === undefined);
  if (unexpected.length > 0)
    return {
      id: 'config',
      outcome: 'failed',
      detail: `The image's configuration differs: ${unexpected.map(({ what }) => what).join(', ')}`,
      differences,
    };
  const detail =
    differences.length === 0
      ? 'The image configurations are the same'
      : `The image configurations are the same, apart from ${differences.length} intended difference${differences.length === 1 ? '' : 's'}`;
  return { id: 'config', outcome: 'passed', detail, differences };
}

interface Sides {
  before: ImageConfig;
  after: ImageConfig;
  told: Told;
  /** Why a setting of the base may differ; undefined when both stand on the same. */
  newBase: string | undefined;
}

function newBaseOf({ setByDockerfile: { before, after } }: Told): string | undefined {
  if (before?.base === undefined || after?.base === undefined || before.base === after.base) return undefined;
  return `comes from the base image (${before.base} became ${after.base})`;
}

/** The first transform that announces it. */
function announced({ told }: Sides, kind: 'keywords' | 'env', name: string): string | undefined {
  const by = told.applied.find(({ announces }) => (announces?.[kind] as readonly string[] | undefined)?.includes(name));
  return by && `announced by ${by.transform}`;
}

const setsKeyword = ({ told: { setByDockerfile } }: Sides, keyword: string): boolean =>
  [setByDockerfile.before, setByDockerfile.after].some((side) => side?.keywords.includes(keyword));

const difference = (what: string, before: string, after: string, expected: string | undefined): Difference => ({
  what,
  before,
  after,
  ...(expected === undefined ? {} : { expected }),
});

function keywordDifferences(sides: Sides): Difference[] {
  const { before, after } = sides;
  const rows: [keyword: string, before: string, after: string][] = [
    ['ENTRYPOINT', listText(before.entrypoint), listText(after.entrypoint)],
    ['CMD', listText(before.cmd), listText(after.cmd)],
    ['WORKDIR', before.workdir || '/', after.workdir || '/'],
    ['USER', userText(before.user), userText(after.user)],
    ['SHELL', listText(before.shell ?? defaultShell), listText(after.shell ?? defaultShell)],
    ['STOPSIGNAL', signalText(before.stopSignal), signalText(after.stopSignal)],
    ['HEALTHCHECK', healthText(before.healthcheck), healthText(after.healthcheck)],
  ];
  return rows
    .filter(([, one, other]) => one !== other)
    .map(([keyword, one, other]) => {
      // A health check that only the base had is the base's; how the program is run and ended is asked of both.
      const ofBase = keyword === 'HEALTHCHECK' && !setsKeyword(sides, keyword) ? sides.newBase : undefined;
      return difference(keyword, one, other, announced(sides, 'keywords', keyword) ?? ofBase);
    });
}

const defaultShell = ['/bin/sh', '-c'];
const listText = (list: readonly string[] | undefined): string => (list === undefined ? 'none' : JSON.stringify(list));
/** Root has several names; the group of a user that is given none is the user's own. */
const userText = (user: string): string => (/^(?:|0|root)(?::(?:0|root))?$/.test(user) ? 'root' : user);
/** SIGTERM by default; `15`, `TERM` and `SIGTERM` are one. */
const signalText = (signal: string | undefined): string => {
  const name = (signal ?? 'SIGTERM').toUpperCase();
  return name === '15' ? 'SIGTERM' : /^\d+$|^SIG/.test(name) ? name : `SIG${name}`;
};

function healthText(check: ImageConfig['healthcheck']): string {
  const test = check?.['Test'];
  if (!check || (Array.isArray(test) && (test.length === 0 || test[0] === 'NONE'))) return 'none';
  const kept = Object.entries(check).filter(([, value]) => value !== 0 && value !== null && value !== undefined);
  return JSON.stringify(Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))));
}

function envDifferences(sides: Sides): Difference[] {
  const { before, after, told } = sides;
  const { before: own, after: rewritten } = told.setByDockerfile;
  const names = [...new Set([...Object.keys(before.env), ...Object.keys(after.env)])].sort();
  return names.flatMap((name) => {
    const [one, other] = [valueOf(before.env, name), valueOf(after.env, name)];
    if (one === other) return [];
    const set = valueOf(own?.env ?? {}, name) !== undefined || (one === undefined && valueOf(rewritten?.env ?? {}, name) !== undefined);
    const expected = announced(sides, 'env', name) ?? (name === 'PATH' ? pathReason(sides) : set ? undefined : sides.newBase);
    return difference(`ENV ${name}`, one ?? 'not set', other ?? 'not set', expected);
  });
}

const valueOf = (env: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(env, name) ? env[name] : undefined;

/** Directories that the Dockerfile itself puts into PATH must stay, in their order; the others are the base's. */
function pathReason(sides: Sides): string | undefined {
  const { before, after, told, newBase } = sides;
  if (newBase === undefined) return undefined;
  const written = valueOf(told.setByDockerfile.before?.env ?? {}, 'PATH');
  const own = (written ?? '')
    .split(':')
    .map((entry) => expanded(entry, before.env))
    .filter((entry) => entry !== '' && !entry.includes('$'));
  const now = (valueOf(after.env, 'PATH') ?? '').split(':');
  const places = own.map((entry) => now.indexOf(entry));
  const kept = places.every((place, i) => place !== -1 && place >= (places[i - 1] ?? 0));
  return kept ? newBase : undefined;
}

/** Variables of the image in an entry of PATH; `$PATH` itself is the base's part and stays as it is written. */
const expanded = (entry: string, env: Readonly<Record<string, string>>): string =>
  entry.replace(/\$(?:(\w+)|\{(\w+)\})/g, (whole, bare: string | undefined, braced: string | undefined) => {
    const name = bare ?? braced ?? '';
    return name === 'PATH' ? whole : (valueOf(env, name) ?? whole);
  });

/** EXPOSE and VOLUME. */
function setDifferences(sides: Sides): Difference[] {
  const { before, after, told } = sides;
  const { before: own, after: rewritten } = told.setByDockerfile;
  const ports = {
    before: before.exposedPorts,
    after: after.exposedPorts,
    own: own?.ports ?? [],
    rewritten: rewritten?.ports ?? [],
    names: namesPort,
  };
  const volumes = {
    before: before.volumes,
    after: after.volumes,
    own: own?.volumes ?? [],
    rewritten: rewritten?.volumes ?? [],
    names: namesVolume,
  };
  return [['EXPOSE', ports] as const, ['VOLUME', volumes] as const].flatMap(([keyword, set]) => {
    const lost = set.before.filter((one) => !set.after.includes(one));
    const added = set.after.filter((one) => !set.before.includes(one));
    const says = (words: readonly string[], one: string): boolean => words.some((word) => set.names(word, one));
    return [
      ...lost.map((one) => difference(`${keyword} ${one}`, 'set', 'not set', says(set.own, one) ? undefined : sides.newBase)),
      ...added.map((one) => difference(`${keyword} ${one}`, 'not set', 'set', says(set.rewritten, one) ? undefined : sides.newBase)),
    ];
  });
}

/** Whether a word of EXPOSE (`80`, `53/udp`, `8000-8010`, or with a variable) names a port as the engine prints it (`80/tcp`). */
function namesPort(word: string, port: string): boolean {
  if (word.includes('$')) return true;
  const [number = '', protocol = 'tcp'] = port.split('/');
  const [range = '', wanted = 'tcp'] = word.toLowerCase().split('/');
  const [first, last = first] = range.split('-').map(Number);
  return wanted === protocol && Number(number) >= (first ?? 0) && Number(number) <= (last ?? 0);
}
const namesVolume = (word: string, volume: string): boolean =>
  word.includes('$') || word.replace(/\/+$/, '') === volume.replace(/\/+$/, '');

/** A label more changes nothing for who reads the others. */
function labelDifferences(sides: Sides): Difference[] {
  const { before, after, told } = sides;
  const isOurs = (name: string): boolean => name === sessionLabel || name === ownerLabel;
  return [...new Set([...Object.keys(before.labels), ...Object.keys(after.labels)])]
    .filter((name) => !isOurs(name) && !isBuilders(name))
    .sort()
    .flatMap((name) => {
      const [one, other] = [valueOf(before.labels, name), valueOf(after.labels, name)];
      if (one === other) return [];
      const ofBase = told.setByDockerfile.before?.labels.includes(name) ? undefined : sides.newBase;
      return difference(`LABEL ${name}`, one ?? 'not set', other ?? 'not set', one === undefined ? 'only added' : ofBase);
    });
}

/** What the builder itself writes: https://github.com/containers/buildah/blob/main/define/types.go (`io.buildah.version`). */
const isBuilders = (name: string): boolean => name.startsWith('io.buildah.');
