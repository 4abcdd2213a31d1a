// Which directory is the build context.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locate, places } from '../../src/checkout/locate.ts';
import { scratch } from '../cli/scratch.ts';
import { standIn } from '../cli/stand-in.ts';

/** The context of a Dockerfile (relative to the repository), and whether it is certain. */
function contextOf(files: Record<string, string>, dockerfile: string, option?: string) {
  const at = scratch({ '.git/HEAD': '', ...files });
  const found = { path: dockerfile, real: join(at.root, dockerfile), given: at.root };
  const all = places(standIn, option === undefined ? undefined : join(at.root, option));
  const { dir, root, project } = locate(found, files[dockerfile] ?? '', all);
  expect(root).toBe(at.root);
  return {
    dir: dir.slice(at.root.length + 1) || '.',
    certain: project.contextCertain,
    doubt: project.contextDoubt,
    dockerfilePath: project.dockerfilePath,
    repository: project.repository?.contextPath,
  };
}

const copies = (...sources: string[]): string => `FROM a\n${sources.map((source) => `COPY ${source} ./\n`).join('')}`;

describe('the build context', () => {
  it("is the Dockerfile's directory when nothing says otherwise", () => {
    expect(contextOf({ 'api/Dockerfile': copies('package.json'), 'api/package.json': '' }, 'api/Dockerfile')).toEqual({
      dir: 'api',
      certain: true,
      dockerfilePath: 'Dockerfile',
      repository: 'api',
    });
    expect(contextOf({ Dockerfile: copies('.') }, 'Dockerfile')).toMatchObject({ dir: '.', certain: true });
  });

  it('is what --context says', () => {
    expect(contextOf({ 'docker/Dockerfile': copies('.'), 'api/x': '' }, 'docker/Dockerfile', 'api')).toEqual({
      dir: 'api',
      certain: true,
      dockerfilePath: undefined,
      repository: 'api',
    });
    expect(contextOf({ 'docker/Dockerfile': copies('.') }, 'docker/Dockerfile', '.')).toMatchObject({
      dir: '.',
      dockerfilePath: 'docker/Dockerfile',
      repository: '',
    });
  });

  it('is what a compose file says', () => {
    const files = { 'compose.yaml': 'build: {context: ., dockerfile: docker/Dockerfile}', 'docker/Dockerfile': copies('.') };
    expect(contextOf(files, 'docker/Dockerfile')).toMatchObject({ dir: '.', certain: true, dockerfilePath: 'docker/Dockerfile' });
  });

  it('when compose files disagree: the one that has all that is copied', () => {
    const compose = 'build: {context: api, dockerfile: Dockerfile}\nbuild: {context: web, dockerfile: Dockerfile}';
    const files = { 'compose.yaml': compose, Dockerfile: copies('go.mod', 'cmd/*.go'), 'api/x': '', 'web/go.mod': '', 'web/cmd/a.go': '' };
    expect(contextOf(files, 'Dockerfile')).toMatchObject({ dir: 'web', certain: true });
    expect(contextOf({ ...files, 'api/go.mod': '', 'api/cmd/b.go': '' }, 'Dockerfile')).toMatchObject({
      certain: false,
      doubt: 'The repository names several build contexts for this Dockerfile: api, web',
    });
    expect(contextOf({ ...files, Dockerfile: copies('other') }, 'Dockerfile')).toMatchObject({ certain: false });
  });

  it('is not certain when a compose file names one outside of the repository', () => {
    expect(
      contextOf({ 'compose.yaml': 'build: {context: ../.., dockerfile: Dockerfile}', Dockerfile: copies('.') }, 'Dockerfile'),
    ).toMatchObject({ dir: '.', certain: false });
  });

  it('is the nearest directory above that has all that is copied', () => {
    expect(
      contextOf({ 'build/docker/Dockerfile': copies('package.json', 'src/'), 'package.json': '', 'src/a': '' }, 'build/docker/Dockerfile'),
    ).toMatchObject({ dir: '.', certain: true, dockerfilePath: 'build/docker/Dockerfile' });
    expect(contextOf({ 'a/b/Dockerfile': copies('x'), 'a/x': '', x: '' }, 'a/b/Dockerfile')).toMatchObject({
      dir: 'a',
      certain: false,
      doubt: "Several directories have what it copies (x): a, the repository's root",
    });
    expect(contextOf({ 'a/Dockerfile': copies('missing') }, 'a/Dockerfile')).toMatchObject({
      dir: 'a',
      certain: false,
      doubt: 'Nothing of what it copies (missing) is in a, or in a directory above',
    });
    // what climbs out of the context starts at its top
    expect(contextOf({ 'a/Dockerfile': copies('../x'), x: '' }, 'a/Dockerfile')).toMatchObject({ dir: '.', certain: true });
    expect(contextOf({ 'a/Dockerfile': copies('../x') }, 'a/Dockerfile')).toMatchObject({ dir: 'a', certain: false });
  });

  it('is decided by what is there: a source that no directory has makes nothing ambiguous', () => {
    const files = { 'package.json': '', 'docker/start.sh': '' };
    expect(contextOf({ ...files, Dockerfile: copies('.', 'not-made-yet') }, 'Dockerfile')).toMatchObject({ dir: '.', certain: true });
    expect(contextOf({ ...files, Dockerfile: copies('not-made-yet') }, 'Dockerfile')).toMatchObject({ dir: '.', certain: true });
    expect(contextOf({ ...files, 'docker/Dockerfile': copies('package.json', 'dist') }, 'docker/Dockerfile')).toMatchObject({
      dir: '.',
      certain: true,
    });
    const compose = 'build: {context: api, dockerfile: Dockerfile}\nbuild: {context: web, dockerfile: Dockerfile}';
    const two = { 'compose.yaml': compose, Dockerfile: copies('go.mod', 'dist'), 'api/x': '', 'web/go.mod': '' };
    expect(contextOf(two, 'Dockerfile')).toMatchObject({ dir: 'web', certain: true });
    expect(contextOf({ 'a/Dockerfile': copies('x', 'y'), 'a/x': '', y: '' }, 'a/Dockerfile')).toMatchObject({
      certain: false,
      doubt: 'No directory has all of what it copies (x, y)',
    });
  });

  it("is not certain for `COPY . .` in a directory of Docker's files alone", () => {
    expect(
      contextOf({ 'docker/Dockerfile': copies('.'), 'docker/entrypoint.sh': '', 'package.json': '' }, 'docker/Dockerfile'),
    ).toMatchObject({ dir: 'docker', certain: false, doubt: expect.stringMatching(/^docker holds Docker's files alone, /) });
    expect(contextOf({ 'docker/Dockerfile': copies('.'), 'docker/main.go': '' }, 'docker/Dockerfile')).toMatchObject({
      dir: 'docker',
      certain: true,
    });
  });
});
