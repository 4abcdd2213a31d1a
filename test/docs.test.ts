// What the documents promise exists: flags, files, blocks of JSON and YAML that can be read, templates' names.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { checkedFile } from '../src/bulk/config.ts';
import { pullText } from '../src/bulk/pull/text.ts';
import { core } from '../src/checkout/core.ts';
import { program } from '../src/cli/options.ts';
import { documents } from './docs/blocks.ts';
import { transforms } from '../transforms/index.ts';
import { sampleCampaign, sampleInput, samplePlan, sampleReport } from './bulk/pull/sample.ts';

const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(([, indent = '', body = '']) =>
    body.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );

const root = program('0.0.0', {
  refactor: async () => {},
  list: async () => {},
  init: async () => {},
  explain: async () => {},
  completion: async () => {},
  lsp: async () => {},
  observe: async () => {},
  verify: async () => {},
  bulk: async () => {},
});
const flagsOf = (command: Command): string[] =>
  command.options.flatMap(({ long, short }) => [long, short]).filter((flag) => typeof flag === 'string');

/** What is wrong with a command line of ours. */
function unknownFlags(line: string): string[] {
  const words = line.replace(/"[^"]*"|'[^']*'/g, 'x').split(/\s+/);
  let command: Command = root;
  const known = new Set(flagsOf(root));
  for (const word of words) {
    const next: Command | undefined = command.commands.find((one) => one.name() === word);
    if (!next) continue;
    command = next;
    for (const flag of flagsOf(command)) known.add(flag);
  }
  return words.filter(
    (word) => /^--?[a-z]/.test(word) && !known.has(word.split('=')[0] ?? '') && word !== '--help' && word !== '--version',
  );
}

/** Command lines of dockerfile-mod in a text, up to what ends them; lines that a backslash or a folded scalar joins are joined. */
function commandsIn(text: string): string[] {
  const joined = text
    .replace(/\\\n\s*/g, ' ')
    .replace(/(" pr)\n\s+(?=--)/g, '$1 ')
    .replace(/\n\s+(?=--[a-z])/g, ' ');
  return [...joined.matchAll(/dockerfile-mod(?:@[^\s"]+)?("?)((?: [^\n|>;&)`]*)?)/g)]
    .map(({ index, 1: closed = '', 2: rest = '' }) => {
      const before = joined.slice(joined.lastIndexOf('\n', index) + 1, index);
      // A command inside of quotes ends where they end.
      return closed === '' && before.split('"').length % 2 === 0 ? (rest.split('"')[0] ?? '') : rest;
    })
    .filter((rest) => rest.trim() !== '');
}

describe.each(documents)('$path', ({ path, text }) => {
  it('names flags that exist', () => {
    const lines = [...blocks(text, 'sh'), ...blocks(text, 'yaml'), ...blocks(text, 'json')].flatMap(commandsIn);
    expect(lines.flatMap((line) => unknownFlags(line).map((flag) => `${flag} in: dockerfile-mod${line}`))).toEqual([]);
  });
  it('links to files that exist', () => {
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^[a-z]+:/.test(target));
    expect(
      targets.filter(
        (target) => !existsSync(join(dirname(path), target)) && !target.startsWith('bench/results') && !target.includes('/bench/results'),
      ),
    ).toEqual([]);
  });
  it('has JSON and YAML that can be read', () => {
    for (const block of blocks(text, 'json')) expect(() => JSON.parse(block)).not.toThrow();
    for (const block of blocks(text, 'yaml')) expect(() => parse(block)).not.toThrow();
  });
});

describe('README.md', () => {
  it('names the transforms that leave out single instructions, and no others', () => {
    const [, named = ''] = /it holds for that one alone: (.*?) leave the instruction out/.exec(readFileSync('README.md', 'utf8')) ?? [];
    const ids = [...named.matchAll(/`([^`]+)`/g)].map(([, id]) => id);
    expect(ids.sort()).toEqual(transforms.flatMap(({ id, oneByOne }) => (oneByOne ? [id] : [])).sort());
  });
});

describe('docs/bulk.md', () => {
  const text = readFileSync('docs/bulk.md', 'utf8');
  it('shows a campaign.yml that is one', () => {
    const [campaign = ''] = blocks(text, 'yaml').filter((block) => block.startsWith('id:'));
    expect(checkedFile(parse(campaign))).not.toHaveProperty('wrong');
  });
  it('names the placeholders of a body that exist, and all of them', async () => {
    const named = [...(/^- Body: (.*)$/m.exec(text)?.[1]?.matchAll(/\{\{(\w+)\}\}/g) ?? [])].map((match) => match[1] ?? '');
    const input = (bodyTemplate: string): ReturnType<typeof sampleInput> =>
      sampleInput(samplePlan([sampleReport()]), { campaign: sampleCampaign({ bodyTemplate }) });
    await expect(pullText(core).render(input(named.map((name) => `{{${name}}}`).join('\n\n')))).resolves.toBeDefined();
    const refused: unknown = await pullText(core)
      .render(input('{{nothing}}'))
      .catch((error: unknown) => error);
    const existing = /there are: (.*)$/.exec(refused instanceof Error ? refused.message : '')?.[1]?.split(', ') ?? [];
    expect([...named].sort()).toEqual([...existing].sort());
  });
});

describe('docs/tutorial.md', () => {
  it('tells what was measured', () => {
    const { apps }: { apps: Measured[] } = JSON.parse(readFileSync('bench/results/e2e.json', 'utf8'));
    const [app] = apps.filter((one) => one.app === 'node-express');
    const text = readFileSync('docs/tutorial.md', 'utf8');
    const row = (name: string): string[] =>
      new RegExp(`^\\| ${name} +\\|(.*)\\|$`, 'm')
        .exec(text)?.[1]
        ?.split('|')
        .map((cell) => cell.trim()) ?? [];
    if (!app) throw new Error('node-express was not measured');
    const { before, after } = app;
    const size = (one: Sizes): string => `${(one.bytes / 1e6).toFixed(1)} MB`;
    const smaller = (one: Sizes): string => `${size(one)} (−${((1 - one.bytes / before.bytes) * 100).toFixed(2)} %)`;
    expect(row('image')).toEqual([size(before), smaller(after.default), smaller(after.smallest)]);
    for (const [name, key] of [
      ['rebuild after an edit', 'rebuildSeconds'],
      ['first build, nothing cached', 'coldSeconds'],
    ] as const)
      expect(row(name)).toEqual([before, after.default, after.smallest].map((one) => `${one[key].toFixed(1)} s`));
  });
});
type Sizes = Record<'bytes' | 'coldSeconds' | 'rebuildSeconds', number>;
interface Measured {
  app: string;
  before: Sizes;
  after: Record<'default' | 'smallest', Sizes>;
}

describe('docs/ci/gitlab.yml', () => {
  const text = readFileSync('docs/ci/gitlab.yml', 'utf8');
  it('is YAML with both jobs, and its commands exist', () => {
    expect(Object.keys(parse(text))).toEqual(['variables', '.dockerfile-mod', 'dockerfile-mod:check', 'dockerfile-mod:merge-request']);
    const scripts: string[] = [parse(text)['dockerfile-mod:check'].script, parse(text)['dockerfile-mod:merge-request'].script].flat();
    expect(scripts).toHaveLength(2);
    for (const script of scripts) expect(unknownFlags(script.replace('npx --yes', ''))).toEqual([]);
  });
});
