// Room: ecosystems/python. Requirements files: lines, closure, manifest sets.
import { describe, expect, it } from 'vitest';
import { memoryTree } from '../../../src/context/memory.ts';
import { pythonProject } from '../../../src/ecosystems/python/project.ts';
import { readRequirements } from '../../../src/ecosystems/python/requirements.ts';
import { costOf } from '../../cost.ts';

const project = (files: Record<string, string>, ignores?: (path: string) => boolean) => {
  const made = pythonProject(memoryTree(files), '', ignores);
  if (made === undefined) throw new Error('no project');
  return made;
};
const lines = (text: string) =>
  (readRequirements(text) ?? []).map(({ kind, line, ...rest }) => [line, kind, 'name' in rest ? rest.name : rest.text]);

describe('lines', () => {
  it('reads what people write', () => {
    expect(
      lines(`\uFEFF# comment
Flask==3.0.0   # inline
uvicorn[standard] >= 0.30 ; python_version > "3.8"
requests~=2.32 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
zope.interface
--index-url https://user:\${TOKEN}@pypi.example.com/simple
--extra-index-url=https://pypi.example.com/simple
-i https://pypi.example.com/simple
thing @ git+https://github.com/acme/thing@v1
git+https://github.com/acme/other.git#egg=Other_Thing
https://example.com/acme-1.0-py3-none-any.whl
https://example.com/archive.tar.gz
-e git+https://github.com/acme/edit#egg=edit
./libs/core
-e .
file:///opt/x
django>=4,<5 # a#b
name#notcomment
`),
    ).toEqual([
      [2, 'package', 'flask'],
      [3, 'package', 'uvicorn'],
      [4, 'package', 'requests'],
      [7, 'package', 'zope-interface'],
      [8, 'option', '--index-url'],
      [9, 'option', '--extra-index-url'],
      [10, 'option', '--index-url'],
      [11, 'package', 'thing'],
      [12, 'package', 'other-thing'],
      [13, 'package', 'acme'],
      [14, 'unnamed', 'https://example.com/archive.tar.gz'],
      [15, 'package', 'edit'],
      [16, 'local', './libs/core'],
      [17, 'local', '-e .'],
      [18, 'local', 'file:///opt/x'],
      [19, 'package', 'django'],
      [20, 'unnamed', 'name#notcomment'],
    ]);
  });
  it('keeps specifier, extras and marker apart', () => {
    const [line] = readRequirements('uvicorn[standard,Extra_Two] >=0.30,<1 ; sys_platform != "win32" --hash=sha256:a') ?? [];
    expect(line).toMatchObject({
      name: 'uvicorn',
      extras: ['standard', 'extra-two'],
      spec: '>=0.30,<1',
      marker: 'sys_platform != "win32"',
    });
  });
  it('joins lines as pip does', () => {
    expect(lines('flask \\\n# a comment ends it\nredis\\')).toEqual([
      [1, 'package', 'flask'],
      [3, 'package', 'redis'],
    ]);
    expect(lines('a\r\nb\rc')).toEqual([
      [1, 'package', 'a'],
      [2, 'package', 'b'],
      [3, 'package', 'c'],
    ]);
  });
  it('has an end', () => {
    expect(readRequirements('a\n'.repeat(30_000))).toBeUndefined();
  });
});

