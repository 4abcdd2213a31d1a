// Every option of the table that has a flag: the flag gives it, in a form that campaign.yml may have.
import { Command } from 'commander';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkedFile } from '../../src/bulk/config.ts';
import type { FlagGroup, Kind, Section } from '../../src/bulk/option-kinds.ts';
import { general, sections } from '../../src/bulk/option-table.ts';
import { addCampaignFlags, givenOf } from '../../src/cli/bulk/campaign-flags.ts';
import type { World } from '../../src/cli/world.ts';
import { scratch } from './scratch.ts';

const groups: readonly FlagGroup[] = ['source', 'platform', 'pull', 'policy', 'bound', 'limit', 'pace'];

/** What a person may write behind a flag, and what it means. */
const samples: { [Name in Exclude<Kind['kind'], 'choice'>]: [string, unknown] } = {
  text: ['words', 'words'],
  branch: ['fix/docker', 'fix/docker'],
  address: ['https://example.com/x', 'https://example.com/x'],
  regex: ['^acme/', '^acme/'],
  day: ['2026-01-31', '2026-01-31'],
  names: ['a, b', ['a', 'b']],
  texts: ['a/**', ['a/**']],
  windows: ['mon-fri 06:00-16:00 UTC', ['mon-fri 06:00-16:00 UTC']],
  number: ['7', 7],
  whole: ['0', 0],
  share: ['5%', 0.05],
  seconds: ['9', 9],
  person: ['A B <a@example.com>', { name: 'A B', email: 'a@example.com' }],
};

const flagged = Object.entries({ general, ...sections } as Record<string, Section>).flatMap(([part, section]) =>
  Object.entries(section).flatMap(([name, { kind, flag }]) => (flag ? [{ part, section, name, kind, flag }] : [])),
);

it.each(flagged)('$flag.flags is $part.$name', ({ part, section, name, kind, flag }) => {
  const at = scratch({ words: 'the text' });
  const long = flag.flags.split(' ')[0] ?? '';
  const [given, means] = kind.kind === 'choice' ? [kind.values.at(-1) ?? '', kind.values.at(-1)] : samples[kind.kind];
  const command = addCampaignFlags(new Command().exitOverride(), groups);
  command.parse(flag.means === undefined ? [long, given] : [long], { from: 'user' });
  const file = givenOf(section, command.opts(), { cwd: at.root } as World);
  const expected =
    flag.means ??
    (flag.times === undefined ? undefined : 7 * flag.times) ??
    (flag.path === 'text' ? 'the text' : flag.path === 'directory' ? [join(at.root, 'a'), join(at.root, 'b')] : means);
  expect(file).toEqual({ [name]: expected });
  expect(checkedFile(part === 'general' ? file : { [part]: file })).not.toHaveProperty('wrong');
});

it('no two options have one flag', () => {
  const flags = flagged.map(({ flag }) => flag.flags.split(' ')[0]);
  expect(new Set(flags).size).toBe(flags.length);
});

it('every default is one that campaign.yml may have', () => {
  for (const [part, section] of Object.entries({ general, ...sections } as Record<string, Section>)) {
    const defaults = Object.fromEntries(
      Object.entries(section).flatMap(([name, option]) => ('default' in option ? [[name, option.default]] : [])),
    );
    expect(checkedFile(part === 'general' ? defaults : { [part]: defaults })).not.toHaveProperty('wrong');
  }
});
