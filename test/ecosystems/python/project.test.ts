// Room: ecosystems/python. What a project is, what its packages need, and where it is installed from.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memoryTree } from '../../../src/context/memory.ts';
import { pythonProject } from '../../../src/ecosystems/python/project.ts';
import type { PythonProject } from '../../../src/ecosystems/python/types.ts';
import { markerHolds } from '../../../src/ecosystems/python/markers.ts';
import { native, pure } from '../../../src/ecosystems/python/wheels.ts';
import { needRows } from '../../../src/ecosystems/python/system-needs.ts';
import { normalName } from '../../../src/ecosystems/python/names.ts';

const project = (files: Record<string, string>, dir = ''): PythonProject => {
  const made = pythonProject(memoryTree(files), dir);
  if (made === undefined) throw new Error('no project');
  return made;
};
const asking = (...lines: string[]): PythonProject => project({ 'requirements.txt': lines.join('\n') });

it('is there when a Python file is at its top', () => {
  for (const name of ['pyproject.toml', 'requirements-prod.txt', 'setup.py', 'Pipfile', 'main.py'])
    expect(pythonProject(memoryTree({ [name]: '' }), '')).toBeDefined();
  for (const name of ['README.md', 'sub/main.py', 'requirements.in']) expect(pythonProject(memoryTree({ [name]: '' }), '')).toBeUndefined();
  expect(pythonProject(memoryTree({ 'api/main.py': '' }), 'api')?.dir).toBe('api');
  expect(pythonProject(memoryTree({}), 'absent')).toBeUndefined();
});

describe('does it compile, without a lock', () => {
  it.each([
    'flask',
    'FastAPI',
    'uvicorn',
    'gunicorn',
    'requests',
    'SQLAlchemy',
    'pydantic',
    'numpy',
    'pandas',
    'Pillow',
    'cryptography',
    'aiohttp',
    'Django',
    'celery',
    'redis',
    'boto3',
    'httpx',
    'Jinja2',
    'psycopg2-binary',
    'lxml',
    'uvloop',
    'types-requests',
    'google-cloud-tasks',
    'opencv-python-headless',
    'scikit-learn',
  ])('%s has wheels', (name) => {
    expect(asking(name).compiles(name, '3.12')).toMatchObject({ value: false });
  });
  it.each(['psycopg2', 'mysqlclient', 'uwsgi', 'python-ldap', 'pycairo', 'gssapi', 'M2Crypto', 'psycopg-c', 'peewee'])(
    '%s compiles',
    (name) => {
      expect(asking(`${name}==2.9.10`).compiles(name, '3.12')).toMatchObject({ value: true });
    },
  );
  it.each([
    ['numpy==1.26.4', '3.12', false],
    ['numpy==1.21.0', '3.12', true],
    ['numpy<2', '3.12', false],
    ['numpy<2', '3.13', true],
    ['numpy~=1.24.0', '3.12', true],
    ['numpy>=1.20', '3.13', false],
    ['numpy==1.*', '3.13', true],
    ['pydantic==1.10.13', '3.13', false],
    ['pydantic==2.5.0', '3.13', true],
    ['pydantic>=2,<3', '3.13', false],
    ['sqlalchemy==2.0.30', '3.14', false],
    ['sqlalchemy==1.4.20', '3.12', true],
    ['cryptography==42.0.5', undefined, false],
    ['Flask==0.12', undefined, false],
  ])('%s on Python %s: %s', (line, version, value) => {
    expect(asking(line).compiles(/^[\w-]+/.exec(line)?.[0] ?? '', version)).toMatchObject({ value });
  });
  it.each([
    ['numpy', undefined],
    ['tensorflow', '3.14'],
    ['numpy', '3.15'],
    ['numpy @ git+https://github.com/numpy/numpy', '3.12'],
    ['cryptography==2.8', '3.12'],
    ['acme-internal==1.0', '3.12'],
    ['numpy==1.x', '3.12'],
    ['confluent-kafka==1.9.2', '3.14'],
  ])('%s on Python %s is not known', (line, version) => {
    expect(asking(line).compiles(/^[\w-]+/.exec(line)?.[0] ?? '', version)).toHaveProperty('unknown');
  });
  it('hears production files before those for development', () => {
    const both = project({ 'requirements.txt': 'numpy==1.26.4\n', 'requirements-dev.txt': 'numpy==1.21.0\n' });
    expect(both.compiles('numpy', '3.12')).toMatchObject({ value: false });
  });
  it('hears --no-binary', () => {
    expect(asking('--no-binary=numpy,lxml', 'numpy', 'pandas').compiles('numpy', '3.12')).toMatchObject({
      value: true,
      evidence: [{ line: 1 }],
    });
    expect(asking('--no-binary=numpy', 'pandas').compiles('pandas', '3.12')).toMatchObject({ value: false });
    expect(asking('--no-binary :all:', 'flask').compiles('flask', '3.12')).toMatchObject({ value: false });
  });
  it('knows all of the application in fixtures', () => {
    const text = readFileSync(new URL('../../../fixtures/apps/python-pip/requirements.txt', import.meta.url), 'utf8');
    const one = project({ 'requirements.txt': text });
    const found = one.packages({ requirements: ['requirements.txt'] });
    expect(
      'value' in found &&
        found.value.length > 10 &&
        found.value.filter(({ name }) => {
          const fact = one.compiles(name, '3.13');
          return !('value' in fact && fact.value === false);
        }),
    ).toEqual([]);
  });
  it('has clean tables', () => {
    for (const name of [...pure(), ...native().keys(), ...needRows.flatMap((row) => row.names)]) expect(name).toBe(normalName(name));
    expect([...native().keys()].filter((name) => pure().has(name))).toEqual([]);
    const all = needRows.flatMap((row) => row.names);
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
    expect(pure().size + native().size).toBeGreaterThan(400);
  });
});

