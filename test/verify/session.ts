// A session without an engine, or with the stand-in: for tests of what stands around the engine.
import { onTestFinished } from 'vitest';
import { findEngine } from '../../src/verify/engine/engine.ts';
import { cleanUp } from '../../src/verify/engine/leftovers.ts';
import type { ProgressEvent, Session } from '../../src/verify/types.ts';
import { openSession } from '../../src/verify/engine/workspace.ts';
import { dockerAnswers, standInEngine, type Answer } from './stand-in-engine.ts';

export interface StandInSession {
  session: Session;
  calls(): string[];
  said: ProgressEvent[];
  abort(): void;
}

/** Opens a session on the stand-in; its directory is removed when the test ends. */
export async function standInSession(answers: readonly Answer[] = [], version = '20.10.24'): Promise<StandInSession> {
  const stand = standInEngine([...answers, ...dockerAnswers(version)]);
  const stop = new AbortController();
  const engine = await findEngine(undefined, stand.env, stop.signal);
  const said: ProgressEvent[] = [];
  const session = await openSession(engine, {
    limits: { memory: '1g', cpus: '1', pids: 100 },
    signal: stop.signal,
    say: (event) => said.push(event),
  });
  onTestFinished(() => cleanUp(session));
  return { session, calls: () => stand.calls(), said, abort: () => stop.abort() };
}
