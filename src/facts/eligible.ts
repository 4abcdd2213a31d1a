// Room: facts/. What forbids a transform before it is even planned: the file itself, or what the image is for (rule book §0.6).
import type { Dockerfile } from '../dockerfile/types.ts';
import { devServer } from '../knowledge/dev-commands.ts';
import { isDockerFrontend } from '../knowledge/frontends.ts';
import { refusal, type Refusal } from '../transform.ts';
import type { StageReading } from './reading.ts';
import type { Subject } from './subject.ts';

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

/** A service that starts what the image starts by itself asks for nothing more. */
function sameCommand(argv: readonly string[], final: StageReading): boolean {
  const own = final.stage.instructions.flatMap((i) =>
    i.keyword === 'CMD' || i.keyword === 'ENTRYPOINT' ? [(i.json ?? []).map((a) => a.value)] : [],
  );
  return own.some((words) => words.join(' ') === argv.join(' ')) || own.flat().join(' ') === argv.join(' ');
}

/** A command for a sentence: on one line, cut where it is a whole script. */
function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
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
    if (argv.length > 0 && (devServer(argv) || !sameCommand(argv, final)))
      return refusal(
        'image-used-as-toolbox',
        `${service.file}:${service.evidence.line ?? 1} runs \`${shortened(argv.join(' '))}\` in this image, which is not the command of the Dockerfile: what it needs there is unknown`,
        final.stage.from.start,
        { evidence: [service.evidence] },
      );
  }
  return undefined;
}
