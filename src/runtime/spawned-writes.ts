// Room: runtime/. What the programs write that the sources start.
import { hitsOf, projectIn } from '../facts/applications.ts';
import type { ShellCommand } from '../dockerfile/types.ts';
import { joined, parentOf } from '../effects/places.ts';
import type { Effects } from '../effects/types.ts';
import { inside } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import { hitEvidence } from '../facts/project.ts';
import type { Evidence } from '../facts/types.ts';
import type { Refusal } from '../refusal.ts';
import { addedAtStart } from './added-at-start.ts';
import { spawnedBy, unknownCode } from './spawned.ts';
import { ALLOW, applications, giveFor, isFree, isSystem, placeOf, unknown, type Found } from './write-found.ts';

/** What the programs write that the sources start: `os.system("mkdir -p /data/x")`, `spawn('tar', ['xf', name, '-C', '/srv'])`. */
export function ofSpawned(subject: Subject, found: Found): Refusal | undefined {
  const given = hitsOf(subject).find(({ code }) => code);
  const code = given && unknownCode(given);
  const refusedCode = given && code && unknown(subject, found, `${code}: what that writes is unknown`, [hitEvidence(given)]);
  if (refusedCode) return refusedCode;
  for (const { hit, told, effects } of spawnedBy(subject))
    for (const one of effects) {
      const evidence: Evidence = { file: hit.file, line: hit.line, says: `starts: ${hit.text}` };
      const why = spawnedUnknown(subject, one, found);
      const refused =
        why === undefined ? undefined : unknown(subject, found, `${placeOf(evidence)} starts \`${told}\`${why.why}`, [evidence], why.allow);
      if (refused) return refused;
      if (one.does.kind === 'configure') continue;
      // sources that are read say what they write
      const places = one.sources !== undefined && one.does.kind === 'build' ? one.redirected : joined(one.own, one.removes);
      for (const place of places.known) {
        if (isFree(place.path)) continue;
        found.evidence.push(evidence);
        giveFor(subject, found, place, one);
      }
    }
  return undefined;
}

/** Why what a command writes that the sources start cannot be told, as the end of a sentence. A program of no row writes where it runs, or to what it is given. */
function spawnedUnknown(subject: Subject, effects: Effects, found: Found): { why: string; allow?: string } | undefined {
  const { does, own, sources, command, before } = effects;
  const added = addedAtStart(subject, effects);
  if (added) return { why: `: ${added.says}, into an environment that belongs to root`, allow: added.allow };
  const unread = { why: ', whose sources are not read: what it writes is unknown' };
  if (does.kind === 'package')
    return does.what.startsWith('install') || does.what === 'download'
      ? { why: ', which installs packages in directories of root', allow: 'Install them in a RUN.' }
      : undefined;
  if (sources !== undefined) return projectIn(subject, sources) === undefined ? unread : undefined;
  if (does.kind === 'unknown') return givenPlace(subject, command, before.cwd, found);
  if (own.unknown === undefined) return undefined;
  if (does.kind === 'serve') return unread;
  if (does.kind === 'build') return { why: ', and what that writes is unknown' };
  return ['files', 'fetch', 'unpack', 'own'].includes(does.kind) ? { why: ', which writes to a computed path' } : undefined;
}

/** A directory outside of the application that a program of no row is given, or runs in. */
function givenPlace(
  subject: Subject,
  command: ShellCommand,
  cwd: string | undefined,
  found: Found,
): { why: string; allow: string } | undefined {
  const own = [...applications(subject), ...found.paths];
  const known = (path: string): boolean => isFree(path) || own.some((dir) => inside(path, dir));
  const place = command.words
    .slice(1)
    // of a path with parts that are computed, what stands before them
    .map(({ value, raw }) => /^"?(?:-{1,2}[\w-]+=)?(\/[\w./-]*\w)\/?(?:\$|"?$)/.exec(value ?? raw)?.[1])
    .find((path) => path !== undefined && !known(path));
  const dir = place ?? (cwd === undefined || known(cwd) ? undefined : cwd);
  if (dir === undefined) return undefined;
  const made = place !== undefined && /\.\w+$/.test(place) ? parentOf(place) : dir;
  return {
    why: place === undefined ? ` in ${dir}, and may write there` : ', and may write there',
    allow: isSystem(subject, made) ? ALLOW : `Make its directory in a RUN (mkdir -p ${made}): it is given to the user then.`,
  };
}
