// Room: test of ecosystems/node. What commands of npm, yarn, pnpm and bun are, and what they do to the cache.
import { describe, expect, it } from 'vitest';
import { parseShell } from '../../../src/dockerfile/shell.ts';
import type { ShellCommand } from '../../../src/dockerfile/types.ts';
import { nodeManager, nodeManagers, yarnBerry } from '../../../src/ecosystems/node/managers.ts';
import { project } from './sample.ts';

function command(text: string): ShellCommand {
  const one = parseShell(text).commands[0];
  if (one === undefined) throw new Error(`no command in ${text}`);
  return one;
}
function classified(text: string): string | undefined {
  const found = nodeManagers
    .map((manager) => [manager.id, manager.classify(command(text))] as const)
    .filter(([, kind]) => kind !== undefined);
  expect(found.length).toBeLessThan(2);
  return found[0]?.join(' ');
}

describe('classify', () => {
  it.each([
    ['npm ci', 'npm install'],
    ['npm i', 'npm install'],
    ['npm install --production', 'npm install'],
    ['npm --prefix client ci', 'npm install'],
    ['npm ci --prefix client', 'npm install'],
    ['npm install --omit dev', 'npm install'],
    ['npm i -g pm2', 'npm install-named'],
    ['npm add left-pad', 'npm install-named'],
    ['NODE_ENV=production npm ci', 'npm install'],
    ['env CI=1 npm ci', 'npm install'],
    ['sudo -E npm ci', 'npm install'],
    ['/usr/local/bin/npm ci', 'npm install'],
    ['npm run build', 'npm build'],
    ['npm run-script build:prod', 'npm build'],
    ['npm test', 'npm test'],
    ['npm run lint', 'npm test'],
    ['npm start', 'npm run'],
    ['npm run migrate', 'npm run'],
    ['npm prune --omit=dev', 'npm prune'],
    ['npm cache clean --force', 'npm clean-cache'],
    ['npm cache verify', 'npm other'],
    ['npm config set registry x', 'npm other'],
    ['npx tsc -p .', 'npm build'],
    ['npx -y -p typescript tsc', 'npm build'],
    ['npm exec -- vite build', 'npm build'],
    ['npx vite dev', 'npm run'],
    ['npx prisma generate', 'npm build'],
    ['npx prisma migrate deploy', 'npm run'],
    ['npx yarn@1 install', 'yarn install'],
    ['corepack pnpm install', 'pnpm install'],
    ['yarn', 'yarn install'],
    ['yarn --frozen-lockfile', 'yarn install'],
    ['yarn install --production', 'yarn install'],
    ['yarn add left-pad', 'yarn install-named'],
    ['yarn global add pm2', 'yarn install-named'],
    ['yarn build', 'yarn build'],
    ['yarn run build', 'yarn build'],
    ['yarn --cwd client build', 'yarn build'],
    ['yarn workspace api build', 'yarn build'],
    ['yarn workspaces foreach -A run build', 'yarn build'],
    ['yarn workspaces focus --production', 'yarn prune'],
    ['yarn cache clean', 'yarn clean-cache'],
    ['yarn set version berry', 'yarn other'],
    ['pnpm i --frozen-lockfile', 'pnpm install'],
    ['pnpm --filter api build', 'pnpm build'],
    ['pnpm -r run build', 'pnpm build'],
    ['pnpm fetch', 'pnpm download'],
    ['pnpm prune --prod', 'pnpm prune'],
    ['pnpm store prune', 'pnpm clean-cache'],
    ['pnpm exec nest build', 'pnpm build'],
    ['pnpm dlx degit a', 'pnpm run'],
    ['bun install', 'bun install'],
    ['bun add x', 'bun install-named'],
    ['bun run build', 'bun build'],
    ['bun build ./a.ts --outdir dist', 'bun build'],
    ['bun src/index.ts', 'bun run'],
    ['bun test', 'bun test'],
    ['bun pm cache rm', 'bun clean-cache'],
    ['bunx tsc', 'bun build'],
    ['node index.js', undefined],
    ['tsc', undefined],
    ['corepack enable', undefined],
    ['npx', 'npm other'],
  ])('%s is %s', (text, kind) => expect(classified(text)).toBe(kind));
});

describe('the cache', () => {
  const clears = (id: string, text: string): boolean | undefined => nodeManager(undefined, id)?.clearsCache(command(text));
  it.each([
    ['npm', 'npm cache clean --force', true],
    ['npm', 'rm -rf ~/.npm', true],
    ['npm', 'rm -rf /root/.npm/_cacache', true],
    ['npm', 'rm -rf "$HOME/.npm"', true],
    ['npm', 'rm -rf /home/node/.npm', true],
    ['npm', 'rm -rf ~/.npm /tmp/x', false],
    ['npm', 'rm -rf ~/.npm/../.ssh', false],
    ['npm', 'rm -rf ~/.npmrc', false],
    ['npm', 'rm -rf node_modules', false],
    ['yarn', 'rm -rf /usr/local/share/.cache/yarn', true],
    ['yarn', 'rm -rf $YARN_CACHE_FOLDER', true],
    ['yarn', 'yarn cache clean', true],
    ['pnpm', 'rm -rf ~/.local/share/pnpm/store', true],
    ['pnpm', 'rm -rf ~/.local/share/pnpm', false],
    ['bun', 'rm -rf ~/.bun/install/cache', true],
  ])('%s: %s clears it: %s', (id, text, answer) => expect(clears(id, text)).toBe(answer));

  it('is used by installs', () => {
    const npm = nodeManager(undefined, 'npm');
    expect(['npm ci', 'npm i -g x', 'npm run build', 'npm prune'].map((text) => npm?.usesCache(command(text)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
  it('of yarn is another one in a project of yarn 2 and newer', () => {
    expect(nodeManager(project({ packageManager: 'yarn@4.1.0' }), 'yarn')).toBe(yarnBerry);
    expect(nodeManager(project({ packageManager: 'yarn@1.22.22' }), 'yarn')?.caches[0]?.rootTarget).toBe('/usr/local/share/.cache/yarn');
  });
  it('may be moved by the project', () => {
    const given = project({}, { '.npmrc': '//reg/:_authToken=secret\ncache = /tmp/npm\n' });
    expect(given.cacheSetting?.('npm')).toEqual({ dir: '/tmp/npm', evidence: { file: '.npmrc', line: 2, says: 'sets cache' } });
    expect(given.cacheSetting?.('yarn')).toBeUndefined();
  });
});
