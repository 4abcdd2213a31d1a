// Room: ecosystems/python. multi-stage for Poetry: `poetry run` taken off the commands of the Dockerfile; whatever else calls Poetry keeps the image as it is.
import type { Piece } from '../../dockerfile/edits.ts';
import type { Command, Healthcheck } from '../../dockerfile/types.ts';
import { refuse } from '../../refusal.ts';
import { poetryInstall } from './poetry-command.ts';
import { serviceThatCalls } from './services.ts';
import type { PythonCase } from './split-case.ts';

/**
 * The run command without `poetry run`: the environment's programs are on PATH. In a list of commands, and in a text that a shell is given, each
 * one is taken off; all must be seen to run.
 */
export function withoutPoetryRun(c: PythonCase): Map<number, Piece[]> {
  const uses = c.run.wrappers.filter((w) => w[0] === 'poetry').length;
  const texts = new Map<number, Piece[]>();
  let found = 0;
  for (const command of [c.run.entrypoint, c.run.cmd]) {
    const marks = command ? runsOf(c, command) : [];
    found += marks.length;
    if (command && marks.length > 0) texts.set(command.index, without(command, marks));
  }
  const named = [c.run.entrypoint, c.run.cmd, c.run.healthcheck].reduce((sum, one) => sum + (one ? mentions(c, one) : 0), 0);
  const asked = c.run.needs.find((need) => isPoetry(need.program))?.evidence ?? serviceThatCalls(c, isPoetry);
  if (found !== uses || named > found || asked)
    refuse('poetry-at-runtime', 'Poetry is called at run time', c.run.at, { evidence: asked ? [asked] : [] });
  const script = found === 0 ? undefined : notInstalled(c);
  if (script !== undefined)
    refuse(
      'poetry-at-runtime',
      `\`poetry run ${script}\` is a script of pyproject.toml, and the project is not installed: without Poetry there is no such program`,
      c.run.at,
    );
  return texts;
}
const isPoetry = (word: string): boolean => word === 'poetry' || word.endsWith('/poetry');

/** `poetry run` as words of a shell, and as two words of a list; what it starts stands behind it. */
const RUNS = /(?<![\w./-])poetry[ \t]{1,20}run[ \t]{1,20}(?=[\w./$])|"poetry"\s{0,20},\s{0,20}"run"\s{0,20},\s{0,20}(?=")/g;

const sourceOf = (c: PythonCase, { bodyStart, end }: Command | Healthcheck): string => c.subject.dockerfile.source.slice(bodyStart, end);
const runsOf = (c: PythonCase, command: Command): { start: number; end: number }[] =>
  [...sourceOf(c, command).matchAll(RUNS)].map(({ index, 0: text }) => ({
    start: command.bodyStart + index,
    end: command.bodyStart + index + text.length,
  }));
/** Where a command names Poetry, be it as an argument: a program that is not known may start what it is given. */
const mentions = (c: PythonCase, command: Command | Healthcheck): number =>
  sourceOf(c, command).match(/(?<![\w.-])poetry(?![\w./-])/g)?.length ?? 0;

function without({ leadStart, end }: Command, marks: readonly { start: number; end: number }[]): Piece[] {
  const starts = [leadStart, ...marks.map((mark) => mark.end)];
  return starts.map((start, n) => ({ start, end: marks[n]?.start ?? end }));
}

/** A script of the project that Poetry starts by itself. Source: python-poetry.org/docs/cli, "run" and "install". */
function notInstalled({ project, installs, run, projects }: PythonCase): string | undefined {
  const installed =
    projects.length > 0 ||
    installs.some(({ install: { manager, part } }) => {
      const read = manager.id === 'poetry' ? poetryInstall(part.command) : undefined;
      return read !== undefined && !read.noRoot;
    });
  if (installed && project.pyproject?.packageMode !== false) return undefined;
  const scripts = project.pyproject?.scripts;
  return run.started.map(({ effects }) => effects.program).find((program) => scripts?.has(program) === true);
}
