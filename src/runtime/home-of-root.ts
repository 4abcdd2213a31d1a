// Room: runtime/. What the container runs from the home directory of root, which no other user may enter.
import type { Subject } from '../facts/subject.ts';
import type { StageReading } from '../facts/reading.ts';
import { inside, resolvePath } from '../facts/copies.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { hasProgram } from '../knowledge/programs.ts';
import { homeFiles } from './home-files.ts';
import type { RunCommand } from './run-command.ts';
import { spawnedBy } from './spawned.ts';

/** Mode 0700 in the Debian, Ubuntu and Alpine images. Sources: base-files' postinst (Debian, Ubuntu), alpine-baselayout's APKBUILD. */
const HOME = '/root';
/** Where official images have their programs. Source: the Dockerfiles of docker-library/python and nodejs/docker-node; FHS 3.0. */
const OWN = ['/usr/local/bin', '/usr/bin'];

/** The program, its file or the working directory lies there, or PATH leads there and a RUN may have put a program of the command into it. */
export function homeNeed(subject: Subject, run: RunCommand): Refusal | undefined {
  const { end } = subject.final;
  const refused = (what: string, allow = 'Install it for all users, for example below /usr/local or /opt.'): Refusal =>
    refusal('home-of-root', `${what}, which only root may enter`, run.at, {
      allow,
    });
  const workdir = 'value' in end.workdir ? end.workdir.value : undefined;
  if (workdir !== undefined && inside(workdir, HOME)) return refused(`The container works in ${workdir}`);
  const named = [run.imagePath, run.program, ...run.needs.map((need) => need.program), ...run.wrappers.flat()].find(
    (word) => word !== undefined && word.startsWith('/') && inside(resolvePath(undefined, word) ?? '', HOME),
  );
  if (named !== undefined) return refused(`${named} is run from ${HOME}`);
  const home = end.env.get('HOME');
  if (home && 'value' in home && inside(home.value, HOME)) return refused(`HOME is ${home.value}`, 'Take HOME out: each user has its own.');
  const environment = environmentIn(subject, run);
  if (environment) return refused(environment.what, environment.allow);
  const path = end.env.get('PATH');
  const dirs = path && 'value' in path ? path.value.split(':') : [];
  const led = dirs.find((dir) => dir.startsWith('/') && inside(dir, HOME));
  const before = dirs.slice(0, dirs.indexOf(led ?? ''));
  const { family, tag } = subject.final.base;
  // what the image has itself is found there before: `ENV PATH=$PATH:/root/.local/bin`
  const found = (word: string): boolean =>
    OWN.every((dir) => before.includes(dir)) && hasProgram({ row: family?.row, ...tag }, word) === true;
  const program = [...run.wrappers.flatMap((words) => words.slice(0, 1)), run.program].find((word) => !word.includes('/') && !found(word));
  if (led !== undefined && program !== undefined && mayHold(subject, subject.final))
    return refused(`${program} may stand in ${led.replace(/\/+$/, '')}`);
  const files = homeFiles(subject, run);
  return (
    files &&
    refusal('home-of-root', `${files.what}, and the home of another user does not have it`, run.at, {
      evidence: [files.evidence],
      allow: files.allow ?? 'Put it into a directory that every user may read, by the variable that its tool has for that.',
    })
  );
}

/**
 * `poetry run` in an image whose environment root's own settings name: another user's Poetry has neither the environment nor the settings,
 * and makes a new, empty one.
 */
function environmentIn(subject: Subject, run: RunCommand): { what: string; allow?: string } | undefined {
  // a program of the sources may ask for it, too
  const spawned = spawnedBy(subject).flatMap(({ effects }) =>
    effects.flatMap(({ wrappers, command }) => [command.words, ...wrappers.map(({ words }) => words)].map(([first]) => first?.value ?? '')),
  );
  const programs = [...run.wrappers.flatMap((words) => words.slice(0, 1)), ...spawned];
  const manager = subject.project.managers.find((m) => m.environment && programs.some((program) => m.programs.includes(program)));
  const place = manager?.environment;
  if (!place || subject.project.tree.stat(place.file)) return undefined;
  if ([...subject.final.end.env.keys()].some((name) => name.startsWith(place.variables) || name === 'VIRTUAL_ENV')) return undefined;
  const { setting } = place;
  const ofRoot = { what: `${manager.id} keeps the packages in ${place.dir}` };
  if (!setting) return ofRoot;
  const set = subject.stages.flatMap(({ runs }) =>
    runs.flatMap(({ instruction, parts }) =>
      parts.flatMap(({ command }) => {
        const words = command.words.map(({ value = '' }) => value);
        const at = words.findIndex((word) => word.startsWith(setting.name));
        const [name = '', value = ''] = at === -1 ? [] : words.slice(at, at + 2);
        // to keep it out of the project is what it does anyway
        return name === '' || (name === setting.inProject && value === 'false') ? [] : [{ line: instruction.line, words, name, value }];
      }),
    ),
  );
  const [first] = set;
  if (!first) return ofRoot;
  if (set.some(({ name, words }) => name === setting.inProject || words.includes(setting.local))) return undefined;
  const { line, words, name, value } = first;
  const variable = `${place.variables}${name.slice(setting.name.length).replaceAll('-', '_').toUpperCase()}`;
  return {
    what: `Line ${line}: \`${words.join(' ')}\` writes to ${setting.dir}`,
    allow: `Set it for every user: \`ENV ${variable}=${value}\`.`,
  };
}

/** A RUN of the image that installs something other than packages of the system, or a COPY into the home directory. */
function mayHold(subject: Subject, reading: StageReading): boolean {
  const harmless = new Set(['files', 'users', 'quiet']);
  const installs = reading.runs.some(
    (run) => run.opaque !== undefined || run.parts.some((part) => part.manager?.ecosystem !== 'system' && !harmless.has(part.kind)),
  );
  const copied = reading.copies.some((copy) => copy.dest === undefined || inside(copy.dest, HOME));
  const parent = reading.base.ofStage === undefined ? undefined : subject.stages[reading.base.ofStage];
  return installs || copied || (parent !== undefined && mayHold(subject, parent));
}
