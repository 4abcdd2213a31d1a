// test/checkout: which packages production installs, as the real core tells the edges.
import { describe, expect, it } from 'vitest';
import { core } from '../../src/checkout/core.ts';

const locked = (dockerfile: string, files: Record<string, string>) =>
  core.lockedDependencies(dockerfile, { tree: core.memoryTree(files), dockerfilePath: 'Dockerfile', contextCertain: true });
const manifest = (...names: string[]): string =>
  JSON.stringify({ dependencies: Object.fromEntries(names.map((name) => [name, '1'])), devDependencies: { jest: '1' } });

describe('lockedDependencies', () => {
  it('Node.js: production dependencies of the projects that are copied', () => {
    const files = { 'package.json': manifest('express'), 'web/package.json': manifest('react'), 'other/package.json': manifest('unused') };
    expect(locked('FROM node\nCOPY package.json ./\nCOPY web/package.json web/\n', files)).toEqual({
      python: [],
      node: ['express', 'react'],
    });
  });
  it('Python: the requirements files that are installed, with what they include, not those for development', () => {
    const files = {
      'app.py': '',
      'requirements/prod.txt': '-r base.txt\nGunicorn==20\n',
      'requirements/base.txt': 'Flask_Cors>=4\n',
      'requirements-dev.txt': 'pytest\n',
    };
    expect(locked('FROM python\nCOPY . .\nRUN pip install -r requirements/prod.txt -r requirements-dev.txt\n', files).python).toEqual([
      'flask-cors',
      'gunicorn',
    ]);
  });
  it('Python: the main group of poetry.lock', () => {
    const lock =
      '[[package]]\nname = "flask"\nversion = "3"\ngroups = ["main"]\n\n[[package]]\nname = "pytest"\nversion = "8"\ngroups = ["dev"]\n';
    expect(locked('FROM python\nCOPY . .\n', { 'pyproject.toml': '[tool.poetry]\nname = "x"\n', 'poetry.lock': lock }).python).toEqual([
      'flask',
    ]);
  });
  it('Python: without a lock, what pyproject.toml asks for', () => {
    const pyproject = '[project]\nname = "x"\ndependencies = ["httpx[http2]>=0.2"]\n[project.optional-dependencies]\ntest = ["pytest"]\n';
    expect(locked('FROM python\nCOPY api /srv\n', { 'api/pyproject.toml': pyproject }).python).toEqual(['httpx']);
  });
  it('nothing for compiled languages, and for what is no Dockerfile', () => {
    expect(locked('FROM golang\nCOPY . .\n', { 'go.mod': 'module x\n' })).toEqual({ python: [], node: [] });
    expect(locked('no', {})).toEqual({ python: [], node: [] });
  });
});