describe('needs of Debian', () => {
  const one = asking('flask');
  it.each([
    ['psycopg2', 'bookworm', ['libpq5']],
    ['psycopg2', undefined, ['libpq5']],
    ['psycopg2-binary', undefined, []],
    ['flask', undefined, []],
    ['mysqlclient', 'trixie', ['libmariadb3']],
    ['python-ldap', 'bookworm', ['libldap-2.5-0', 'libsasl2-2']],
    ['python-ldap', 'trixie', ['libldap2', 'libsasl2-2']],
    ['python-magic', 'bookworm', ['libmagic1']],
    ['python-magic', 'trixie', ['libmagic1t64']],
    ['python-magic', undefined, ['libmagic1']],
    ['opencv-python', 'bookworm', ['libgl1', 'libglib2.0-0', 'libsm6', 'libxext6']],
    ['opencv-python-headless', undefined, []],
    ['Wand', 'trixie', ['imagemagick', 'libmagickwand-7.q16-10']],
    ['pyodbc', undefined, ['libodbc2']],
    ['GitPython', undefined, ['git']],
    ['psutil', undefined, []],
  ])('%s on %s', (name, suite, debian) => {
    expect(one.systemNeeds(name, suite)).toEqual({ debian });
  });
  it('says what cannot be handled', () => {
    expect(one.systemNeeds('selenium')).toEqual({ debian: [], skip: 'browser-automation' });
    expect(one.systemNeeds('python-ldap')).toEqual({ debian: [], skip: 'dev-package-suite-unknown' });
    expect(one.systemNeeds('python-ldap', 'bullseye')).toEqual({ debian: [], skip: 'dev-package-suite-unknown' });
    expect(one.systemNeeds('uwsgi', 'bookworm')?.skip).toBe('sdist-libs-unknown');
    expect(one.systemNeeds('acme')).toBeUndefined();
  });
  it('tells psycopg[binary] from psycopg and psycopg[c]', () => {
    expect(asking('psycopg[binary]>=3').systemNeeds('psycopg')).toEqual({ debian: [] });
    expect(asking('psycopg>=3').systemNeeds('psycopg')).toEqual({ debian: ['libpq5'] });
    expect(asking('psycopg[c]>=3').compiles('psycopg', '3.12')).toMatchObject({ value: true });
    expect(asking('psycopg[binary]').compiles('psycopg', '3.12')).toMatchObject({ value: false });
  });
});

describe('pyproject.toml', () => {
  it('knows its console scripts before the table', () => {
    const own = project({
      'pyproject.toml':
        '[project]\nname = "Acme.API"\ndynamic = ["version"]\nreadme = {file = "docs/README.md"}\n[project.scripts]\nacme-api = "acme.main:run"\n[tool.poetry.scripts]\nold = {callable = "acme:old"}\nfiles = {reference = "bin/x", type = "file"}\n',
      'src/acme_api/__init__.py': '',
    });
    expect(own.consoleScript('acme-api')).toBe('acme-api');
    expect(own.pyproject?.scripts.get('old')).toBe('acme:old');
    expect(own.pyproject).toMatchObject({ dynamic: ['version'], readme: 'docs/README.md', packages: ['src/acme_api'], packageMode: true });
    for (const [script, brings] of [
      ['gunicorn', 'gunicorn'],
      ['django-admin', 'django'],
      ['waitress-serve', 'waitress'],
      ['huey_consumer', 'huey'],
      ['jupyter', 'jupyter-core'],
      ['nope', undefined],
    ] as const)
      expect(own.consoleScript(script)).toBe(brings);
  });
  it('reads groups with their lines', () => {
    const groups = project({
      'pyproject.toml':
        '[tool.poetry]\npackage-mode = false\n\n[tool.poetry.group.test.dependencies]\npytest = "*"\n\n[tool.poetry.group.docs]\noptional = true\n\n[tool.poetry.dev-dependencies]\nblack = "*"\n\n[dependency-groups]\nlint = ["ruff"]\n',
    }).pyproject;
    expect(groups?.groups).toEqual([
      { name: 'lint', optional: false, line: 14 },
      { name: 'test', optional: false, line: 4 },
      { name: 'docs', optional: true, line: 7 },
      { name: 'dev', optional: false, line: 10 },
    ]);
    expect(groups?.packageMode).toBe(false);
  });
  it('is undefined when it is no TOML', () => {
    expect(project({ 'pyproject.toml': '[[[' }).pyproject).toBeUndefined();
    expect(project({ 'pyproject.toml': `${'['.repeat(100_000)}` }).pyproject).toBeUndefined();
    expect(project({ 'pyproject.toml': `a = ${'['.repeat(50_000)}` }).pyproject).toBeUndefined();
  });
});

