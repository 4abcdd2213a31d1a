// Room: verify/run/. What the HEALTHCHECK says of a running container.
import { setTimeout as sleep } from 'node:timers/promises';
import { healthTest, type State, stateOf, stopWhenInterrupted } from './container.ts';
import type { ImageConfig, Observation, Session } from '../types.ts';

/** The status that it settled at, and the check's last output. */
export interface Health {
  status: Observation['health'];
  log: string;
}

/** A check that has not passed after so many milliseconds, or the image's own start period when that is longer, does not pass. */
const leastPatience = 15_000;
const nanosecondsPerMillisecond = 1e6;

/**
 * Waits until the health check passes, or has had its time. A check whose program is not there does not get better, and is
 * not waited for. In: the latest moment, in milliseconds of `Date.now()`.
 */
export async function settledHealth(session: Session, id: string, config: ImageConfig, latest: number): Promise<Health> {
  if (healthTest(config) === undefined) return { status: undefined, log: '' };
  if (session.engine.name === 'podman') return askPodman(session, id, latest);
  const startPeriod = Number(config.healthcheck?.['StartPeriod'] ?? 0) / nanosecondsPerMillisecond;
  const until = Math.min(latest, Date.now() + Math.max(leastPatience, startPeriod));
  for (;;) {
    const state = await stateOf(session, id);
    const health = healthOf(state);
    if (health.status === undefined || health.status === 'healthy' || !state.running) return health;
    if (Date.now() > until || (health.status === 'unhealthy' && isHopeless(state))) return health;
    await sleep(300);
    stopWhenInterrupted(session);
  }
}

/** What the engine says at this moment. */
export function healthOf({ health }: State): Health {
  const status = health?.status;
  const known = status === 'healthy' || status === 'unhealthy' || status === 'starting' ? status : undefined;
  const last = health?.log.at(-1);
  const log = known === 'healthy' || last === undefined ? '' : `${last.output.trim()}\n(exit code ${last.code})`.trim();
  return { status: known, log };
}

/** 126 and 127: the shell found no program; -1: the engine found none. */
function isHopeless({ health }: State): boolean {
  const last = health?.log.at(-1);
  if (last === undefined) return false;
  return [126, 127, -1].includes(last.code) && /not found|no such file|permission denied|executable/i.test(last.output);
}

/** Podman runs health checks by systemd's timers, which are not everywhere; on demand it runs them always. */
async function askPodman(session: Session, id: string, latest: number): Promise<Health> {
  const until = Math.min(latest, Date.now() + leastPatience);
  for (;;) {
    const ran = await session.engine.run(['healthcheck', 'run', id], { signal: session.signal, timeout: 30_000 });
    if (ran.code === 0) return { status: 'healthy', log: '' };
    stopWhenInterrupted(session);
    if (Date.now() > until || !(await stateOf(session, id)).running) {
      return { status: 'unhealthy', log: `${ran.stdout}${ran.stderr}`.trim() };
    }
    await sleep(1000);
  }
}
