// Who owns a changed file: GitHub's examples, GitLab's sections, and files that mean harm.
import { describe, expect, it } from 'vitest';
import { codeOwners } from '../../../src/bulk/pull/code-owners.ts';
import { core } from '../../../src/checkout/core.ts';

const usersOf = (text: string, path: string, sections: 'yes' | 'no' = 'no'): readonly string[] =>
  codeOwners({ text, paths: [path], organisation: 'octo-org', sections, pathPattern: core.pathPattern }).users;

describe('a pattern', () => {
  // The examples of GitHub's page.
  it.each([
    ['*', 'Dockerfile', true],
    ['*', 'a/b/Dockerfile', true],
    ['*.js', 'a/b.js', true],
    ['*.js', 'a/b.ts', false],
    ['/build/logs/', 'build/logs/a/b', true],
    ['/build/logs/', 'x/build/logs/a', false],
    ['docs/*', 'docs/getting-started.md', true],
    ['docs/*', 'docs/build-app/troubleshooting.md', false],
    ['apps/', 'x/apps/y/z', true],
    ['apps/', 'apps', false],
    ['/docs/', 'docs/a', true],
    ['/docs/', 'a/docs/b', false],
    ['/scripts/', 'scripts/a', true],
    ['**/logs', 'deeply/nested/logs/x', true],
    ['**/logs', 'logs/x', true],
    ['/apps/github', 'apps/github/x', true],
    ['/apps/github', 'apps/githubber', false],
    ['services/*/Dockerfile', 'services/a/Dockerfile', true],
    ['services/*/Dockerfile', 'services/a/b/Dockerfile', false],
    ['/Dockerfile', 'Dockerfile', true],
    ['/Dockerfile', 'a/Dockerfile', false],
    ['Dockerfile', 'a/Dockerfile', true],
    ['DOCKERFILE', 'Dockerfile', false],
    ['with\\ blank', 'with blank', true],
    ['[ab].js', 'a.js', false],
    ['!*.js', 'b.ts', false],
  ])('%s at %s: %s', (pattern, path, owned) => {
    expect(usersOf(`${pattern} @owner`, path)).toEqual(owned ? ['owner'] : []);
  });

  it('takes no longer for one that means harm', () => {
    const text = `${'**/a'.repeat(500)}b @one\n${'*a'.repeat(500)} @two\n* @three`;
    expect(usersOf(text, `${'a/'.repeat(1000)}x`)).toEqual(['three']);
  });
});

describe('the last line that matches', () => {
  const text =
    '# all\n* @all @octo-org/base\nDockerfile @docker # who builds\n/vendor/\n*.md docs@example.com @else-org/team @octo-org/docs\n';
  it('counts, also when it names nobody', () => {
    expect(usersOf(text, 'src/a.ts')).toEqual(['all']);
    expect(usersOf(text, 'a/Dockerfile')).toEqual(['docker']);
    expect(usersOf(text, 'vendor/Dockerfile')).toEqual([]);
  });
  it('names users, teams of the organisation, and others; each once', () => {
    const paths = ['a.ts', 'README.md', 'b.ts'];
    expect(codeOwners({ text, paths, organisation: 'Octo-Org', sections: 'no', pathPattern: core.pathPattern })).toEqual({
      users: ['all'],
      teams: ['base', 'docs'],
      others: ['docs@example.com', '@else-org/team'],
    });
  });
  it('has a place for twenty', () => {
    const many = `* ${Array.from({ length: 100 }, (_, i) => `@u${i}`).join(' ')}`;
    expect(usersOf(many, 'a')).toHaveLength(20);
  });
  it('takes no name with a control character, a path or a mark', () => {
    expect(usersOf('* @a/b/c @x;y @\u001b[1m @../up @ok', 'a')).toEqual(['ok']);
  });
});

it('each section of GitLab has its own, and its default owners', () => {
  const text = '* @all\n[Docker][2] @docker\nDockerfile\n/deploy/ @deploy\n^[Docs]\n*.md @writers\n';
  expect(usersOf(text, 'deploy/Dockerfile', 'yes')).toEqual(['all', 'deploy']);
  expect(usersOf(text, 'Dockerfile', 'yes')).toEqual(['all', 'docker']);
  expect(usersOf(text, 'README.md', 'yes')).toEqual(['all', 'writers']);
});
