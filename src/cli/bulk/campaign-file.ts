// Room: cli/. Where a campaign's options are written: the file that --config names, or `campaign` of the configuration above the working directory.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CampaignFile } from '../../bulk/config.ts';
import { configAt, configDirectories, type ConfigFile } from '../../checkout/config/files.ts';
import { reasonOf, shown } from '../../checkout/paths.ts';
import { rootOf } from '../../checkout/locate.ts';
import { localDisk } from '../../context/disk.ts';
import { isUsageError, type UsageError, type World } from '../world.ts';

/** The options, and the name of the file that says them. */
export interface Written {
  file: CampaignFile;
  name: string | undefined;
}

/** What a file says of the campaign; nothing where there is none. In: `--config`. */
export async function campaignFile(config: string | undefined, world: World): Promise<Written | UsageError> {
  if (config !== undefined) return namedFile(config, world);
  const own = await ownCampaign(world);
  if (!own || isUsageError(own)) return own ?? { file: {}, name: undefined };
  const { name, campaign } = own;
  const { checkedFile } = await import('../../bulk/config.ts');
  const file = checkedFile(campaign.value);
  const at = (path: string): string => `${name}:${lineOf(path, campaign)}`;
  if ('wrong' in file) return { usage: `${at(file.path)}: ${`campaign.${file.wrong}`.replace(/^campaign\.the file/, 'campaign')}` };
  if (file.baseUrl !== undefined)
    return { usage: `${at('baseUrl')}: campaign.baseUrl: a token is sent there, so it is taken from --base-url or a file that -c names` };
  return { file, name };
}

/** The id that the configuration gives its campaign. */
export async function ownCampaignId(world: World): Promise<string | undefined> {
  const own = await ownCampaign(world);
  const value = own && !isUsageError(own) ? own.campaign.value : undefined;
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? value.id : undefined;
}

async function namedFile(config: string, world: World): Promise<Written | UsageError> {
  const { parseCampaignFile } = await import('../../bulk/config.ts');
  try {
    const file = await parseCampaignFile(readFileSync(resolve(world.cwd, config), 'utf8'));
    return 'wrong' in file
      ? { usage: `${config}${file.line === undefined ? '' : `:${file.line}`}: ${file.wrong}` }
      : { file, name: config };
  } catch (error) {
    return { usage: `--config ${config}: ${reasonOf(error)}` };
  }
}

type Campaign = NonNullable<ConfigFile['campaign']>;

/** The nearest configuration that has one. */
async function ownCampaign(world: World): Promise<{ name: string; campaign: Campaign } | UsageError | undefined> {
  const { cwd } = world;
  const core = await world.core();
  const root = rootOf({ real: join(cwd, 'Dockerfile'), given: cwd, path: 'Dockerfile' }, localDisk);
  for (const dir of configDirectories(cwd, root, cwd, localDisk).reverse()) {
    const file = configAt(dir, localDisk, core);
    if (!file) continue;
    const name = shown(cwd, file.path);
    const [problem] = file.problems;
    if (problem) return { usage: `${name}:${problem.line}:${problem.column}: ${problem.message}` };
    if (file.campaign) return { name, campaign: file.campaign };
  }
  return undefined;
}

/** The line of an option, or of the nearest above it that has one. */
function lineOf(path: string, { line, lines }: Campaign): number {
  for (let at = path; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
    const found = lines.get(at);
    if (found !== undefined) return found;
  }
  return line;
}
