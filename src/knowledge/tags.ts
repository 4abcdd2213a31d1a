// Room: knowledge/. What a tag says, and the tags beside it: slim, alpine, with a suite (rule book 4.4, 3.6). Which tags exist: official-images, see suites.ts.
import {
  debianSuites,
  floating,
  hasSuiteTag,
  isBefore,
  namedDefaults,
  nodeCodenames,
  numbersOf,
  releases,
  suiteOfVersion,
  ubuntuSuites,
} from './suites.ts';
import type { TagFacts } from './types.ts';

export { runsOn } from './suites.ts';

/** Why a base has no slim twin to go to. */
export interface NoSlim {
  skip: 'no-slim-variant' | 'already-slim' | 'debian-latest';
  message: string;
}

/** Where `slim` stands: node:22-bookworm-slim, python:3.12-slim-bookworm. Source: official-images library/{node,python,ruby,rust,debian}, oven-sh/bun dockerhub/. */
const slimPlace: ReadonlyMap<string, 'last' | 'before-suite'> = new Map([
  ['node', 'last'],
  ['debian', 'last'],
  ['oven/bun', 'last'],
  ['python', 'before-suite'],
  ['ruby', 'before-suite'],
  ['rust', 'before-suite'],
]);
/** Tags that came before their slim twin: the suites and the versions that never had one. Checked against every tag of the five repositories. */
const slimSuitesNever: ReadonlySet<string> = new Set(['wheezy', 'jessie']);
const slimSince: Readonly<Record<string, string>> = { rust: '1.25' };
/** Date of the first slim twin of a dated Debian tag. */
const slimDateSince = '20190101';
/** Parts of a tag that say neither version, suite nor size, and mean the ordinary image. */
const ordinary: Readonly<Record<string, RegExp>> = {
  python: /^rc$/,
  golang: /^rc$/,
  ruby: /^(rc|preview)\d*$/,
  php: /^(rc|cli|fpm|apache|zts)$/,
  'oven/bun': /^debian$/,
  rust: /^$/,
  'eclipse-temurin': /^(jdk|jre|b\d+)$/,
  openjdk: /^(jdk|jre|rc|ea|\d+)$/,
  gradle: /^jdk\d*$/,
  maven: /^(eclipse|temurin|openjdk|jdk|\d+)$/,
  'buildpack-deps': /^(curl|scm)$/,
  debian: /^(\d{8}(\.\d+)?)$/,
  ubuntu: /^(\d{8}(\.\d+)?)$/,
  'dotnet/sdk': /^(preview|rc)$/,
  'dotnet/aspnet': /^(preview|rc|extra|composite)$/,
  'dotnet/runtime': /^(preview|rc|extra)$/,
};

interface Parts {
  /** What stands for the version: '22', 'lts', 'jod', '' for none or `latest`. */
  head: string;
  suite: string | undefined;
  slim: boolean;
  alpine: string | undefined;
  /** Of the rest, what is ordinary, and what is not known. */
  ordinary: string[];
  other: string[];
}

const isSuite = (part: string): boolean => debianSuites.has(part) || ubuntuSuites.has(part);
const nodeHead = (part: string): boolean => part === 'lts' || part === 'current' || Object.hasOwn(nodeCodenames, part);
const namedHead = (repository: string, part: string): boolean =>
  (repository === 'node' && nodeHead(part)) ||
  (Object.hasOwn(namedDefaults, repository) && Object.hasOwn(namedDefaults[repository] ?? {}, part)) ||
  (repository === 'nginx' && /^(mainline|stable)$/.test(part));

function partsOf(repository: string, tag: string | undefined): Parts {
  const parts: Parts = { head: '', suite: undefined, slim: false, alpine: undefined, ordinary: [], other: [] };
  const known = Object.hasOwn(ordinary, repository) ? ordinary[repository] : undefined;
  if (tag === undefined || tag === 'latest') return parts;
  for (const [i, part] of tag.slice(0, 128).split('-').entries()) {
    if (i === 0 && (/^v?\d/.test(part) || namedHead(repository, part))) parts.head = part;
    else if (repository === 'node' && parts.head === 'lts' && Object.hasOwn(nodeCodenames, part))
      parts.head = part; // lts-jod has no slim twin, jod has
    else if (parts.suite === undefined && isSuite(part)) parts.suite = part;
    else if (part === 'slim' && !parts.slim) parts.slim = true;
    else if (/^alpine\d*(\.\d+)?$/.test(part) && parts.alpine === undefined) parts.alpine = part;
    else if (parts.alpine !== undefined && /^3\.\d+$/.test(part))
      parts.alpine += `-${part}`; // eclipse-temurin:21-jre-alpine-3.22
    else if (known?.test(part)) parts.ordinary.push(part);
    else parts.other.push(part);
  }
  return parts;
}

/** What a tag of a known repository says. In: the repository as in `ImageFamily` ('node', 'distroless/nodejs22-debian13'), the tag or undefined. Never throws: what is not understood is `other`. */
export function tagFacts(repository: string, tag: string | undefined): TagFacts {
  if (repository === 'scratch') return { version: undefined, variant: 'other', suite: undefined };
  if (repository.startsWith('distroless/')) return distrolessFacts(repository);
  const parts = partsOf(repository, tag);
  const release = Object.hasOwn(releases, repository)
    ? releases[repository]?.[repository === 'debian' ? (parts.head.split('.')[0] ?? '') : parts.head]
    : undefined;
  const version = (repository === 'node' && Object.hasOwn(nodeCodenames, parts.head) ? nodeCodenames[parts.head] : parts.head) || undefined;
  return { version, variant: variantOf(repository, parts), suite: parts.suite ?? release };
}

