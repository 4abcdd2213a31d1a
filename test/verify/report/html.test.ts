// The page of verify: alone, inert, and usable; a real browser reads it where there is one.
import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyHtml } from '../../../src/verify/report/html.ts';
import { checkTexts } from '../../../src/verify/report/checks.ts';
import type { VerifyResult } from '../../../src/verify/types.ts';
import { hostile, sample, sampleBroken, sampleRejected, sampleVerified } from './sample.ts';

const results: [string, VerifyResult][] = [
  ['two Dockerfiles', sample],
  ['one that is broken', sampleBroken],
  ['one that is verified', sampleVerified],
  ['one that is rejected', sampleRejected],
  ['none', { ...sample, files: [], engine: undefined }],
];

type Node = DefaultTreeAdapterTypes.Node;
function elementsOf(node: Node): DefaultTreeAdapterTypes.Element[] {
  const own = 'tagName' in node ? [node] : [];
  return [...own, ...('childNodes' in node ? node.childNodes.flatMap(elementsOf) : [])];
}

describe.each(results)('%s', (_, result) => {
  const page = verifyHtml(result);
  const elements = elementsOf(parse(page));

  it('holds no script, no event, and nothing of elsewhere', () => {
    expect(elements.filter(({ tagName }) => ['script', 'img', 'link', 'iframe', 'object', 'form'].includes(tagName))).toEqual([]);
    const attributes = elements.flatMap(({ attrs }) => attrs);
    expect(attributes.filter(({ name }) => name.startsWith('on') || name === 'src')).toEqual([]);
    expect(attributes.filter(({ name, value }) => name === 'href' && !value.startsWith('#'))).toEqual([]);
    expect(page).not.toMatch(/url\(|@import/);
  });

  it('shows control characters and overrides, and obeys none', () => {
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  it('is the same in a second run', () => expect(verifyHtml(result)).toBe(page));
});

it('tells everything that was found', () => {
  const page = verifyHtml(sample);
  const text = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
  for (const file of sample.files) {
    for (const check of file.checks) {
      expect(page).toContain(text(checkTexts[check.id].looksAt));
      if (!check.detail.includes(hostile)) expect(page).toContain(text(check.detail));
      for (const one of check.differences) if (one.expected !== undefined) expect(page).toContain(text(one.expected));
    }
    for (const one of file.rolledBack) for (const cause of one.causes) expect(page).toContain(text(cause));
  }
  for (const words of ['1.19 GB', '234 MB', '−80 %', 'libpq.so.5: cannot open shared object file', 'connection refused'])
    expect(page).toContain(words);
});

it('does not tell the labels of the run, which name the machine', () => {
  expect(verifyHtml(sampleVerified)).not.toContain('machine/1/2');
});

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

describe.skipIf(chromium === undefined)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    const { chromium: launcher } = await import('playwright-core');
    browser = await launcher.launch({
      executablePath: chromium ?? '',
      timeout: 150_000,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });
  afterAll(() => browser?.close());

  const cases = results.flatMap(([name, result]) => {
    const forms = [
      ['light', 400],
      ['dark', 1200],
      ['light', 1200],
      ['dark', 400],
    ] as const;
    return forms.slice(0, result === sample ? 4 : 1).map(([colorScheme, width]) => ({ name, result, colorScheme, width }));
  });
  it.each(cases)(
    '$name, $colorScheme, $width pixels: accessible, no sideways scrolling, no request',
    async ({ result, colorScheme, width }) => {
      const context = await browser.newContext({ bypassCSP: true, colorScheme, viewport: { width, height: 800 } });
      try {
        const page = await context.newPage();
        const told: string[] = [];
        page.on('request', (request) => told.push(request.url()));
        page.on('dialog', (dialog) => told.push(dialog.message()));
        page.on('console', (message) => told.push(message.text()));
        await page.setContent(verifyHtml(result));
        await page.evaluate(`document.querySelectorAll('details').forEach((one) => one.setAttribute('open', ''))`);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        await page.evaluate(axe.source);
        const found = await page.evaluate(
          `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html).join(' ')))`,
        );
        expect(found).toEqual([]);
        expect(told).toEqual([]);
      } finally {
        await context.close();
      }
    },
  );
});
