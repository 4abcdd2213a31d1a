// Room: installs/. Where a RUN that installs may be cut in two: what one layer makes and removes stays in one layer.
import type { ShellCommand } from '../dockerfile/types.ts';
import { allOf } from '../effects/effects.ts';
import { overlap, tree, within } from '../effects/places.ts';
import type { Effects, Place, Places } from '../effects/types.ts';
import type { RunPart, RunReading } from '../facts/reading.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { needsSources, type Sources } from './passing.ts';

/** Two halves of a RUN. */
export interface Cut {
  /** The last command of the first half, and the first one of the second. */
  last: ShellCommand;
  next: ShellCommand;
  /** Clean-ups of the second half that belong to what the first brought: they go with it. */
  forward: ShellCommand[];
}
/** What a cut is looked for in. `install`: the last command that must stand in the first half; `own`: the installs that the COPY is moved for. */
interface Asked {
  sources: Sources;
  run: RunReading;
  install: RunPart;
  own: ReadonlySet<RunPart>;
  dir: string;
}

/**
 * Where a RUN is cut behind its install; undefined: the whole of it can stand before the sources. Refused where a command of the first half
 * needs the sources, or the second half removes or changes what the first one wrote.
 */
export function cutOf(
  sources: Sources,
  run: RunReading,
  install: RunPart,
  own: ReadonlySet<RunPart>,
  dir: string,
): Cut | Refusal | undefined {
  const { parts } = run;
  const asked: Asked = { sources, run, install, own, dir };
  const at = parts.indexOf(install);
  const blocked = blockedBefore(asked, at);
  if (blocked) return blocked;
  const found = endOf(asked, at);
  if ('refused' in found) return found;
  const { end, forward } = found;
  const rest = parts.slice(end + 1).filter((part) => !forward.includes(part));
  const [next] = parts.slice(end + 1);
  if (rest.length === 0 || !next) return undefined;
  const last = parts[end] as RunPart;
  const first = parts.slice(0, end + 1);
  const stops = first.some(({ name, command }) => name === 'set' && command.words.some((word) => /^-\w*e/.test(word.value ?? '')));
  if (next.command.before?.operator === ';' && !stops)
    return refusal(
      'install-not-splittable',
      'Behind `;` the RUN goes on where the install fails; cut in two, it would stop there',
      next.command.start,
      {
        allow: 'Write && behind the install.',
      },
    );
  return (
    unjoined(run, first, parts.slice(end + 1)) ?? {
      last: last.command,
      next: (rest[0] as RunPart).command,
      forward: forward.map(({ command }) => command),
    }
  );
}

function blockedBefore({ sources, own, run }: Asked, at: number): Refusal | undefined {
  for (const part of run.parts.slice(0, at)) {
    const why = own.has(part) ? undefined : needsSources(sources, part);
    if (why === undefined) continue;
    return refusal('install-not-splittable', `\`${part.name}\` stands before the install in the same RUN and ${why}`, part.command.start);
  }
  return undefined;
}

/** The first half ends behind the last command that undoes something of it. */
function endOf(asked: Asked, at: number): { end: number; forward: RunPart[] } | Refusal {
  const { parts } = asked.run;
  let end = at;
  const forward: RunPart[] = [];
  for (let n = at + 1; n < parts.length; n += 1) {
    const part = parts[n] as RunPart;
    const joined = n === end + 1 && part.command.before?.operator === '&&' && asked.install.manager?.ofInstalled?.(part.command) === true;
    if (joined) end = n;
    const undone = joined ? undefined : undoes(part, parts.slice(0, end + 1));
    if (!undone) continue;
    if (n > end + 1 && goesForward(asked, part, parts.slice(end + 1, n))) {
      forward.push(part);
      continue;
    }
    const blocked = parts
      .slice(end + 1, n + 1)
      .find((other) => !forward.includes(other) && needsSources(asked.sources, other) !== undefined);
    if (blocked) {
      const together = `${shown(part)} ${undone.how} ${shown(undone.of)} wrote in the same RUN: both stay in one layer`;
      return refusal(
        'install-not-splittable',
        blocked === part ? together : `${together}, and ${shown(blocked)} between them needs the sources`,
        part.command.start,
        { allow: 'Give the install a RUN of its own, with what it makes and removes for itself.' },
      );
    }
    end = n;
  }
  return { end, forward: forward.filter((part) => parts.indexOf(part) > end) };
}

/** A clean-up of a cache that nothing between uses, joined by `&&` or `;` on both sides. */
function goesForward({ sources, run }: Asked, part: RunPart, between: readonly RunPart[]): boolean {
  if (part.kind !== 'clean-cache' || between.some(({ manager }) => manager?.ecosystem === 'system' && manager === part.manager))
    return false;
  const behind = run.parts[run.parts.indexOf(part) + 1];
  return joins(part) && (behind === undefined || joins(behind)) && needsSources(sources, part) === undefined;
}
const joins = ({ command }: RunPart): boolean => command.before?.operator === '&&' || command.before?.operator === ';';

