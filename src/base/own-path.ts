// Room: base/. The PATH of the original's own.
import type { Instruction } from '../dockerfile/types.ts';

/** `ENV PATH=/app/bin:$PATH`: a directory of the original's own before all others. */
export const putsAhead = (i: Instruction): boolean =>
  i.keyword === 'ENV' && /\bPATH[= ]"?(?:\/(?!usr\/)|\$(?!\{?PATH\b))[^\s"]*:\$\{?PATH\b/.test(i.logical.text);
