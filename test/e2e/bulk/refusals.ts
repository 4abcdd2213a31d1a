// test/e2e/bulk: repositories that refuse: archived, empty, missing, protected, taken; git as the transport; `pr`; merging and verifying.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './program.ts';
import { repositoryFiles } from './repositories.ts';
import { branchOf, type Scene } from './scene.ts';

export async function refusalScenario(scene: Scene): Promise<void> {
  const { forge, dir, say, check } = scene;
  const org = `${scene.org}b`;
  const branch = branchOf('refused');
  say('== archived, empty, missing, protected, taken');
  await forge.org(org);
  for (const [n, name] of ['archived', 'late', 'protected', 'taken', 'plain'].entries()) await forge.repo(org, name, repositoryFiles(n));
  await forge.api('POST', `/orgs/${org}/repos`, { name: 'empty', private: true });
  await forge.api('PATCH', `/repos/${org}/archived`, { archived: true });
  await forge.api('POST', `/repos/${org}/protected/branch_protections`, { rule_name: 'main', required_approvals: 1, enable_push: false });
  await forge.api('POST', `/repos/${org}/taken/branches`, { new_branch_name: branch, old_branch_name: 'main' });
  await forge.commit(org, 'taken', branch, { 'theirs.md': 'theirs\n' });
  const list = ['archived', 'late', 'protected', 'taken', 'plain', 'empty', 'missing'].map((name) => `${org}/${name}`);
  writeFileSync(join(dir, 'list.txt'), `# a list\n${list.join('\n')}\n`);
  const planned = await scene.bulk(['plan', '--repos', join(dir, 'list.txt')], { id: 'refused' });
  check('plan says that something failed', planned.code === 1, planned);
  await forge.api('PATCH', `/repos/${org}/late`, { archived: true });
  await scene.bulk(['apply', '--yes'], { id: 'refused' });
  const status = await scene.bulk(['status', '--json'], { id: 'refused' });
  const states = statesOf(status.out);
  check(
    'archived and empty are left out, before and after the plan',
    states.archived === 'excluded archived' && states.empty === 'excluded empty' && states.late === 'excluded archived',
    states,
  );
  check('a missing one failed', states.missing?.startsWith('failed') ?? false, states);
  check(
    'a branch of our name that is not ours is not touched',
    states.taken === 'failed branch-taken' && (await forge.file(org, 'taken', branch, 'theirs.md')) === 'theirs\n',
    states,
  );
  check('a protected base has its pull request', states.protected === 'open' && states.plain === 'open', states);

  say('== merge and verify');
  const merged = await scene.bulk(['merge', '--yes', '--method', 'squash'], { id: 'refused' });
  check(
    'the protected one is refused and stays open, the other is merged',
    (await forge.pulls(org, 'protected'))[0]?.state === 'open' && (await forge.pulls(org, 'plain'))[0]?.merged === true,
    merged,
  );
  const verified = await scene.bulk(['verify'], { id: 'refused' });
  check('what was merged has nothing left to do', /1 verified/.test(verified.out), verified);
  await gitScenario(scene, org);
}

async function gitScenario(scene: Scene, org: string): Promise<void> {
  const { forge, dir, say, check } = scene;
  say('== git as the transport, and pr');
  await forge.repo(org, 'bygit', repositoryFiles(2));
  const pr = (args: readonly string[]): ReturnType<typeof run> =>
    run(['pr', '--repo', `${org}/bygit`, '--id', 'one', '--platform', 'gitea', '--base-url', forge.url, ...args], {
      cwd: dir,
      env: { DOCKERFILE_MOD_TOKEN: forge.token },
    });
  const first = await pr(['--transport', 'git']);
  check('pr opens by git', first.code === 0 && /opened/.test(first.out), first);
  const head = await forge.head(org, 'bygit', branchOf('one'));
  const second = await pr([]);
  check(
    'pr again, by API, finds it without a journal',
    /unchanged/.test(second.out) && (await forge.head(org, 'bygit', branchOf('one'))) === head,
    second,
  );
  const third = await pr(['--skip', 'non-root-user', '--transport', 'git']);
  check('other options update it by git, with a lease', /updated/.test(third.out) && (await forge.pulls(org, 'bygit')).length === 1, third);
  await forge.commit(org, 'bygit', branchOf('one'), { 'mine.md': 'mine\n' });
  const fourth = await pr(['--transport', 'git']);
  check(
    'and leaves a human commit alone',
    /left alone/.test(fourth.out) && (await forge.file(org, 'bygit', branchOf('one'), 'mine.md')) === 'mine\n',
    fourth,
  );
}

function statesOf(json: string): Record<string, string> {
  const { repositories } = JSON.parse(json) as {
    repositories: { repo: string; state: string; reason?: string; failure?: { kind: string } }[];
  };
  return Object.fromEntries(
    repositories.map(({ repo, state, reason, failure }) => [
      repo.split('/').at(-1),
      [state, failure?.kind ?? reason].filter((word) => word !== undefined).join(' '),
    ]),
  );
}
