// Room: base/. The Debian release of both stages, decided once: packages, pins and the runtime image follow it.
import { defaultSuite, pinSuite } from '../knowledge/tags.ts';
import type { BaseReading } from './base.ts';
import { withTag } from './base.ts';

/** The release that the tag names; else the one that was looked up, or that it stood on by the dated table, so that the rewrite does not change it. Undefined: unknown. */
export function suiteOf(base: BaseReading): string | undefined {
  return base.tag.suite ?? base.family?.suite ?? (base.family && defaultSuite(base.family.row, base.tag.version));
}

/**
 * For stages of different repositories: the release that both must name, and the builder's image with it (undefined: it names it already).
 * Undefined as a whole: the version has no tag that names a release.
 */
export function pinned(base: BaseReading): { suite: string; builderImage: string | undefined } | undefined {
  if (base.tag.suite !== undefined) return { suite: base.tag.suite, builderImage: undefined };
  for (const suite of [suiteOf(base), 'bookworm']) {
    const tag = suite === undefined || !base.family ? undefined : pinSuite(base.family.row, base.image.tag, suite);
    if (suite !== undefined && tag !== undefined) return { suite, builderImage: withTag(base.image, tag) };
  }
  return undefined;
}
