// A session of the language server with a real client: what an editor is shown, and what its actions do.
import { readFileSync } from 'node:fs';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  CancellationTokenSource,
  CodeActionRequest,
  DiagnosticSeverity,
  DidChangeWatchedFilesNotification,
  HoverRequest,
} from 'vscode-languageserver-protocol/node';
import { core } from '../../src/checkout/core.ts';
import { scratch, type Scratch } from '../cli/scratch.ts';
import { editor, modern } from './client.ts';

const dockerfile = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n';
const project = {
  '.git/': '',
  Dockerfile: dockerfile,
  'package.json': '{ "name": "shop", "version": "1.0.0" }\n',
  'package-lock.json':
    '{ "name": "shop", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": { "": { "name": "shop", "version": "1.0.0" } } }\n',
  'server.js': "require('http').createServer().listen(3000);\n",
};
/** What the command line makes of a repository. */
async function byCommand(files: Record<string, string>, ...args: string[]): Promise<Record<string, string>> {
  const at = scratch(files, core);
  await at.run(args);
  return at.all();
}
const codes = (marks: { code?: string | number }[]): unknown[] => [...new Set(marks.map(({ code }) => code))];
const start = (files: Record<string, string> = project): Scratch => scratch(files, core);

describe('the language server', () => {
  it('marks what would be done, with its reason, a page, and how safe it is', async () => {
    const at = start();
    const { answer, open, marks, watched, quit } = await editor(at.root);
    expect(answer.serverInfo?.name).toBe('dockerfile-mod');
    open('Dockerfile', dockerfile);
    const { diagnostics, version } = await marks('Dockerfile');
    expect(version).toBe(1);
    expect(codes(diagnostics)).toEqual(['dockerignore', 'copy-order', 'base-slim', 'non-root-user', 'cache-mounts', 'syntax-directive']);
    const slim = diagnostics.find(({ code }) => code === 'base-slim');
    expect(slim).toMatchObject({
      source: 'dockerfile-mod',
      severity: DiagnosticSeverity.Information,
      message: expect.stringContaining(': '),
    });
    expect(diagnostics.find(({ code }) => code === 'cache-mounts')).toMatchObject({
      severity: DiagnosticSeverity.Hint,
      range: { start: { line: 3, character: 0 }, end: { line: 3, character: 10 } },
    });
    // The page is there, and has the id.
    const page = new URL(slim?.codeDescription?.href ?? '');
    expect(page.hash).toBe('#base-slim');
    expect(readFileSync(fileURLToPath(page), 'utf8')).toContain('\n## base-slim\n');
    expect(watched.join()).toContain('.dockerfile-mod.*');
    expect(await quit()).toBe(0);
  });

  it('does everything at once as the command line does, and creates what belongs to it', async () => {
    const { answer, open, actions, applied } = await editor(start().root);
    expect(answer.capabilities.codeActionProvider).toMatchObject({ codeActionKinds: ['quickfix', 'source.fixAll.dockerfile-mod'] });
    open('Dockerfile', dockerfile);
    const [all, ...others] = await actions('Dockerfile', 5, ['source.fixAll']);
    expect([all?.kind, others]).toEqual(['source.fixAll.dockerfile-mod', []]);
    const done = await byCommand(project);
    expect(applied(all?.edit)).toEqual({ Dockerfile: done.Dockerfile, '.dockerignore': done['.dockerignore'] });
    expect(all?.edit?.documentChanges?.[0]).toMatchObject({ kind: 'create', options: { overwrite: false } });
    expect(all?.edit?.documentChanges?.at(-1)).toMatchObject({ textDocument: { version: 1 } });
    expect(await actions('Dockerfile', 1, ['source.organizeImports'])).toEqual([]);
  });

  it('does one transform at its line, as --only does', async () => {
    const { open, actions, applied } = await editor(start().root);
    open('Dockerfile', dockerfile);
    const titles = (await actions('Dockerfile', 4)).map(({ title, kind }) => `${kind}: ${title}`);
    expect(titles).toEqual([
      'quickfix: Keep package downloads in BuildKit cache mounts (cache-mounts)',
      'source.fixAll.dockerfile-mod: Refactor the whole Dockerfile (dockerfile-mod)',
      'quickfix: Refactor the whole Dockerfile (dockerfile-mod)',
    ]);
    const [mounts] = await actions('Dockerfile', 4, ['quickfix']);
    expect(mounts?.diagnostics?.map(({ code }) => code)).toEqual(['cache-mounts']);
    expect(applied(mounts?.edit)).toEqual({ Dockerfile: (await byCommand(project, '--only', 'cache-mounts')).Dockerfile });
  });

  it('says why, in words that no repository can dress up', async () => {
    const strange = { ...project, Dockerfile: dockerfile.replace('FROM node:22\n', 'FROM registry.example.com/**a**/node:22\n') };
    const { open, hover, marks } = await editor(start(strange).root, { options: { docs: 'https://docs.example.com/dm' } });
    open('Dockerfile', strange.Dockerfile);
    const { diagnostics } = await marks('Dockerfile');
    const left = diagnostics.filter(({ message }) => String(message).includes(' leaves this: '));
    expect(left.length).toBeGreaterThan(0);
    for (const { severity, codeDescription, code } of left)
      expect([severity, codeDescription?.href]).toEqual([DiagnosticSeverity.Hint, `https://docs.example.com/dm/messages#${code}`]);
    const line = (left[0]?.range.start.line ?? 0) + 1;
    const why = await hover('Dockerfile', line);
    expect(why).toMatch(/\*\*\S+\*\* — /);
    expect(why).toContain('To allow it: ');
    expect(why).not.toContain('**a**');
    expect(await hover('Dockerfile', 4)).toMatch(
      /cache\\?-mounts[\s\S]*\[cache-mounts\]\(https:\/\/docs\.example\.com\/dm\/transforms#cache-mounts\)/,
    );
    expect(await hover('Dockerfile', 6)).toBeUndefined();
  });

  it('takes what is open before what is on the disk', async () => {
    const { open, change, close, marks } = await editor(start().root);
    open('Dockerfile', dockerfile);
    expect(codes((await marks('Dockerfile')).diagnostics)).toContain('base-slim');
    // A package that is compiled: the slim image lacks the compiler. It is not saved.
    const lock = JSON.parse(project['package-lock.json']);
    lock.packages[''].dependencies = { bcrypt: '5.1.1' };
    lock.packages['node_modules/bcrypt'] = { version: '5.1.1', hasInstallScript: true };
    open('package.json', '{ "name": "shop", "version": "1.0.0", "dependencies": { "bcrypt": "5.1.1" } }\n', 'json');
    open('package-lock.json', JSON.stringify(lock), 'json');
    change('Dockerfile', `${dockerfile}\n`);
    expect(codes((await marks('Dockerfile')).diagnostics)).not.toContain('base-slim');
    close('package.json');
    close('package-lock.json');
    change('Dockerfile', dockerfile);
    expect(codes((await marks('Dockerfile')).diagnostics)).toContain('base-slim');
    change('Dockerfile', `# dockerfile-mod: off\n${dockerfile}`);
    expect((await marks('Dockerfile')).diagnostics).toEqual([]);
  });

  it('edits an ignore file that is open, for the text that is there', async () => {
    const { open, actions, applied } = await editor(start({ ...project, '.dockerignore': 'old\n' }).root);
    open('.dockerignore', 'tmp\n', 'ignore');
    open('Dockerfile', dockerfile);
    const [all] = await actions('Dockerfile', 1, ['source.fixAll.dockerfile-mod']);
    expect(applied(all?.edit)['.dockerignore']).toMatch(/^tmp\n[\s\S]*node_modules/);
    expect(all?.edit?.documentChanges?.[0]).toMatchObject({ textDocument: { version: 1 } });
  });

  it('does what the repository’s configuration says, also as it is in the editor', async () => {
    const at = start({ ...project, '.dockerfile-mod.yml': 'skip: [base-slim, non-root-user]\n' });
    const { open, marks, change } = await editor(at.root);
    open('Dockerfile', dockerfile);
    expect(codes((await marks('Dockerfile')).diagnostics)).toEqual(['dockerignore', 'copy-order', 'cache-mounts', 'syntax-directive']);
    open('.dockerfile-mod.yml', 'enabled: false\n', 'yaml');
    change('Dockerfile', `${dockerfile}\n`);
    expect((await marks('Dockerfile')).diagnostics).toEqual([]);
    open('.dockerfile-mod.yml', 'levle: safe\n', 'yaml');
    change('Dockerfile', dockerfile);
    expect((await marks('Dockerfile')).diagnostics).toMatchObject([
      { severity: DiagnosticSeverity.Warning, message: expect.stringContaining('.dockerfile-mod.yml:1:1: ') },
    ]);
  });

  it('looks again when the disk changes', async () => {
    const at = start();
    const { tell, open, marks, sent, uriOf } = await editor(at.root);
    open('Dockerfile', dockerfile);
    await marks('Dockerfile');
    at.write('.dockerfile-mod.yml', 'only: cache-mounts\n');
    const before = sent('Dockerfile');
    tell(DidChangeWatchedFilesNotification.type, { changes: [{ uri: uriOf('.dockerfile-mod.yml'), type: 1 }] });
    await expect.poll(() => sent('Dockerfile'), { timeout: 30_000 }).toBeGreaterThan(before);
    expect(codes((await marks('Dockerfile')).diagnostics)).toEqual(['cache-mounts']);
  });

  it('waits until nobody types', async () => {
    const { open, change, marks, sent } = await editor(start().root, { options: { debounce: 1000 } });
    open('Dockerfile', 'FROM');
    for (let n = 1; n <= dockerfile.length; n += 1) change('Dockerfile', dockerfile.slice(0, n));
    await marks('Dockerfile');
    // A machine that is busy may stop in between; it does not answer each letter.
    expect(sent('Dockerfile')).toBeLessThan(5);
  });

  it('does not do what is no longer wanted', async () => {
    const { connection, open, marks, uriOf, hover, actions } = await editor(start().root);
    open('Dockerfile', dockerfile);
    // Work for a while, during which a question comes and is taken back.
    open('Dockerfile.long', `${dockerfile}${'RUN pip install flask\n'.repeat(2000)}`);
    await marks('Dockerfile.long');
    const gone = new CancellationTokenSource();
    const at = { textDocument: { uri: uriOf('Dockerfile') }, position: { line: 3, character: 0 } };
    const long = actions('Dockerfile.long', 4);
    const asked = connection.sendRequest(HoverRequest.type, at, gone.token);
    gone.cancel();
    await expect(asked).rejects.toMatchObject({ code: -32800 });
    expect((await long).length).toBeGreaterThan(0);
    expect(await hover('Dockerfile', 4)).toContain('cache');
  });

  it('lives on with documents that are too big, broken, not saved, or nobody’s business', async () => {
    const at = start();
    const { open, marks, actions, hover, applied, connection, quit, logged } = await editor(at.root);
    for (const big of ['Dockerfile.big', 'untitled:Dockerfile']) {
      open(big, `${dockerfile}${'# x\n'.repeat(400_000)}`);
      expect((await marks(big)).diagnostics).toMatchObject([{ message: expect.stringContaining('the limit for a Dockerfile is 1 MB') }]);
      expect(await actions(big, 1)).toEqual([]);
    }
    open('Dockerfile.broken', 'FROM node:22\nRUN <<EOF\n');
    expect((await marks('Dockerfile.broken')).diagnostics).toMatchObject([
      { severity: DiagnosticSeverity.Warning, range: { start: { line: 1 } } },
    ]);
    open('Dockerfile.empty', '');
    expect((await marks('Dockerfile.empty')).diagnostics).toHaveLength(1);
    open('Dockerfile.old', dockerfile.replaceAll('\n', '\r\n'));
    const [crlf] = await actions('Dockerfile.old', 4, ['quickfix']);
    expect(applied(crlf?.edit)['Dockerfile.old']).toContain('RUN --mount=type=cache,target=/root/.npm npm ci\r\nCMD');

    open('untitled:Untitled-1', 'FROM node:22\nRUN npm install -g serve\nCMD ["serve"]\n');
    const { diagnostics } = await marks('untitled:Untitled-1');
    expect(codes(diagnostics)).not.toContain('dockerignore');
    expect(await actions('untitled:Untitled-1', 2, ['source.fixAll'])).toMatchObject([
      { edit: { documentChanges: [{ textDocument: { uri: 'untitled:Untitled-1' } }] } },
    ]);

    for (const uri of ['git:/Dockerfile?old', 'vscode-chat:/1/Dockerfile', 'file://other-host/x/Dockerfile', 'nonsense'])
      expect([await actions(uri, 1), await hover(uri, 1)]).toEqual([[], undefined]);
    open('git:/Dockerfile?old', dockerfile);
    open('README.md', '# FROM node:22\n', 'markdown');
    open('new/directory/Dockerfile', dockerfile);
    expect((await marks('new/directory/Dockerfile')).diagnostics.length).toBeGreaterThan(0);
    expect([await actions('git:/Dockerfile?old', 1), await actions('README.md', 1)]).toEqual([[], []]);
    const out = { start: { line: 900, character: 9 }, end: { line: 901, character: 0 } };
    const far = await connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: pathToFileURL(`${at.root}/Dockerfile.old`).href },
      range: out,
      context: { diagnostics: [] },
    });
    expect(far?.map(({ title }) => title)).toEqual(['Refactor the whole Dockerfile (dockerfile-mod)']);
    expect(logged).toEqual([]);
    expect(await quit()).toBe(0);
  });

  it('ends with its editor', async () => {
    const { open, marks, die } = await editor(start().root);
    open('Dockerfile', dockerfile);
    await marks('Dockerfile');
    expect(await die()).toBe(1);
  });

  it('leaves out new files where the editor cannot make them', async () => {
    const { open, actions, applied } = await editor(start().root, { capabilities: {} });
    open('Dockerfile', dockerfile);
    const [all] = await actions('Dockerfile', 1, ['source.fixAll']);
    expect(all?.edit?.documentChanges).toBeUndefined();
    expect(applied(all?.edit)).toEqual({ Dockerfile: (await byCommand(project, '--skip', 'dockerignore')).Dockerfile });
    expect(modern.workspace?.workspaceEdit?.documentChanges).toBe(true);
  });
});