describe('manifest sets', () => {
  const poetry = { 'pyproject.toml': '[tool.poetry]\nname = "acme"\n', 'poetry.lock': '', 'poetry.toml': '' };
  it('of poetry', () => {
    expect(project(poetry).manifests('poetry', { requirements: [], noRoot: true })).toMatchObject({
      set: { files: ['pyproject.toml', 'poetry.lock', 'poetry.toml'], dirs: [], scripts: false },
    });
    expect(
      project({ 'api/pyproject.toml': '', 'api/poetry.lock': '' }, 'api').manifests('poetry', { requirements: [], noRoot: true }),
    ).toMatchObject({ set: { files: ['api/pyproject.toml', 'api/poetry.lock'] } });
    const hidden = pythonProject(memoryTree(poetry), '', (path) => path === 'poetry.lock');
    expect(hidden?.manifests('poetry', { requirements: [], noRoot: false })).toMatchObject({
      set: { files: ['pyproject.toml', 'poetry.toml'] },
    });
  });
  it('of poetry with path dependencies', () => {
    const local = {
      'pyproject.toml': '[tool.poetry.dependencies]\ncore = {path = "libs/core", develop = true}\n',
      'libs/core/pyproject.toml': '',
    };
    expect(project(local).manifests('poetry', { requirements: [], noRoot: true })).toMatchObject({ set: { dirs: ['libs/core'] } });
    const outside = { 'pyproject.toml': '[tool.poetry.dependencies]\ncore = {path = "../core"}\n' };
    expect(project(outside).manifests('poetry', { requirements: [], noRoot: true })).toMatchObject({
      blocked: { skip: 'local-dependency' },
    });
  });
  it('of pip without requirements files', () => {
    expect(project({ 'pyproject.toml': '[project]\nname = "a"\n' }).manifests('pip', { requirements: [], noRoot: false })).toMatchObject({
      blocked: { skip: 'project-install' },
    });
    expect(
      project({ 'pyproject.toml': '[project]\nname = "a"\ndynamic = ["dependencies"]\n' }).manifests('pip', {
        requirements: [],
        noRoot: false,
      }),
    ).toMatchObject({ blocked: { skip: 'dynamic-python-metadata' } });
  });
  it('of uv and pipenv', () => {
    expect(
      project({ 'pyproject.toml': '', 'uv.lock': '', '.python-version': '' }).manifests('uv', { requirements: [], noRoot: false }),
    ).toMatchObject({ set: { files: ['pyproject.toml', 'uv.lock', '.python-version'] } });
    expect(
      project({ Pipfile: '[packages]\nflask = "*"\n', 'Pipfile.lock': '{}' }).manifests('pipenv', { requirements: [], noRoot: false }),
    ).toMatchObject({ set: { files: ['Pipfile', 'Pipfile.lock'] } });
    expect(
      project({ Pipfile: '[packages]\nacme = {path = ".", editable = true}\n' }).manifests('pipenv', { requirements: [], noRoot: false }),
    ).toMatchObject({ blocked: { skip: 'local-dependency', evidence: [{ line: 2 }] } });
  });
});

it.each([
  ['sys_platform == "win32"', undefined, false],
  ["platform_system != 'Windows'", undefined, true],
  ['sys_platform == "linux" and python_version >= "3.8"', undefined, undefined],
  ['sys_platform == "linux" and python_version >= "3.8"', '3.12', true],
  ['python_version < "3.8"', '3.12', false],
  ['python_full_version < "3.11.3"', '3.11', undefined],
  ['python_full_version <= "3.11.3"', '3.12', false],
  ['(os_name == "nt" or extra == "x") and sys_platform == "win32"', undefined, false],
  ['"linux" in sys_platform', undefined, true],
  ['platform_machine == "aarch64"', undefined, undefined],
  ['not a marker (', undefined, undefined],
  ['('.repeat(5000), undefined, undefined],
  ['', undefined, undefined],
])('marker %.40s with Python %s: %s', (marker, python, holds) => {
  expect(markerHolds(marker, python)).toBe(holds);
});
