// Room: bulk/. The circuit breaker: a burst of failures pauses the campaign before it does harm.

export interface Breaker {
  succeeded(): void;
  /** A failure of this class. Answers why the campaign has to pause; undefined: it goes on. */
  failed(kind: string): string | undefined;
}

/** Repositories tried before a share of failures says something. */
const enough = 20;

/** Pauses above a share (0.05) of those tried, or after so many in a row of one class; after one, a limit of the forge is no failure. */
export function breaker(share: number, inRow: number): Breaker {
  let tried = 0;
  let failures = 0;
  let row = { kind: '', count: 0 };
  return {
    succeeded() {
      tried += 1;
      row = { kind: '', count: 0 };
    },
    failed(kind) {
      // It is waited for.
      if (inRow === 1 && kind === 'rate-limited') return undefined;
      tried += 1;
      failures += 1;
      row = { kind, count: row.kind === kind ? row.count + 1 : 1 };
      if (inRow === 1) return `a repository failed with ${kind}`;
      if (row.count >= inRow) return `${row.count} repositories in a row failed with ${kind}`;
      if (tried >= enough && failures / tried > share) return `${failures} of ${tried} repositories failed`;
      return undefined;
    },
  };
}
