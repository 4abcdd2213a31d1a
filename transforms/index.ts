// Every transform, in the order in which they run; the reason where the order matters.
import type { Transform } from '../src/transform.ts';
import { baseReplacement } from './base-replacement.ts';
import { baseSlim } from './base-slim.ts';
import { cacheMounts } from './cache-mounts.ts';
import { copyOrder } from './copy-order.ts';
import { dockerignore } from './dockerignore.ts';
import { installLockfile } from './install-lockfile.ts';
import { multiStage } from './multi-stage/index.ts';
import { nonRootUserTransform } from './non-root-user.ts';
import { scratchEssentials } from './scratch-essentials.ts';
import { syntaxDirective } from './syntax-directive.ts';

export const transforms: readonly Transform[] = [
  dockerignore, // first: whether COPY may go behind an install depends on what is hidden
  installLockfile, // the lock becomes a manifest that copy-order must bring
  copyOrder, // RUNs are split here, so that the stages can be parted
  multiStage,
  scratchEssentials, // what the scratch stage that multi-stage made lacks
  baseSlim, // only where multi-stage did not decide the final base
  baseReplacement, // when nothing chooses another image any more
  nonRootUserTransform, // when the final base and the paths are known
  cacheMounts, // needs the final RUNs and users
  syntaxDirective, // last: depends on the features that are used
];
