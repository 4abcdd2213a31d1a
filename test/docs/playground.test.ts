// The playground as people get it: built, served, and used in a browser; links to it, made by anyone, in Node.js.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build, mergeConfig } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import config from '../../docs/playground/vite.config.ts';
import { fragmentOf, maxLink, projectFrom } from '../../docs/playground/src/share.ts';
import { levels, projectOf, type Project } from '../../docs/playground/src/types.ts';
import { axeFindings, hasBrowser, serve, startBrowser, sticksOut, type Site } from './site.ts';

const hostile = '<img src=x onerror=alert(1)>"\'&\u202e\u0000.txt';
const transforms = ['multi-stage', 'base-slim'];
const linkOf = (data: unknown): string => `v1=${deflateRawSync(JSON.stringify(data)).toString('base64url')}`;

describe('a link', () => {
  it('gives back what it was made of', async () => {
    const project = projectOf(
      [
        { path: 'Dockerfile', text: 'FROM node:22\r\n# ü\n' },
        { path: 'data/large.bin', text: '', unread: 12_345_678 },
        { path: hostile.replace('\u0000', ''), text: hostile },
      ],
      { level: 'max', base: 'keep', skip: ['base-slim'] },
    );
    expect(await projectFrom((await fragmentOf(project)) ?? '', transforms)).toEqual(project);
  });

  it('is not made of what is too large', async () => {
    const text = Array.from({ length: 40_000 }, (_, i) => ((i * 2_654_435_761) % 4_294_967_296).toString(36)).join('');
    expect(await fragmentOf(projectOf([{ path: 'Dockerfile', text }]))).toBeUndefined();
    expect(await fragmentOf(projectOf([{ path: 'Dockerfile', text: 'x'.repeat(5_000_000) }]))).toBeUndefined();
  });

  it.each([
    ['nothing', 'v1='],
    ['no base64', 'v1=a+b/c'],
    ['no deflate', 'v1=AAAAAAAA'],
    ['cut off', linkOf([[['Dockerfile', 'FROM node:22']], 'balanced', 'slim', []]).slice(0, -9)],
    ['no JSON', `v1=${deflateRawSync('{').toString('base64url')}`],
    ['no UTF-8', `v1=${deflateRawSync(Buffer.from([0x22, 0xff, 0x22])).toString('base64url')}`],
    ['too long', `v1=${'A'.repeat(maxLink)}`],
    ['unpacks to much', `v1=${deflateRawSync('0'.repeat(20_000_000)).toString('base64url')}`],
    ['another form', linkOf({ files: [] })],
    ['another level', linkOf([[], 'toString', 'slim', []])],
    ['another base', linkOf([[], 'balanced', 'constructor', []])],
    ['files that are none', linkOf([[null], 'balanced', 'slim', []])],
    ['a path that leads out', linkOf([[['../../etc/passwd', '']], 'balanced', 'slim', []])],
    ['a path with a NUL', linkOf([[['a\u0000b', '']], 'balanced', 'slim', []])],
    ['too many files', linkOf([Array.from({ length: 501 }, (_, i) => [`${i}`, '']), 'balanced', 'slim', []])],
    ['deep', `v1=${deflateRawSync('['.repeat(9999) + ']'.repeat(9999)).toString('base64url')}`],
  ])('that is %s is refused', async (_, fragment) => {
    expect(await projectFrom(fragment, transforms)).toEqual({ wrong: expect.any(String) });
  });

  it('names the Dockerfile first, each path once, and only transforms that exist', async () => {
    const link = linkOf([
      [
        ['a', '1'],
        ['./a', '2'],
        ['Dockerfile', 'FROM a'],
      ],
      'safe',
      'alpine',
      ['base-slim', '__proto__', 'x'],
    ]);
    expect(await projectFrom(link, transforms)).toEqual({
      files: [
        { path: 'Dockerfile', text: 'FROM a' },
        { path: 'a', text: '2' },
      ],
      settings: { level: 'safe', base: 'alpine', skip: ['base-slim'] },
    });
  });

  it('of any letters is a project or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.jsonValue().map(linkOf)), async (letters) => {
        const read: Project | { wrong: string } = await projectFrom(letters, transforms);
        expect('wrong' in read || Object.hasOwn(levels, read.settings.level)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe.skipIf(!hasBrowser)('the page', () => {
  let directory: string;
  let site: Site;
  let browser: Browser;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'dockerfile-mod-playground-'));
    [browser] = await Promise.all([
      startBrowser(),
      // imported: read as a file, all that it imports, the whole core, is bundled first
      build(mergeConfig(config, { configFile: false, logLevel: 'error', build: { outDir: directory } })),
    ]);
    site = await serve(directory, '/some/where/playground/');
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
    rmSync(directory, { recursive: true });
  });

  const told: string[] = [];
  async function open(fragment: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    told.length = 0;
    page.on('dialog', (dialog) => told.push(`dialog: ${dialog.message()}`));
    page.on('console', (message) => told.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => told.push(`error: ${error.message}`));
    await page.goto(site.url + fragment);
    await page.locator('#status:not(:empty)').waitFor();
    return page;
  }
  const status = (page: Page): Promise<string | null> => page.textContent('#status');
  const changes = async (page: Page, act: () => Promise<unknown>): Promise<void> => {
    await page.evaluate("document.getElementById('output').firstChild?.setAttribute('data-old', '')");
    await act();
    await page.locator('#output > :first-child:not([data-old])').waitFor();
  };

  it('is small, and its policy lets nothing in or out', () => {
    const html = readFileSync(join(directory, 'index.html'), 'utf8');
    const policy = /Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const assets = readdirSync(join(directory, 'assets'));
    const sizes = assets.map((name) => gzipSync(readFileSync(join(directory, 'assets', name))).length);
    // the core is nearly all of it, and grows with what it knows
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(550_000);
  });

  it.each([
    ['light', 1280, '#example=refused'],
    ['dark', 390, '#example=go'],
  ] as const)('%s, %i pixels wide, %s: axe finds nothing, nothing sticks out', async (colorScheme, width, fragment) => {
    const page = await open(fragment, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    await page.evaluate("Object.assign(document.getElementById('problem'), { hidden: false, textContent: 'A word.' })");
    expect(await axeFindings(page)).toEqual([]);
    for (const pixels of [width, 320, 800]) {
      await page.setViewportSize({ width: pixels, height: 800 });
      expect(await sticksOut(page)).toBeLessThanOrEqual(0);
    }
    await page.context().close();
  });

  it('works without a network once it is loaded: it asks for nothing more', async () => {
    const page = await open('');
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const asked = site.asked.length;
    await page.context().setOffline(true);
    await changes(page, () =>
      page.getByLabel('Contents of').fill('FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go build -o app\nCMD ["./app"]\n'),
    );
    await changes(page, () => page.getByLabel('Example').selectOption('python'));
    expect(await page.locator('#output table').first().innerText()).toContain('FROM python:3.13-slim');
    await page.getByRole('button', { name: 'Copy a link' }).click();
    await page.waitForFunction("location.hash.startsWith('#v1=')");
    expect(requests).toEqual([]);
    expect(site.asked.length).toBe(asked);
    // The policy itself: what runs in the page cannot send anything, by any way that a script has.
    const sent = await page.evaluate<string[]>(`Promise.all([
      fetch('/').then(() => 'fetched', () => 'no'),
      new Promise((done) => { const image = new Image(); image.onload = () => done('loaded'); image.onerror = () => done('no'); image.src = '/x.png'; }),
    ])`);
    expect(sent).toEqual(['no', 'no']);
    await page.context().close();
  });

  it('is used by the keyboard alone, and tells what happened', async () => {
    const page = await open('#example=node');
    const focused = (): Promise<string> =>
      page.evaluate('document.activeElement.id || document.activeElement.textContent.trim() || document.activeElement.name');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the result');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('result');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('copy-dockerfile');
    await page.getByLabel('Dockerfile', { exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.getByLabel('Contents of').inputValue()).toContain('"name": "shop"');
    const order: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    expect(order).toEqual(['new-path', 'Add', 'remove', 'text', 'Options']);
    await changes(page, async () => {
      await page.getByLabel('Another file').fill('.dockerignore');
      await page.keyboard.press('Enter');
      expect(await focused()).toBe('text');
      await page.keyboard.insertText('node_modules\n');
    });
    expect(await page.locator('#output caption').allInnerTexts()).toEqual(['Dockerfile', '.dockerignore']);
    expect(await page.locator('#status').getAttribute('role')).toBe('status');
    expect(await status(page)).toMatch(/^\d transforms applied \(\d+ ms\)$/);
    await changes(page, async () => {
      await page.getByText('Options', { exact: true }).press('Enter');
      await page.getByLabel('safe', { exact: false }).first().press('Space');
    });
    expect(await status(page)).toMatch(/applied, \d left with a reason/);
    await page.context().close();
  });

  it('opens what was shared, as text', async () => {
    const link = await fragmentOf(
      projectOf(
        [
          { path: 'Dockerfile', text: `FROM node:22\nLABEL a="${hostile.replace('\u0000', '')}"\nCOPY . .\nRUN npm ci\n` },
          { path: hostile.replace('\u0000', ''), text: '<script>alert(2)</script>' },
        ],
        { level: 'max', base: 'alpine', skip: ['multi-stage'] },
      ),
    );
    const page = await open(`#${link}`);
    expect(await page.locator('#files .chip').allInnerTexts()).toEqual(['Dockerfile', '<img src=x onerror=alert(1)>"\'&\\u202e.txt']);
    expect(await page.locator('img, body script').count()).toBe(0);
    expect(await page.locator('input[name=level]:checked').inputValue()).toBe('max');
    expect(await page.getByLabel('Final stage on').inputValue()).toBe('alpine');
    expect(await page.locator('#transforms input:not(:checked)').evaluateAll((all) => all.map((one) => one.value))).toEqual([
      'multi-stage',
    ]);
    // Another link in the same page; what is no project is told, and nothing of it is shown.
    await page.evaluate("location.hash = '#v1=<b>'");
    await page.getByRole('alert').filter({ hasText: 'could not be opened' }).waitFor();
    expect(await page.getByLabel('Contents of').inputValue()).toBe('');
    expect(told).toEqual([]);
    await page.context().close();
  });

  it('takes files of this machine, and says what it left out', async () => {
    const page = await open('#example=empty');
    const file = (name: string, text: string | Buffer): { name: string; mimeType: string; buffer: Buffer } => ({
      name,
      mimeType: '',
      buffer: Buffer.from(text),
    });
    await page.setInputFiles('#pick-files', [
      file('Dockerfile', 'FROM node:22\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n'),
      file('logo.png', Buffer.from([0, 1, 2])),
      file('server.js', 'console.log(1)\n'),
    ]);
    await page.locator('#output table').first().waitFor();
    await page.getByLabel('logo.png').check();
    expect(await page.getByLabel('Contents of').getAttribute('placeholder')).toContain('3 bytes');
    expect(await page.getByLabel('Contents of').isEditable()).toBe(false);
    await page.getByRole('button', { name: 'Remove' }).click();
    expect(await page.locator('#files .chip').allInnerTexts()).toEqual(['Dockerfile', 'server.js']);
    expect(told).toEqual([]);
    await page.context().close();
  });
});
