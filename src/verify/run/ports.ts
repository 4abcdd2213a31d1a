// Room: verify/run/. Which TCP ports a container listens on: read from its network namespace, by whichever way is open.
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import type { State } from './container.ts';
import type { ImageConfig, Session } from '../types.ts';

/** Ports that Linux gives to whoever asks for any: https://docs.kernel.org/networking/ip-sysctl.html (ip_local_port_range). */
export const firstEphemeral = 32_768;

/** Where an image is likely to listen: EXPOSE, and PORT of its environment or of the one given. */
export function candidatePorts(config: ImageConfig, env: readonly string[]): number[] {
  const given = env.flatMap((setting) => /^PORT=(.*)$/.exec(setting)?.[1] ?? []).at(-1);
  const named = [...config.exposedPorts.filter((port) => !port.endsWith('/udp')), given ?? config.env['PORT'] ?? ''];
  return uniquePorts(named.map((port) => Number.parseInt(port, 10)));
}

/** The ports without doubles and what is none, in order. */
export function uniquePorts(ports: readonly number[]): number[] {
  return [...new Set(ports.filter((port) => Number.isInteger(port) && port > 0 && port < 65_536))].sort((a, b) => a - b);
}

/** The port of `0.0.0.0:3000`. */
export function portNumber(listener: string): number {
  return Number(listener.slice(listener.lastIndexOf(':') + 1));
}
/** Whether it is to be reached from outside of the container. */
export function isOpen(listener: string): boolean {
  return !listener.startsWith('127.');
}

/**
 * The listening sockets in the text of /proc/net/tcp and tcp6: `0.0.0.0:3000`, or `127.0.0.1:3000` for the loopback
 * addresses of either protocol. An address of the container's own counts as any: it is reached from outside as well, and
 * changes with each start. https://docs.kernel.org/networking/proc_net_tcp.html (addresses as little-endian words)
 */
export function parseListening(text: string): string[] {
  const found = text.split('\n').flatMap((line) => {
    const match = /^\s*\d+:\s+([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\s+\S+\s+0A\s/i.exec(line);
    if (!match?.[1] || !match[2]) return [];
    const address = bytesOf(match[1]);
    const port = Number.parseInt(match[2], 16);
    const last = address.slice(-4);
    // Docker's own name server, in networks that a user made: https://docs.docker.com/engine/network/#dns-services
    if (last.join('.') === '127.0.0.11') return [];
    return [`${isLoopback(address) ? '127.0.0.1' : '0.0.0.0'}:${port}`];
  });
  const open = new Set(found.filter(isOpen).map(portNumber));
  const shown = found.filter((listener) => isOpen(listener) || !open.has(portNumber(listener)));
  return [...new Set(shown)].sort((a, b) => portNumber(a) - portNumber(b) || a.localeCompare(b));
}

function bytesOf(hex: string): number[] {
  const words = hex.match(/.{8}/g) ?? [];
  return words.flatMap((word) => (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse());
}
function isLoopback(address: readonly number[]): boolean {
  if (address.length === 4) return address[0] === 127;
  const head = address.slice(0, 10).every((byte) => byte === 0);
  if (head && address[10] === 0xff && address[11] === 0xff) return address[12] === 127;
  return address.slice(0, 15).every((byte) => byte === 0) && address[15] === 1;
}

/** Reads the listening ports of a running container; undefined when they cannot be seen. */
export type ReadPorts = (state: State) => Promise<readonly string[] | undefined>;

/**
 * How the ports of containers are read. On Linux with an engine of this machine: /proc of the container's first process.
 * Elsewhere: a second container in the same network namespace, of an image that has `cat`; it is not asked any more when
 * that has failed three times. In: the image to try, the original in general.
 */
export function portReader(session: Session, image: string): ReadPorts {
  let failures = 0;
  return async (state) => {
    const here = await readHere(state);
    if (here !== undefined) return parseListening(here);
    if (failures >= 3) return undefined;
    const text = await readByNeighbour(session, state.id, image);
    if (text === undefined) failures += 1;
    return text === undefined ? undefined : parseListening(text);
  };
}

async function readHere(state: State): Promise<string | undefined> {
  if (process.platform !== 'linux' || state.pid <= 0) return undefined;
  const read = (name: string): Promise<string> => readFile(`/proc/${state.pid}/${name}`, 'utf8').catch(() => '');
  const [tcp, tcp6, groups, routes] = await Promise.all(['net/tcp', 'net/tcp6', 'cgroup', 'net/fib_trie'].map(read));
  // An engine in a virtual machine counts its own processes: the id must be the container's, by its control group or its address.
  const isIt = groups?.includes(state.id) === true || state.addresses.some((address) => hasAddress(routes ?? '', address));
  return isIt && tcp !== '' && tcp !== undefined ? `${tcp}${tcp6}` : undefined;
}

function hasAddress(routes: string, address: string): boolean {
  const lines = routes.split('\n');
  return lines.some((line, i) => line.endsWith(` ${address}`) && lines[i + 1]?.includes('/32 host LOCAL') === true);
}

/** /proc/net/tcp and tcp6 as a second container sees them that shares the first one's network; undefined when it has no `cat`. */
export async function readByNeighbour(session: Session, id: string, image: string): Promise<string | undefined> {
  const files = ['/proc/net/tcp', '/proc/net/tcp6'];
  const { limits, labels, engine, signal } = session;
  const bounds = ['--memory', limits.memory, '--cpus', limits.cpus, '--pids-limit', String(limits.pids)];
  const args = [
    'run',
    '--rm',
    '--pull=never',
    ...labels,
    ...bounds,
    '--network',
    `container:${id}`,
    '--no-healthcheck',
    '--entrypoint',
    'cat',
  ];
  const ran = await engine.run([...args, image, ...files], { signal, timeout: 30_000 });
  return ran.stdout.includes('local_address') ? ran.stdout : undefined;
}

/**
 * Whether somebody behind a published port takes a connection. An engine's own forwarder takes it in any case, and closes
 * it at once when nobody listens in the container: so it must stay open for a moment. In: `127.0.0.1:49153`.
 */
export function takesConnections(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const socket = net.connect({ host: host ?? '127.0.0.1', port: Number(port) });
    const end = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(5000, () => end(false));
    socket.on('connect', () => setTimeout(() => end(true), 300));
    socket.on('data', () => end(true));
    socket.on('error', () => end(false)).on('close', () => end(false));
  });
}
