// Room: ecosystems/python. What commands of pip, poetry, uv and pipenv do.
import { describe, expect, it } from 'vitest';
import { developmentGroups } from '../../../src/ecosystems/python/groups.ts';
import { pipInstall, poetryInstall, pythonManagers, uvPipInstall } from '../../../src/ecosystems/python/managers.ts';
import { command } from './shell.ts';

const kindOf = (text: string): string | undefined => {
  for (const manager of pythonManagers) {
    const kind = manager.classify(command(text));
    if (kind !== undefined) return `${manager.id} ${kind}`;
  }
  return undefined;
};
const row = (id: string) => pythonManagers.find((manager) => manager.id === id) ?? pythonManagers[0]!;

describe('classify', () => {
  it.each([
    ['pip install -r requirements.txt', 'pip install'],
    ['pip3 install -rrequirements.txt', 'pip install'],
    ['pip install -Ur requirements.txt', 'pip install'],
    ['pip --no-cache-dir install --requirement=requirements/prod.txt', 'pip install'],
    ['python -m pip install -r requirements.txt', 'pip install'],
    ['python3.12 -u -m pip install -r requirements.txt', 'pip install'],
    ['/opt/venv/bin/pip install -r requirements.txt', 'pip install'],
    ['"$VIRTUAL_ENV/bin/pip" install -r requirements.txt', 'pip install'],
    ['PIP_NO_CACHE_DIR=1 pip install -r requirements.txt', 'pip install'],
    ['env PIP_NO_CACHE_DIR=1 pip install -r requirements.txt', 'pip install'],
    ['pip install -r requirements.txt gunicorn==22.0.0', 'pip install'],
    ['pip install poetry', 'pip install-named'],
    ['pip install --upgrade pip setuptools wheel', 'pip install-named'],
    ['pip install "poetry==$POETRY_VERSION"', 'pip install-named'],
    ['pip install git+https://github.com/acme/thing.git@main', 'pip install-named'],
    ['pip install "thing @ git+ssh://git@github.com/acme/thing"', 'pip install-named'],
    ['pip install .', 'pip build'],
    ['pip install .[prod]', 'pip build'],
    ['pip install -e .', 'pip build'],
    ['pip install --editable=.[dev]', 'pip build'],
    ['pip install -r requirements.txt -e .', 'pip build'],
    ['pip install dist/acme-1.0-py3-none-any.whl', 'pip build'],
    ['pip download -r requirements.txt -d /wheels', 'pip download'],
    ['pip wheel --wheel-dir /wheels -r requirements.txt', 'pip download'],
    ['pip wheel .', 'pip build'],
    ['pip cache purge', 'pip clean-cache'],
    ['pip cache dir', 'pip other'],
    ['pip check', 'pip other'],
    ['pip --version', 'pip other'],
    ['pipx install poetry==1.8.3', 'pip install-named'],
    ['python setup.py install', 'pip build'],
    ['poetry install', 'poetry install'],
    ['poetry -n install --no-root', 'poetry install'],
    ['$POETRY_HOME/bin/poetry install', 'poetry install'],
    ['python -m poetry install', 'poetry install'],
    ['poetry sync', 'poetry install'],
    ['poetry config virtualenvs.create false', 'poetry other'],
    ['poetry run pytest', 'poetry run'],
    ['poetry add requests', 'poetry install-named'],
    ['poetry self add poetry-plugin-export', 'poetry install-named'],
    ['poetry export -f requirements.txt -o requirements.txt', 'poetry other'],
    ['poetry build -f wheel', 'poetry build'],
    ['poetry cache clear --all pypi', 'poetry clean-cache'],
    ['uv sync --frozen --no-dev', 'uv install'],
    ['uv pip install --system -r requirements.txt', 'uv install'],
    ['uv pip install --system flask', 'uv install-named'],
    ['uv pip install -e .', 'uv build'],
    ['uv run --no-sync uvicorn app:app', 'uv run'],
    ['uv cache clean', 'uv clean-cache'],
    ['uv venv /opt/venv', 'uv other'],
    ['pipenv install --system --deploy', 'pipenv install'],
    ['pipenv install flask', 'pipenv install-named'],
    ['pipenv sync', 'pipenv install'],
    ['pipenv run python app.py', 'pipenv run'],
    ['pipenv install -e .', 'pipenv build'],
  ])('%s: %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
  it.each([
    'apt-get install python3-pip',
    'python app.py',
    'python -m venv /opt/venv',
    'echo pip install x',
    '$PIP install x',
    'npm install',
    'rm -rf ~/.cache/pip',
    'python -c "import pip"',
  ])('%s is none of ours', (text) => {
    expect(kindOf(text)).toBeUndefined();
  });
});

describe('caches', () => {
  it('mounts the two parts of the cache of Poetry, never their parent', () => {
    expect(row('poetry').caches.map((cache) => cache.target)).toEqual(['~/.cache/pypoetry/cache', '~/.cache/pypoetry/artifacts']);
    expect(row('poetry').caches[1]?.movedBy[0]).toEqual({ env: 'POETRY_CACHE_DIR', suffix: '/artifacts' });
    expect(row('pip').caches[0]?.movedBy).toEqual([{ env: 'PIP_CACHE_DIR' }, { env: 'XDG_CACHE_HOME', suffix: '/pip' }]);
  });
  it.each([
    ['pip', 'pip cache purge', true],
    ['pip', 'rm -rf ~/.cache/pip', true],
    ['pip', 'rm -rf /root/.cache/pip/*', true],
    ['pip', 'rm -r -f "$HOME/.cache/pip"', true],
    ['pip', 'rm -rf /root/.cache', true],
    ['pip', 'rm -rf /root/.cache/pip /tmp/x', false],
    ['pip', 'rm -rf /root/.cache/huggingface', false],
    ['pip', 'rm -rf /', false],
    ['pip', 'pip install x', false],
    ['poetry', 'rm -rf $POETRY_CACHE_DIR', true],
    ['poetry', 'rm -rf "${POETRY_CACHE_DIR}"/*', true],
    ['poetry', 'rm -rf ~/.cache/pypoetry', true],
    ['poetry', 'poetry cache clear pypi --all', true],
    ['poetry', 'rm -rf $APP_DIR', false],
    ['uv', 'uv cache clean', true],
    ['pipenv', 'pipenv --clear', true],
  ])('%s: `%s` clears it: %s', (id, text, clears) => {
    expect(row(id).clearsCache(command(text))).toBe(clears);
  });
  it('says which commands use it', () => {
    expect(row('pip').usesCache(command('pip install -r requirements.txt'))).toBe(true);
    expect(row('pip').usesCache(command('pip install .'))).toBe(true);
    expect(row('pip').usesCache(command('pip check'))).toBe(false);
    expect(row('pip').usesCache(command('poetry install'))).toBe(false);
    expect(row('poetry').usesCache(command('poetry install'))).toBe(true);
    expect(row('poetry').usesCache(command('poetry config virtualenvs.create false'))).toBe(false);
    expect(row('uv').usesCache(command('uv sync'))).toBe(true);
  });
});

describe('pipInstall', () => {
  it('takes a command apart', () => {
    expect(
      pipInstall(
        command(
          'pip install --no-cache-dir -r a.txt --requirement=b.txt -c constraints.txt "uvicorn[standard]>=0.30" -i https://pypi.example.com/simple',
        ),
      ),
    ).toEqual({
      requirements: ['a.txt', 'b.txt'],
      constraints: ['constraints.txt'],
      named: ['uvicorn[standard]>=0.30'],
      editable: [],
      local: [],
      project: false,
      place: undefined,
      groups: [],
      options: ['--no-cache-dir', '-i', 'https://pypi.example.com/simple'],
    });
  });
  it('sees targets and projects', () => {
    expect(pipInstall(command('pip install --user -r r.txt'))?.place).toEqual({ option: '--user', value: undefined });
    expect(pipInstall(command('pip install --prefix=/install -r r.txt'))?.place).toEqual({ option: '--prefix', value: '/install' });
    expect(pipInstall(command('pip install -t /pkgs flask'))).toMatchObject({ place: { option: '-t', value: '/pkgs' }, named: ['flask'] });
    expect(pipInstall(command('pip install -e .'))).toMatchObject({ project: true, editable: ['.'] });
    expect(pipInstall(command('pip install -e git+https://github.com/a/b#egg=b'))).toMatchObject({ project: false });
    expect(pipInstall(command('pip install ./libs/core'))).toMatchObject({ project: true, local: ['./libs/core'], named: [] });
    expect(pipInstall(command('pip install "core @ file:///app/core"'))).toMatchObject({ project: true });
  });
  it('is undefined for everything else', () => {
    for (const text of ['pip freeze', 'poetry install', 'uv pip install flask', 'A=b']) expect(pipInstall(command(text))).toBeUndefined();
    expect(uvPipInstall(command('uv pip install --system flask'))).toMatchObject({ named: ['flask'] });
  });
});

describe('poetryInstall', () => {
  it.each([
    ['poetry install --no-root --only main', { noRoot: true, onlyMain: true, only: ['main'] }],
    ['poetry install --only=main', { onlyMain: true }],
    ['poetry install --only main,web', { onlyMain: false, only: ['main', 'web'] }],
    ['poetry install --no-dev', { noDev: true }],
    ['poetry install --without dev,test --with=docs', { without: ['dev', 'test'], with: ['docs'] }],
    ['poetry install --sync', { sync: true }],
    ['poetry sync --no-root', { sync: true, noRoot: true }],
    ['poetry install -E pg -E "cache mysql"', { extras: ['pg', 'cache', 'mysql'] }],
    ['poetry install --all-extras --no-interaction --no-ansi', { extras: 'all', options: ['--no-interaction', '--no-ansi'] }],
    ['poetry -C backend install', { directory: 'backend' }],
  ])('%s', (text, expected) => {
    expect(poetryInstall(command(text))).toMatchObject(expected);
  });
  it('is undefined for other commands', () => {
    expect(poetryInstall(command('poetry run x'))).toBeUndefined();
    expect(poetryInstall(command('pip install poetry'))).toBeUndefined();
  });
});

it('names the groups that production leaves out', () => {
  expect(developmentGroups).toContain('dev');
  expect(developmentGroups).toContain('pre-commit');
  expect(developmentGroups).not.toContain('main');
});
