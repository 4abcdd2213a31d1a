// Campaigns that verify: only what passed is proposed, its gain is measured, and the pull request says what was done. Nothing is built here.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkAgain } from '../../src/bulk/run/plan.ts';
import { CampaignStopped } from '../../src/bulk/run/attempt.ts';
import { estimateOf } from '../../src/bulk/proof/estimate.ts';
import type { Prover } from '../../src/bulk/proof/types.ts';
import { apiTransport } from '../../src/bulk/transport/api.ts';
import { core } from '../../src/checkout/core.ts';
import { given } from '../../src/checkout/given.ts';
import { shareFiles } from '../../src/checkout/share.ts';
import { cutOff } from '../../src/forge/deadline.ts';
import { blank } from '../../src/verify/file.ts';
import { rewrite, subjectsOf } from '../../src/verify/subject.ts';
import type { Check, FileVerification, Measures, Outcome } from '../../src/verify/types.ts';
import { fakeForge, type FakeForge } from './fake-forge.ts';
import { dockerfile, harness, project, type Harness } from './harness.ts';

const measures = (size: number, sourceEditSeconds?: number): Measures => ({
  size,
  compressed: undefined,
  layers: 1,
  files: 1,
  packages: 1,
  contextBytes: 1,
  coldSeconds: undefined,
  sourceEditSeconds,
  dependencyEditSeconds: undefined,
  vulnerabilities: { notMeasured: '' },
});
const check = (id: Check['id'], outcome: Check['outcome']): Check => ({ id, outcome, detail: `${id} was looked at`, differences: [] });

interface Found {
  outcome: Outcome;
  ladder?: FileVerification['ladder'];
  takenBack?: string[];
  problem?: string;
}

/** As a verification would find it, by the name of the Dockerfile; of those that are wanted. */
function finding(found: Readonly<Record<string, Found>>, { seen = [], wanted }: { seen?: string[]; wanted?: string[] } = {}): Prover {
  return async (directory, repo) => {
    seen.push(repo);
    const question = { paths: [directory], cwd: directory, ...given({ wanted }) };
    const subjects = await subjectsOf(question, core, new AbortController().signal);
    const all = subjects.subjects.map((subject) => {
      const { outcome, takenBack = [], problem, ladder = [] } = found[subject.found.path] ?? { outcome: 'verified' };
      const planned = rewrite(subject, { only: undefined, skip: takenBack }, subjects);
      const isKept = outcome === 'verified' || outcome === 'partly-verified';
      const told: FileVerification = {
        ...blank(planned),
        outcome,
        ladder,
        checks: isKept ? [check('build', 'passed'), check('http', 'passed'), check('health', 'not-checked')] : [check('http', 'failed')],
        rolledBack: takenBack.map((transform) => ({
          transform,
          check: 'http',
          reason: `GET / answers 500 with ${transform}`,
          log: '',
          causes: [],
        })),
        measures: { before: measures(1_100e6, 60), after: measures(200e6, 3) },
        problem: problem === undefined ? undefined : { kind: 'build-failed', message: problem, hint: undefined, log: '' },
      };
      return { planned: isKept ? planned : undefined, told };
    });
    const planned = all.flatMap((one) => one.planned ?? []);
    shareFiles(planned, subjects.places, subjects.how);
    const files = all.map(({ told }) => told);
    return { result: { version: '1', engine: 'Docker 28', files, ok: true }, planned, problems: [], problem: undefined };
  };
}

function verifying(forge: FakeForge, by: Prover): Harness {
  const transport = apiTransport(forge);
  const at = harness(forge, undefined, {
    ...transport,
    async checkOut({ ref }) {
      if (!ref) throw new Error('no repository');
      const directory = realpathSync.native(mkdtempSync(join(tmpdir(), 'dockerfile-mod-files-')));
      mkdirSync(join(directory, '.git'));
      for (const [path, text] of Object.entries(forge.filesAt(ref, 'main'))) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), text);
      }
      return { directory, close: () => rmSync(directory, { recursive: true }) };
    },
  });
  at.proof.by = by;
  return at;
}

const key = 'forge.example/acme/app';
const planOf = (at: Harness) => at.session(async ({ store }) => store.readPlan(key));