describe('closure (hard case 10)', () => {
  const files = {
    'app.py': '',
    'requirements/prod.txt': '-r base.txt\n-c ../constraints.txt\ngunicorn\n',
    'requirements/base.txt': 'flask\npywin32; sys_platform == "win32"\n',
    'constraints.txt': 'flask==3.0.0\nnumpy==1.0\n',
  };
  it('follows -r and -c relative to the including file', () => {
    expect(project(files).requirements('requirements/prod.txt')).toMatchObject({
      value: {
        files: ['requirements/prod.txt', 'requirements/base.txt', 'constraints.txt'],
        packages: [{ name: 'gunicorn' }, { name: 'flask', file: 'requirements/base.txt', line: 1 }],
        local: [],
      },
    });
    expect(project(files).manifests('pip', { requirements: ['requirements/prod.txt'], noRoot: true })).toMatchObject({
      set: { files: ['requirements/prod.txt', 'requirements/base.txt', 'constraints.txt'], dirs: [] },
    });
  });
  it('takes versions from pins and constraints', () => {
    const found = project(files).packages({ requirements: ['requirements/prod.txt'] });
    expect('value' in found && found.value.map((one) => `${one.name} ${one.version ?? '-'}`)).toEqual(['gunicorn -', 'flask 3.0.0']);
  });
  it('is blocked by `-e .`', () => {
    const local = { ...files, 'requirements/prod.txt': '-r base.txt\n-c ../constraints.txt\n-e .\n' };
    expect(project(local).manifests('pip', { requirements: ['requirements/prod.txt'], noRoot: true })).toMatchObject({
      blocked: { skip: 'local-dependency', message: '-e . is a local path', evidence: [{ file: 'requirements/prod.txt', line: 3 }] },
    });
    expect(project(local).packages({ requirements: ['requirements/prod.txt'] })).toHaveProperty('unknown');
  });
  it.each([
    ['-r ../../outside.txt', 'outside of the build context'],
    ['-r https://example.com/r.txt', 'is a URL'],
    ['-r missing.txt', 'requirements/missing.txt does not exist'],
    ['-r /etc/r.txt', 'absolute path'],
    ['-r $NAME.txt', 'is computed'],
  ])('is not known with %s', (line, why) => {
    const found = project({ ...files, 'requirements/prod.txt': `${line}\n` }).requirements('requirements/prod.txt');
    expect('unknown' in found && found.unknown).toContain(why);
    expect('unknown' in found && found.evidence?.[0]).toMatchObject({ file: 'requirements/prod.txt', line: 1 });
  });
  it('knows the ignore file', () => {
    expect(
      project(files, (path) => path === 'constraints.txt').manifests('pip', { requirements: ['requirements/prod.txt'], noRoot: true }),
    ).toMatchObject({ blocked: { skip: 'manifest-missing', message: 'constraints.txt is excluded by the ignore file' } });
  });
  it('copies the directory of --find-links', () => {
    const wheels = { 'requirements.txt': '--find-links wheels\n--no-index\nflask\n', 'wheels/flask.whl': '' };
    expect(project(wheels).manifests('pip', { requirements: ['requirements.txt'], noRoot: true })).toMatchObject({
      set: { files: ['requirements.txt'], dirs: ['wheels'] },
    });
    expect(
      project({ 'requirements.txt': '-f /wheels\nflask\n' }).manifests('pip', { requirements: ['requirements.txt'], noRoot: true }),
    ).toMatchObject({ blocked: { skip: 'local-dependency' } });
  });
  it('ends in loops and in trees', () => {
    expect(
      project({ 'requirements.txt': '-r b.txt\nflask\n', 'b.txt': '-r requirements.txt\n-r b.txt\nredis\n' }).requirements(
        'requirements.txt',
      ),
    ).toMatchObject({ value: { files: ['requirements.txt', 'b.txt'], packages: [{ name: 'flask' }, { name: 'redis' }] } });
    const many: Record<string, string> = { 'requirements.txt': '-r r0.txt\n' };
    for (let index = 0; index < 200; index += 1) many[`r${index}.txt`] = `-r r${index + 1}.txt\n`;
    expect(project(many).requirements('requirements.txt')).toHaveProperty('unknown');
  });
});

describe('hostile requirements', () => {
  const quick = (text: string): void => {
    expect(costOf(() => readRequirements(text))).toBeLessThan(75);
  };
  it('takes linear time', () => {
    const n = 300_000;
    quick(`a${' '.repeat(n)}x@`);
    quick(`${'\\'.repeat(n)}x\\`);
    quick(`a${' '.repeat(n)}b${'#'.repeat(n)}`);
    quick(`a[${'['.repeat(n)}`);
    quick(`${' '.repeat(n)}a`);
    quick(`-r${' '.repeat(n)}`);
    quick(`--${'a-'.repeat(n)}`);
    quick('/a-'.repeat(n));
    quick(`a ${'- '.repeat(n)}`);
    quick(`a; ${'('.repeat(n)}`);
    quick('\\\n'.repeat(n));
  });
  it('does not believe in prototypes', () => {
    const found = project({ 'requirements.txt': 'constructor==1\ntoString>1\n' });
    expect(project({ 'requirements.txt': '__proto__\n' }).packages({ requirements: ['requirements.txt'] })).toHaveProperty('unknown');
    const packages = found.packages({ requirements: ['requirements.txt'] });
    expect('value' in packages && packages.value.map((one) => one.name)).toEqual(['constructor', 'tostring']);
    expect(found.compiles('constructor', '3.12')).toHaveProperty('unknown');
    expect(found.systemNeeds('constructor')).toBeUndefined();
    expect(found.consoleScript('constructor')).toBeUndefined();
  });
});
