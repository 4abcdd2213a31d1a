// test/e2e/bulk: the same forge behind a proxy that has bad days: errors, resets, cut and slow answers, before and after it did what was asked.
import { done, faultProxy, lost } from '../../forge/fault-proxy.ts';
import { repositoryFiles } from './repositories.ts';
import { branchOf, type Scene } from './scene.ts';

/** Limits are not among them: they make a run wait for as long as they say, and have tests with a clock of their own. */
export async function faultScenario(scene: Scene): Promise<void> {
  const { forge, say, check } = scene;
  const org = `${scene.org}c`;
  const names = ['one', 'two', 'three', 'four', 'five'].slice(0, scene.count > 10 ? 5 : 3);
  say(`== ${names.length} repositories through a proxy that fails one request in seven`);
  await forge.org(org);
  for (const [n, name] of names.entries()) await forge.repo(org, name, repositoryFiles(n));
  const proxy = await faultProxy({
    target: forge.url,
    now: Date.now,
    seed: scene.seed,
    share: 0.15,
    faults: () => [...lost, ...done, 'slow'],
  });
  try {
    const how = { id: 'faults', url: proxy.origin };
    for (let n = 0; n < 6 && (await scene.bulk(['plan', '--org', org], how)).code !== 0; n++);
    for (let n = 0; n < 8; n++) {
      const { code, out } = await scene.bulk(['apply', '--yes'], how);
      if (code === 0 && !out.includes('opened')) break;
    }
  } finally {
    await proxy.end();
  }
  const faults = proxy.seen.filter(({ fault }) => fault !== undefined).length;
  let duplicates = 0;
  let missing = 0;
  for (const name of names) {
    const pulls = (await forge.pulls(org, name)).filter((pull) => pull.head.ref === branchOf('faults'));
    if (pulls.length > 1) duplicates += pulls.length - 1;
    if (!pulls.some(({ state }) => state === 'open')) missing += 1;
  }
  scene.totals.counts.faults = faults;
  check(
    `${faults} faults of ${proxy.seen.length} requests: each repository has one pull request`,
    faults > 5 && duplicates === 0 && missing === 0,
    { duplicates, missing },
  );
}
