// Scanners are other programs: stand-ins on PATH print what each one prints.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { countVulnerabilities, type Scan } from '../../src/verify/measure/vulnerabilities.ts';

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'scanners-'));
});
afterEach(() => rmSync(bin, { recursive: true }));

function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "$*" >> ${bin}/${name}.log\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}
const prints = (document: unknown): string => `cat <<'END'\n${typeof document === 'string' ? document : JSON.stringify(document)}\nEND`;
const scan = (more: Partial<Scan> = {}): Scan => ({
  engine: 'docker',
  images: { before: 'x:before', after: 'x:after' },
  env: { PATH: `${bin}:/usr/bin:/bin` },
  signal: new AbortController().signal,
  ...more,
});
/** `before` prints one document, `after` another. */
const bySide = (before: unknown, after: unknown): string =>
  `case "$*" in *x:before*) ${prints(before)}\n;; *x:after*) ${prints(after)}\n;; *) echo version 1.0;; esac`;

const rule = (id: string, cvssV3_severity?: string): object => ({
  id,
  name: 'OsPackageVulnerability',
  shortDescription: { text: `${id}: openssl` },
  helpUri: `https://scout.docker.com/v/${id}`,
  properties: {
    affected_version: '<3.0.15-1~deb12u1',
    ...(cvssV3_severity === undefined ? {} : { cvssV3_severity }),
    fixed_version: '3.0.15-1~deb12u1',
    purls: ['pkg:deb/debian/openssl@3.0.14'],
    'security-severity': '7.5',
    tags: [cvssV3_severity ?? 'UNSPECIFIED'],
  },
});
const sarif = (...rules: object[]): object => ({
  version: '2.1.0',
  $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
  runs: [
    {
      tool: { driver: { name: 'docker scout', rules } },
      results: rules.map((_, ruleIndex) => ({ ruleIndex, kind: 'fail', level: 'error' })),
    },
  ],
});

it('docker scout: the rules of its SARIF, also behind lines of its own', async () => {
  const before = sarif(rule('CVE-1', 'CRITICAL'), rule('CVE-2', 'HIGH'), rule('CVE-3', 'LOW'), rule('CVE-4'));
  program('docker', bySide(`    i New version available\n${JSON.stringify(before)}`, sarif()));
  expect(await countVulnerabilities(scan())).toEqual({
    before: { scanner: 'docker scout', critical: 1, high: 1, medium: 0, low: 1, other: 1 },
    after: { scanner: 'docker scout', critical: 0, high: 0, medium: 0, low: 0, other: 0 },
  });
});

it('trivy: each vulnerability once, in however many packages', async () => {
  const found = (id: string, pkg: string, Severity: string): object => ({
    VulnerabilityID: id,
    PkgID: `${pkg}@3.0.14-1~deb12u2`,
    PkgName: pkg,
    InstalledVersion: '3.0.14-1~deb12u2',
    Status: 'affected',
    SeveritySource: 'debian',
    Severity,
  });
  const before = {
    SchemaVersion: 2,
    ArtifactName: 'x:before',
    ArtifactType: 'container_image',
    Results: [
      {
        Target: 'x:before (debian 12.8)',
        Class: 'os-pkgs',
        Type: 'debian',
        Vulnerabilities: [found('CVE-1', 'libssl3', 'MEDIUM'), found('CVE-1', 'openssl', 'HIGH'), found('CVE-5', 'bash', 'UNKNOWN')],
      },
      { Target: 'Node.js', Class: 'lang-pkgs', Type: 'node-pkg' },
    ],
  };
  program('docker', 'exit 1');
  program('trivy', bySide(before, { SchemaVersion: 2, ArtifactName: 'x:after' }));
  expect(await countVulnerabilities(scan())).toEqual({
    before: { scanner: 'trivy', critical: 0, high: 1, medium: 0, low: 0, other: 1 },
    after: { scanner: 'trivy', critical: 0, high: 0, medium: 0, low: 0, other: 0 },
  });
});

it('grype: of the engine that has the image', async () => {
  const match = (id: string, severity: string): object => ({
    vulnerability: { id, severity, namespace: 'debian:distro:debian:12', fix: { versions: [], state: 'wont-fix' } },
    relatedVulnerabilities: [{ id, severity: 'Critical' }],
    artifact: { name: 'bash', version: '5.2', type: 'deb' },
  });
  program(
    'grype',
    bySide({ matches: [match('CVE-1', 'Negligible'), match('CVE-2', 'Medium')] }, { matches: [] }).replaceAll('*x:', '*podman:x:'),
  );
  expect(await countVulnerabilities(scan({ engine: 'podman' }))).toEqual({
    before: { scanner: 'grype', critical: 0, high: 0, medium: 1, low: 0, other: 1 },
    after: { scanner: 'grype', critical: 0, high: 0, medium: 0, low: 0, other: 0 },
  });
});

it('says so when there is none', async () => {
  const { before, after } = await countVulnerabilities(scan({ env: { PATH: bin } }));
  expect(before).toEqual({ notMeasured: 'none of docker scout, trivy and grype is on PATH' });
  expect(after).toEqual(before);
});

it.each([
  [
    'fails',
    'case "$*" in image*) echo "FATAL  unable to initialize: database" >&2; exit 1;; esac',
    'trivy failed: FATAL  unable to initialize: database',
  ],
  ['fails in silence', 'case "$*" in image*) exit 3;; esac', 'trivy failed with exit code 3'],
  ['hangs', 'case "$*" in image*) exec sleep 60;; esac', 'trivy did not end within 1 s'],
  ['prints nonsense', 'echo "{oops"', 'trivy printed something else than its report'],
  ['prints another document', 'echo "{}"', 'trivy printed something else than its report'],
  ['fails for the second image', bySide({ SchemaVersion: 2 }, 'oops'), 'trivy printed something else than its report'],
])('not measured on both sides when the scanner %s', async (_, script, notMeasured) => {
  program('trivy', script);
  const timeout = script.includes('sleep') ? 1000 : 60_000;
  expect(await countVulnerabilities(scan({ timeout }))).toEqual({ before: { notMeasured }, after: { notMeasured } });
});

it('the next scanner takes over from one that fails', async () => {
  program('trivy', 'exit_code=0; case "$*" in image*) echo "no database" >&2; exit 1;; esac');
  program('grype', bySide({ matches: [] }, { matches: [] }));
  expect(await countVulnerabilities(scan())).toMatchObject({ before: { scanner: 'grype' }, after: { scanner: 'grype' } });
});
