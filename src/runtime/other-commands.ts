// Room: runtime/. What services start in the image instead of its command: each is followed as the command of the Dockerfile is.
import { parseShell } from '../dockerfile/shell.ts';
import type { Command } from '../dockerfile/types.ts';
import { buildsAtStart } from '../effects/rows/development.ts';
import { allOf } from '../effects/effects.ts';
import type { Effects } from '../effects/types.ts';
import { originThrough } from '../facts/copies.ts';
import { comesLater, startsAnother } from '../facts/eligible.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence, Fact } from '../facts/types.ts';
import { oncePer } from '../once.ts';
import type { ServiceUse } from '../uses/types.ts';
import { argvOf, passedOn, programOf, runCommand, type OtherCommand, type RunCommand } from './run-command.ts';
import { containerShell, effectsOfWords, follow, newChain, staying, untold, workplace, type Chain } from './started.ts';

/** A command of a service that is read to its end. */
interface Followed extends OtherCommand {
  service: ServiceUse;
  effects: Effects;
}

/** True where what the service starts is known as well as the command of the Dockerfile is: nothing in it is a guess. */
export const isFollowed = (subject: Subject, service: ServiceUse): boolean => followedOf(subject).some((one) => one.service === service);

/**
 * All that starts in the image: the command of the Dockerfile, and what services that are followed start instead. Where the Dockerfile has no
 * command, the first service's is the program. Unknown: as `runCommand`, where no service says more.
 */
export const everyCommand = oncePer((subject: Subject): Fact<RunCommand> => {
  const own = runCommand(subject);
  const others = followedOf(subject);
  const [first] = others;
  if (first === undefined) return own;
  if ('value' in own) return { value: withOthers(subject, own.value, others), evidence: own.evidence };
  const { stage } = subject.final;
  // `ENTRYPOINT ["python"]` alone waits for what a service gives it
  const waits = own.id !== undefined && !stage.instructions.some(({ keyword }) => keyword === 'CMD');
  if (!waits && stage.instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT')) return own;
  const program = programOf(staying(first.effects), originsOf(subject));
  const value: RunCommand = {
    ...program,
    wrappers: [],
    shell: false,
    shellSyntax: true,
    needs: [],
    outside: [],
    others: [],
    scripts: [],
    started: [],
    besides: { known: [] },
    entrypoint: undefined,
    cmd: undefined,
    healthcheck: undefined,
    health: [],
    at: stage.from.start,
  };
  return { value: withOthers(subject, value, others), evidence: [first.evidence] };
});

const originsOf =
  (subject: Subject) =>
  (path: string): string | undefined =>
    originThrough(subject.stages, subject.final, subject.project.tree, path);

function withOthers(subject: Subject, run: RunCommand, others: readonly Followed[]): RunCommand {
  const chain: Chain = newChain();
  const origin = originsOf(subject);
  for (const { effects, evidence } of others) follow(effects, evidence, chain, origin);
  return {
    ...run,
    wrappers: [...run.wrappers, ...chain.wrappers],
    shell: run.shell || chain.shell,
    needs: [...run.needs, ...chain.needs],
    outside: [...run.outside, ...chain.needs],
    others: [...run.others, ...others.map(({ words, evidence }) => ({ words, evidence }))],
    scripts: [...run.scripts, ...chain.scripts],
    started: [...run.started, ...chain.started],
  };
}

const followedOf = oncePer((subject: Subject): Followed[] => {
  const { services, byHand = [] } = subject.project.uses();
  return [...services, ...byHand].flatMap((service) => {
    if (service.shell || service.development || !startsAnother(service, subject.final)) return [];
    const words = argumentsOf(subject, service);
    const effects = words && effectsOfWords(words, containerShell(subject, subject.final), subject.project.knowledge);
    if (!words || !effects || untold(effects, service.file) !== undefined || workplace(effects) !== undefined || !isKnown(effects))
      return [];
    if (allOf([effects]).some(({ program }) => comesLater(program, subject.final.base))) return [];
    // a development server of the sources as they stand needs what the program needs: all sources and packages are there
    if (buildsWhenItStarts(subject, effects)) return [];
    const evidence: Evidence = { ...service.evidence, says: `starts ${words.join(' ')}` };
    return [{ words, evidence, service, effects }];
  });
});

/**
 * ENTRYPOINT and CMD as the service has them: an entrypoint of its own takes both away. Undefined: a word is the host's to say (`$NAME`).
 * Source: https://docs.docker.com/reference/compose-file/services/#entrypoint
 */
export function argumentsOf({ final, project }: Subject, { entrypoint, command }: ServiceUse): string[] | undefined {
  const given = [entrypoint, command].map(wordsOf);
  if (given.includes('unknown')) return undefined;
  const [first = [], rest = []] = given as string[][];
  if (first.length > 0) return [...first, ...rest];
  // cleared: what the service says is all that runs
  if (entrypoint !== undefined) return rest.length > 0 ? rest : undefined;
  const own = final.stage.instructions.findLast((i): i is Command => i.keyword === 'ENTRYPOINT');
  if (own?.form === 'shell') return undefined;
  const head = argvOf(own, undefined, final, project.images);
  if ('unknown' in head) return undefined;
  return passedOn([...head.words, ...rest], project.images.family(final.base.image), (path) =>
    originThrough([final], final, project.tree, path),
  );
}

function wordsOf(given: string[] | string | undefined): string[] | 'unknown' {
  if (given === undefined) return [];
  if ([given].flat().some((word) => word.includes('$'))) return 'unknown';
  if (typeof given !== 'string') return given;
  const { commands, list } = split(given);
  const values = commands[0]?.words.map(({ value }) => value) ?? [];
  return list && values.every((value) => value !== undefined) ? (values as string[]) : 'unknown';
}

/** One text is cut into words as a shell does it, and is no shell's for the rest: `;` and `>` would be words. */
function split(text: string): { commands: ReturnType<typeof parseShell>['commands']; list: boolean } {
  const { commands } = parseShell(text);
  const [only, ...more] = commands;
  return {
    commands,
    list: more.length === 0 && only !== undefined && only.redirects.length === 0 && only.assignments.length === 0,
  };
}

/** Every command that does something is one that a row or an ecosystem reads; what builds or installs is no use of an image that is finished. */
function isKnown(effects: Effects): boolean {
  const { does, starts, sources, startsUnknown, unread, within, runs } = effects;
  if (unread !== undefined || within?.opaque !== undefined) return false;
  if (starts.length > 0) return starts.every(isKnown);
  if (startsUnknown !== undefined && sources === undefined) return false;
  if (does.kind === 'unknown' || does.kind === 'package') return sources !== undefined;
  // a script of the project that is read to its end
  return does.kind !== 'build' || runs !== undefined || does.asItRuns === true;
}

const wordsOfCommand = ({ command }: Effects): string[] => command.words.map(({ value, raw }) => value ?? raw);
const buildsWhenItStarts = (subject: Subject, effects: Effects): boolean =>
  buildsAtStart(wordsOfCommand(effects), subject.project.knowledge.wrappers) ||
  effects.starts.some((one) => buildsWhenItStarts(subject, one));
