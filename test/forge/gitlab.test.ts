// The contract against the fake GitLab.
import { connectForge } from '../../src/forge/connect.ts';
import { contract } from './contract.ts';
import { fakeGitLab } from './fake/gitlab.ts';
import { siteOf } from './fake-site.ts';

contract('GitLab', async () => siteOf(await fakeGitLab(), (connection) => connectForge('gitlab', connection)));
