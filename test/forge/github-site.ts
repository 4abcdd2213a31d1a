// The fake GitHub as a forge under test.
import { connectForge } from '../../src/forge/connect.ts';
import { fakeGitHub, type FakeGitHub } from './fake/github.ts';
import { siteOf } from './fake-site.ts';
import type { Site } from './site.ts';

export async function gitHubSite(): Promise<Site & { fake: FakeGitHub }> {
  const fake = await fakeGitHub();
  const site = siteOf(fake, (connection) => connectForge('github', connection));
  return { ...site, fake, name: 'GitHub' };
}
