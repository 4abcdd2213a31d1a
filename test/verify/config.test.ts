// The check `config`: which differences of two image configurations are meant.
import { describe, expect, it } from 'vitest';
import type { ImageSettings } from '../../src/checkout/types.ts';
import { compareConfig, type Told } from '../../src/verify/compare/config.ts';
import type { Check, ImageConfig } from '../../src/verify/types.ts';
import { config as plain } from './contents.ts';

const config = (more: Partial<ImageConfig> = {}): ImageConfig =>
  plain({
    env: { PATH: '/usr/local/bin:/usr/bin', NODE_VERSION: '22.1.0' },
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['node', 'server.js'],
    workdir: '/app',
    ...more,
  });
const settings = (more: Partial<ImageSettings> = {}): ImageSettings => ({
  base: 'node:22',
  keywords: [],
  env: {},
  labels: [],
  ports: [],
  volumes: [],
  ...more,
});
const told = (before: Partial<ImageSettings> = {}, after: Partial<ImageSettings> = {}, applied: Told['applied'] = []): Told => ({
  applied,
  setByDockerfile: { before: settings(before), after: settings({ ...before, ...after }) },
});
const newBase = { base: 'node:22-slim' };
/** What fails, and what is meant and why. */
const summary = ({ outcome, differences }: Check): unknown => ({
  outcome,
  ...Object.fromEntries(differences.map(({ what, before, after, expected }) => [what, expected ?? `${before} -> ${after}`])),
});

describe('two configurations', () => {
  it('are the same', () => {
    const check = compareConfig(config(), config(), told());
    expect([check.id, check.outcome, check.differences]).toEqual(['config', 'passed', []]);
  });

  it('are the same in other words', () => {
    const before = config({ user: '', workdir: '', stopSignal: undefined, shell: undefined, healthcheck: undefined });
    const after = config({ user: 'root', workdir: '/', stopSignal: '15', shell: ['/bin/sh', '-c'], healthcheck: { Test: ['NONE'] } });
    expect(compareConfig(before, after, told()).differences).toEqual([]);
    const health = { Test: ['CMD', 'true'], Interval: 30e9 };
    expect(compareConfig(config({ healthcheck: health }), config({ healthcheck: { Retries: 0, ...health } }), told()).differences).toEqual(
      [],
    );
    expect(compareConfig(config({ user: '0:0' }), config({ user: 'root' }), told()).differences).toEqual([]);
  });

  it.each<[string, Partial<ImageConfig>, string]>([
    ['ENTRYPOINT', { entrypoint: undefined }, '["docker-entrypoint.sh"] -> none'],
    ['CMD', { cmd: ['node', 'index.js'] }, '["node","server.js"] -> ["node","index.js"]'],
    ['WORKDIR', { workdir: '/srv' }, '/app -> /srv'],
    ['USER', { user: 'node' }, 'root -> node'],
    ['SHELL', { shell: ['/bin/bash', '-c'] }, '["/bin/sh","-c"] -> ["/bin/bash","-c"]'],
    ['STOPSIGNAL', { stopSignal: 'SIGQUIT' }, 'SIGTERM -> SIGQUIT'],
    ['HEALTHCHECK', { healthcheck: { Test: ['CMD', 'true'] } }, 'none -> {"Test":["CMD","true"]}'],
    ['EXPOSE 80/tcp', { exposedPorts: ['80/tcp'] }, 'not set -> set'],
    ['VOLUME /data', { volumes: ['/data'] }, 'not set -> set'],
    ['ENV NODE_VERSION', { env: { PATH: '/usr/local/bin:/usr/bin', NODE_VERSION: '24.0.0' } }, '22.1.0 -> 24.0.0'],
    ['ENV PATH', { env: { PATH: '/usr/bin', NODE_VERSION: '22.1.0' } }, '/usr/local/bin:/usr/bin -> /usr/bin'],
  ])('differ in %s on one base', (what, after, says) => {
    const check = compareConfig(config(), config(after), told());
    expect(summary(check)).toEqual({ outcome: 'failed', [what]: says });
    expect(check.detail).toBe(`The image's configuration differs: ${what}`);
  });

  it('differ as a transform announced', () => {
    const applied: Told['applied'] = [
      { transform: 'copy-order' },
      { transform: 'non-root-user', announces: { keywords: ['USER'] } },
      { transform: 'multi-stage', announces: { keywords: ['CMD'], env: ['PATH', 'GONE'] } },
    ];
    const before = config({ env: { PATH: '/a', GONE: '1' } });
    const after = config({ env: { PATH: '/b' }, user: 'node', cmd: ['x'] });
    const dockerfile = { env: { GONE: '1', PATH: '/a' } };
    expect(summary(compareConfig(before, after, told(dockerfile, newBase, applied)))).toEqual({
      outcome: 'passed',
      USER: 'announced by non-root-user',
      CMD: 'announced by multi-stage',
      'ENV PATH': 'announced by multi-stage',
      'ENV GONE': 'announced by multi-stage',
    });
  });
});

