// The contract against a real Gitea, when the environment names one (FORGE_URL, FORGE_TOKEN_FILE).
import { describe, it } from 'vitest';
import { contract } from './contract.ts';
import { giteaSite } from './gitea-site.ts';

if (process.env['FORGE_URL']) {
  contract('Gitea', async () => {
    const site = await giteaSite(`t${Date.now().toString(36)}`);
    if (!site) throw new Error('FORGE_TOKEN_FILE is missing');
    return site;
  });
} else {
  describe('Gitea', () => it.skip('FORGE_URL is not set', () => undefined));
}
