// Room: bulk/. What a pull request would save where nothing was built: the base images alone, by their usual sizes.
import type { Core } from '../../checkout/types.ts';
import { isChanged, type FileReport } from '../../report/types.ts';
import type { Gain } from '../types.ts';

/**
 * Sums over the Dockerfiles whose last stage gets another base image. Undefined when there is none, or the size of one is not known: an estimate that
 * leaves something out is none. What is installed on top, and what the build leaves behind, is not counted: the gain is larger, as a rule.
 */
export function estimateOf(reports: readonly FileReport[], { outline }: Pick<Core, 'outline'>): Gain | undefined {
  let imageBefore = 0;
  let imageAfter = 0;
  const bases = new Set<string>();
  for (const { result } of reports.filter(isChanged)) {
    const before = result && outline(result.source);
    const after = result && outline(result.output);
    if (!before || !after || before.base === after.base) continue;
    if (before.baseBytes === undefined || after.baseBytes === undefined) return undefined;
    imageBefore += before.baseBytes;
    imageAfter += after.baseBytes;
    bases.add(`${before.base} → ${after.base}`);
  }
  if (bases.size === 0) return undefined;
  const named = [...bases].slice(0, 3).join(', ');
  return {
    kind: 'estimated',
    imageBefore,
    imageAfter,
    rebuildBefore: undefined,
    rebuildAfter: undefined,
    how: `Of the base image alone, by usual sizes: ${named}${bases.size > 3 ? ', …' : ''}. What is installed on top is not counted; nothing was built.`,
  };
}
