// Room: forge/. From a kind and a connection to a client; each client's packages are loaded when it is made.
import type { Connection } from './connection.ts';
import type { Forge, ForgeKind } from './types.ts';

/** Where the public ones are; Gitea has none. */
export const publicAddress: Readonly<Record<ForgeKind, string | undefined>> = {
  github: 'https://github.com',
  gitlab: 'https://gitlab.com',
  gitea: undefined,
};

/** Makes a client. Sends nothing yet; the credential is made known to the redactor. */
export async function connectForge(kind: ForgeKind, connection: Connection): Promise<Forge> {
  const { credential, redactor } = connection;
  if (credential) redactor.add(credential.kind === 'token' ? credential.value : credential.privateKey);
  switch (kind) {
    case 'github':
      return (await import('./github.ts')).gitHubForge(connection);
    case 'gitlab':
      return (await import('./gitlab.ts')).gitLabForge(connection);
    case 'gitea':
      return (await import('./gitea.ts')).giteaForge(connection);
  }
}
