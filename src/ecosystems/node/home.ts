// Room: ecosystems/node. Browsers and other programs that the install scripts of packages bring into the home directory of root.
import type { FileTree } from '../../context/types.ts';
import type { Evidence, HomeFile, HomeQuestion } from '../types.ts';
import type { NodeProject } from './types.ts';

interface BinaryRow {
  packages: readonly string[];
  /** Packages that depend on one of them, where there is no lock that says so. */
  broughtBy?: readonly string[];
  dir: string;
  /** What it brings, where that is no browser. */
  what?: string;
  /** From this version on, and before it. */
  since?: readonly [major: number, minor: number];
  before?: readonly [major: number, minor: number];
  /** Variables that name another directory, another browser, or forbid it. */
  moved: readonly string[];
  /** Files of settings that may name another directory. */
  settings: readonly string[];
  source: string;
}

const PLAYWRIGHT = {
  dir: '.cache/ms-playwright',
  moved: ['PLAYWRIGHT_BROWSERS_PATH', 'PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD'],
  settings: [],
  source: 'https://playwright.dev/docs/browsers; its release notes, 1.38',
};
const rows: readonly BinaryRow[] = [
  {
    packages: ['puppeteer'],
    broughtBy: [
      'whatsapp-web.js',
      '@wppconnect-team/wppconnect',
      'venom-bot',
      '@open-wa/wa-automate',
      'html-pdf-node',
      'node-html-to-image',
      'md-to-pdf',
      'mdpdf',
      '@mermaid-js/mermaid-cli',
      'capture-website',
      'pageres',
      'percollate',
      'pa11y',
    ],
    dir: '.cache/puppeteer',
    since: [19, 0],
    moved: [
      'PUPPETEER_CACHE_DIR',
      'PUPPETEER_SKIP_DOWNLOAD',
      'PUPPETEER_SKIP_CHROMIUM_DOWNLOAD',
      'PUPPETEER_SKIP_CHROME_DOWNLOAD',
      'PUPPETEER_EXECUTABLE_PATH',
    ],
    settings: ['.puppeteerrc', '.puppeteerrc.cjs', '.puppeteerrc.js', '.puppeteerrc.json', 'puppeteer.config.js', 'puppeteer.config.cjs'],
    source: 'https://pptr.dev/guides/configuration; its changelog, 19.0.0',
  },
  { packages: ['playwright-chromium', 'playwright-firefox', 'playwright-webkit'], ...PLAYWRIGHT },
  { packages: ['playwright'], before: [1, 38], ...PLAYWRIGHT },
  {
    packages: ['mongodb-memory-server', 'mongodb-memory-server-global'],
    dir: '.cache/mongodb-binaries',
    what: 'its mongod',
    since: [7, 0],
    moved: ['MONGOMS_DOWNLOAD_DIR', 'MONGOMS_DISABLE_POSTINSTALL', 'MONGOMS_SYSTEM_BINARY'],
    settings: [],
    source: 'https://typegoose.github.io/mongodb-memory-server/docs/api/config-options: PREFER_GLOBAL_PATH',
  },
];

/** What an install left there, where it ran the scripts of its packages. */
export function programInHome(tree: FileTree, project: NodeProject, image: HomeQuestion): HomeFile | undefined {
  const installs = image.commands.filter(
    ({ manager, command }) => manager !== undefined && installing.test(command.words.map(({ raw }) => raw).join(' ')),
  );
  if (!installs.some(({ command }) => command.words.every(({ value }) => value !== '--ignore-scripts'))) return undefined;
  const locked = new Map(project.systemNeeds().map((need) => [need.package, need]));
  for (const { packages, broughtBy = [], dir, what = 'its browser', since, before, moved, settings } of rows) {
    const own = packages.find((one) => project.dependencies.has(one) || locked.has(one));
    const name = own ?? (project.lockfiles.length === 0 ? broughtBy.find((one) => project.dependencies.has(one)) : undefined);
    if (name === undefined || moved.some((variable) => image.lookup(variable) !== undefined)) continue;
    const version = own === undefined ? null : /(\d+)(?:\.(\d+))?/.exec(project.dependencies.get(own) ?? locked.get(own)?.version ?? '');
    const [major, minor] = [Number(version?.[1] ?? 999), Number(version?.[2] ?? 999)];
    const older = (than: readonly [number, number]): boolean => major < than[0] || (major === than[0] && minor < than[1]);
    if (
      (since && older(since)) ||
      (before && !older(before)) ||
      settings.some((file) => tree.stat([project.dir, file].filter(Boolean).join('/')) !== undefined)
    )
      continue;
    return {
      what: `The install of ${name} ${own === undefined ? 'may keep' : 'keeps'} ${what} in /root/${dir}`,
      evidence: evidenceOf(project, name, locked.get(name)?.evidence),
      allow: `Set ${moved[0] ?? ''} to a directory that every user may read.`,
    };
  }
  return undefined;
}
const evidenceOf = (project: NodeProject, name: string, locked: Evidence | undefined): Evidence =>
  locked === undefined || project.dependencies.has(name)
    ? { file: project.manifestPath, line: project.lineOf('dependencies', name), says: `depends on ${name}` }
    : { ...locked, says: `installs ${name}` };
const installing = /\b(?:ci|i|install|add|clean-install)\b|^(?:yarn|pnpm|bun)$/;
