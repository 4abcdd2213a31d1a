// Room: dockerfile/. The one entry: text in, the model of a Dockerfile or BuildKit's refusal out.
import { refusalOf } from './check.ts';
import { frame, type Frame, type Framed } from './frame.ts';
import { imageOf } from './image.ts';
import { modelOf } from './instructions.ts';
import { scriptFor } from './scripts.ts';
import { globalDefaults } from './stages.ts';
import { onceOfLast } from '../once.ts';
import type { Command, Dockerfile, From, Healthcheck, Instruction, Known, ParseError, ParseResult, Run, Stage } from './types.ts';

/** Docker's shell on Linux. Source: Dockerfile reference, "SHELL". */
const linuxShell = ['/bin/sh', '-c'];
const windowsShell = ['cmd', '/S', '/C'];

/**
 * Parses a Dockerfile as BuildKit v0.34.2 does. In: the whole text. Out: the model, all offsets into that text;
 * or the first thing for which BuildKit refuses the file, with line and column (from 1). Never throws. The last texts are not parsed again:
 * whoever looks for the context of a Dockerfile, refactors it and tells of it asks for the same one.
 */
export const parseDockerfile = onceOfLast(2, parse);

function parse(source: string): ParseResult {
  const framed = frame(source);
  if ('message' in framed) return { ok: false, error: framed };
  const refused = firstRefusal(framed, source);
  if (refused) return { ok: false, error: refused };
  return { ok: true, dockerfile: build(source, framed) };
}

function errorAt(framed: Framed, message: string, source: string): ParseError {
  const start = framed.logical.toSource(framed.node.keyword.start);
  const lineStart = source.lastIndexOf('\n', start - 1) + 1;
  return { message, line: framed.line, column: start - Math.max(lineStart, framed.lineStart) + 1 };
}

function firstRefusal(framed: Frame, source: string): ParseError | undefined {
  let stages = 0;
  for (const each of framed.framed) {
    const keyword = each.node.keyword.value.toLowerCase();
    const refusal = refusalOf(each.node);
    if (refusal !== undefined) return errorAt(each, refusal, source);
    if (keyword === 'from') stages += 1;
    else if (stages === 0 && keyword !== 'arg')
      return errorAt(each, `no build stage in current context: ${each.node.keyword.value} stands before the first FROM`, source);
  }
  const last = framed.framed[framed.framed.length - 1];
  return stages === 0 && last ? errorAt(last, 'dockerfile contains no stages to build: there is no FROM', source) : undefined;
}

function build(source: string, framed: Frame): Dockerfile {
  const { escape, list } = framed.directives;
  const dockerfile: Dockerfile = {
    source,
    bom: source.startsWith('\uFEFF'),
    eol: eolOf(source),
    escape,
    directives: list,
    globalArgs: [],
    instructions: [],
    stages: [],
  };
  const stageByName = new Map<string, Stage>();
  let globals: ReadonlyMap<string, Known> | undefined;
  const shells: (readonly string[])[] = [];
  framed.framed.forEach((each, index) => {
    const instruction = modelOf(each, { index, stage: dockerfile.stages.length - 1, escape });
    dockerfile.instructions.push(instruction);
    if (instruction.keyword === 'FROM') {
      const known = (globals ??= globalDefaults(dockerfile.globalArgs, escape));
      const stage = open(dockerfile, instruction, known);
      const parent = stageByName.get(instruction.image.resolved?.toLowerCase() ?? '');
      shells.push(parent ? (shells[parent.index] ?? linuxShell) : isWindows(instruction) ? windowsShell : linuxShell);
      if (stage.name !== undefined) stageByName.set(stage.name, stage);
    } else place(dockerfile, instruction);
    if (instruction.keyword === 'SHELL' && shells.length > 0) shells[shells.length - 1] = instruction.args;
    if (hasScript(instruction)) instruction.script = scriptFor(source, each, escape, shells[shells.length - 1] ?? linuxShell);
  });
  return dockerfile;
}

function open(dockerfile: Dockerfile, from: From, known: ReadonlyMap<string, Known>): Stage {
  from.stage = dockerfile.stages.length;
  from.image = imageOf(from.image.raw, from.image.span, (name) => known.get(name), dockerfile.escape);
  const stage = { index: from.stage, from, name: from.args[2]?.toLowerCase(), instructions: [] };
  dockerfile.stages.push(stage);
  return stage;
}

function place(dockerfile: Dockerfile, instruction: Instruction): void {
  const stage = dockerfile.stages[dockerfile.stages.length - 1];
  if (stage) stage.instructions.push(instruction);
  else if (instruction.keyword === 'ARG') dockerfile.globalArgs.push(instruction);
}

type Scripted = Run | Command | Healthcheck;
const hasScript = (instruction: Instruction): instruction is Scripted =>
  instruction.keyword === 'RUN' ||
  instruction.keyword === 'CMD' ||
  instruction.keyword === 'ENTRYPOINT' ||
  instruction.keyword === 'HEALTHCHECK';

/** Microsoft's Windows images: their shell is cmd. Source: https://mcr.microsoft.com (repositories windows/*, tags with nanoserver and windowsservercore). */
function isWindows(from: From): boolean {
  const { registry, repository, tag = '' } = from.image;
  return (registry === 'mcr.microsoft.com' && /^windows(?:\/|$)/.test(repository)) || /nanoserver|windowsservercore/.test(tag);
}

function eolOf(source: string): '\n' | '\r\n' {
  const feed = source.indexOf('\n');
  return feed > 0 && source[feed - 1] === '\r' ? '\r\n' : '\n';
}
