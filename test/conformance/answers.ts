// Room: test/conformance/. Cases with BuildKit's answers, in the form in which they are committed.
import { readFileSync } from 'node:fs';

/** An instruction as BuildKit's parser.Node holds it; what is empty or false is left out. */
export interface Answer {
  value: string;
  original: string;
  flags?: string[];
  args?: string[];
  json?: boolean;
  start: number;
  end: number;
  heredocs?: { name: string; fd?: number; expand?: boolean; chomp?: boolean; content?: string }[];
  onbuild?: Answer;
}
export interface BuildkitAnswer {
  /** parser.Parse refuses the file. */
  err?: string;
  /** instructions.Parse refuses it. */
  stageErr?: string;
  escape?: string;
  syntax?: string;
  check?: string;
  ins?: Answer[];
  stages?: { name?: string; base?: string; platform?: string; start: number; n?: number }[];
}
export interface Case {
  name: string;
  source: string;
  buildkit: BuildkitAnswer;
}
/** Commands of mvdan/sh: words (assignments included) and where they start; redirections likewise. */
export interface ShellCase {
  name: string;
  text: string;
  mvdan: { bash?: string; cmds: { words: string[]; at: number[] }[]; reds: { pos: number; op: string; w?: string }[] };
}

/** Reads a file of cases beside this one, one JSON value a line. */
export function readCases<T>(file: string): T[] {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}
