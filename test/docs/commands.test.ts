// Every command that the documents show is run: here as far as no container engine is needed, with one in commands.e2e.test.ts.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeForge } from '../bulk/fake-forge.ts';
import { fakeGitea, type FakeGitea } from '../bulk/fake-gitea.ts';
import { project } from '../bulk/harness.ts';
import { fakeGitHub, type FakeGitHub } from '../forge/fake/github.ts';
import { push } from '../forge/fake/store.ts';
import { commandsInSettings, documents, stepsOf } from './blocks.ts';
import { elsewhere, isRunHere, needsEngine } from './elsewhere.ts';
import { newHome } from './home.ts';
import type { Shell } from './shell.ts';

const all = documents.flatMap(({ path, text }) => stepsOf(text).flatMap(({ commands }) => commands.map((command) => ({ path, command }))));

let root: string;
let gitea: FakeGitea;
let gitHub: FakeGitHub;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'dockerfile-mod-docs-'));
  const forge = fakeForge();
  gitHub = await fakeGitHub();
  for (const name of ['shop', 'web']) {
    forge.addRepo(name, project(name));
    gitHub.store.groups.add('acme');
    push(gitHub.store, gitHub.store.add('acme', name), 'main', project(name));
  }
  gitea = await fakeGitea(forge);
  // No engine is on the PATH, whatever this machine has.
  mkdirSync(join(root, 'bin'));
  symlinkSync(execFileSync('which', ['git'], { encoding: 'utf8' }).trim(), join(root, 'bin/git'));
});
afterAll(async () => {
  await gitea?.close();
  await gitHub?.end();
  rmSync(root, { recursive: true, force: true });
});

let homes = 0;
const shell = (): Shell => {
  // A queue that is not there is not asked for.
  const env = { PATH: join(root, 'bin'), DOCKERFILE_MOD_TOKEN: gitHub.token, DOCKERFILE_MOD_QUEUE: '' };
  return newHome(join(root, `home-${(homes += 1)}`), env, toFakes);
};

/** The addresses of forges, which are not on this machine. */
function toFakes(words: string[]): string[] {
  const changed = words.map((word) => (word === 'http://127.0.0.1:3900' ? gitea.url : word));
  // Nobody is there to answer the question that apply asks.
  if (words[1] === 'apply' && !words.includes('--yes')) changed.push('--yes');
  // The fakes have no limits to keep.
  if (words[1] === 'plan') changed.push('--content-per-minute', '9999');
  return words.includes('github') ? [...changed, '--base-url', gitHub.origin] : changed;
}

describe('documents', () => {
  const left = all.filter(({ command }) => isRunHere(command));

  it('show commands that are run here, or where the list says', () => {
    for (const { line, where, holds } of elsewhere) {
      expect(
        all.some(({ command }) => line.test(command)),
        `${line} is in no document any more`,
      ).toBe(true);
      expect(existsSync(where) && readFileSync(where, 'utf8').includes(holds), `${where} does not hold ${holds}`).toBe(true);
    }
  });

  it.each([...new Set(left.map(({ path }) => path))])('%s: its commands do what they say', async (path) => {
    const { text = '' } = documents.find((one) => one.path === path) ?? {};
    const at = shell();
    for (const { commands, shown } of stepsOf(text)) {
      let said = '';
      // A tutorial goes on where it was; elsewhere each block is on its own, in the same repository.
      if (path !== 'docs/tutorial.md') at.cwd = join(at.home, 'work');
      // And what begins a campaign begins it.
      if (commands.some((command) => command.includes('bulk plan') && isRunHere(command)))
        rmSync(join(at.cwd, '.dockerfile-mod'), { recursive: true, force: true });
      for (const command of commands) {
        if (!isRunHere(command)) continue;
        const ran = await at.run(command);
        expect(ran, `${path}: nothing runs ${command}`).toBeDefined();
        const { code = -1, said: words = '' } = ran ?? {};
        if (needsEngine(command) && !words.includes('There was nothing to rewrite'))
          expect({ command, code, words }).toEqual({
            command,
            code: 2,
            words: expect.stringMatching(/No container engine is on PATH|facts\.json/),
          });
        else expect({ command, code, words }).toEqual({ command, code: 0, words });
        said += ran?.said ?? '';
      }
      if (path === 'docs/tutorial.md') for (const block of shown) expectLines(said, block);
    }
  });

  it('have commands in settings of CI that the command line takes', async () => {
    const settings = [...documents, { path: 'docs/ci/gitlab.yml', text: readFileSync('docs/ci/gitlab.yml', 'utf8') }].flatMap(
      ({ path, text }) => commandsInSettings(path.endsWith('.yml') ? text : settingsBlocks(text)),
    );
    expect(settings.length).toBeGreaterThan(6);
    const at = shell();
    at.env.GITHUB_STEP_SUMMARY = join(at.home, 'summary.md');
    for (const command of settings.filter((one) => !/ pr /.test(one))) {
      const ran = await at.run(command);
      await at.run('git checkout --quiet . && git clean --quiet --force -d');
      // --check ends with 1: there is something to change.
      expect({ command, code: ran?.code, said: ran?.said }).toMatchObject({ command, code: command.includes('--check') ? 1 : 0 });
    }
  });
});

const settingsBlocks = (text: string): string =>
  [...text.matchAll(/```(?:yaml|json|js)\n([\s\S]*?)```/g)].map(([, body]) => body).join('\n');

/** Each line of what is shown was printed, in that order. */
function expectLines(said: string, shown: string): void {
  const printed = said.split('\n').map((line) => line.trimEnd());
  let at = 0;
  for (const line of shown.split('\n').map((one) => one.trimEnd())) {
    if (line === '') continue;
    const found = printed.indexOf(line, at);
    expect(found, `not printed, or not there: ${line}\n${said}`).toBeGreaterThanOrEqual(0);
    at = found + 1;
  }
}
