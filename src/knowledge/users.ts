// Room: knowledge/. Which user the final image should run as, by base image.
import { familyOf } from './images.ts';
import type { ImageRow, TagFacts } from './types.ts';

export interface NonRootUser {
  uid: number;
  gid: number;
  name: string;
  /** The RUN instruction that makes the user; undefined where the image has it, or needs none. */
  create: string | undefined;
  /** What USER is given: numbers, because Kubernetes' `runAsNonRoot` cannot check a name. */
  user: string;
}

/** Names that are free in every image below: shadow's tools on Debian and Ubuntu (trixie has no `adduser`), busybox's on Alpine. */
const made = {
  debian: (id: number): string =>
    `RUN groupadd --gid ${id} app && useradd --uid ${id} --gid ${id} --create-home --shell /usr/sbin/nologin app`,
  alpine: (id: number): string => `RUN addgroup -g ${id} -S app && adduser -u ${id} -S -G app app`,
};

/**
 * The user to run as, or undefined for service images, which drop privileges themselves.
 * In: the image's row, and what the tag says. uid 1000 is taken on Ubuntu from 23.04 on (`ubuntu`), also below temurin, maven and gradle: 10001 there.
 */
export function nonRootUser(row: ImageRow, tag: TagFacts): NonRootUser | undefined {
  if (row.service) return undefined;
  if (row.repository.startsWith('distroless/')) return numeric(65532, 'nonroot');
  const { runAs } = row;
  if (runAs && !(runAs.since !== undefined && Number.parseInt(tag.version ?? '', 10) < runAs.since)) {
    const uid = tag.variant === 'alpine' ? (runAs.alpineUid ?? runAs.uid) : runAs.uid;
    return { ...numeric(uid, runAs.name), ...(runAs.user === undefined ? {} : { user: runAs.user }) };
  }
  const id = familyOf(row, tagText(tag)).users.some((u) => u.uid === 1000 || u.gid === 1000) ? 10001 : 1000;
  return { ...numeric(id, 'app'), create: tag.variant === 'alpine' ? made.alpine(id) : made.debian(id) };
}

const numeric = (uid: number, name: string): NonRootUser => ({ uid, gid: uid, name, create: undefined, user: `${uid}:${uid}` });

/** Enough of a tag for the rows: version, suite and Alpine. */
const tagText = (tag: TagFacts): string =>
  [tag.version, tag.suite, tag.variant === 'alpine' ? 'alpine' : undefined].filter((part) => part !== undefined).join('-') || 'latest';
