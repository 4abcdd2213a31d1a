// The campaign's page in a browser: readable for everyone, in light and dark, and no wider than a phone. Needs Chromium.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlReport } from '../../../src/bulk/report/html.ts';
import { sampleSummary } from './sample.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-sync'];

describe.skipIf(!existsSync(executablePath))('the page in a browser', () => {
  let directory: string;
  let file: string;
  let browser: Browser;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'dockerfile-mod-page-'));
    file = join(directory, 'page.html');
    writeFileSync(file, [...htmlReport(sampleSummary(60))].join(''));
    browser = await chromium.launch({ executablePath, timeout: 150_000, args: [...args, '--disable-component-update'] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true });
  });

  it.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 400],
  ] as const)('%s, %i pixels wide: axe finds nothing, nothing sticks out', async (colorScheme, width) => {
    // The page's own policy forbids the script that axe is.
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    const requests: string[] = [];
    const page = await context.newPage();
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    await page.addScriptTag({ content: readFileSync('node_modules/axe-core/axe.min.js', 'utf8') });
    const found = await page.evaluate<string[]>(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))",
    );
    expect(found).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(requests).toEqual([pathToFileURL(file).href]);
    await context.close();
  });
});
