// Tokens: where they may come from, and that no form of them stays in a text.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createRedactor, readCredential, readToken } from '../../src/forge/secrets.ts';
import { ForgeError } from '../../src/forge/types.ts';

const directory = mkdtempSync(join(tmpdir(), 'secrets-'));
afterAll(() => rmSync(directory, { recursive: true }));

const secret = 'a+secret/with=odd"characters?&';
const basic = (pair: string): string => Buffer.from(pair).toString('base64');

describe('redact', () => {
  const redactor = createRedactor();
  redactor.add(secret);
  it.each([
    ['as it is', secret],
    ['URL-encoded', encodeURIComponent(secret)],
    ['in JSON', JSON.stringify({ value: secret })],
    ['base64', basic(secret)],
    ['base64 without padding', basic(secret).replace(/=+$/, '')],
    ['base64url', Buffer.from(secret).toString('base64url')],
    ['Basic of GitHub', `Authorization: Basic ${basic(`x-access-token:${secret}`)}`],
    ['Basic of GitLab', basic(`oauth2:${secret}`)],
    ['Basic, token first', basic(`${secret}:x-oauth-basic`)],
    ['in a URL', `https://x-access-token:${secret}@example.test/a.git`],
    ['encoded in a URL', `https://x-access-token:${encodeURIComponent(secret)}@example.test/a.git`],
  ])('%s', (_, form) => {
    const shown = redactor.redact(`before ${form} after`);
    expect(shown).toContain('[redacted]');
    expect(shown).toMatch(/^before .* after$/s);
    for (const part of ['secret', 'odd', basic(secret).slice(2, 12), basic(`x-access-token:${secret}`).slice(22, 40)])
      expect(shown).not.toContain(part);
  });
  it.each([
    [`ghp_${'a1'.repeat(18)}`, '[redacted]'],
    [`github_pat_${'A_1'.repeat(20)}`, '[redacted]'],
    [`glpat-${'x-Y_9'.repeat(4)}`, '[redacted]'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
    [`{"authorization":"token 0123"}`, `{"authorization":"token [redacted]"}`],
    ['PRIVATE-TOKEN: abc', 'PRIVATE-TOKEN: [redacted]'],
    ['http://user:pass@host/x', 'http://[redacted]@host/x'],
  ])('what nobody told of: %s', (text, shown) => expect(createRedactor().redact(text)).toBe(shown));
  it.each(['https://example.test/a@b', 'mail person@example.test', 'ghp_short', 'FROM node:22@sha256:00ff'])('leaves %s', (text) =>
    expect(createRedactor().redact(text)).toBe(text),
  );
  it('too short to be a secret is ignored', () => {
    const short = createRedactor();
    short.add('abc');
    expect(short.redact('abc')).toBe('abc');
  });
  it('nothing of a secret is left, wherever it stands and however it is written', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[!-~]{12,60}$/),
        fc.array(fc.constantFrom(0, 1, 2, 3, 4), { minLength: 1, maxLength: 5 }),
        fc.string(),
        (token, forms, noise) => {
          const written = [
            token,
            encodeURIComponent(token),
            basic(token),
            basic(`x-access-token:${token}`),
            Buffer.from(token).toString('base64url'),
          ];
          const one = createRedactor();
          one.add(token);
          const shown = one.redact(forms.map((form) => `${noise} ${written[form]}`).join(' | '));
          for (const form of forms) expect(shown.includes(written[form] ?? '')).toBe(false);
        },
      ),
    );
  });
});

describe('readToken', () => {
  const file = (name: string, text: string, mode = 0o600): string => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode });
    chmodSync(path, mode);
    return path;
  };
  const fails = (path: string): string => {
    try {
      readToken('github', { file: path, env: {} });
    } catch (error) {
      if (error instanceof ForgeError) return error.message;
    }
    throw new Error('it should have failed');
  };
  it('a file, then the environment in its order, then none', () => {
    const env = { DOCKERFILE_MOD_TOKEN: 'ours-12345', GITHUB_TOKEN: 'theirs-123', GITLAB_TOKEN: 'lab-123456' };
    expect(readToken('github', { file: file('token', 'of-the-file\n'), env })).toEqual({
      value: 'of-the-file',
      from: join(directory, 'token'),
    });
    expect(readToken('github', { file: undefined, env })).toEqual({ value: 'ours-12345', from: 'DOCKERFILE_MOD_TOKEN' });
    expect(readToken('gitlab', { file: undefined, env: { ...env, DOCKERFILE_MOD_TOKEN: ' ' } })?.from).toBe('GITLAB_TOKEN');
    expect(readToken('gitea', { file: undefined, env: { GITHUB_TOKEN: 'theirs-123' } })).toBeUndefined();
  });
  it('refuses a file that others may read, an empty one, several lines, none; and says nothing of what is in it', () => {
    expect(fails(file('open', 'very-secret', 0o640))).toMatch(/0600/);
    expect(fails(file('empty', '\n'))).toMatch(/no token/);
    const message = fails(file('lines', 'very-secret\nX-Injected: 1\n'));
    expect(message).toMatch(/more than one line/);
    expect(message).not.toMatch(/very|Injected/);
    expect(fails(join(directory, 'none'))).toMatch(/ENOENT/);
  });
  it('an app of GitHub, when there is no token', () => {
    const key = file('app.pem', '-----BEGIN KEY-----\nline\n-----END KEY-----\n');
    const env = { DOCKERFILE_MOD_APP_ID: '12', DOCKERFILE_MOD_APP_KEY_FILE: key };
    const app = { kind: 'app', id: '12', privateKey: '-----BEGIN KEY-----\nline\n-----END KEY-----\n', installation: undefined };
    expect(readCredential('github', { file: undefined, env })).toEqual(app);
    expect(readCredential('github', { file: undefined, env: { ...env, DOCKERFILE_MOD_APP_INSTALLATION: '7' } })).toEqual({
      ...app,
      installation: 7,
    });
    expect(readCredential('github', { file: undefined, env: { ...env, GITHUB_TOKEN: 'token-12345' } })).toEqual({
      kind: 'token',
      value: 'token-12345',
    });
    expect(readCredential('gitlab', { file: undefined, env })).toBeUndefined();
    expect(() => readCredential('github', { file: undefined, env: { ...env, DOCKERFILE_MOD_APP_INSTALLATION: '7; x' } })).toThrow(
      ForgeError,
    );
    chmodSync(key, 0o644);
    expect(() => readCredential('github', { file: undefined, env })).toThrow(/0600/);
  });
});
