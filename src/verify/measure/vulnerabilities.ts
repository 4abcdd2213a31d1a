// Room: verify/measure/. Known vulnerabilities of both images, when a scanner is on PATH; never installed, never required.
import type { Ran } from '../../process/run.ts';
import { runProgram } from '../../process/run.ts';
import type { EngineName, Side, Vulnerabilities } from '../types.ts';

export interface Scan {
  engine: EngineName;
  /** The images by their tags. */
  images: Readonly<Record<Side, string>>;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  /** Milliseconds for one image; the first scan brings the scanner's database. */
  timeout?: number;
}

interface Scanner {
  name: string;
  program: string;
  /** Ends with 0 when the scanner is there. */
  version: readonly string[];
  /** Undefined: it does not read the images of this engine. */
  scan(image: string, engine: EngineName): readonly string[] | undefined;
  /** Vulnerability ids with their severities; undefined when the document is none of this scanner. */
  read(document: unknown): [id: string, severity: string][] | undefined;
}

const noScanner = 'none of docker scout, trivy and grype is on PATH';
const defaultTimeout = 5 * 60_000;
/** Of a scanner's document: those of large images have tens of megabytes. */
const maxBytes = 256 * 1024 * 1024;

const scanners: readonly Scanner[] = [
  {
    // https://docs.docker.com/reference/cli/docker/scout/cves/ (local://: never asks a registry for the image)
    name: 'docker scout',
    program: 'docker',
    version: ['scout', 'version'],
    scan: (image, engine) => (engine === 'docker' ? ['scout', 'cves', '--format', 'sarif', `local://${image}`] : undefined),
    read: readSarif,
  },
  {
    // https://trivy.dev/latest/docs/references/configuration/cli/trivy_image/
    name: 'trivy',
    program: 'trivy',
    version: ['--version'],
    scan: (image, engine) => ['image', '--quiet', '--format', 'json', '--scanners', 'vuln', '--image-src', sourceOf(engine), image],
    read: readTrivy,
  },
  {
    // https://github.com/anchore/grype#supported-sources
    name: 'grype',
    program: 'grype',
    version: ['version'],
    scan: (image, engine) => (engine === 'nerdctl' ? undefined : ['--quiet', '--output', 'json', `${engine}:${image}`]),
    read: readGrype,
  },
];
const sourceOf = (engine: EngineName): string => (engine === 'nerdctl' ? 'containerd' : engine);

/**
 * Counts of both images from the first scanner that reads both; with several, one that fails makes room for the next.
 * Each vulnerability counts once an image, with its worst severity, in however many packages it is.
 */
export async function countVulnerabilities(scan: Scan): Promise<Record<Side, Vulnerabilities>> {
  const reasons: string[] = [];
  for (const scanner of scanners) {
    const there = await runProgram(scanner.program, scanner.version, { env: scan.env, signal: scan.signal, timeout: 30_000 });
    if (there.code !== 0) continue;
    const before = await scanOne(scanner, scan, 'before');
    const after = 'notMeasured' in before ? before : await scanOne(scanner, scan, 'after');
    if (!('notMeasured' in before) && !('notMeasured' in after)) return { before, after };
    reasons.push('notMeasured' in after ? after.notMeasured : '');
  }
  const notMeasured = reasons.length === 0 ? noScanner : reasons.join('; ');
  return { before: { notMeasured }, after: { notMeasured } };
}

async function scanOne(
  scanner: Scanner,
  { engine, images, env, signal, timeout = defaultTimeout }: Scan,
  side: Side,
): Promise<Vulnerabilities> {
  const args = scanner.scan(images[side], engine);
  if (args === undefined) return { notMeasured: `${scanner.name} does not read images of ${engine}` };
  const ran = await runProgram(scanner.program, args, { env, signal, timeout, maxBytes });
  if (ran.code !== 0) return { notMeasured: `${scanner.name} ${failure(ran, timeout)}` };
  const found = documentOf(ran.stdout, scanner);
  return found === undefined ? { notMeasured: `${scanner.name} printed something else than its report` } : counted(scanner.name, found);
}

function failure(ran: Ran, timeout: number): string {
  if (ran.stopped === 'timeout') return `did not end within ${Math.round(timeout / 1000)} s`;
  if (ran.stopped === 'aborted') return 'was interrupted';
  if (ran.stopped !== undefined) return `was stopped (${ran.stopped})`;
  const last = ran.stderr.trim().split('\n').at(-1)?.trim().slice(0, 200) ?? '';
  return `failed${last === '' ? ` with exit code ${ran.code}` : `: ${last}`}`;
}

function documentOf(stdout: string, scanner: Scanner): [string, string][] | undefined {
  try {
    // Scout may print lines of its own before the document (docker/scout-cli issue 78).
    return scanner.read(JSON.parse(stdout.slice(Math.max(0, stdout.search(/^\s*\{/m)))));
  } catch {
    return undefined;
  }
}

const severities = ['critical', 'high', 'medium', 'low', 'other'] as const;
type Severity = (typeof severities)[number];

function counted(scanner: string, found: readonly [string, string][]): Vulnerabilities {
  const worst = new Map<string, Severity>();
  for (const [id, given] of found) {
    const severity = severities.find((one) => one === given.toLowerCase()) ?? 'other';
    const known = worst.get(id);
    if (known === undefined || severities.indexOf(severity) < severities.indexOf(known)) worst.set(id, severity);
  }
  const count = (severity: Severity): number => [...worst.values()].filter((one) => one === severity).length;
  return { scanner, critical: count('critical'), high: count('high'), medium: count('medium'), low: count('low'), other: count('other') };
}

/** A property of what may be an object. */
function of(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** SARIF 2.1.0 as Scout writes it: a rule for each vulnerability, its severity among the rule's properties. */
function readSarif(document: unknown): [string, string][] | undefined {
  const runs = of(document, 'runs');
  if (!Array.isArray(runs) || runs.length === 0) return undefined;
  return listOf(runs).flatMap((run) =>
    listOf(of(of(of(run, 'tool'), 'driver'), 'rules')).map((rule): [string, string] => [
      textOf(of(rule, 'id')),
      textOf(of(of(rule, 'properties'), 'cvssV3_severity')),
    ]),
  );
}

/** Trivy, schema version 2: `Results` is left out when nothing was found to look at, `Vulnerabilities` when there are none. */
function readTrivy(document: unknown): [string, string][] | undefined {
  if (typeof of(document, 'SchemaVersion') !== 'number') return undefined;
  return listOf(of(document, 'Results')).flatMap((result) =>
    listOf(of(result, 'Vulnerabilities')).map((one): [string, string] => [textOf(of(one, 'VulnerabilityID')), textOf(of(one, 'Severity'))]),
  );
}

function readGrype(document: unknown): [string, string][] | undefined {
  const matches = of(document, 'matches');
  if (!Array.isArray(matches)) return undefined;
  return listOf(matches).map((match): [string, string] => {
    const vulnerability = of(match, 'vulnerability');
    return [textOf(of(vulnerability, 'id')), textOf(of(vulnerability, 'severity'))];
  });
}
