// Room: verify/compare/. Whether the user of the rewritten image can write where the original wrote.
import { identityOf, mayWrite } from '../image/identity.ts';
import { directoryOf } from '../image/lookup.ts';
import { visible } from '../../report/visible.ts';
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
  if (before.writtenSeen === 'no') return say('not-checked', 'The engine does not tell what a container wrote');
  const wrote = needed(before.written);
  if (wrote.length === 0) return say('passed', 'The original wrote no files that it needs');
  const who = identityOf(config.user, contents);
  if (!who) return { ...say('failed', `The image has no user ${config.user}, so nothing can be written`), about: ['/etc/passwd'] };
  const also = new Set(after.written.map(directoryOf));
  const home = config.env['HOME'] ?? who.home;
  // What root wrote to its home, another user writes to its own.
  const homePath = (path: string): string =>
    path.startsWith('/root/') && home !== undefined ? `${home}${path.slice('/root'.length)}` : path;
  const denied = wrote.filter((path) => !also.has(directoryOf(homePath(path))) && !mayWrite(homePath(path), who, contents));
  const directories = [...new Set(wrote.map((path) => directoryOf(homePath(path))))];
  const user = config.user === '' ? 'root' : config.user;
  const homed = wrote.some((path) => homePath(path) !== path) ? ', and to its own home instead of that of root' : '';
  if (denied.length === 0)
    return say(
      'passed',
      `${user} can write where the original wrote${homed}: ${directories.slice(0, 5).join(', ')}${directories.length > 5 ? ', …' : ''}`,
    );
  const closed = [...new Set(denied.map((path) => directoryOf(homePath(path))))];
  return {
    ...say('failed', `${user} cannot write to ${closed.slice(0, 5).join(', ')}, where the original wrote ${denied[0] ?? ''}`),
    differences: denied.slice(0, maxTold).map((path) => ({
      what: path,
      before: 'written',
      after: `${path === homePath(path) ? '' : `${homePath(path)} is `}not writable for ${user}`,
    })),
    about: denied.slice(0, maxTold),
  };
}

const needed = (paths: readonly string[]): string[] => paths.filter((path) => !unneeded.some(({ pattern }) => pattern.test(path)));

/**
 * The check `written`: files that one of both wrote alone. Worth knowing, no failure: a process may write later, or less. What the original wrote at one of
 * its two starts is not missed; homes, and numbers and ids in names, count as the same.
 */
export function checkWritten(before: Observation, after: Observation): Check {
  const say = (outcome: Check['outcome'], detail: string): Check => ({ id: 'written', outcome, detail, differences: [] });
  if (before.writtenSeen === 'no' || after.writtenSeen === 'no')
    return say('not-checked', 'The engine does not tell what a container wrote');
  const [was, is] = [needed(before.written), needed(after.written)];
  const [had, has] = [new Set(was.map(keyOf)), new Set(is.map(keyOf))];
  const lost = needed(before.steady?.written ?? before.written).filter((path) => !has.has(keyOf(path)));
  const fresh = is.filter((path) => !had.has(keyOf(path)));
  if (lost.length + fresh.length === 0)
    return say('passed', was.length === 0 ? 'Neither wrote a file that it needs' : 'Both wrote the same files');
  const told = [
    ...(lost.length > 0 ? [`the original wrote ${visible(lost[0] ?? '')}${more(lost)}, and the rewritten one did not`] : []),
    ...(fresh.length > 0 ? [`the rewritten one wrote ${visible(fresh[0] ?? '')}${more(fresh)}, and the original did not`] : []),
  ].join('; ');
  const differences = [
    ...lost.map((path) => ({ what: visible(path), before: 'written', after: 'not written' })),
    ...fresh.map((path) => ({ what: visible(path), before: 'not written', after: 'written' })),
  ];
  return { ...say('warned', `${told.charAt(0).toUpperCase()}${told.slice(1)}`), differences: differences.slice(0, maxTold) };
}

const keyOf = (path: string): string => path.replace(/^\/(?:root|home\/[^/]+)\//, '~/').replace(/[0-9a-f]*\d[0-9a-f]*/gi, '#');
const more = (paths: readonly string[]): string => (paths.length > 1 ? ` and ${paths.length - 1} more` : '');
