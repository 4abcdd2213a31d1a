// Room: knowledge/. What a tag says, and the tags beside it: slim, alpine, with a suite. Which tags exist: official-images, see suites.ts.
import { debianReleases, debianSuites, hasSuiteTag, isBefore, suiteOfVersion, ubuntuSuites } from './suites.ts';
import type { ImageRow, TagFacts } from './types.ts';

export { runsOn } from './suites.ts';

/** Why a base has no slim twin to go to. */
export interface NoSlim {
  skip: 'no-slim-variant' | 'already-slim' | 'debian-latest';
  message: string;
}

/** Tags that came before their slim twin: the suites that never had one. Checked against every tag of the five repositories. */
const slimSuitesNever: ReadonlySet<string> = new Set(['wheezy', 'jessie']);
/** Date of the first slim twin of a dated Debian tag. */
const slimDateSince = '20190101';

interface Parts {
  /** What stands before the version, for rows that have such tags. */
  led: string;
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
const owned = <T>(table: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  table && Object.hasOwn(table, name) ? table[name] : undefined;
const named = ({ tags }: ImageRow, part: string): boolean =>
  (tags?.heads?.test(part) ?? false) || owned(tags?.codenames?.of, part) !== undefined || owned(tags?.named, part) !== undefined;

function partsOf(row: ImageRow, tag: string | undefined): Parts {
  const parts: Parts = { led: '', head: '', suite: undefined, slim: false, alpine: undefined, ordinary: [], other: [] };
  const { ordinary, codenames } = row.tags ?? {};
  if (tag === undefined || tag === 'latest') return parts;
  parts.led = row.tags?.led?.exec(tag.slice(0, 128))?.[0] ?? '';
  for (const [i, part] of tag.slice(parts.led.length, 128).split('-').entries()) {
    if (i === 0 && (/^v?\d/.test(part) || named(row, part))) parts.head = part;
    else if (codenames && parts.head === codenames.under && owned(codenames.of, part) !== undefined)
      parts.head = part; // lts-jod has no slim twin, jod has
    else if (parts.suite === undefined && isSuite(part)) parts.suite = part;
    else if (part === 'slim' && !parts.slim) parts.slim = true;
    else if (/^alpine\d*(\.\d+)?$/.test(part) && parts.alpine === undefined) parts.alpine = part;
    else if (parts.alpine !== undefined && /^3\.\d+$/.test(part))
      parts.alpine += `-${part}`; // eclipse-temurin:21-jre-alpine-3.22
    else if (ordinary?.test(part)) parts.ordinary.push(part);
    else parts.other.push(part);
  }
  return parts;
}

/** What a tag of an image says. Never throws: what is not understood is `other`. */
export function tagFacts(row: ImageRow, tag: string | undefined): TagFacts {
  if (row.repository === 'scratch') return { version: undefined, variant: 'other', suite: undefined };
  if (row.repository.startsWith('distroless/')) return distrolessFacts(row.repository);
  const parts = partsOf(row, tag);
  const { releases, codenames } = row.tags ?? {};
  const release = owned(releases, parts.head) ?? owned(releases, parts.head.split('.')[0] ?? '');
  const version = (owned(codenames?.of, parts.head) ?? parts.head) || undefined;
  return { version, variant: variantOf(row.repository, parts), suite: parts.suite ?? release };
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
    suite: release === undefined ? undefined : debianReleases[release],
  };
}

/**
 * The suite that a tag without one stood on at the date of the tables (suites.ts; it moves): only good for package names, never for matching the C libraries of two stages.
 * In: `version` as in `TagFacts`. Undefined: the table does not say.
 */
export function defaultSuite({ tags }: ImageRow, version: string | undefined): string | undefined {
  const name = version ?? '';
  const known = owned(tags?.named, name);
  if (known !== undefined) return known;
  return suiteOfVersion(tags?.suites, owned(tags?.floating, name) ?? (name === '' ? '999' : name));
}

const join = (...parts: (string | undefined)[]): string => parts.filter((part) => part).join('-');

/** The slim twin of a tag, or why there is none. Alpine, distroless and slim tags have nothing to gain. */
export function slimTag(row: ImageRow, tag: string | undefined): string | NoSlim {
  const { repository } = row;
  const place = row.tags?.slim;
  const { variant } = tagFacts(row, tag);
  if (variant === 'slim' || variant === 'alpine' || variant === 'distroless' || repository === 'scratch')
    return { skip: 'already-slim', message: 'Already slim' };
  if (!place) return { skip: 'no-slim-variant', message: `${repository} has no slim tag` };
  const parts = partsOf(row, tag);
  if (repository === 'debian' && parts.head === '' && parts.suite === undefined)
    return { skip: 'debian-latest', message: '`debian:latest` has no slim twin tag' };
  if (variant === 'other' || neverSlim(row, parts))
    return { skip: 'no-slim-variant', message: `${repository}:${tag ?? 'latest'} has no slim tag` };
  const head = `${parts.led}${parts.head}`;
  return place === 'last' ? join(head, parts.suite, ...parts.ordinary, 'slim') : join(head, ...parts.ordinary, 'slim', parts.suite);
}

function neverSlim({ repository, tags }: ImageRow, parts: Parts): boolean {
  if (repository === 'debian') return parts.ordinary.some((date) => date < slimDateSince) || parts.head === 'experimental';
  const early = tags?.slimSince !== undefined && isBefore(parts.head, tags.slimSince);
  const never = tags?.slimNever !== undefined && parts.suite === tags.slimNever.suite && isBefore(parts.head, tags.slimNever.before);
  return early || never || (parts.suite !== undefined && slimSuitesNever.has(parts.suite)) || /\d[ab]\d/.test(parts.head);
}

/** The Alpine twin of a tag: the suite and `slim` go. Whether it exists is for the caller to know. */
export function alpineTag(row: ImageRow, tag: string | undefined): string {
  const parts = partsOf(row, tag);
  return join(`${parts.led}${parts.head}`, ...parts.ordinary.filter((part) => part !== 'debian'), parts.alpine ?? 'alpine');
}

/** The release of Alpine that a tag names: `1.22-alpine3.20` → `3.20`. Undefined: the tag moves with Alpine, or is no Alpine image. */
export const alpineRelease = (row: ImageRow, tag: string | undefined): string | undefined =>
  /^alpine(\d+\.\d+)/.exec(partsOf(row, tag).alpine ?? '')?.[1];

/**
 * The same tag with its Debian suite named, so that another stage can name the same: `1.23` → `1.23-bookworm`, none → `bookworm`.
 * Undefined: that version has no such tag, the tag names another suite, or it is not a Debian image.
 */
export function pinSuite(row: ImageRow, tag: string | undefined, suite: string): string | undefined {
  const parts = partsOf(row, tag);
  const facts = tagFacts(row, tag);
  if (facts.suite !== undefined) return facts.suite === suite ? tag : undefined;
  if ((facts.variant !== 'full' && facts.variant !== 'slim') || parts.ordinary.length > 0) return undefined;
  if (row.repository === 'debian')
    return parts.head === '' && debianSuites.has(suite) ? join(suite, parts.slim ? 'slim' : undefined) : undefined;
  if (!hasSuiteTag(row.tags?.suiteTags, facts.version ?? '', suite)) return undefined;
  const slim = parts.slim ? 'slim' : undefined;
  const head = `${parts.led}${parts.head}`;
  return row.tags?.slim === 'last' ? join(head, suite, slim) : join(head, slim, suite);
}

/** Whether an image reference names a Windows image. */
export function isWindows(reference: string): boolean {
  return /windows|nanoserver|servercore/i.test(reference);
}
