// Room: test/conformance/. The model against the committed answers of BuildKit v0.34.2 (see regenerate.ts for how they are made anew).
import { describe, expect, test } from 'vitest';
import type { Node } from '../../src/dockerfile/arguments.ts';
import { frame, type Framed } from '../../src/dockerfile/frame.ts';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import type { Instruction, Onbuild, Stage } from '../../src/dockerfile/types.ts';
import { readCases, type Answer, type Case } from './answers.ts';

/** Everything that is compared of an instruction, with nothing left out. */
const theirs = (answer: Answer): object => ({
  keyword: answer.value,
  flags: answer.flags ?? [],
  args: answer.args ?? [],
  json: answer.json ?? false,
  onbuild: answer.onbuild && theirsInside(answer.onbuild),
  logical: answer.original,
  lines: [answer.start, answer.end],
  heredocs: (answer.heredocs ?? []).map((heredoc) => ({ fd: 0, expand: false, chomp: false, content: '', ...heredoc })),
});
const theirsInside = (answer: Answer): object => ({ keyword: answer.value.toUpperCase(), flags: answer.flags ?? [], args: answer.args ?? [], json: answer.json ?? false });

const insideOf = (node: Node): object => ({ keyword: node.keyword.value.toUpperCase(), flags: node.flags.map((flag) => flag.value), args: node.args, json: node.json });
const framed = ({ node, logical, line, endLine, heredocs }: Framed): object => ({
  keyword: node.keyword.value,
  flags: node.flags.map((flag) => flag.value),
  args: node.trigger ? [] : node.args,
  json: node.json,
  onbuild: node.trigger && insideOf(node.trigger),
  logical: logical.text,
  lines: [line, endLine],
  heredocs: heredocs.map(({ name, fd, expand, chomp, content }) => ({ name, fd, expand, chomp, content })),
});

const flagText = (flag: { name: string; value: string | undefined }): string => (flag.value === undefined ? `--${flag.name}` : `--${flag.name}=${flag.value}`);
const triggerOf = ({ inner, trigger }: Onbuild): object => ({ keyword: inner, flags: trigger?.flags.map(flagText) ?? [], args: trigger?.args ?? [], json: trigger?.json ?? false });
const modelled = (instruction: Instruction): object => ({
  keyword: instruction.keywordRaw,
  flags: instruction.flags.map(flagText),
  args: instruction.args,
  json: instruction.json !== undefined,
  onbuild: instruction.keyword === 'ONBUILD' ? triggerOf(instruction) : undefined,
  logical: instruction.logical.text,
  lines: [instruction.line, instruction.endLine],
  heredocs: instruction.heredocs.map(({ name, fd, expand, chomp, content }) => ({ name, fd, expand, chomp, content })),
});
const stageOf = ({ name, from, instructions }: Stage): object => ({ name: name ?? '', base: from.image.raw, platform: from.platform ?? '', start: from.line, n: instructions.length });

/** BuildKit's sentence without its line and without its guess at what was meant. */
const sentence = (error: string): string => error.replace(/^dockerfile parse error on line \d+: /, '').replace(/ \(did you mean.*$/, '');

describe.each(['edges.jsonl', 'files.jsonl'])('%s', (file) => {
  test.each(readCases<Case>(file).map((each) => [each.name, each] as const))('%s', (_name, { source, buildkit }) => {
    const refusal = buildkit.err ?? buildkit.stageErr;
    const result = parseDockerfile(source);
    expect(result.ok).toBe(refusal === undefined && buildkit.stages !== undefined);
    if (!result.ok) {
      if (refusal !== undefined) expect(result.error.message).toContain(sentence(refusal).slice(0, 26));
      const line = /on line (\d+)/.exec(refusal ?? '')?.[1];
      if (line !== undefined) expect(result.error.line).toBe(Number(line));
    }
    if (buildkit.err !== undefined) return;
    const lines = frame(source);
    if ('message' in lines) throw new Error(lines.message);
    expect(lines.framed.map(framed)).toEqual(buildkit.ins?.map(theirs));
    expect(lines.directives.escape).toBe(buildkit.escape);
    if (!result.ok) return;
    const { dockerfile } = result;
    expect(dockerfile.instructions.map(modelled)).toEqual(buildkit.ins?.map(theirs));
    expect(dockerfile.instructions.map((instruction) => instruction.json?.map((arg) => arg.value)).filter((json) => json !== undefined)).toEqual(jsonOf(buildkit.ins ?? []));
    expect(dockerfile.stages.map(stageOf)).toEqual(buildkit.stages?.map((stage) => ({ name: '', base: '', platform: '', n: 0, ...stage })));
    expect(dockerfile.directives.find((directive) => directive.name === 'check')?.value.split(' ')[0]).toBe(buildkit.check);
  });
});

/** The strings of the exec forms; HEALTHCHECK's first argument is its type. */
function jsonOf(instructions: readonly Answer[]): string[][] {
  return instructions.filter((answer) => answer.json).map((answer) => (answer.value.toLowerCase() === 'healthcheck' ? (answer.args ?? []).slice(1) : (answer.args ?? [])));
}