/** The command of the first half of which another one removes or changes what it wrote. */
function undoes(part: RunPart, first: readonly RunPart[]): { of: RunPart; how: string } | undefined {
  const does = allOf([part.effects]);
  for (const of of first) {
    const wrote = writtenBy(of);
    if (wrote.known.length === 0 && wrote.unknown === undefined) continue;
    // packages are no secret and stay, and the scripts of a project work on the project: of them only what is known counts
    const certain = installsPackages(of) || ofProject(part);
    for (const effects of does) {
      const hit = overlap(effects.removes, wrote);
      if (hit !== undefined && (hit !== 'unknown' || !certain)) return { of, how: hit === 'unknown' ? 'may remove what' : 'removes what' };
      if (rewrites(effects, wrote)) return { of, how: 'changes what' };
      if (!certain && mayChange(effects)) return { of, how: 'may change what' };
    }
  }
  return undefined;
}

const ofProject = ({ manager, kind }: RunPart): boolean => manager !== undefined && ['build', 'run', 'test'].includes(kind);
/** A command as a sentence names it: the program, and the word that says what a package manager does. */
function shown({ name, command, manager }: RunPart): string {
  const verb = manager && command.words.slice(1).find(({ raw }) => !raw.startsWith('-'))?.value;
  return `\`${[name, verb].filter(Boolean).join(' ')}\``;
}
const installsPackages = (part: RunPart): boolean =>
  part.manager !== undefined && part.manager.ecosystem !== 'system' && ['install', 'install-named', 'download'].includes(part.kind);

/** What a command leaves. An install leaves its packages: not all that lies in the working directory is its own. */
function writtenBy({ effects, manager, kind }: RunPart): Places {
  const { cwd } = effects.after;
  if (!manager || kind !== 'install' || cwd === undefined) return effects.writes;
  const into = manager.installsInto?.name;
  const packages = into === undefined ? [] : [tree(`${cwd === '/' ? '' : cwd}/${into}`)];
  return { ...effects.writes, known: [...effects.writes.known.filter(({ path }) => path !== cwd), ...packages] };
}

/** Changes places that are there: an owner, a mode, a text in place, the same file once more, a setting of the same tool. */
function rewrites({ does, writes, reads }: Effects, wrote: Places): boolean {
  const same = (a: Place, b: Place): boolean => !a.below && !b.below && a.path === b.path;
  const covers = (a: Place, b: Place): boolean => a.below && within(b.path, a.path);
  const inPlace = (a: Place): boolean => reads.known.some(({ path }) => path === a.path);
  const changing = ['own', 'files', 'configure'].includes(does.kind);
  return writes.known.some((place) =>
    wrote.known.some(
      (other) =>
        same(place, other) ||
        (changing && covers(place, other)) ||
        (does.kind !== 'build' && inPlace(place) && (covers(other, place) || same(place, other))),
    ),
  );
}

/** What it writes is not known, and it is no build of the project. */
const mayChange = ({ does, writes }: Effects): boolean =>
  writes.unknown !== undefined &&
  (does.kind === 'unknown' ||
    (does.kind === 'package' && !['build', 'run', 'test', 'install', 'install-named', 'download'].includes(does.what)));

/** The commands up to one that set the shell up for what stands behind it (`cd`, `export`, `set`). */
export function shellUpTo({ parts }: RunReading, last: ShellCommand): ShellCommand[] {
  const at = parts.findIndex(({ command }) => command === last);
  return parts.slice(0, at + 1).flatMap((part) => (setsShell(part) ? [part.command] : []));
}
/** The shell is another one behind it. */
const setsShell = ({ effects, command }: RunPart): boolean =>
  effects.does.kind === 'state' || (command.words.length === 0 && command.assignments.length > 0);

/** Why two halves cannot be run one after the other. */
function unjoined({ instruction }: RunReading, first: readonly RunPart[], second: readonly RunPart[]): Refusal | undefined {
  const refused = (message: string, part: RunPart): Refusal => refusal('install-not-splittable', message, part.command.start);
  const [next] = second;
  if (!next) return undefined;
  if (!joins(next)) return refused('Install shares a RUN with commands that need sources, and cannot be split from them', next);
  const or = next.command.before?.operator === '&&' ? second.find(({ command }) => command.before?.operator === '||') : undefined;
  if (or) return refused(`\`|| ${or.name}\` at the end of the RUN answers for the install as well, so the RUN stays whole`, or);
  const apart = first.find(({ command }, n) => n > 0 && command.before?.operator === '&');
  if (apart) return refused('A command of the RUN runs in the background of the others, so the RUN stays whole', apart);
  const odd = first.find(
    ({ effects: { does, writes, removes } }) =>
      does.kind === 'state' && [writes, removes].some((p) => p.known.length > 0 || p.unknown !== undefined),
  );
  if (odd) return refused(`\`${odd.name}\` at line ${instruction.line} holds for the whole RUN, so the RUN stays whole`, odd);
  return undefined;
}