function variantOf(repository: string, parts: Parts): TagFacts['variant'] {
  if (parts.other.some((part) => part === 'distroless' || part === 'chiseled')) return 'distroless';
  if (repository === 'alpine') return 'alpine';
  if (parts.other.length > 0) return 'other';
  if (parts.alpine !== undefined || repository === 'composer') return 'alpine';
  if (parts.slim) return 'slim';
  // openjdk from 12 on stands on Oracle Linux unless the tag names a Debian suite. Source: docker-library/docs, openjdk
  if (repository === 'openjdk' && parts.suite === undefined && Number.parseInt(parts.head, 10) >= 12) return 'other';
  return 'full';
}

function distrolessFacts(repository: string): TagFacts {
  const match = /^distroless\/(?:nodejs|java|python)?(\d*)[a-z-]*?(?:-debian(\d+))?$/.exec(repository);
  const release = match?.[2];
  return {
    version: match?.[1] || undefined,
    variant: 'distroless',
    suite: release === undefined ? undefined : releases['debian']?.[release],
  };
}

/**
 * The suite that a tag without one stood on at the date of the tables (suites.ts; it moves): only good for package names, never for matching the C libraries of two stages.
 * In: `version` as in `TagFacts`. Undefined: the table does not say.
 */
export function defaultSuite(repository: string, version: string | undefined): string | undefined {
  const name = version ?? '';
  const named = Object.hasOwn(namedDefaults, repository) ? namedDefaults[repository] : undefined;
  if (named && Object.hasOwn(named, name)) return named[name];
  const moves = Object.hasOwn(floating, repository) ? floating[repository] : undefined;
  const number = moves && Object.hasOwn(moves, name) ? moves[name] : name === '' ? '999' : name;
  return number === undefined ? undefined : suiteOfVersion(repository, number);
}

const join = (...parts: (string | undefined)[]): string => parts.filter((part) => part).join('-');

/** The slim twin of a tag, or why there is none. Alpine, distroless and slim tags have nothing to gain. */
export function slimTag(repository: string, tag: string | undefined): string | NoSlim {
  const place = slimPlace.get(repository);
  const { variant } = tagFacts(repository, tag);
  if (variant === 'slim' || variant === 'alpine' || variant === 'distroless' || repository === 'scratch')
    return { skip: 'already-slim', message: 'Already slim' };
  if (!place) return { skip: 'no-slim-variant', message: `${repository} has no slim tag` };
  const parts = partsOf(repository, tag);
  if (repository === 'debian' && parts.head === '' && parts.suite === undefined)
    return { skip: 'debian-latest', message: '`debian:latest` has no slim twin tag' };
  if (variant === 'other' || neverSlim(repository, parts))
    return { skip: 'no-slim-variant', message: `${repository}:${tag ?? 'latest'} has no slim tag` };
  return place === 'last'
    ? join(parts.head, parts.suite, ...parts.ordinary, 'slim')
    : join(parts.head, ...parts.ordinary, 'slim', parts.suite);
}

function neverSlim(repository: string, parts: Parts): boolean {
  if (repository === 'debian') return parts.ordinary.some((date) => date < slimDateSince) || parts.head === 'experimental';
  const since = Object.hasOwn(slimSince, repository) ? slimSince[repository] : undefined;
  const early = since !== undefined && isBefore(parts.head, since);
  const oldNode = repository === 'node' && parts.suite === 'stretch' && isBefore(parts.head, '11.3');
  return early || oldNode || (parts.suite !== undefined && slimSuitesNever.has(parts.suite)) || /\d[ab]\d/.test(parts.head);
}

/** The Alpine twin of a tag: the suite and `slim` go. Whether it exists is for the caller to know. */
export function alpineTag(repository: string, tag: string | undefined): string {
  const parts = partsOf(repository, tag);
  return join(parts.head, ...parts.ordinary.filter((part) => part !== 'debian'), parts.alpine ?? 'alpine');
}

/**
 * The same tag with its Debian suite named, so that another stage can name the same (rule book 3.6): `1.23` → `1.23-bookworm`, none → `bookworm`.
 * Undefined: that version has no such tag, the tag names another suite, or it is not a Debian image.
 */
export function pinSuite(repository: string, tag: string | undefined, suite: string): string | undefined {
  const parts = partsOf(repository, tag);
  const facts = tagFacts(repository, tag);
  if (facts.suite !== undefined) return facts.suite === suite ? tag : undefined;
  if ((facts.variant !== 'full' && facts.variant !== 'slim') || parts.ordinary.length > 0) return undefined;
  if (repository === 'debian')
    return parts.head === '' && debianSuites.has(suite) ? join(suite, parts.slim ? 'slim' : undefined) : undefined;
  if (!hasSuiteTag(repository, facts.version ?? '', suite)) return undefined;
  const slim = parts.slim ? 'slim' : undefined;
  return slimPlace.get(repository) === 'last' ? join(parts.head, suite, slim) : join(parts.head, slim, suite);
}

/** Node's major versions that have a distroless image. Source: GoogleContainerTools/distroless, README, 2026-08-21. */
const distrolessNodes: ReadonlySet<string> = new Set(['22', '24', '26']);

/** The distroless image of a Node version ('22', '22.3.0'), or undefined. */
export function distrolessNode(version: string): string | undefined {
  const major = String(numbersOf(version)?.[0] ?? '');
  return distrolessNodes.has(major) ? `gcr.io/distroless/nodejs${major}-debian13` : undefined;
}

/** Whether an image reference names a Windows image (rule book 0.6). */
export function isWindows(reference: string): boolean {
  return /windows|nanoserver|servercore/i.test(reference);
}
