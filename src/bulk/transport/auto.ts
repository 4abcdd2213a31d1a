// Room: bulk/. `--transport auto`: by API where it can, by git where the API cannot or costs more.
import { ForgeError, type Forge } from '../../forge/types.ts';
import { apiTransport } from './api.ts';
import type { Transport } from './types.ts';

/** Reads by API; writes by API what the forge can write safely, the rest by git. */
export function autoTransport(forge: Forge, git: Transport): Transport {
  const api = apiTransport(forge);
  return {
    head: (place, branch) => api.head(place, branch),
    async snapshot(place, commit) {
      try {
        return await api.snapshot(place, commit);
      } catch (error) {
        if (error instanceof ForgeError && error.kind === 'unsupported') return git.snapshot(place, commit);
        throw error;
      }
    },
    ...(git.checkOut ? { checkOut: git.checkOut } : {}),
    write: (place, write, before) => {
      const moves = write.expect !== 'absent' && write.expect !== write.parent;
      const needsGit = !forge.features.moveBranch && (moves || write.to !== undefined);
      return (needsGit ? git : api).write(place, write, before);
    },
  };
}
