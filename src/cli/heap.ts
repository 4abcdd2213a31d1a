// Room: cli/. Keeps the memory of a long run small: V8 collects before the heap is four times what is used.
import { setFlagsFromString } from 'node:v8';

/**
 * Lets the old generation grow to twice what is in use, not by the factor of up to 4 that V8 takes for speed: of the repositories before
 * the present one only rows are in use, and compiled code, which grows by some MB over the first thousands; four times that is peak memory.
 * And keeps the young generation as small as it is: V8 would let it grow to three times 16 MB, which saves a twentieth of the time.
 * For the whole process, from now on. Measured: docs/scale.md, docs/performance.md.
 * Source: V8's src/heap/heap-controller.cc, MemoryController::GrowingFactor, reads `heap_growing_percent` at each collection, and
 * src/heap/new-spaces.cc, SemiSpaceNewSpace::Grow, `semi_space_growth_factor` (Node.js 20 to 24).
 */
export function collectEarly(): void {
  setFlagsFromString('--heap-growing-percent=100');
  setFlagsFromString('--semi-space-growth-factor=1');
}
