// test/e2e/bulk: a campaign over many repositories, killed at random moments and resumed; then again, with other options, and beside people.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Pull } from './gitea.ts';
import { random } from './program.ts';
import { hostileFiles, repositoryFiles } from './repositories.ts';
import { branchOf, type Scene } from './scene.ts';

const branch = branchOf('e2e');
const nameOf = (n: number): string => `app${String(n).padStart(2, '0')}`;

/** Everything that a second run must not change. */
async function snapshot({ forge, org, count }: Scene): Promise<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  for (let n = 0; n < count; n++) {
    const name = nameOf(n);
    const pulls = await forge.pulls(org, name);
    state[name] = pulls.map(({ number, state, title, body, head, base }) => [number, state, title, body, head.sha, base.ref]);
  }
  return state;
}

export async function killedScenario(scene: Scene): Promise<void> {
  const { forge, org, count, say, check } = scene;
  say(`== ${count} repositories in ${org}`);
  await forge.org(org);
  for (let n = 0; n < count; n++) await forge.repo(org, nameOf(n), n === 1 ? hostileFiles() : repositoryFiles(n));

  say('== plan writes nothing');
  const planned = await scene.bulk(['plan', '--org', org]);
  check('plan ends well', planned.code === 0, planned);
  const before = await snapshot(scene);
  check(
    'no pull requests, no branches',
    Object.values(before).every((pulls) => (pulls as unknown[]).length === 0) && (await forge.head(org, nameOf(0), branch)) === undefined,
  );

  say(`== apply, killed ${scene.kills} times`);
  await killAndResume(scene, ['apply', '--yes']);
  await checkOnce(scene, 'after the kills');

  say('== a second run changes nothing');
  const first = await snapshot(scene);
  const again = await scene.bulk(['apply', '--yes']);
  check('it ends well', again.code === 0, again);
  check('everything is as it was', JSON.stringify(await snapshot(scene)) === JSON.stringify(first));
  const third = await scene.bulk(['plan', '--org', org]);
  check('plan again ends well', third.code === 0, third);
  check('and changes nothing', JSON.stringify(await snapshot(scene)) === JSON.stringify(first));
}

/** Kills at random moments while there is work; then one run to the end. */
async function killAndResume(scene: Scene, args: readonly string[]): Promise<void> {
  const next = random(scene.seed);
  for (let n = 0; n < scene.kills; n++) {
    const { killed } = await scene.bulk(args, { killAfter: 900 + Math.floor(next() * 4500) });
    if (killed) scene.totals.kills += 1;
  }
  const last = await scene.bulk(args);
  if (last.code !== 0) scene.say((await scene.bulk(['status'])).out);
  scene.check('the last run ends well', last.code === 0, last);
}

async function checkOnce(scene: Scene, when: string): Promise<void> {
  const { forge, org, count, check, totals } = scene;
  let [opened, duplicates, missing, foreign] = [0, 0, 0, 0];
  for (let n = 0; n < count; n++) {
    const pulls: Pull[] = (await forge.pulls(org, nameOf(n))).filter((pull) => pull.head.ref === branch);
    opened += pulls.length;
    if (pulls.length > 1) duplicates += pulls.length - 1;
    if (pulls.length === 0) missing += 1;
    const { json } = await forge.api('GET', `/repos/${org}/${nameOf(n)}/branches?limit=50`);
    foreign += (json as { name: string }[]).filter(({ name }) => name !== 'main' && name !== branch).length;
  }
  totals.counts = { ...totals.counts, repositories: count, opened, duplicates };
  check(
    `${when}: ${count} repositories, ${opened} pull requests, ${duplicates} duplicates`,
    opened === count && duplicates === 0 && missing === 0,
  );
  check(`${when}: no other branches`, foreign === 0, foreign);
}