describe('with another base', () => {
  const why = 'comes from the base image (node:22 became node:22-slim)';

  it('what only the base said may go or come', () => {
    const before = config({
      exposedPorts: ['80/tcp'],
      volumes: ['/var/lib/x'],
      labels: { maintainer: 'x' },
      healthcheck: { Test: ['CMD', 'true'] },
    });
    const after = config({ env: { PATH: '/usr/local/bin:/usr/bin', OTHER: '1' }, exposedPorts: ['81/tcp'] });
    expect(summary(compareConfig(before, after, told({}, newBase)))).toEqual({
      outcome: 'passed',
      HEALTHCHECK: why,
      'ENV NODE_VERSION': why,
      'ENV OTHER': why,
      'EXPOSE 80/tcp': why,
      'EXPOSE 81/tcp': why,
      'VOLUME /var/lib/x': why,
      'LABEL maintainer': why,
    });
  });

  it('what the Dockerfile says may not', () => {
    const before = config({
      env: { PATH: '/usr/bin', MODE: 'production', LIKE_BASE: '1' },
      exposedPorts: ['3000/tcp', '8005/udp'],
      volumes: ['/data'],
      labels: { app: 'x' },
      healthcheck: { Test: ['CMD', 'true'] },
    });
    const after = config({ env: { PATH: '/usr/bin', LIKE_BASE: '' }, labels: { app: 'y' } });
    const dockerfile = {
      keywords: ['HEALTHCHECK'],
      env: { MODE: 'production', LIKE_BASE: '1' },
      labels: ['app'],
      ports: ['3000', '8000-8010/udp'],
      volumes: ['/data/'],
    };
    expect(summary(compareConfig(before, after, told(dockerfile, newBase)))).toEqual({
      outcome: 'failed',
      HEALTHCHECK: '{"Test":["CMD","true"]} -> none',
      'ENV MODE': 'production -> not set',
      'ENV LIKE_BASE': '1 -> ',
      'EXPOSE 3000/tcp': 'set -> not set',
      'EXPOSE 8005/udp': 'set -> not set',
      'VOLUME /data': 'set -> not set',
      'LABEL app': 'x -> y',
    });
  });

  it('how the program is run, as whom and where is asked of both', () => {
    const after = config({ entrypoint: undefined, user: '65532', workdir: '/home/nonroot', stopSignal: 'SIGQUIT' });
    expect(
      compareConfig(config(), after, told({}, newBase))
        .differences.filter(({ expected }) => expected === undefined)
        .map(({ what }) => what),
    ).toEqual(['ENTRYPOINT', 'WORKDIR', 'USER', 'STOPSIGNAL']);
  });

  it('a variable that only the rewritten file sets is not the base’s', () => {
    const after = config({ env: { ...config().env, NEW: '1' } });
    expect(summary(compareConfig(config(), after, told({}, { ...newBase, env: { NEW: '1' } })))).toEqual({
      outcome: 'failed',
      'ENV NEW': 'not set -> 1',
    });
  });

  it.each<[string, string, string | undefined, string, 'passed' | 'failed']>([
    ['entries of the old base go', '/usr/local/cargo/bin:/usr/bin', undefined, '/usr/bin', 'passed'],
    ['entries of the Dockerfile stay', '/app/bin:/usr/local/go/bin:/usr/bin', '/app/bin:$PATH', '/app/bin:/usr/bin', 'passed'],
    ['entries of the Dockerfile are lost', '/app/bin:/usr/local/go/bin:/usr/bin', '/app/bin:$PATH', '/usr/bin', 'failed'],
    ['entries with a variable are lost', '/opt/x/bin:/usr/bin', '${HOME_OF}/bin:${PATH}', '/usr/bin', 'failed'],
    ['entries change their order', '/a:/b:/usr/bin', '/a:/b:$PATH', '/b:/a:/usr/bin', 'failed'],
  ])('PATH: %s', (_, before, written, after, outcome) => {
    const dockerfile = { env: { ...(written === undefined ? {} : { PATH: written }) } };
    const one = config({ env: { PATH: before, HOME_OF: '/opt/x' } });
    const other = config({ env: { PATH: after, HOME_OF: '/opt/x' } });
    expect(compareConfig(one, other, told(dockerfile, newBase)).outcome).toBe(outcome);
  });
});

describe('labels', () => {
  it('of the run are no difference, and one more is none that matters', () => {
    const before = config({ labels: { 'dockerfile-mod.verify': '1', 'dockerfile-mod.verify.owner': 'a/1/2', 'io.buildah.version': '1' } });
    const after = config({ labels: { 'dockerfile-mod.verify': '2', maintainer: 'x' } });
    expect(summary(compareConfig(before, after, told()))).toEqual({ outcome: 'passed', 'LABEL maintainer': 'only added' });
  });
});
