// Room: bulk/. Whether a webhook comes from the forge: by a secret that both know.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ForgeKind } from '../../forge/types.ts';

/** Headers as node:http gives them: names in lower case. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * True when the body was signed with the secret. GitHub: HMAC-SHA256 in X-Hub-Signature-256; Gitea and Forgejo: the same without a
 * prefix in X-Gitea-Signature or X-Forgejo-Signature; GitLab: the secret itself in X-Gitlab-Token. Compared in constant time.
 * Sources: docs.github.com "Validating webhook deliveries", docs.gitea.com "Webhooks", docs.gitlab.com "Webhooks".
 */
export function isSigned(kind: ForgeKind, headers: Headers, body: Buffer, secret: string): boolean {
  if (secret === '') return false;
  if (kind === 'gitlab') return same(one(headers['x-gitlab-token']), secret);
  const expected = createHmac('sha256', secret).update(body).digest('hex');
  if (kind === 'github') return same(one(headers['x-hub-signature-256']), `sha256=${expected}`);
  return same(one(headers['x-gitea-signature'] ?? headers['x-forgejo-signature']), expected);
}

/** A header that was sent twice is none. */
const one = (value: string | string[] | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** Equal, in a time that does not tell where they differ, nor their lengths. */
function same(given: string | undefined, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given ?? ''), digest(expected)) && given !== undefined;
}
