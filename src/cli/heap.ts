// Room: cli/. Keeps the memory of a long run small: V8 collects before the heap is four times what is used.
import { setFlagsFromString } from 'node:v8';

/**
 * Lets the old generation grow by half of what is in use, not by the factor of up to 4 that V8 takes for speed: of the repositories before
 * the present one only rows are in use, and compiled code, which grows by some MB over the first thousands; four times that is peak memory.
 * For the whole process, from now on. Measured: docs/scale.md.
 * Source: V8's src/heap/heap-controller.cc, MemoryController::GrowingFactor, reads `heap_growing_percent` at each collection (Node.js 20 to 24).
 */
export function collectEarly(): void {
  setFlagsFromString('--heap-growing-percent=50');
}
