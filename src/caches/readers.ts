// Room: caches/. Who reads a cache without having its mount: what lies in a mount is in no layer.
import { parseShell } from '../dockerfile/shell.ts';
import { allOf, effectsOfScript } from '../effects/effects.ts';
import { within } from '../effects/places.ts';
import type { Effects, Place } from '../effects/types.ts';
import type { PackageManager } from '../ecosystems/types.ts';
import type { CopyReading } from '../facts/copies.ts';
import type { RunPart, RunReading, StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { hitsOf, projectsOf } from '../facts/applications.ts';
import { shortened } from '../facts/eligible.ts';
import { runCommand } from '../runtime/run-command.ts';
import { oncePer } from '../once.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { builtHere } from '../runtime/built-here.ts';
import { below } from './chain.ts';
import { mountedIn } from './directory.ts';
import type { MountPlan } from './mounts.ts';

interface Asked {
  subject: Subject;
  reading: StageReading;
  manager: PackageManager;
  /** The directories that are mounted. */
  targets: readonly string[];
}

/** `plans`: the stage's own, `mounted`: the RUNs of every stage that get one. Why the mounts of one manager in a stage would take something from a later step; undefined: all who read the cache have it. */
export function readWithout(
  subject: Subject,
  reading: StageReading,
  manager: PackageManager,
  { plans, mounted }: { plans: readonly MountPlan[]; mounted: ReadonlySet<RunReading> },
): Refusal | undefined {
  const asked: Asked = { subject, reading, manager, targets: plans.flatMap(({ targets }) => targets) };
  const first = Math.min(...plans.map(({ run }) => run.instruction.index));
  const stages = below(subject, reading);
  const runs = stages.flatMap((stage) =>
    stage.runs.filter((run) => stage !== reading || run.instruction.index >= first).map((run) => ({ stage, run })),
  );
  for (const { stage, run } of runs) {
    const own = run.parts.find(({ command }) => manager.keepsOwn?.(command));
    if (own) return keptOwn(run, own);
    const found = mounted.has(run) ? copierIn(asked, run) : readerIn(asked, stage, run);
    if (found) return found;
  }
  const otherwise = manager.runsFromCache ? stages.filter((stage) => stage !== subject.final).map((stage) => commandOf(asked, stage)) : [];
  return (
    otherwise.find((found) => found !== undefined) ??
    copiedInto(asked) ??
    copiedFrom(asked) ??
    (stages.includes(subject.final) ? fetchedBefore(asked, plans) : undefined) ??
    (stages.includes(subject.final)
      ? manager.runsFromCache
        ? readWhenRun(asked, plans[0]?.run.instruction.start ?? 0)
        : offlineWhenRun(asked, plans[0]?.run.instruction.start ?? 0)
      : undefined)
  );
}

const keptOwn = ({ instruction }: RunReading, { command }: RunPart): Refusal =>
  refusal(
    'cache-read-later',
    `\`${shortened(command.words.map(({ raw }) => raw).join(' '))}\` at line ${instruction.line} puts the project itself into the cache, where other projects would find it`,
    instruction.start,
    { allow: 'Build without putting it there.' },
  );

/** What is copied out of other stages, by the name or the number that it is called by. */
const copiesOut = oncePer((stages: readonly StageReading[]): ReadonlyMap<string, CopyReading['instruction'][]> => {
  const found = new Map<string, CopyReading['instruction'][]>();
  for (const { copies } of stages)
    for (const { instruction } of copies) {
      const from = instruction.from?.toLowerCase();
      if (from === undefined) continue;
      const known = found.get(from);
      if (known) known.push(instruction);
      else found.set(from, [instruction]);
    }
  return found;
});

const later = (message: string, run: RunReading): Refusal =>
  refusal('cache-read-later', message, run.instruction.start, { allow: `Mount the same cache at line ${run.instruction.line}.` });

function readerIn(asked: Asked, stage: StageReading, run: RunReading): Refusal | undefined {
  const { manager, targets } = asked;
  const mounted = mountedIn(stage, run);
  if (targets.every((target) => mounted.includes(target))) return undefined;
  for (const part of run.parts) {
    const place = part.effects.reads.known.find((one) => holds(asked, one, part.effects.before.cwd));
    if (part.kind !== 'clean-cache' && (place || asksWhere(asked, part)))
      return later(
        `\`${part.name}\` at line ${run.instruction.line} reads ${place?.path ?? 'the cache'}, which a mount would keep out of the image`,
        run,
      );
    if (manager.runsFromCache && starts(asked, part))
      return later(`\`${part.name}\` at line ${run.instruction.line} may run ${manager.id}, and would miss what lies in a mount`, run);
  }
  return undefined;
}

/** What a RUN copies out of the cache that it fills: a mount holds what other builds left there as well. */
function copierIn(asked: Asked, run: RunReading): Refusal | undefined {
  for (const part of run.parts) {
    const { reads, own, does, before } = part.effects;
    if (does.kind === 'package' || does.kind === 'build') continue;
    // what the program runs from is the same for every build: a module of a version
    const whole = ({ path }: Place): boolean =>
      !asked.manager.runsFromCache || !asked.targets.some((target) => path !== target && within(path, target));
    const place = reads.known.find((one) => holds(asked, one, before.cwd) && whole(one));
    const copies = own.known.some(({ path }) => !asked.targets.some((target) => within(path, target)));
    if ((place && copies) || asksWhere(asked, part))
      return refusal(
        'cache-read-later',
        `\`${part.name}\` at line ${run.instruction.line} takes files out of ${place?.path ?? 'the cache'}, and a mount would hold more than this build left there`,
        run.instruction.start,
        { allow: 'Copy what the program needs from where the install puts it.' },
      );
  }
  return undefined;
}

const holds = ({ targets }: Asked, { path, below: deep }: Place, cwd: string | undefined): boolean =>
  targets.some((target) => within(path, target) || (deep && path !== '/' && path !== cwd && within(target, path)));

/** A command that comes to the manager, or to what is not known. */
function starts({ subject, manager }: Asked, part: RunPart): boolean {
  return allOf([part.effects]).some((one) => reaches(one, subject, manager));
}
/** `cp -r "$(yarn cache dir)" …`: the manager is asked where its cache lies. */
function asksWhere({ manager }: Asked, part: RunPart): boolean {
  const names = manager.caches.flatMap(({ movedBy }) => movedBy.map(({ env }) => env));
  const asks = ({ program, command }: Effects): boolean =>
    manager.programs.includes(program) &&
    command.words.slice(1).some(({ raw }) => /cache|store/i.test(raw) || names.includes(raw)) &&
    !manager.clearsCache(command);
  return allOf([part.effects]).some(({ inner }) => allOf(inner).some(asks));
}
function reaches(effects: Effects, { project }: Subject, manager: PackageManager): boolean {
  if (manager.programs.includes(effects.program)) return manager.usesCache(effects.command);
  // what another package manager starts is in its scripts, which are read
  if (effects.does.kind === 'package') return false;
  const other = project.managers.some((row) => row !== manager && row.classify(effects.command) !== undefined);
  return !other && (effects.does.kind === 'unknown' || (effects.does.kind === 'build' && effects.startsUnknown !== undefined));
}

/** What a COPY puts into the cache would lie under the mount. */
function copiedInto({ reading, targets }: Asked): Refusal | undefined {
  const into = reading.copies.find(
    ({ dest, fromContext }) =>
      dest !== undefined && targets.some((target) => within(dest, target) || (!fromContext && dest !== '/' && within(target, dest))),
  );
  return (
    into &&
    refusal(
      'cache-read-later',
      `Line ${into.instruction.line} copies files into the cache, and a mount would hide them`,
      into.instruction.start,
    )
  );
}

/** Another stage takes the cache itself, or a directory that holds what is run from it. */
function copiedFrom({ subject, reading, manager, targets }: Asked): Refusal | undefined {
  const { name, index } = reading.stage;
  const called = [...(name === undefined ? [] : [name]), String(index)].flatMap((one) => copiesOut(subject.stages).get(one) ?? []);
  for (const instruction of called.sort((a, b) => a.index - b.index)) {
    const taken = instruction.sources.find(({ value }) =>
      targets.some(
        (target) =>
          within(`/${value.replace(/^\/+|\/+$/g, '')}`, target) ||
          (manager.runsFromCache && value !== '/' && within(target, value.replace(/(.)\/+$/, '$1'))),
      ),
    );
    if (taken)
      return refusal(
        'cache-read-later',
        `Line ${instruction.line} copies ${taken.value} out of the stage, and would miss what lies in a mount`,
        instruction.start,
      );
  }
  return undefined;
}

/** A RUN with the mount fetches a program by its name (`npx -y serve`), which the container calls so again: without what the RUN kept it fetches it anew. */
function fetchedBefore({ subject, manager }: Asked, plans: readonly MountPlan[]): Refusal | undefined {
  const command = runCommand(subject);
  const names = ({ effects }: { effects: Effects }): string[] => manager.fetches?.(effects.command) ?? [];
  const started = 'value' in command ? new Set(command.value.started.flatMap(names)) : undefined;
  for (const { run } of started?.size === 0 ? [] : plans)
    for (const effects of allOf(run.parts.map((part) => part.effects))) {
      const name = names({ effects }).find((one) => started?.has(one) ?? true);
      const own = name !== undefined && projectsOf(subject).some(({ project }) => project.provides?.(name));
      if (name !== undefined && !own)
        return refusal(
          'cache-read-at-runtime',
          `The package cache is read at run time (${name}, which line ${run.instruction.line} fetches)`,
          run.instruction.start,
          {
            allow: `Install ${name} as a dependency, or globally.`,
          },
        );
    }
  return undefined;
}

/** What the container starts may run the manager, which then looks for what it downloaded. */
function readWhenRun(asked: Asked, at: number): Refusal | undefined {
  const { subject, manager } = asked;
  const command = runCommand(subject);
  const refused = (what: string): Refusal => refusal('cache-read-at-runtime', `The package cache is read at run time (${what})`, at);
  const doubted = (what: string): Refusal => refusal('cache-read-at-runtime', `The package cache may be read at run time (${what})`, at);
  if ('unknown' in command) return doubted(`what the container starts is not known: ${command.unknown}`);
  const { program, args, needs, scripts } = command.value;
  const named = needs.find((need) => manager.programs.includes(need.program));
  const runs = command.value.started.find(({ effects }) => manager.programs.includes(effects.program))?.effects.command.words;
  const told = runs?.map(({ raw }) => raw) ?? [named?.program ?? program, ...(named ? [] : args)];
  if (manager.programs.includes(program) || named) return refused(`\`${told.slice(0, 2).join(' ')}\``);
  const script = scripts.find(({ text }) => manager.programs.some((name) => new RegExp(`(^|[\\s;&|(])${name}\\s`, 'm').test(text)));
  if (script) return refused(`the entry script runs ${manager.id}`);
  if (!made(asked, program) && reachesText(asked, [program, ...args])) return doubted(`\`${program}\` may run ${manager.id}`);
  for (const service of subject.project.uses().services)
    for (const words of [service.entrypoint, service.command])
      if (words !== undefined && reachesText(asked, words))
        return doubted(`the service ${service.service} in ${service.file} may run ${manager.id}`);
  const spawn = hitsOf(subject).find((hit) => hit.kind === 'spawn' && manager.programs.includes(hit.literal ?? ''));
  return spawn ? refused(`${spawn.file}:${spawn.line} starts ${spawn.literal}`) : undefined;
}

/** What the container starts installs without the network, from what was downloaded while building. */
function offlineWhenRun({ subject, manager }: Asked, at: number): Refusal | undefined {
  const command = runCommand(subject);
  const options = new Set(manager.offline?.options);
  const found =
    'value' in command
      ? command.value.started.find(
          ({ effects }) =>
            manager.classify(effects.command) !== undefined && effects.command.words.some(({ value }) => options.has(value ?? '')),
        )
      : undefined;
  const told = found?.effects.command.words
    .map(({ raw }) => raw)
    .slice(0, 3)
    .join(' ');
  return found && refusal('cache-read-at-runtime', `The package cache is read at run time (\`${told}\`)`, at);
}

/** A stage with a command of its own is run by those who build it by its name (`--target dev`). */
function commandOf(asked: Asked, stage: StageReading): Refusal | undefined {
  for (const i of stage.stage.instructions) {
    if (i.keyword !== 'CMD' && i.keyword !== 'ENTRYPOINT') continue;
    const words = i.json?.map(({ value }) => value) ?? i.args[0] ?? '';
    if (reachesText(asked, words, stage))
      return refusal(
        'cache-read-at-runtime',
        `The package cache may be read at run time (line ${i.line} may run ${asked.manager.id})`,
        i.start,
      );
  }
  return undefined;
}

function reachesText(asked: Asked, words: readonly string[] | string, stage: StageReading = asked.subject.final): boolean {
  const { subject, manager } = asked;
  const [last] = stage.stage.instructions.slice(-1);
  const shell = stage.shell(last ?? stage.stage.from);
  const text = typeof words === 'string' ? words : words.map(quoted).join(' ');
  return effectsOfScript(parseShell(text), shell, subject.project.knowledge).some((effects) =>
    allOf([effects]).some((one) => !made(asked, one.command.words[0]?.value ?? '') && reaches(one, subject, manager)),
  );
}
const quoted = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const made = ({ subject, manager }: Asked, program: string): boolean =>
  !manager.programs.includes(program.slice(program.lastIndexOf('/') + 1)) && builtHere(subject, manager.ecosystem, program);
