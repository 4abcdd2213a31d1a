// The page of --report in a browser: readable for everyone, light and dark, no wider than a phone; it loads nothing.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { core } from '../../src/checkout/core.ts';
import { project } from '../bulk/harness.ts';
import { axeFindings, hasBrowser, startBrowser, sticksOut } from '../docs/site.ts';
import { scratch } from './scratch.ts';

describe.skipIf(!hasBrowser)('the page of --report', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  it('is accessible in light and dark, on a desk and a phone, and shows everything as text', async () => {
    const hostile = 'FROM node:22\nCOPY . .\nRUN echo `<img src=x onerror=alert(1)>` && make all\nCMD ["node", "<b>.js"]\n';
    const broken = 'FORM <script>alert(1)</script>\n';
    const at = scratch({ 'b/Dockerfile': hostile, 'c/Dockerfile': broken }, core);
    for (const [path, text] of Object.entries(project('app'))) at.write(`a/${path}`, text);
    expect((await at.run(['--dry-run', '--report', 'page.html'])).code).toBe(2);
    const url = pathToFileURL(join(at.root, 'page.html')).href;
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    const told: string[] = [];
    page.on('request', (request) => told.push(request.url()));
    page.on('dialog', (dialog) => told.push(dialog.message()));
    await page.goto(url);
    for (const [colorScheme, width] of [
      ['light', 1200],
      ['dark', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      expect(await axeFindings(page)).toEqual([]);
      expect(await sticksOut(page)).toBeLessThanOrEqual(0);
    }
    expect(told).toEqual([url]);
    const words = await page.locator('main').innerText();
    for (const part of ['a/Dockerfile', 'What changed, and why', 'What was left, and what would allow it', 'unknown instruction: FORM'])
      expect(words).toContain(part);
    // What is code in a sentence has lost its backticks; the Dockerfile has kept its own.
    expect(await page.locator('.reasons').allInnerTexts()).not.toContainEqual(expect.stringContaining('`'));
    expect(await page.locator('img, script').count()).toBe(0);
    await context.close();
  });
});
