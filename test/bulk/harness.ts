// A campaign over the forge in memory, with a journal on disk that is opened again for each run, as a new process would.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { core } from '../../src/checkout/core.ts';
import { defaultOptions } from '../../src/bulk/options.ts';
import { campaignDirectory } from '../../src/bulk/journal/directory.ts';
import type { Forge } from '../../src/forge/types.ts';
import { openJournal, readJournal } from '../../src/bulk/journal/log.ts';
import type { Campaign, CampaignOptions } from '../../src/bulk/options.ts';
import { specHashOf } from '../../src/bulk/plan/digest.ts';
import { pullText } from '../../src/bulk/pull/text.ts';
import { applyAll, type Applied, type ApplyOptions } from '../../src/bulk/run/apply.ts';
import type { Prover } from '../../src/bulk/proof/types.ts';
import { planAll, type PlannedAll } from '../../src/bulk/run/plan-all.ts';
import type { Session } from '../../src/bulk/run/session.ts';
import { candidatesOf } from '../../src/bulk/source/sources.ts';
import { apiTransport } from '../../src/bulk/transport/api.ts';
import type { RepoRecord } from '../../src/bulk/types.ts';

export const dockerfile = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n';
/** A small repository that changes. */
export const project = (name: string): Record<string, string> => ({
  Dockerfile: dockerfile,
  'package.json': `{"name":"${name}","version":"1.0.0","scripts":{"start":"node server.js"}}\n`,
  'package-lock.json': `{"name":"${name}","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"${name}","version":"1.0.0"}}}\n`,
  'server.js': "require('http').createServer((q, r) => r.end('ok')).listen(3000);\n",
});

export interface Harness {
  directory: string;
  options: CampaignOptions;
  /** What verifies; nothing unless set. */
  proof: { by: Prover | undefined };
  session<T>(work: (session: Session) => Promise<T>): Promise<T>;
  plan(): Promise<PlannedAll>;
  apply(more?: Partial<ApplyOptions>): Promise<Applied>;
  records(): Promise<ReadonlyMap<string, RepoRecord>>;
  state(name: string): Promise<string | undefined>;
}

export function harness(
  forge: Forge,
  more: (options: CampaignOptions) => void = () => undefined,
  transport = apiTransport(forge),
): Harness {
  const journal = realpathSync.native(mkdtempSync(join(tmpdir(), 'dockerfile-mod-bulk-')));
  onTestFinished(() => rmSync(journal, { recursive: true, force: true }));
  const options = defaultOptions('test');
  options.platform = forge.kind;
  options.sources = { ...options.sources, search: '' };
  options.pace = { ...options.pace, canary: 0, maxFailures: 1, maxFailuresInRow: 1000 };
  more(options);
  const directory = join(journal, 'test');
  const proof: Harness['proof'] = { by: undefined };
  const session: Harness['session'] = async (work) => {
    const store = campaignDirectory(journal, 'test');
    const opened = await openJournal(store.path, 'run');
    const campaign: Campaign = { v: 1, options, specHash: specHashOf(options), toolVersion: '1.2.3', createdAt: '' };
    const running: Session = {
      campaign,
      store,
      records: opened.records,
      sink: opened,
      core,
      forge,
      transport,
      fallback: undefined,
      text: pullText(core),
      prove: proof.by,
      redact: (text) => text,
      now: Date.now,
      sleep: async () => undefined,
      signal: new AbortController().signal,
    };
    try {
      return await work(running);
    } finally {
      await opened.close();
    }
  };
  return {
    directory,
    options,
    proof,
    session,
    plan: () =>
      session((running) =>
        planAll(running, { candidates: candidatesOf({ options, forge, cwd: '/', warn: () => undefined }), progress: () => undefined }),
      ),
    apply: (given = {}) =>
      session((running) => applyAll(running, { maxPrs: undefined, onlyApproved: 'no', progress: () => undefined, ...given })),
    records: () => readJournal(directory),
    state: async (name) => [...(await readJournal(directory)).values()].find(({ repo }) => repo.endsWith(`/${name}`))?.state,
  };
}
