// What some work costs, without a clock on the wall: machines are shared and stand still now and then, and a test must not fail for that.

const text = 'const one = require("other"); // words\n'.repeat(25_000);

/** A fixed piece of work of the kind that reading files is: matching and scanning a megabyte. */
function unit(): number {
  let sum = 0;
  for (const [word] of text.matchAll(/\w+/g)) sum += word.length;
  for (let i = 0; i < text.length; i += 1) sum = (sum * 31 + text.charCodeAt(i)) | 0;
  return sum;
}

function processorTime(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/**
 * In: work that ends when it returns. Out: how many times the processor time of a fixed piece of work it took, measured beside it in this process:
 * one is about 20 ms on a quiet machine.
 * Linear work on a few 100 KB costs a handful; what is quadratic or worse costs thousands.
 */
export function costOf(work: () => unknown): number {
  unit();
  const before = processorTime(unit);
  const cost = processorTime(work);
  return cost / Math.max(before, processorTime(unit));
}

/**
 * In: work of a size. Out: how many times the processor time of `size` eight times that size takes; what is linear takes about eight.
 * What is more than that by much is measured up to four times again, and the least counts: collecting the garbage of other tests can only make one larger.
 */
export function growthOf(work: (size: number) => () => unknown, size: number): number {
  const [few, many] = [work(size), work(8 * size)];
  few();
  let least = Infinity;
  for (let i = 0; i < 5 && least > 10; i += 1) {
    const once = Math.min(processorTime(few), processorTime(few));
    least = Math.min(least, processorTime(many) / once);
  }
  return least;
}