export async function updateScenario(scene: Scene): Promise<void> {
  const { forge, org, count, say, check } = scene;
  say('== people: commits of the same account, a closed one, a merged base');
  const [human, closed, moved, conflicted, obsolete] = [0, 1, 2, 3, 4].map(nameOf) as [string, string, string, string, string];
  await forge.commit(org, human, branch, { 'notes.md': 'written by a person\n' });
  await forge.api('PATCH', `/repos/${org}/${closed}/pulls/1`, { state: 'closed' });
  await forge.commit(org, moved, 'main', { 'README.md': 'moved\n' });
  const text = (await forge.file(org, conflicted, 'main', 'Dockerfile')) ?? '';
  await forge.commit(org, conflicted, 'main', { Dockerfile: text.replace('LABEL number=', 'LABEL changed="yes" number=') });
  await forge.commit(org, obsolete, 'main', await oursOf(scene, obsolete));
  const movedHead = await forge.head(org, moved, branch);
  const applied = await scene.bulk(['apply', '--yes']);
  check('apply ends well', applied.code === 0, applied);
  check(
    'a human commit is there, and there is one comment',
    (await forge.file(org, human, branch, 'notes.md')) !== undefined && (await forge.comments(org, human, 1)).length === 1,
  );
  check('what moved elsewhere was not pushed again', (await forge.head(org, moved, branch)) === movedHead);
  check('a conflict is rebased', ((await forge.file(org, conflicted, branch, 'Dockerfile')) ?? '').includes('changed="yes"'));
  const gone = (await forge.pulls(org, obsolete))[0];
  check(
    'what has nothing left is closed with a word, without its branch',
    gone?.state === 'closed' &&
      (await forge.comments(org, obsolete, 1)).length === 1 &&
      (await forge.head(org, obsolete, branch)) === undefined,
  );

  say(`== other options, killed ${Math.ceil(scene.kills / 4)} times: what is open is updated in place`);
  const fresh = await scene.bulk(['plan', '--org', org, '--fresh', '--skip', 'non-root-user']);
  check('plan ends well', fresh.code === 0, fresh);
  await killAndResume({ ...scene, kills: Math.ceil(scene.kills / 4), seed: scene.seed + 1 }, ['apply', '--yes', '--quiet']);
  let [more, users, lost] = [0, 0, 0];
  for (let n = 0; n < count; n++) {
    const pulls = await forge.pulls(org, nameOf(n));
    more += pulls.length - 1;
    if (n > 4 && ((await forge.file(org, nameOf(n), branch, 'Dockerfile')) ?? 'USER').includes('\nUSER ')) users += 1;
  }
  if ((await forge.file(org, human, branch, 'notes.md')) !== 'written by a person\n') lost += 1;
  scene.totals.counts.humanCommitsLost = lost;
  check('no pull request more', more === 0, more);
  check('every branch has the new result', users === 0, users);
  check('no human commit lost', lost === 0);
  check('closed by hand stays closed', (await forge.pulls(org, closed))[0]?.state === 'closed');
  check('one comment, still', (await forge.comments(org, human, 1)).length === 1);

  say('== the journal is lost: nothing is opened again');
  rmSync(join(scene.dir, 'journal'), { recursive: true });
  const replanned = await scene.bulk(['plan', '--org', org, '--skip', 'non-root-user']);
  check('plan ends well', replanned.code === 0, replanned);
  const reapplied = await scene.bulk(['apply', '--yes']);
  check('apply ends well', reapplied.code === 0, reapplied);
  let after = 0;
  for (let n = 0; n < count; n++) after += (await forge.pulls(org, nameOf(n))).length;
  check(`${after} pull requests, as before`, after === count);
  check('the human commit is still there', (await forge.file(org, human, branch, 'notes.md')) === 'written by a person\n');
}

/** Files that our branch has other than the base. */
async function oursOf({ forge, org }: Scene, name: string): Promise<Record<string, string>> {
  const { json } = await forge.api('GET', `/repos/${org}/${name}/pulls/1/files`);
  const paths = (json as { filename: string }[]).map(({ filename }) => filename);
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, (await forge.file(org, name, branch, path)) ?? ''] as const)),
  );
}
