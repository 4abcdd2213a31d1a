// The contract against the fake GitHub; what was asked and answered fits GitHub's own description.
import { expect } from 'vitest';
import { contract } from './contract.ts';
import { gitHubSite } from './github-site.ts';

contract('GitHub', async () => {
  const site = await gitHubSite();
  return {
    ...site,
    end: async () => {
      await site.end();
      expect([...new Set(site.fake.faults)]).toEqual([]);
    },
  };
});
