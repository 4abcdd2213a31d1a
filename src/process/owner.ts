// Room: process/. Who made what is found later (in the temporary directory, on a container engine), and whether that process still runs.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process of ours. */
export interface Owner {
  /** Name of the machine, and on Linux its table of process ids: two containers may have one name, or one engine. */
  host: string;
  pid: number;
  /** Clock ticks from the machine's start to the process's; '' where the system does not tell. Tells a process from a later one with its number. */
  started: string;
}

/** This process. */
export const ownOwner = (): Owner => ({ host: ownHost(), pid: process.pid, started: startOf(process.pid) });

/** `HOST/PID/START`. */
export const ownerText = ({ host, pid, started }: Owner): string => `${host}/${pid}/${started}`;

/** Undefined for a text that names no owner. */
export function parseOwner(text: string): Owner | undefined {
  const [, host, pid, started] = /^([^/]+)\/(\d{1,10})\/(\d*)$/.exec(text) ?? [];
  return host === undefined || pid === undefined || started === undefined ? undefined : { host, pid: Number(pid), started };
}

/** Only of owners on this machine it is known. `elsewhere`: never touch what is theirs. */
export function stateOfOwner(owner: Owner): 'alive' | 'dead' | 'elsewhere' {
  if (owner.host !== ownHost()) return 'elsewhere';
  if (!isRunning(owner.pid)) return 'dead';
  const started = startOf(owner.pid);
  return owner.started !== '' && started !== '' && owner.started !== started ? 'dead' : 'alive';
}

function ownHost(): string {
  const name = hostname().replaceAll(/[^\w.-]/g, '_');
  try {
    // `pid:[4026531836]`: pid_namespaces(7)
    return `${name}:${/\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? ''}`;
  } catch {
    return name;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/PID/stat, behind the name in parentheses, which may hold anything: proc_pid_stat(5). */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not noticed.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
