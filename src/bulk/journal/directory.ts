// Room: bulk/. Where a campaign keeps its files: `<journal>/<campaign>/`.
import { mkdirSync, readFileSync, renameSync, writeFileSync, existsSync, rmSync, openSync, fsyncSync, closeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createHash } from 'node:crypto';
import type { Campaign } from '../options.ts';
import type { PlannedRepo, RepoKey } from '../types.ts';

export interface CampaignDirectory {
  path: string;
  readCampaign(): Campaign | undefined;
  writeCampaign(campaign: Campaign): void;
  /** The plan as `plan` wrote it last; undefined when there is none. */
  readPlan(repo: RepoKey): PlannedRepo | undefined;
  writePlan(planned: PlannedRepo, patch: string): void;
  readPatch(repo: RepoKey): string;
  removePlan(repo: RepoKey): void;
}

/** The directory of a campaign; it is made when something is written. Only the owner may read it: patches of private repositories lie there. */
export function campaignDirectory(journal: string, id: string): CampaignDirectory {
  const path = join(journal, id);
  const plan = (repo: RepoKey): string => join(path, 'plans', `${fileNameOf(repo)}.json`);
  const patch = (repo: RepoKey): string => join(path, 'diffs', `${fileNameOf(repo)}.patch`);
  return {
    path,
    readCampaign: () => readJson<Campaign>(join(path, 'campaign.json')),
    writeCampaign: (campaign) => writeWhole(join(path, 'campaign.json'), `${JSON.stringify(campaign, undefined, 2)}\n`),
    readPlan: (repo) => readJson<PlannedRepo>(plan(repo)),
    writePlan: (planned, text) => {
      writeWhole(plan(planned.repo), JSON.stringify(planned));
      if (text !== '') writeWhole(patch(planned.repo), text);
    },
    readPatch: (repo) => (existsSync(patch(repo)) ? readFileSync(patch(repo), 'utf8') : ''),
    removePlan: (repo) => {
      rmSync(plan(repo), { force: true });
      rmSync(patch(repo), { force: true });
    },
  };
}

/** A path below `plans/`: the key where every part of it is plain, else its hash. Keys come from a forge. */
export function fileNameOf(repo: RepoKey): string {
  const parts = repo.split('/');
  const plain = parts.every((part) => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(part)) && repo.length < 200;
  return plain ? repo : `named-by-hash/${createHash('sha256').update(repo).digest('hex')}`;
}

function readJson<T extends { v: 1 }>(path: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const value: T = JSON.parse(text);
  if (value.v !== 1) throw new Error(`${path} was written by another version of dockerfile-mod`);
  return value;
}

/** The whole file or the old one, also after a power cut. */
export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