describe('a campaign that verifies', () => {
  it('proposes what passed as it would have without, with the measured gain and what was done', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    const plain = harness(forge);
    await plain.plan();
    const without = await planOf(plain);
    const at = verifying(forge, finding({}));
    await at.plan();
    const planned = await planOf(at);
    expect(planned?.files).toEqual(without?.files);
    expect(without?.gain).toMatchObject({ kind: 'estimated', imageBefore: 1_100e6, imageAfter: 250e6 });
    expect(planned?.gain).toMatchObject({ kind: 'measured', imageBefore: 1_100e6, imageAfter: 200e6, rebuildBefore: 60, rebuildAfter: 3 });
    expect((await at.records()).get(key)?.gain?.kind).toBe('measured');
    await at.apply();
    const body = forge.repos.get(`acme/${ref.name}`)?.pulls[0]?.body ?? '';
    expect(body).toContain('### Gain (measured)');
    expect(body).toContain('Image: 1100 MB → 200 MB (-82 %)');
    expect(body).toContain(
      '### Verified\n\n- Dockerfile was built and run before and after with Docker 28. Passed: both build, HTTP answers.\n',
    );
    expect(body).not.toContain('Nothing was built');
  });

  it('says which candidates were tried, and how to do it again', async () => {
    const forge = fakeForge();
    forge.addRepo('app', project('app'));
    const step = { size: undefined, check: undefined, reason: undefined, mended: [], assumed: [], against: [] };
    const ladder: FileVerification['ladder'] = [
      {
        ...step,
        rung: 'proven',
        outcome: 'failed',
        base: 'node:22-slim',
        size: 250e6,
        check: 'http',
        reason: 'GET /: 200 before, 500 after',
      },
      { ...step, rung: 'same', outcome: 'stands', base: 'node:22', size: 900e6 },
    ];
    const at = verifying(forge, finding({ Dockerfile: { outcome: 'verified', ladder } }));
    await at.plan();
    await at.apply();
    const body = forge.repos.get('acme/app')?.pulls[0]?.body ?? '';
    expect(body).toContain(
      '- Tried for Dockerfile: as asked for: `node:22-slim`, 250 MB: failed (HTTP answers): GET `/`: 200 before, 500 after\n',
    );
    expect(body).toContain('- Tried for Dockerfile: same base: `node:22`, 900 MB: stands\n');
    expect(body).toContain('the images that they build prove');
  });

  it('tells an estimate as one where nothing was built', async () => {
    const forge = fakeForge();
    forge.addRepo('app', project('app'));
    const at = harness(forge);
    await at.plan();
    await at.apply();
    const body = forge.repos.get('acme/app')?.pulls[0]?.body ?? '';
    expect(body).toContain('### Gain (estimated)\n\n- Base image: about 1100 MB → about 250 MB (-77 %)\n');
    expect(body).toContain('Nothing was built for this pull request.');
  });

  it('leaves out what was taken back, and says so', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    const at = verifying(forge, finding({ Dockerfile: { outcome: 'partly-verified', takenBack: ['multi-stage', 'base-slim'] } }));
    await at.plan();
    await at.apply();
    expect(forge.filesAt(ref, 'dockerfile-mod/test').Dockerfile).toMatch(/^# syntax=.*\n+FROM node:22\n/);
    const [pull] = forge.repos.get('acme/app')?.pulls ?? [];
    expect(pull?.body).toContain('- Taken back in Dockerfile: multi-stage, with which a check fails (HTTP answers): GET `/` answers 500');
    expect(pull?.body).toContain('`multi-stage` (`taken-back-http`): GET `/` answers 500 with multi-stage.');
    expect((await planOf(at))?.counts.skipped).toMatchObject({ 'multi-stage/taken-back-http': 1 });
    // Merged, the base holds what was proposed; what was taken back is no step back.
    forge.mergePull(ref, pull?.number ?? 0);
    expect(await at.session((session) => checkAgain(session, key))).toMatchObject({ changes: 0 });
    forge.push(ref, 'main', { Dockerfile: dockerfile });
    expect(await at.session((session) => checkAgain(session, key))).toMatchObject({ changes: 1 });
  });

  it.each<[Found, string]>([
    [{ outcome: 'baseline-broken', problem: 'npm ci: no such package' }, 'verify/baseline-broken'],
    [{ outcome: 'rejected', takenBack: ['multi-stage'] }, 'verify/rejected'],
  ])('proposes nothing where nothing passed: %o', async (found, reason) => {
    const forge = fakeForge();
    forge.addRepo('app', project('app'));
    const at = verifying(forge, finding({ Dockerfile: found }));
    await at.plan();
    expect((await at.records()).get(key)).toMatchObject({ state: 'refused', reason });
    const planned = await planOf(at);
    expect(planned?.files).toEqual([]);
    expect(planned?.gain).toBeUndefined();
    expect(planned?.proof?.files).toMatchObject([{ path: 'Dockerfile', outcome: found.outcome, passed: [] }]);
    expect((await at.apply()).outcomes).toEqual({});
    expect(forge.opened()).toBe(0);
  });

  it('keeps of several Dockerfiles those that passed', async () => {
    const forge = fakeForge();
    const two = Object.fromEntries(
      ['a', 'b'].flatMap((name) => Object.entries(project(name)).map(([path, text]) => [`${name}/${path}`, text])),
    );
    const ref = forge.addRepo('app', two);
    const at = verifying(forge, finding({ 'a/Dockerfile': { outcome: 'baseline-broken', problem: 'no' } }));
    await at.plan();
    await at.apply();
    const files = forge.filesAt(ref, 'dockerfile-mod/test');
    expect(files['a/Dockerfile']).toBe(dockerfile);
    expect(files['b/Dockerfile']).not.toBe(dockerfile);
    expect(files['a/.dockerignore']).toBeUndefined();
    expect(forge.repos.get('acme/app')?.pulls[0]?.body).toContain('`a/Dockerfile` is left as it was: no');
  });

  it('proposes of several Dockerfiles those that are wanted', async () => {
    const forge = fakeForge();
    const two = Object.fromEntries(
      ['a', 'b'].flatMap((name) => Object.entries(project(name)).map(([path, text]) => [`${name}/${path}`, text])),
    );
    const ref = forge.addRepo('app', two);
    const at = verifying(forge, finding({}, { wanted: ['b/*'] }));
    at.options.filters.dockerfiles = ['b/*'];
    await at.plan();
    await at.apply();
    const files = forge.filesAt(ref, 'dockerfile-mod/test');
    expect(files['a/Dockerfile']).toBe(dockerfile);
    expect(files['a/.dockerignore']).toBeUndefined();
    expect(files['b/Dockerfile']).not.toBe(dockerfile);
    expect(forge.repos.get('acme/app')?.pulls[0]?.body).not.toContain('a/Dockerfile');
  });

  it('builds for as long as it takes: the time for one repository is that of the forge', async () => {
    const forge = fakeForge();
    const ref = forge.addRepo('app', project('app'));
    const quick = finding({});
    const at = verifying(forge, async (directory, repo) => {
      await new Promise((resolve) => setTimeout(resolve, 2500));
      return quick(directory, repo);
    });
    at.options.pace.timeoutRepo = 2000;
    forge.hook = () => cutOff(undefined)?.throwIfAborted();
    await at.plan();
    forge.push(ref, 'main', { 'README.md': 'moved' });
    expect((await at.apply()).outcomes).toEqual({ opened: 1 });
  });

  it('verifies what has changed alone, and nothing where nothing would change', async () => {
    const forge = fakeForge();
    forge.addRepo('app', project('app'));
    forge.addRepo('done', { Dockerfile: 'FROM scratch\n', '.dockerignore': '*\n' });
    const seen: string[] = [];
    const at = verifying(forge, finding({}, { seen }));
    await at.plan();
    await at.plan();
    expect(seen).toEqual([key]);
  });

  it('pauses when there is no engine, and goes on later', async () => {
    const forge = fakeForge();
    forge.addRepo('app', project('app'));
    const at = verifying(forge, async () => {
      throw new CampaignStopped('docker does not answer');
    });
    expect(await at.plan()).toMatchObject({ ended: 'paused', why: 'docker does not answer' });
    at.proof.by = finding({});
    await at.plan();
    expect((await at.records()).get(key)?.state).toBe('planned');
  });
});

describe('an estimate', () => {
  const reportsOf = (before: string, after: string) => {
    const result = { ok: true, source: before, output: after, changed: true, files: [], applied: [], skipped: [], notes: [] };
    return [
      {
        path: 'Dockerfile',
        patchPath: 'Dockerfile',
        context: '.',
        source: before,
        result,
        files: [],
        skipped: [],
        notes: [],
        error: undefined,
      },
    ];
  };
  const of = (before: string, after: string) => estimateOf(reportsOf(before, after) as never, core);

  it('is of the base images alone, and says so', () => {
    const gain = of('FROM golang:1.24\n', 'FROM golang:1.24 AS build\nFROM scratch\n');
    expect(gain).toMatchObject({ kind: 'estimated', imageBefore: 900e6, imageAfter: 0 });
    expect(gain?.how).toContain('golang:1.24 → scratch');
  });

  it('is none where the base stays, or is not known', () => {
    expect(of('FROM node:22\n', 'FROM node:22\nUSER 1000\n')).toBeUndefined();
    expect(of('FROM own/base\n', 'FROM own/base-slim\n')).toBeUndefined();
  });
});
