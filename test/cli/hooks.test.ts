// The hooks for pre-commit take the files that a search takes.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { isDockerfileName } from '../../src/checkout/find.ts';

interface Hook {
  id: string;
  entry: string;
  language: string;
  files: string;
  exclude: string;
}
const hooks: Hook[] = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8'));

describe('.pre-commit-hooks.yaml', () => {
  it('has a hook that checks and one that writes', () => {
    expect(hooks.map(({ id, entry, language }) => [id, entry, language])).toEqual([
      ['dockerfile-mod-check', 'dockerfile-mod --check', 'node'],
      ['dockerfile-mod', 'dockerfile-mod', 'node'],
    ]);
  });

  it.each([
    'Dockerfile',
    'Dockerfile.prod',
    'api.Dockerfile',
    'api.dockerfile',
    'Containerfile',
    'Dockerfile.j2',
    'Dockerfile.dockerignore',
    'api.Dockerfile.tmpl',
    'Dockerfile.md',
    'MyDockerfile',
    'Dockerfiles',
    'package.json',
  ])('%s', (name) => {
    for (const { files, exclude } of hooks) {
      const path = `services/${name}`;
      expect(new RegExp(files).test(path) && !new RegExp(exclude).test(path)).toBe(isDockerfileName(name));
    }
  });
});
