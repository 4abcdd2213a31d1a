// The GitHub Action: inputs in, annotations, summary and outputs out; text of a repository is never a command of the runner.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it, onTestFinished } from 'vitest';
import { core } from '../../../src/checkout/core.ts';
import { inputsOf } from '../../../src/cli/action/inputs.ts';
import { runAction } from '../../../src/cli/action/run.ts';
import type { World } from '../../../src/cli/world.ts';

const dockerfile = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n';
const project = { 'requirements.txt': 'flask==3.0.0\n', 'app.py': 'print(1)\n', '.dockerignore': '.git\n' };

interface Answer {
  code: number;
  out: string;
  outputs: string;
  summary: string;
}

async function act(files: Record<string, string>, inputs: Record<string, string>): Promise<Answer> {
  const root = mkdtempSync(join(tmpdir(), 'dockerfile-mod-action-'));
  const answers = mkdtempSync(join(tmpdir(), 'dockerfile-mod-action-'));
  onTestFinished(() => [root, answers].forEach((directory) => rmSync(directory, { recursive: true })));
  for (const [path, text] of Object.entries({ ...files, '.git/HEAD': 'ref: refs/heads/main\n' })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  let out = '';
  const write = (text: string): unknown => (out += text);
  const [output, summary] = [join(answers, 'output'), join(answers, 'summary')];
  const env: World['env'] = {
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  };
  const stdin = (async function* () {})();
  const code = await runAction({ cwd: root, env, stdin, stdout: { write }, stderr: { write }, version: '0.1.0', core: async () => core });
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  return { code, out, outputs: read(output), summary: read(summary) };
}

describe('mode check', () => {
  it('annotates what would change, and fails', async () => {
    const { code, out, outputs, summary } = await act({ ...project, Dockerfile: dockerfile }, {});
    expect(code).toBe(1);
    expect(out).toMatch(
      /^::warning file=Dockerfile,line=1,title=dockerfile-mod would change this::.*cache-mounts.*; npx dockerfile-mod Dockerfile$/m,
    );
    expect(out).toContain('+RUN --mount=type=cache');
    expect(outputs).toMatch(/^changed<<(end_\S+)\n1\n\1\n$/);
    expect(summary).toContain('## Dockerfiles: 1 of 1 would change\n\n### `Dockerfile`');
  });

  it('only reports when it is told to', async () => {
    expect((await act({ ...project, Dockerfile: dockerfile }, { 'fail-on-change': 'false' })).code).toBe(0);
  });

  it('annotates a wrong use of it', async () => {
    const files = { ...project, Dockerfile: dockerfile };
    const { code, out } = await act(files, { paths: 'services' });
    expect(code).toBe(2);
    expect(out).toMatch(/^::error title=dockerfile-mod::error: 'services' is no file, no directory and no command; nothing was written$/m);
    expect((await act(files, { only: 'no-such-id' })).out).toMatch(
      /^::error title=dockerfile-mod::error: --only: no transform is called 'no-such-id'/m,
    );
  });

  it('leaves a repository alone that asks for it', async () => {
    const { code, outputs } = await act({ ...project, Dockerfile: dockerfile, '.dockerfile-mod.yml': 'enabled: false\n' }, {});
    expect(code).toBe(0);
    expect(outputs).toContain('\n0\n');
  });

  it('is content when nothing changes', async () => {
    const { code, out, outputs } = await act(
      { Dockerfile: 'FROM scratch\nCOPY a /a\nUSER 1000\nCMD ["/a"]\n', '.dockerignore': '*\n!a\n', a: '' },
      {},
    );
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(outputs).toContain('\n0\n');
  });

  it('names a file that cannot be read, with its place from the workspace', async () => {
    const { code, out } = await act({ 'sub/Dockerfile': 'RUN true\n' }, { 'working-directory': 'sub' });
    expect(code).toBe(2);
    expect(out).toContain('::error file=sub/Dockerfile,line=1,col=1,title=Not a Dockerfile that can be read::');
  });

  it('takes the flags of the inputs', async () => {
    const { code, out } = await act({ ...project, Dockerfile: dockerfile }, { only: 'copy-order', paths: 'Dockerfile\n\n' });
    expect(code).toBe(1);
    expect(out).not.toContain('cache-mounts');
    expect((await act({ ...project, Dockerfile: dockerfile }, { only: 'nothing' })).code).toBe(2);
  });

  it('shows text of a repository between marks that it cannot know, and escaped in annotations', async () => {
    const hostile = `${dockerfile}# ::set-output name=x::y\n`;
    const { out } = await act({ ...project, 'a,b%:\u202ec/Dockerfile': hostile }, { paths: 'a,b%:\u202ec' });
    const [, token = ''] = /^::stop-commands::(\S+)$/m.exec(out) ?? [];
    const [before = '', between = '', after] = out.split(new RegExp(`::stop-commands::${token}\n|::${token}::\n`));
    expect(before).toMatch(/^::warning file=a%2Cb%25%3A\\u202ec\/Dockerfile,line=1,title=[^\n]*\n$/);
    expect(between).toContain('+RUN --mount=type=cache');
    expect(after).toBe('');
    expect(token.length).toBeGreaterThan(30);
  });
});

describe('inputs', () => {
  it.each([
    [{ INPUT_MODE: 'write' }, "mode is 'write'; it may be check or pr"],
    [{ INPUT_DRAFT: 'yes' }, "draft is 'yes'; it may be true or false"],
  ])('%o are refused', (env, sentence) => {
    expect(inputsOf(env)).toBe(sentence);
  });
  it('a working directory outside of the workspace is refused', async () => {
    expect((await act({}, { 'working-directory': '../..' })).out).toBe(
      '::error title=dockerfile-mod::working-directory leads out of the workspace\n',
    );
  });
  it('become flags of pr, the token none of them', () => {
    const inputs = inputsOf({
      INPUT_MODE: 'pr',
      INPUT_TOKEN: 's3cret',
      INPUT_ID: 'ci',
      INPUT_TITLE: '--yes',
      INPUT_DRAFT: 'true',
      GITHUB_REPOSITORY: 'acme/svc',
      GITHUB_SERVER_URL: 'https://git.acme.example',
    });
    if (typeof inputs === 'string') throw new Error(inputs);
    expect(inputs.pull).toEqual(['--id=ci', '--title=--yes', '--draft', '--repo=acme/svc', '--base-url=https://git.acme.example']);
    expect(JSON.stringify([inputs.pull, inputs.refactor])).not.toContain('s3cret');
  });
  it('let mode pr verify', () => {
    const inputs = inputsOf({ INPUT_MODE: 'pr', INPUT_VERIFY: 'true', INPUT_MEASURE: 'full', INPUT_PROBES: '/health\n /ready\n' });
    if (typeof inputs === 'string') throw new Error(inputs);
    expect(inputs.pull).toEqual(['--measure=full', '--probe=/health', '--probe=/ready', '--verify']);
    expect(inputsOf({ INPUT_VERIFY: 'yes' })).toBe("verify is 'yes'; it may be true or false");
    const smallest = inputsOf({ INPUT_MODE: 'pr', INPUT_VERIFY: 'true', INPUT_SMALLEST: 'true', INPUT_PROVE: 'same' });
    expect(smallest).toMatchObject({ pull: ['--prove=same', '--verify', '--smallest'] });
  });
  it('are those that action.yml describes', () => {
    const action: { inputs: Record<string, { description: string; default: string }>; runs: object } = parse(
      readFileSync('action.yml', 'utf8'),
    );
    const asked: string[] = [];
    inputsOf(
      new Proxy({} as Record<string, string>, {
        get: (_, name) => void asked.push(String(name)),
      }),
    );
    const read = new Set(asked.filter((name) => name.startsWith('INPUT_')).map((name) => name.slice('INPUT_'.length).toLowerCase()));
    expect([...read].sort()).toEqual(Object.keys(action.inputs).sort());
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/action.js' });
  });
});
