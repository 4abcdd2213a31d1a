// Room: verify/compare/. Whether the user of the rewritten image can write where the original wrote.
import { identityOf, mayWrite } from '../image/identity.ts';
import { directoryOf } from '../image/lookup.ts';
import type { Check, ImageConfig, ImageContents, Observation } from '../types.ts';

/** What was written but is missed by nobody when it cannot be, with the reason. */
const unneeded: readonly { pattern: RegExp; why: string }[] = [
  { pattern: /\/__pycache__(?:\/|$)|\.py[co]$/, why: 'Python runs without its compiled files' },
  { pattern: /^\/(?:var\/)?tmp(?:\/|$)|^\/dev(?:\/|$)|^\/proc(?:\/|$)|^\/sys(?:\/|$)/, why: 'for everyone to write, in every image' },
  { pattern: /^\/(?:var\/)?run(?:\/|$)/, why: 'pid files and sockets of services, which say it in their log when they need them' },
  { pattern: /^\/etc\/(?:hosts|hostname|resolv\.conf|mtab)$|^\/\.dockerenv$/, why: 'written by the engine' },
  { pattern: /^(?:\/root|\/home\/[^/]+)\/\.npm(?:\/|$)/, why: 'npm logs and its cache' },
  { pattern: /\/\.cache\/(?:pip|pypoetry|uv|yarn|node|go-build|pnpm|matplotlib|fontconfig)(?:\/|$)/, why: 'caches that are made again' },
  { pattern: /\/node_modules\/\.cache(?:\/|$)/, why: 'caches of build tools' },
  {
    pattern: /^(?:\/root|\/home\/[^/]+)\/(?:\.[a-z]*_history|\.config\/configstore(?:\/.*)?|\.node_repl_history)$/,
    why: 'histories and update notices',
  },
];

const maxTold = 20;

/**
 * Compares where both wrote with what the user of the rewritten image may write to. A directory passes when the rewritten image wrote there too, or owner, group
 * and mode allow it.
 */
export function checkWrites(before: Observation, after: Observation, contents: ImageContents, config: ImageConfig): Check {
  const say = (outcome: Check['outcome'], detail: string): Check => ({ id: 'writes', outcome, detail, differences: [] });
  const wrote = before.written.filter((path) => !unneeded.some(({ pattern }) => pattern.test(path)));
  if (wrote.length === 0) return say('passed', 'The original wrote no files that it needs');
  const who = identityOf(config.user, contents);
  if (!who) return { ...say('failed', `The image has no user ${config.user}, so nothing can be written`), about: ['/etc/passwd'] };
  const also = new Set(after.written.map(directoryOf));
  const home = config.env['HOME'] ?? who.home;
  // What root wrote to its home, another user writes to its own.
  const homePath = (path: string): string =>
    path.startsWith('/root/') && home !== undefined ? `${home}${path.slice('/root'.length)}` : path;
  const denied = wrote.filter((path) => !also.has(directoryOf(homePath(path))) && !mayWrite(homePath(path), who, contents));
  const directories = [...new Set(wrote.map(directoryOf))];
  const user = config.user === '' ? 'root' : config.user;
  if (denied.length === 0)
    return say(
      'passed',
      `${user} can write where the original wrote: ${directories.slice(0, 5).join(', ')}${directories.length > 5 ? ', …' : ''}`,
    );
  const closed = [...new Set(denied.map(directoryOf))];
  return {
    ...say('failed', `${user} cannot write to ${closed.slice(0, 5).join(', ')}, where the original wrote ${denied[0] ?? ''}`),
    differences: denied.slice(0, maxTold).map((path) => ({ what: path, before: 'written', after: `not writable for ${user}` })),
    about: denied.slice(0, maxTold),
  };
}
