// Room: bulk/. The machine's part of a pull request's body: written last, read back as text of a stranger.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Marker } from './types.ts';

/** Between these stands what is ours to rewrite. */
export const begin = '<!-- dockerfile-mod:begin -->';
export const end = '<!-- dockerfile-mod:end -->';

/** Characters of the encoded marker: ours have some 700. */
const maxEncoded = 4000;
/** A body that is longer than every forge's limit is not looked at. */
const maxBody = 1_100_000;
/** Markers looked at in one body, from its end. */
const maxMarkers = 20;

const hash = z.string().regex(/^(?:sha256:)?[0-9a-f]{8,64}$/);
const markerSchema = z
  .object({
    v: z.literal(1),
    campaign: z.string().regex(/^[a-z0-9-]{1,40}$/),
    toolVersion: z.string().regex(/^[0-9A-Za-z.+-]{1,40}$/),
    specHash: hash,
    base: hash,
    head: hash.optional(),
    diffHash: hash,
    bodyHash: hash,
  })
  .strip();

/** The comment that ends a body. */
export function writeMarker(marker: Marker): string {
  const { v, campaign, toolVersion, specHash, base, head, diffHash, bodyHash } = marker;
  const json = JSON.stringify({ v, campaign, toolVersion, specHash, base, head, diffHash, bodyHash });
  return `<!-- dockerfile-mod:v1 ${Buffer.from(json, 'utf8').toString('base64url')} -->`;
}

/** The last marker of a body that is one; undefined when there is none. Anyone may have written it: for finding and comparing only. Never throws. */
export function readMarker(body: string): Marker | undefined {
  const found = findMarkers(body).slice(-maxMarkers).reverse();
  for (const { encoded } of found) {
    const marker = decode(encoded);
    if (marker) return marker;
  }
  return undefined;
}

/** The body with its marker replaced; as it was when there is none. */
export function replaceMarker(body: string, marker: string): string {
  const last = findMarkers(body).findLast(({ encoded }) => decode(encoded) !== undefined);
  return last === undefined ? body : body.slice(0, last.start) + marker + body.slice(last.end);
}

function findMarkers(body: string): { encoded: string; start: number; end: number }[] {
  if (body.length > maxBody) return [];
  return [...body.matchAll(/<!-- dockerfile-mod:v1 ([A-Za-z0-9_-]+) -->/g)].flatMap((match) => {
    const encoded = match[1] ?? '';
    return encoded.length > maxEncoded ? [] : [{ encoded, start: match.index, end: match.index + match[0].length }];
  });
}

function decode(encoded: string): Marker | undefined {
  try {
    const parsed = markerSchema.safeParse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')));
    return parsed.success ? { ...parsed.data, head: parsed.data.head } : undefined;
  } catch {
    // No JSON: somebody else's text.
    return undefined;
  }
}

/** The part of a body that is ours, its marks included, and what stands around it; undefined when the marks are not there. */
export function partsOf(body: string): { before: string; part: string; after: string } | undefined {
  const start = body.indexOf(begin);
  const stop = body.lastIndexOf(end);
  if (start < 0 || stop < start) return undefined;
  return { before: body.slice(0, start), part: body.slice(start, stop + end.length), after: body.slice(stop + end.length) };
}

/**
 * What identifies the text that we wrote: title and part. Line ends, blanks at line ends, blank lines and ticks of boxes do not count:
 * forges and their editors change these without a person meaning it. A draft's prefix is the forge's.
 */
export function bodyHashOf(title: string, part: string): string {
  const text = part
    .replace(/\r\n?/g, '\n')
    .replace(/^(\s*[-*+] )\[[xX]\]/gm, '$1[ ]')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
  return `sha256:${createHash('sha256')
    .update(`${withoutDraft(title)}\n${text}`, 'utf8')
    .digest('hex')}`;
}

const draft = /^\s*(?:\[(?:draft|wip)\]|(?:draft|wip):)\s*/i;
const withoutDraft = (title: string): string => title.replace(draft, '').replace(/\s+/g, ' ').trim();
/** `Draft: ` of a title, as GitLab and Gitea keep the state; '' when there is none. */
export const draftPrefixOf = (title: string): string => draft.exec(title)?.[0] ?? '';
