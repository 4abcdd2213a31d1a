// Room: verify/run/. What runs in a container: its processes, and the files mapped into them.
import { readFile } from 'node:fs/promises';
import type { Session } from '../types.ts';
import type { State } from './container.ts';

export interface Process {
  /** As the host sees it. */
  uid: string;
  argv: string;
}
export interface Running {
  processes: readonly Process[] | undefined;
  /** Programs and libraries; undefined: they cannot be seen from here. */
  mapped: readonly string[] | undefined;
}

const maxProcesses = 500;

/**
 * Looks at a running container. Processes are told by the engine; what is mapped into them by /proc, on Linux with an engine of this machine whose
 * processes this user may look at. https://man7.org/linux/man-pages/man5/proc_pid_maps.5.html
 */
export async function runningIn(session: Session, state: State): Promise<Running> {
  const columns = session.engine.name === 'podman' ? ['hpid', 'huser', 'args'] : ['-eo', 'pid,uid,args'];
  const ran = await session.engine.run(['top', state.id, ...columns], { signal: session.signal });
  if (ran.code !== 0) return { processes: undefined, mapped: undefined };
  const listed = ran.stdout
    .split('\n')
    .slice(1, maxProcesses)
    .flatMap((line) => {
      const [, pid, uid, argv] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined || uid === undefined ? [] : [{ pid, uid, argv: argv ?? '' }];
    });
  const maps = await Promise.all(listed.map(({ pid }) => mapsOf(pid, state.id)));
  const seen = maps.filter((text) => text !== undefined);
  return {
    processes: listed.map(({ uid, argv }) => ({ uid, argv })),
    mapped: seen.length < listed.length || seen.length === 0 ? undefined : [...new Set(seen.flatMap(mappedFiles))].sort(),
  };
}

/** Undefined: another machine's process of that number, or one that may not be looked at. */
async function mapsOf(pid: string, container: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const read = (name: string): Promise<string | undefined> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => undefined);
  const groups = await read('cgroup');
  return groups?.includes(container) === true ? read('maps') : undefined;
}

/** The files in the text of /proc/PID/maps. */
export function mappedFiles(maps: string): string[] {
  const paths = maps.split('\n').flatMap((line) => /^\S+ \S+ \S+ \S+ [1-9]\d*\s+(\/.*)$/.exec(line)?.[1] ?? []);
  return [...new Set(paths.map((path) => path.replace(/ \(deleted\)$/, '')))];
}
