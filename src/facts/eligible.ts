// Room: facts/. What forbids a transform before it is even planned: the file itself, or what the image is for (rule book §0.6).
import type { Command, Dockerfile } from '../dockerfile/types.ts';
import { devServer } from '../knowledge/dev-commands.ts';
import { isDockerFrontend } from '../knowledge/frontends.ts';
import { refusal, type Refusal } from '../transform.ts';
import type { StageReading } from './reading.ts';
import type { Subject } from './subject.ts';
import type { Evidence } from './types.ts';

/** Transforms that comments in the file switch off: `# dockerfile-mod: off` or `# dockerfile-mod: skip=id,id`. */
export function pragmas(dockerfile: Dockerfile): { all: boolean; ids: ReadonlySet<string> } {
  const ids = new Set<string>();
  let all = false;
  for (const match of dockerfile.source.matchAll(/^[ \t]*#[ \t]*dockerfile-mod:[ \t]*(off|skip=([\w,-]+))[ \t]*\r?$/gm)) {
    if (match[1] === 'off') all = true;
    for (const id of match[2]?.split(',') ?? []) ids.add(id);
  }
  return { all, ids };
}

/** What forbids every transform of this file: Windows containers, a frontend of its own. */
export function fileRefusal(subject: Subject): Refusal | undefined {
  const { dockerfile, stages } = subject;
  const syntax = dockerfile.directives.find((d) => d.name === 'syntax');
  if (syntax && !isDockerFrontend(syntax.value))
    return refusal('custom-frontend', `Custom BuildKit frontend ${syntax.value}; semantics unknown`, syntax.start);
  const windows = stages.find((s) => s.base.problem?.id === 'windows-base');
  if (windows) return refusal('windows-base', 'Windows containers are not supported', windows.stage.from.start);
  const escape = dockerfile.directives.find((d) => d.name === 'escape');
  if (dockerfile.escape === '`')
    return refusal('windows-base', 'The escape character ` is for Windows containers, which are not supported', escape?.start ?? 0);
  const foreign = stages.find((s) => s.end.shell.some((word) => /powershell|pwsh|cmd(\.exe)?$/i.test(word)));
  return foreign ? refusal('windows-base', 'SHELL is not a POSIX shell', foreign.stage.from.start) : undefined;
}

/** What forbids changing the stages or the base of the final image. `bases`: also ask whether the base image is known. */
export function imageRefusal(subject: Subject): Refusal | undefined {
  const { dockerfile, final, project } = subject;
  const from = final.stage.from;
  const onbuild = dockerfile.instructions.find((i) => i.keyword === 'ONBUILD');
  if (onbuild) return refusal('onbuild-present', 'ONBUILD triggers belong to downstream builds; splitting would move them', onbuild.start);
  const { problem } = final.base;
  if (problem) return refusal(problem.id, problem.message, from.image.span.start);
  if (!project.context.contextCertain)
    return refusal('context-ambiguous', 'Several build contexts are possible for this Dockerfile', from.start, {
      allow: 'Name it with --context.',
    });
  return developmentRefusal(subject) ?? usesRefusal(subject);
}

function developmentRefusal({ project, final }: Subject): Refusal | undefined {
  const path = project.context.dockerfilePath ?? '';
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (
    path.includes('.devcontainer/') ||
    name.split(/[._-]/).some((part) => ['dev', 'development', 'test', 'tests', 'ci', 'devcontainer'].includes(part))
  )
    return refusal('dev-dockerfile', `Development image (${path}); production transforms are not applied`, final.stage.from.start);
  return undefined;
}

/** The words of a shell form that a shell takes as they stand; none where it has more to do. */
function plainWords({ script }: Command): string[] {
  const [command, ...others] = script?.commands ?? [];
  const words = command?.words.map((word) => word.value) ?? [];
  const plain = others.length === 0 && command?.redirects.length === 0 && command.assignments.length === 0;
  return plain && words.every((word) => word !== undefined) ? words : [];
}

/** A service that starts what the image starts by itself asks for nothing more. */
function sameCommand(argv: readonly string[], stage: StageReading['stage']): boolean {
  const own = stage.instructions.flatMap((i) =>
    i.keyword === 'CMD' || i.keyword === 'ENTRYPOINT' ? [i.json?.map((a) => a.value) ?? plainWords(i)] : [],
  );
  return own.some((words) => words.join(' ') === argv.join(' ')) || own.flat().join(' ') === argv.join(' ');
}

/** A command or a line of a source for a sentence: on one line, cut where it is long. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** What a service starts in the image, where that is not what we read in the Dockerfile. */
function commandRefusal(argv: readonly string[], evidence: Evidence, { stage }: StageReading): Refusal | undefined {
  const told = `\`${shortened(argv.join(' '))}\``;
  const place = `${evidence.file}:${evidence.line ?? 1}`;
  const more = { evidence: [evidence] };
  const at = stage.from.start;
  if (!stage.instructions.some((i) => i.keyword === 'CMD' || i.keyword === 'ENTRYPOINT'))
    return refusal('no-cmd', `The Dockerfile has no command; only ${place} says what runs: ${told}`, at, {
      ...more,
      allow: 'Write it as CMD into the Dockerfile.',
    });
  const same = sameCommand(argv, stage);
  if (same && devServer(argv)) return refusal('dev-server-cmd', `${told} is a development server or builds at start`, at, more);
  return same
    ? undefined
    : refusal(
        'image-used-as-toolbox',
        `${place} runs ${told} in this image, which is not the command of the Dockerfile: what it needs there is unknown`,
        at,
        more,
      );
}

function usesRefusal({ project, final, dockerfile: { stages } }: Subject): Refusal | undefined {
  const names = stages.map((stage) => stage.name);
  for (const service of project.uses().services) {
    const { target } = service;
    if (target !== undefined && !names.includes(target.toLowerCase()) && !stages[Number(target)])
      return refusal(
        'final-by-target',
        `${service.file} builds the target ${target}, which this Dockerfile does not have`,
        final.stage.from.start,
        {
          evidence: [service.evidence],
        },
      );
    if (target !== undefined && target.toLowerCase() !== final.stage.name && final.stage.index > 0)
      return refusal('final-by-target', `${service.file}: build target ${target} is not the last stage`, final.stage.from.start, {
        evidence: [service.evidence],
      });
    const argv = [service.entrypoint, service.command].flatMap((words) =>
      typeof words === 'string' ? words.trim().split(/\s+/) : (words ?? []),
    );
    const other = argv.length > 0 ? commandRefusal(argv, service.evidence, final) : undefined;
    if (other) return other;
  }
  return undefined;
}
