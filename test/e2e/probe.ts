// test/e2e: runs an image and asks it.
import { setTimeout as sleep } from 'node:timers/promises';
import { normalise } from '../../src/verify/compare/normalise.ts';
import { ask as askOnce, patience, type Question } from '../../src/verify/run/probe.ts';
import type { Reply } from '../../src/verify/types.ts';
import type { App, Probe } from './apps.ts';
import { docker, LABEL, run } from './docker.ts';

export interface Answer {
  status: number;
  type: string;
  body: string;
}

export interface Observed {
  /** Settings of the image's environment that make Node trust a further certificate authority: `NAME=value`. */
  trust: string[];
  answers: Map<string, Answer>;
  /** `User` of the image's config. */
  user: string;
  /** User ids of the processes in the running container, as the host sees them. */
  uids: string[];
}

/**
 * Starts the image, asks every probe, and looks at who runs it. Throws with the container's log when it does not become healthy.
 * `trust` is what the image before brought: behind an inspecting proxy the bases of one's own registry carry such a setting, a distroless one may not, and Node
 * alone does not read the system's certificates (https://nodejs.org/api/cli.html#node_extra_ca_certsfile). Published images have none.
 */
export async function observe(app: App, image: string, runId: string, trust: string[] = []): Promise<Observed> {
  // No mounts of the host, a limit on memory and processes, reachable from this machine alone.
  const limits = ['--memory', '512m', '--pids-limit', '256', '--publish', `127.0.0.1::${app.port}`];
  const environment = [...trust, ...(await upstream())].flatMap((setting) => ['--env', setting]);
  const container = await docker('run', '--detach', '--label', `${LABEL}=${runId}`, ...limits, ...environment, image);
  try {
    const address = (await docker('port', container, `${app.port}/tcp`)).split('\n')[0] ?? '';
    await waitForHealth(address, app, container);
    const answers = new Map<string, Answer>();
    for (const probe of app.probes) answers.set(nameOf(probe), await ask(address, app, probe));
    const config = JSON.parse(await docker('image', 'inspect', '--format', '{{json .Config}}', image)) as {
      User?: string;
      Env?: string[] | null;
    };
    const processes = (await docker('top', container, '-eo', 'uid,pid')).split('\n').slice(1);
    return {
      trust: (config.Env ?? []).filter((setting) => setting.startsWith('NODE_EXTRA_CA_CERTS=')),
      answers,
      user: config.User ?? '',
      uids: [...new Set(processes.map((line) => line.trim().split(/\s+/)[0] ?? ''))],
    };
  } finally {
    await run('docker', ['rm', '--force', '--volumes', container]);
  }
}

/** What the applications ask over HTTPS: the package registry that this machine's npm uses, since builds reach it anyhow; DOCKERFILE_MOD_UPSTREAM names another. */
export async function upstream(): Promise<string[]> {
  const { stdout } = await run('npm', ['config', 'get', 'registry']);
  const registry = /^https:\/\/\S+$/m.exec(stdout)?.[0];
  const url = process.env['DOCKERFILE_MOD_UPSTREAM'] ?? (registry && `${registry.replace(/\/$/, '')}/is-number`);
  return url ? [`UPSTREAM_URL=${url}`, `BOOKSHELF_UPSTREAM_URL=${url}`] : [];
}

/** A probe's name: `GET /path`. */
export function nameOf(probe: Probe): string {
  return `${probe.method ?? 'GET'} ${probe.path}`;
}

async function waitForHealth(address: string, app: App, container: string): Promise<void> {
  const question: Question = { method: 'GET', path: app.health, body: undefined, port: undefined };
  const deadline = Date.now() + 30_000;
  for (;;) {
    if ((await askOnce(address, app.port, question, { ...patience, timeout: 2000 })).status === 200) return;
    const stopped = (await run('docker', ['inspect', '--format', '{{.State.Running}}', container])).stdout.trim() !== 'true';
    if (stopped || Date.now() > deadline) {
      const { stdout, stderr } = await run('docker', ['logs', '--tail', '20', container]);
      throw new Error(`the container ${stopped ? 'stopped' : 'is not healthy after 30 s'}:\n${stdout}${stderr}`.trim());
    }
    await sleep(150);
  }
}

async function ask(address: string, app: App, probe: Probe): Promise<Answer> {
  const body = probe.body === undefined ? undefined : JSON.stringify(probe.body);
  const reply: Reply = await askOnce(address, app.port, { method: probe.method ?? 'GET', path: probe.path, body, port: undefined });
  if (reply.status === undefined) throw new Error(`${nameOf(probe)}: ${reply.error}`);
  return { status: reply.status, type: reply.type, body: normalise(reply.body, new Date(), 'body') };
}

/** Which probes answered otherwise than before, in words. */
export function differences(before: Map<string, Answer>, after: Map<string, Answer>): string[] {
  const different: string[] = [];
  for (const [name, was] of before) {
    const is = after.get(name);
    if (is && is.status === was.status && is.type === was.type && is.body === was.body) continue;
    const short = (answer?: Answer): string =>
      answer ? `${answer.status} ${answer.type} ${answer.body.trim().slice(0, 160)}` : 'no answer';
    different.push(`${name}: before ${short(was)}; after ${short(is)}`);
  }
  return different;
}
