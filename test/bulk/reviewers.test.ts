// Whom a pull request asks when the owners of the files are wanted.
import { describe, expect, it } from 'vitest';
import type { NewPull } from '../../src/forge/types.ts';
import { fakeForge } from './fake-forge.ts';
import { harness, project } from './harness.ts';

interface Asked {
  pull: NewPull | undefined;
  warnings: readonly string[] | undefined;
}

/** Opens one pull request for a repository with these files more. */
async function asked(kind: 'github' | 'gitlab' | 'gitea', files: Record<string, string>, wanted: 'yes' | 'no' = 'yes'): Promise<Asked> {
  const forge = Object.assign(fakeForge(), { kind });
  forge.addRepo('app', { ...project('app'), ...files });
  const at = harness(forge, (options) => {
    options.pull = { ...options.pull, codeownersReviewers: wanted, reviewers: ['lead'], teamReviewers: ['platform'] };
  });
  await at.plan();
  let pull: NewPull | undefined;
  forge.hook = (name, when, args) => {
    if (name === 'createPull' && when === 'before') pull = args[1] as NewPull;
  };
  expect((await at.apply()).outcomes).toEqual({ opened: 1 });
  return { pull, warnings: (await at.records()).get('forge.example/acme/app')?.warnings };
}

describe('--codeowners-reviewers', () => {
  it('asks owners of changed files beside those who are named, each once, and not itself', async () => {
    const owners = '* @nobody\nDockerfile @Lead @docker @bot @acme/builders @other/team\n.dockerignore @docker\n';
    const { pull, warnings } = await asked('github', { '.github/CODEOWNERS': owners, CODEOWNERS: '* @wrong-place\n' });
    expect(pull).toMatchObject({ reviewers: ['lead', 'docker'], teamReviewers: ['platform', 'builders'] });
    expect(warnings).toEqual(['code owner @other/team: no user, and no team of acme']);
  });

  it('reads sections on GitLab, at its places', async () => {
    const { pull } = await asked('gitlab', { '.github/CODEOWNERS': '* @wrong-place\n', '.gitlab/CODEOWNERS': '[Docker] @docker\n*\n' });
    expect(pull?.reviewers).toEqual(['lead', 'docker']);
  });

  it('does not read a file that is too large, and says so', async () => {
    const { pull, warnings } = await asked('github', { CODEOWNERS: `* @owner\n${'# x\n'.repeat(100_000)}` });
    expect(pull?.reviewers).toEqual(['lead']);
    expect(warnings).toEqual(['CODEOWNERS was not read: it has more than 262144 bytes']);
  });

  it.each(['github', 'gitea'] as const)('leaves it to %s where it was not asked for, or does it itself', async (kind) => {
    const { pull } = await asked(kind, { CODEOWNERS: '* @owner\n' }, kind === 'gitea' ? 'yes' : 'no');
    expect(pull).toMatchObject({ reviewers: ['lead'], teamReviewers: ['platform'] });
  });
});
