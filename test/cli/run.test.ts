// The command line with a stand-in for the library: what is printed, written, and answered.
import { execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resultSchema } from '../../src/report/schema.ts';
import { node, scratch, slim } from './scratch.ts';

describe('dockerfile-mod PATHS', () => {
  it('rewrites in place, prints the diff, one line a transform, and a summary', async () => {
    const at = scratch({ Dockerfile: `# skip: listens on port 80\n${node}` });
    const { code, out, err } = await at.run(['Dockerfile']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`Dockerfile (context .)
diff --git a/Dockerfile b/Dockerfile
--- a/Dockerfile
+++ b/Dockerfile
@@ -1,3 +1,3 @@
 # skip: listens on port 80
-FROM node:22
+FROM node:22-slim
 CMD ["node", "a.js"]
✓ base-slim — nothing needs the full image
– non-root-user: listens on port 80 (line 1)

1 file rewritten, 1 transform applied, 1 skipped
`);
    expect(at.read('Dockerfile')).toContain('FROM node:22-slim');
  });

  it('says that there is nothing to do the second time', async () => {
    const at = scratch({ Dockerfile: node });
    await at.run([]);
    const before = at.all();
    expect(await at.run([])).toEqual({ code: 0, out: 'nothing to do\n', err: '' });
    expect(at.all()).toEqual(before);
  });

  it.each([
    ['--dry-run', 0],
    ['--check', 1],
  ] as const)('%s writes nothing and exits with %i', async (flag, code) => {
    const at = scratch({ Dockerfile: `# ignore: x\n${node}` });
    const before = at.all();
    const result = await at.run([flag, '.']);
    expect(result.code).toBe(code);
    expect(result.out).toContain('+FROM node:22-slim');
    expect(result.out).toMatch(/1 file would be rewritten, 1 created, 2 transforms applied\n$/);
    expect(at.all()).toEqual(before);
  });

  it('--check exits with 0 when nothing would change, and with 2 when a file is bad', async () => {
    expect((await scratch({ Dockerfile: slim }).run(['--check'])).code).toBe(0);
    expect((await scratch({ Dockerfile: node, 'a/Dockerfile': 'WAT\n' }).run(['--check'])).code).toBe(2);
  });

  it('goes on after a bad file and exits with 2', async () => {
    const at = scratch({ 'a/Dockerfile': 'FROM node:22\nINSTALL x\n', 'b/Dockerfile': node });
    const { code, err, out } = await at.run([]);
    expect(code).toBe(2);
    expect(err).toMatch(/^a\/Dockerfile:2:1: unknown instruction: INSTALL\n {2}Nothing was changed\./);
    expect(out).toMatch(/1 file rewritten, 1 transform applied, 1 file with an error\n$/);
    expect(at.read('b/Dockerfile')).toBe(slim);
    expect(at.read('a/Dockerfile')).toBe('FROM node:22\nINSTALL x\n');
  });

  it('--quiet prints errors only', async () => {
    const at = scratch({ 'a/Dockerfile': 'WAT\n', 'b/Dockerfile': node });
    const { code, out, err } = await at.run(['--quiet']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('a/Dockerfile:1:1: unknown instruction: WAT');
    expect(at.read('b/Dockerfile')).toBe(slim);
  });

  it('--explain says which transform made a hunk, on what evidence, and what would allow a skip', async () => {
    const at = scratch({ Dockerfile: `# skip: listens on port 80\n# ignore: x\n${node}` });
    const { out } = await at.run(['--dry-run', '--explain']);
    expect(out).toContain(`+FROM node:22-slim
 CMD ["node", "a.js"]
  ✓ base-slim (review): Run on the slim image
    why: nothing needs the full image
    Dockerfile:3: FROM node:22
    package.json:3: no native packages
diff --git a/.dockerignore b/.dockerignore`);
    expect(out).toContain('+x\n  ✓ dockerignore (safe): Keep host files out\n    why: they are not needed in the image\n');
    expect(out).toContain(
      '– non-root-user: listens on port 80 (line 1)\n    skip: privileged-port\n    server.js:7: listen(80)\n    to allow it: Listen above 1024.\n',
    );
  });

  it('an exception of the library is one line; --debug adds the stack', async () => {
    const at = scratch({ Dockerfile: `${node}# crash\n` });
    const short = await at.run([]);
    expect(short.code).toBe(2);
    expect(short.err).toBe(
      'Dockerfile:1:1: internal error: the bug\n  Nothing was changed. This is a bug of dockerfile-mod: please report it with the output of --debug.\n',
    );
    expect((await at.run(['--debug'])).err).toMatch(/\n {4}at .*refactor /);
  });
});

describe('formats', () => {
  it('--format diff prints a patch that git applies, new files included', async () => {
    const at = scratch({ 'a b/Dockerfile': `# ignore: node_modules\n${node}`, 'c/Dockerfile': node.trimEnd().replaceAll('\n', '\r\n') });
    execFileSync('git', ['init', '-q'], { cwd: at.root });
    const { out, code } = await at.run(['--dry-run', '--format', 'diff']);
    expect(code).toBe(0);
    execFileSync('git', ['-c', 'core.autocrlf=false', 'apply', '-'], { cwd: at.root, input: out });
    expect(at.read('a b/Dockerfile')).toBe(`# ignore: node_modules\n${slim}`);
    expect(at.read('a b/.dockerignore')).toBe('node_modules\n');
    expect(at.read('c/Dockerfile')).toBe(slim.trimEnd().replaceAll('\n', '\r\n'));
  });

  it('--format diff has the paths of the repository, wherever it runs', async () => {
    const at = scratch({ 'services/api/Dockerfile': node });
    execFileSync('git', ['init', '-q'], { cwd: at.root });
    const { out } = await at.run(['--dry-run', '--format', 'diff'], { cwd: `${at.root}/services/api` });
    expect(out).toContain('--- a/services/api/Dockerfile\n');
    execFileSync('git', ['apply', '-'], { cwd: `${at.root}/services/api`, input: out });
    expect(at.read('services/api/Dockerfile')).toBe(slim);
  });

  it('--format diff prints nothing when nothing changes', async () => {
    expect(await scratch({ Dockerfile: slim }).run(['--format', 'diff'])).toEqual({ code: 0, out: '', err: '' });
  });

  it('--format json prints one document of the published schema', async () => {
    const at = scratch({
      Dockerfile: `# ignore: x\n# skip: why\n${node}`,
      'bad/Dockerfile': 'WAT\n',
      'same/Dockerfile': slim,
      'binary/Dockerfile': new Uint8Array([70, 0, 1]),
    });
    at.write('more/.dockerignore', 'a\n');
    at.write('more/Dockerfile', `# ignore: b\n${node}`);
    const { code, out } = await at.run(['--dry-run', '--format', 'json']);
    expect(code).toBe(2);
    const document = resultSchema.parse(JSON.parse(out));
    expect(document.version).toBe('1.2.3');
    expect(document.summary).toEqual({ files: 5, changed: 2, created: 1, applied: 4, skipped: 1, errors: 2 });
    const of = (path: string) => document.files.find((file) => file.path === path);
    expect(of('Dockerfile')).toMatchObject({
      context: '.',
      changed: true,
      created: [{ path: '.dockerignore', content: 'x\n' }],
      updated: [],
      skipped: [{ reason: 'privileged-port', line: 2 }],
    });
    expect(of('Dockerfile')?.after).toContain('FROM node:22-slim');
    expect(of('bad/Dockerfile')).toMatchObject({
      changed: false,
      before: 'WAT\n',
      after: 'WAT\n',
      diff: '',
      error: { line: 1, column: 1, message: 'unknown instruction: WAT' },
    });
    expect(of('binary/Dockerfile')).toMatchObject({
      before: null,
      after: null,
      error: { message: 'is a binary file (NUL byte at offset 1)' },
    });
    expect(of('same/Dockerfile')).toMatchObject({ changed: false, diff: '', applied: [] });
    expect(of('more/Dockerfile')).toMatchObject({
      context: 'more',
      created: [],
      updated: [{ path: 'more/.dockerignore', before: 'a\n', after: 'a\nb\n' }],
    });
  });
});

describe('colour', () => {
  const cases: [string, string[], Record<string, string>, true | undefined, boolean][] = [
    ['on a terminal', [], {}, true, true],
    ['not into a file', [], {}, undefined, false],
    ['not with --no-color', ['--no-color'], {}, true, false],
    ['not with NO_COLOR', [], { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR says nothing', [], { NO_COLOR: '' }, true, true],
    ['with FORCE_COLOR into a file', [], { FORCE_COLOR: '1' }, undefined, true],
    ['FORCE_COLOR=0 forbids it', [], { FORCE_COLOR: '0' }, true, false],
    ['--no-color is stronger than FORCE_COLOR', ['--no-color'], { FORCE_COLOR: '1' }, true, false],
    ['not on a dumb terminal', [], { TERM: 'dumb' }, true, false],
  ];
  it.each(cases)('%s', async (_, args, env, tty, coloured) => {
    const { out } = await scratch({ Dockerfile: node }).run(['--dry-run', ...args], { env, tty });
    expect(out.includes('\u001b[')).toBe(coloured);
  });

  it('never sends what a repository says raw to a terminal', async () => {
    const at = scratch({
      'a\u001b]0;x\u0007b/Dockerfile': `# skip: \u001b[2J\u202egnp\n${node}RUN echo \u001b[31m\u0000`.replace('\u0000', '\u009b1m'),
    });
    const { out, err } = await at.run(['--dry-run', '--explain', '--no-color']);
    for (const control of [...(out + err)].filter((c) => c !== '\n')) expect(control).toMatch(/[\x20-\x7e\t–—✓]/);
    expect(out).toContain('\\x1b[2J\\u202egnp');
  });
});

describe('usage', () => {
  it.each([
    [['--level', 'wild'], /option '--level <level>' argument 'wild' is invalid/],
    [['--base', 'fedora'], /Allowed choices are slim, distroless, scratch, alpine, keep, smallest/],
    [['--format', 'xml'], /'xml' is invalid/],
    [['--frob'], /unknown option '--frob'/],
    [['--only', 'base-slim,nope'], /--only: no transform is called 'nope'\. The transforms are: base-slim, dockerignore, non-root-user/],
    [['--skip', 'nope', '--skip', 'nor-this'], /--skip: no transform is called 'nope', 'nor-this'/],
    [['--only', 'a,,b'], /Expected transform ids/],
    [['--context', 'nowhere'], /--context: nowhere: no such file or directory/],
    [['--context', 'Dockerfile'], /--context: Dockerfile is not a directory/],
    [['-', 'Dockerfile'], /- \(standard input\) cannot be given together with other paths/],
  ])('%j is refused with 2', async (args, message) => {
    const at = scratch({ Dockerfile: node });
    const { code, err, out } = await at.run(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(at.read('Dockerfile')).toBe(node);
  });

  it.each([
    // A guess at a command, before a path.
    [
      ['check', '.'],
      /^error: 'check' is no file, no directory and no command; nothing was written\n {2}Did you mean: dockerfile-mod --check \.\n/,
    ],
    [['fix', '.'], /Did you mean: dockerfile-mod \.\n/],
    [['diff', '.'], /Did you mean: dockerfile-mod --dry-run \.\n/],
    [['.', 'lint'], /Did you mean: dockerfile-mod --check \.\n/],
    [['verfy', 'Dockerfile'], /Did you mean: dockerfile-mod verify Dockerfile\n/],
    [['ckeck', '.'], /Did you mean: dockerfile-mod --check \.\n/],
    [['check'], /'check' is no file, .*\n {2}Did you mean: dockerfile-mod --check \.\n/],
    [['prettify', '.'], /^error: 'prettify' is no file, no directory and no command; nothing was written\n {2}Check the path\.\n/],
    // A path that is not there, also behind one that is, and also for a run that builds.
    [['.', 'api/Dockerfile'], /^error: api\/Dockerfile: no such file or directory; nothing was written\n/],
    [['Dockerfile/api', '.'], /Dockerfile\/api: no such file or directory/],
    [['verify', 'run', '.'], /'run' is no file/],
    [['--verify', 'check', '.'], /'check' is no file/],
    [['--check', 'nowhere', '.'], /'nowhere' is no file/],
    [['a\nb', '.'], /^error: a\\nb: no such file/],
    // A directory of that name is a path when it stands alone, or is written as one.
    [
      ['format', '.'],
      /^error: 'format' is a path here, and could be meant as a command; nothing was written\n {2}For the path write \.\/format\. Otherwise: dockerfile-mod \.\n/,
    ],
  ])('%j writes nothing', async (args, message) => {
    const at = scratch({ Dockerfile: node, 'format/Dockerfile': node });
    const before = at.all();
    const { code, err, out } = await at.run(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(at.all()).toEqual(before);
  });

  it.each([[['format']], [['./format', '.']], [['.', 'format']], [['api', 'format']]])('%j are paths', async (args) => {
    const at = scratch({ 'format/Dockerfile': node, 'api/Dockerfile': node });
    expect(await at.run(args)).toMatchObject({ code: 0, err: '' });
    expect(at.read('format/Dockerfile')).toBe(slim);
  });

  it('--help and --version need no library', async () => {
    const at = scratch();
    const core = () => Promise.reject(new Error('loaded'));
    expect(await at.run(['--version'], { core })).toEqual({ code: 0, out: '1.2.3\n', err: '' });
    const { code, out } = await at.run(['--help'], { core });
    expect(code).toBe(0);
    for (const flag of [
      '--dry-run',
      '--check',
      '--only',
      '--skip',
      '--level',
      '--base',
      '--context',
      '--format',
      '--explain',
      '--quiet',
      '--no-color',
      '--debug',
      '--version',
    ])
      expect(out).toContain(flag);
  });

  it('--only and --skip are lists that add up', async () => {
    const at = scratch({ Dockerfile: `# ignore: x\n${node}` });
    expect((await at.run(['--dry-run', '--only', 'non-root-user', '--only', 'base-slim'])).out).toMatch(
      /1 file would be rewritten, 1 transform applied\n/,
    );
    expect((await at.run(['--dry-run', '--skip', 'base-slim,dockerignore'])).out).toBe('nothing to do\n');
  });

  it('list prints the transforms', async () => {
    const { code, out } = await scratch().run(['list']);
    expect(code).toBe(0);
    expect(out).toMatch(/^base-slim\n {2}Run on the slim image\n {2}It is smaller\.\n\ndockerignore\n/);
    expect(JSON.parse((await scratch().run(['list', '--format', 'json'])).out)).toHaveLength(3);
  });
});

describe('standard input', () => {
  it('gives the result on the output and the report on the error stream', async () => {
    const at = scratch();
    const { code, out, err } = await at.run(['-'], { input: node });
    expect({ code, out }).toEqual({ code: 0, out: slim });
    expect(err).toMatch(/✓ base-slim/);
    expect(err).toContain('note: the build context is uncertain');
    expect((await at.run(['--quiet', '-'], { input: node })).err).toBe('');
  });

  it('takes facts from --context and writes nothing there', async () => {
    const at = scratch({ 'app/.dockerignore': 'a\n' });
    const { out, err } = await at.run(['--context', 'app', '-'], { input: `# ignore: a\n# ignore: b\n${node}` });
    expect(out).toContain('FROM node:22-slim');
    expect(err).toContain('+b\n');
    expect(err).not.toContain('uncertain');
    expect(err).toContain('note: app/.dockerignore belongs to the result and is not written for standard input');
    expect(at.all()).toEqual({ 'app/.dockerignore': 'a\n' });
  });

  it('--check and bad input print no Dockerfile', async () => {
    const at = scratch();
    expect(await at.run(['--check', '--quiet', '-'], { input: node })).toEqual({ code: 1, out: '', err: '' });
    expect(await at.run(['--quiet', '-'], { input: 'WAT\n' })).toMatchObject({ code: 2, out: '' });
    expect((await at.run(['-'], { input: new Uint8Array(2_000_000).fill(65) })).err).toMatch(
      /^-:1:1: is [0-9.]+ MB; the limit|^-:1:1: is larger than 1 MB/,
    );
  });

  it('--format json and diff have the output to themselves', async () => {
    const at = scratch();
    expect(resultSchema.parse(JSON.parse((await at.run(['--format', 'json', '-'], { input: node })).out)).files[0]).toMatchObject({
      path: '-',
      context: null,
      after: slim,
    });
    expect((await at.run(['--format', 'diff', '-'], { input: node })).out).toMatch(/^diff --git a\/Dockerfile b\/Dockerfile\n/);
  });
});

describe('what stays', () => {
  it('mode, line ends, byte order mark, missing final line break', async () => {
    const at = scratch();
    at.write('Dockerfile', '\ufeffFROM node:22\r\nCMD x', 0o640);
    await at.run([]);
    expect(at.read('Dockerfile')).toBe('\ufeffFROM node:22-slim\r\nCMD x');
    expect(statSync(`${at.root}/Dockerfile`).mode & 0o7777).toBe(0o640);
    expect(Object.keys(at.all())).toEqual(['Dockerfile']);
  });

  it('a file in a directory that cannot be written', async () => {
    const at = scratch({ 'a/Dockerfile': node });
    chmodSync(`${at.root}/a`, 0o555);
    const { code, err } = await at.run([]);
    chmodSync(`${at.root}/a`, 0o755);
    if (process.getuid?.() === 0) return; // root may write everywhere
    expect(code).toBe(2);
    expect(err).toContain('a/Dockerfile:1:1: cannot be written: permission denied');
  });
});
