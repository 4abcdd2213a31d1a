// A release: the changelog's section, what a publisher has to say, and the workflow.
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { released } from '../scripts/changelog.ts';
import { missing } from '../scripts/publishable.ts';

const changelog = '# Changelog\n\n## Unreleased\n\n### Added\n\n- A word.\n\n## 0.1.0 - 2026-01-01\n\n- First.\n';

it('what is unreleased becomes the section of the version', () => {
  const next = released(changelog, '0.2.0', '2026-02-01');
  expect(next).toBe(changelog.replace('## Unreleased\n', '## Unreleased\n\n## 0.2.0 - 2026-02-01\n'));
  expect(() => released(next, '0.3.0', '2026-03-01')).toThrow('nothing under "Unreleased"');
  expect(() => released(changelog, '0.1.0', '2026-03-01')).toThrow('a section 0.1.0 already');
  expect(() => released('# Changelog\n', '0.1.0', '2026-03-01')).toThrow('no section "Unreleased"');
  // The real one can be released.
  expect(released(readFileSync('CHANGELOG.md', 'utf8'), '99.0.0', '2026-02-01')).toContain('## 99.0.0 - 2026-02-01\n');
});

it('a publisher says where the package comes from', () => {
  const said = { version: '0.1.0', repository: { url: 'git+https://forge.example.com/a/b.git' }, homepage: 'https://b.example.com' };
  expect(missing({ ...said, bugs: { url: 'https://b.example.com/bugs' } }, changelog)).toEqual([]);
  expect(missing({ version: '0.2.0' }, changelog)).toHaveLength(4);
});

it('the workflow publishes with provenance, behind the tests, and names files that are there', () => {
  const { jobs } = parse(readFileSync('.github/workflows/release.yml', 'utf8')) as {
    jobs: Record<string, { needs?: string; permissions: Record<string, string>; steps: { run?: string }[] }>;
  };
  expect(Object.entries(jobs).map(([name, { needs }]) => [name, needs])).toEqual([
    ['test', undefined],
    ['package', 'test'],
    ['action', 'package'],
    ['image', 'package'],
  ]);
  const runs = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  expect(jobs['package']?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  expect(runs).toContain('npm publish --provenance --access public');
  expect(runs.filter((run) => run === '.ci/run')).toHaveLength(1);
  expect(['.ci/run', '.github/image/Dockerfile', 'action.yml'].filter((path) => !existsSync(path))).toEqual([]);
});
