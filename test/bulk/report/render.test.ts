// The five reports of a campaign: what they say, and that nothing of a repository does anything in them.
import { readFileSync } from 'node:fs';
import { parse, type DefaultTreeAdapterMap } from 'parse5';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../src/bulk/report/render.ts';
import { bulkJsonSchema, bulkSchema } from '../../../src/bulk/report/schema.ts';
import type { CampaignSummary, ReportFormat } from '../../../src/bulk/report/types.ts';
import { findings } from '../pull/rendered.ts';
import { hostileName, sampleSummary } from './sample.ts';

const summary = sampleSummary(60);
const none: CampaignSummary = {
  ...sampleSummary(0),
  byReason: [],
  skips: [],
  transforms: [],
  clusters: [],
  savings: { estimated: 0, measured: 0, repositoriesEstimated: 0, repositoriesMeasured: 0 },
};

async function text(format: ReportFormat, of: CampaignSummary = summary, colour: 'always' | 'never' = 'never'): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of renderReport(of, format, colour)) pieces.push(piece);
  return pieces.join('');
}

describe('JSON', () => {
  it('follows its schema, with every repository', async () => {
    const document = bulkSchema.parse(JSON.parse(await text('json')));
    expect(document.repositories).toHaveLength(60);
    expect(document.repositories[1]?.repository).toBe(hostileName);
    expect(document.repositories[1]?.pullRequest).toEqual({ number: 1, url: 'javascript:alert(1)', state: 'merged' });
    expect(document.states).toEqual(summary.byState);
    expect(document.clusters[0]).toMatchObject({ count: 90, example: { repository: hostileName } });
  });
  it('of nothing is a document too', async () => {
    expect(bulkSchema.parse(JSON.parse(await text('json', none))).repositories).toEqual([]);
  });
  it('its schema is the published one', () => {
    expect(JSON.parse(readFileSync('schema/bulk.schema.json', 'utf8'))).toEqual(bulkJsonSchema);
  });
});

describe('CSV', () => {
  it('has a line per repository, and no formula', async () => {
    const lines = (await text('csv')).split('\r\n');
    expect(lines).toHaveLength(62);
    expect(lines[0]).toBe(
      'repository,state,reason,dockerfiles,changed,applied,skipped,cluster,pull_request,pull_request_state,gain,image_bytes_before,image_bytes_after,failure',
    );
    expect(lines[3]).toContain(`,"'=HYPERLINK(""http://x.example"")",`);
    expect(lines.join('\n')).toContain(`"'@SUM(A1) timed out, see #12"`);
    expect(lines.join('\n')).toContain('\\u202e""|`"');
    for (const cell of lines.flatMap((line) => line.split(','))) expect(cell).not.toMatch(/^"?[=+@-]/);
  });
});

describe('Markdown', () => {
  it('has every repository, and nothing that a forge follows but its own pull requests', async () => {
    const markdown = await text('md');
    expect(markdown.match(/^\| `github\.com\/acme\/service-\d+` /gm)).toHaveLength(59);
    expect(markdown).toContain('Measured: 4.2 GB less over 9 repositories.');
    expect(markdown).toContain('| 40 | `non-root-user` | `port-below-1024` | EXPOSE 80: `@team`, see `#12` |');
    const own = markdown.replace(/<https:\/\/github\.com\/acme\/service-\d+\/pull\/\d+>/g, '').replace(/^# /m, '');
    expect(findings(own.replaceAll(/^#+ .*$/gm, ''))).toEqual([]);
    expect(markdown).not.toContain('javascript:');
  });
});

describe('the table', () => {
  it('fits a terminal and obeys no text of a repository', async () => {
    const shown = await text('table');
    expect(shown).toContain('      3  merged – the pull request was merged\n');
    expect(shown).toContain('\\u202e');
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(await text('table', summary, 'always')).toContain('\u001b[32mmerged\u001b[39m');
  });
  it('says that no size is known when nothing was built', async () => {
    expect(await text('table', none)).toContain('Nothing was built, so no size is known.');
  });
});

describe('the page', () => {
  type Node = DefaultTreeAdapterMap['node'];
  const all = (node: Node): Node[] => [node, ...('childNodes' in node ? node.childNodes.flatMap(all) : [])];

  it('has no script, no address but links to pull requests, and loads nothing', async () => {
    const elements = all(parse(await text('html'))).filter((node): node is DefaultTreeAdapterMap['element'] => 'tagName' in node);
    const names = new Set(elements.map((element) => element.tagName));
    for (const name of ['script', 'img', 'link', 'iframe', 'object', 'b']) expect(names.has(name)).toBe(false);
    const attributes = elements.flatMap((element) => element.attrs);
    expect(attributes.filter(({ name }) => name.startsWith('on') || name === 'src')).toEqual([]);
    expect(
      attributes.filter(({ name, value }) => name === 'href' && !/^https:\/\/github\.com\/acme\/service-\d+\/pull\/\d+$/.test(value)),
    ).toEqual([]);
  });

  it('shows every repository by outcome, clusters with their diff', async () => {
    const markup = await text('html');
    for (const { repo } of summary.repositories.filter(({ repo }) => repo !== hostileName)) expect(markup).toContain(`<td>${repo}</td>`);
    expect(markup).toContain('&lt;img src=x onerror=alert(1)&gt;@team\\u202e&quot;|`');
    expect(markup).toContain('<ins>+FROM node:22-slim</ins>');
    expect(markup).toContain('<strong>90 repositories</strong>: base-slim, non-root-user');
  });

  it('of nothing says so', async () => {
    expect(await text('html', none)).toContain('No repository was found.');
  });
});

describe('20,000 repositories', () => {
  it.each(['json', 'csv', 'md', 'html'] as const)('%s comes in pieces, none of which grows with the campaign', async (format) => {
    const longest = async (count: number): Promise<number> => {
      let most = 0;
      for await (const piece of renderReport(sampleSummary(count), format)) most = Math.max(most, piece.length);
      return most;
    };
    expect(await longest(20_000)).toBeLessThan((await longest(24)) + 200);
  });
});
