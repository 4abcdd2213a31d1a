// Room: verify/compare/. Whether the rewritten image runs as a user who is not root.
import { identityOf } from '../image/identity.ts';
import type { Check, ImageConfig, ImageContents } from '../types.ts';

/**
 * Looks at the configured user, and at who the processes really ran as. In: user ids that were seen; why the transform that sets a user did not
 * apply (undefined: it did). Not checked when the rewrite did not promise a user.
 */
export function checkUser(config: ImageConfig, uids: readonly string[], contents: ImageContents, notApplied: string | undefined): Check {
  const say = (outcome: Check['outcome'], detail: string): Check => ({ id: 'user', outcome, detail, differences: [] });
  const who = identityOf(config.user, contents);
  const shown = who?.name !== undefined && who.name !== config.user ? `${config.user} (${who.name})` : config.user;
  if (notApplied !== undefined) {
    const also = who !== undefined && who.uid !== 0 ? `it runs as ${shown}; ` : '';
    return say('not-checked', `The rewrite sets no user: ${also}${notApplied}`);
  }
  if (who === undefined) return { ...say('failed', `The image has no user ${config.user}`), about: ['/etc/passwd'] };
  if (who.uid === 0) return say('failed', 'The image is configured to run as root');
  const root = uids.some((uid) => uid === '0' || uid === 'root');
  if (root) return say('failed', `The image is configured to run as ${shown}, but a process of it ran as root`);
  return say('passed', uids.length > 0 ? `Its processes ran as ${shown}, not as root` : `It is configured to run as ${shown}, not as root`);
}
