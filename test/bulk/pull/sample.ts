// A planned repository as the engine hands it to the text: two Dockerfiles really refactored, and hostile ones made by hand.
import { core } from '../../../src/checkout/core.ts';
import type { Campaign, CampaignOptions } from '../../../src/bulk/options.ts';
import type { PullBodyInput } from '../../../src/bulk/pull/types.ts';
import type { PlannedRepo } from '../../../src/bulk/types.ts';
import type { FileReport } from '../../../src/report/types.ts';

const sha = (digit: string): string => digit.repeat(40);

export function sampleOptions(pull: Partial<CampaignOptions['pull']> = {}): CampaignOptions {
  return {
    id: 'slim-2026',
    platform: 'gitea',
    baseUrl: undefined,
    transport: 'auto',
    sources: { directories: [], repositories: [], owners: [], topics: [], search: undefined },
    filters: {
      include: undefined,
      exclude: undefined,
      forks: 'skip',
      visibility: undefined,
      pushedSince: undefined,
      maxSizeKb: undefined,
      dockerfiles: undefined,
    },
    refactor: {},
    pull: {
      branch: 'dockerfile-mod/slim-2026',
      base: undefined,
      title: undefined,
      bodyTemplate: undefined,
      commitMessage: undefined,
      signOff: 'no',
      author: undefined,
      labels: [],
      reviewers: [],
      teamReviewers: [],
      codeownersReviewers: 'no',
      assignees: [],
      draft: 'no',
      autoMerge: 'no',
      fork: 'auto',
      forkOwner: undefined,
      contact: undefined,
      link: undefined,
      ...pull,
    },
    policy: { onExisting: 'update', onHumanEdit: 'freeze', onClosed: 'respect', onConflict: 'rebase', closeObsolete: 'yes' },
    pace: {
      concurrency: 8,
      writeConcurrency: 1,
      contentPerMinute: 20,
      prsPerHour: 400,
      maxOpen: undefined,
      maxPendingChecks: undefined,
      windows: [],
      canary: 10,
      maxFailures: 0.05,
      maxFailuresInRow: 20,
      timeoutRepo: 120_000,
    },
    verify: undefined,
  };
}

export function sampleCampaign(pull: Partial<CampaignOptions['pull']> = {}): Campaign {
  return {
    v: 1,
    options: sampleOptions(pull),
    specHash: `sha256:${'a'.repeat(64)}`,
    toolVersion: '0.1.0',
    createdAt: '2026-11-25T08:00:00Z',
  };
}

/** A node application whose Dockerfile is refactored by the library itself. */
export function sampleReport(path = 'services/api/Dockerfile'): FileReport {
  const source = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nEXPOSE 3000\nCMD ["node", "dist/main.js"]\n';
  const manifest = { name: 'api', scripts: { build: 'tsc' }, devDependencies: { typescript: '5.9.3' } };
  const tree = core.memoryTree({
    'package.json': JSON.stringify(manifest),
    'package-lock.json': JSON.stringify({ name: 'api', lockfileVersion: 3, packages: { '': manifest } }),
    'tsconfig.json': '{"compilerOptions":{"outDir":"dist","rootDir":"src"}}',
    'src/main.ts': "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n",
    Dockerfile: source,
  });
  const result = core.refactor(source, { tree, dockerfilePath: 'Dockerfile', contextCertain: true });
  if (!result.ok) throw new Error(result.error.message);
  const directory = path.slice(0, path.lastIndexOf('/') + 1);
  const files = result.files.map((file) => ({
    ...file,
    patchPath: directory + file.path,
    inContext: file.path,
    path: directory + file.path,
  }));
  return { path, patchPath: path, context: directory, source, result, files, skipped: [], notes: [], error: undefined };
}

/** A report whose every text is the given one, as a repository's author may have chosen it. */
export function hostileReport(text: string): FileReport {
  const at = { transform: 'base-slim', message: text, line: 3 };
  const source = `FROM node:22\n# ${text}\n${text}\n`;
  return {
    path: text,
    patchPath: text,
    context: text,
    source,
    result: {
      ok: true,
      source,
      output: `FROM node:22-slim\n${text}\n`,
      changed: true,
      files: [],
      applied: [
        { transform: 'multi-stage', title: text, safety: 'review', why: text, evidence: [{ file: text, line: 1, says: text }] },
        { transform: 'cache-mounts', title: 'Keep package downloads', safety: 'risky', why: `npm ${text} npm`, evidence: [] },
      ],
      skipped: [{ ...at, reason: 'arg-base', allow: text }],
      notes: [{ ...at, id: 'note' }],
      provenance: { added: [], removed: [] },
    },
    files: [{ path: text, patchPath: text, inContext: text, before: undefined, after: text }],
    skipped: [{ ...at, reason: text }],
    notes: [{ ...at, id: 'note', line: undefined }],
    error: undefined,
  };
}

export function samplePlan(reports: FileReport[]): PlannedRepo {
  return {
    v: 1,
    repo: 'github.com/acme/svc',
    ref: { host: 'github.com', owner: 'acme', name: 'svc' },
    base: { branch: 'main', sha: sha('b') },
    specHash: `sha256:${'a'.repeat(64)}`,
    toolVersion: '0.1.0',
    planKey: 'key',
    diffHash: `sha256:${'d'.repeat(64)}`,
    cluster: 'c1',
    files: reports.flatMap((report) =>
      report.result
        ? [
            { path: report.patchPath, mode: '100644' as const, before: report.source, beforeSha: undefined, after: report.result.output },
            ...report.files.map((file) => ({
              path: file.patchPath,
              mode: '100644' as const,
              before: file.before,
              beforeSha: undefined,
              after: file.after,
            })),
          ]
        : [],
    ),
    reports,
    counts: { dockerfiles: reports.length, changed: reports.length, applied: {}, skipped: {}, errors: 0 },
    gain: undefined,
    refusal: undefined,
    warnings: [],
  };
}

export function sampleInput(planned: PlannedRepo, more: Partial<PullBodyInput> = {}): PullBodyInput {
  const campaign = more.campaign ?? sampleCampaign();
  return {
    campaign,
    planned,
    marker: {
      v: 1,
      campaign: campaign.options.id,
      toolVersion: campaign.toolVersion,
      specHash: campaign.specHash,
      base: planned.base.sha,
      head: sha('c'),
      diffHash: planned.diffHash,
    },
    forge: 'gitea',
    limit: 58_000,
    verified: undefined,
    ...more,
  };
}
