// Room: bulk/. Many repositories, a few at a time.

/** Works on all items with so many at once, in order of start. The first exception ends it, after those that run have ended. */
export async function eachOf<T>(items: Iterable<T> | AsyncIterable<T>, atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let failed: { error: unknown } | undefined;
  // Generators answer one call at a time.
  let turn: Promise<unknown> = Promise.resolve();
  const next = (): Promise<IteratorResult<T>> => {
    const mine = turn.then(() => iterator.next());
    turn = mine.catch(() => undefined);
    return mine;
  };
  const lane = async (): Promise<void> => {
    while (!failed) {
      const { value, done } = await next();
      if (done) return;
      await work(value);
    }
  };
  const guarded = async (): Promise<void> => {
    try {
      await lane();
    } catch (error) {
      failed ??= { error };
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, atOnce) }, guarded));
  if (failed) throw failed.error;
}
