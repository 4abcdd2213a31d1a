// Room: cli/. What a runner obeys: commands on standard output, and files named by the environment. Text of a repository must not be one.
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { visible } from '../../report/visible.ts';
import type { World } from '../world.ts';

export interface Place {
  file: string;
  line: number;
  column?: number;
}

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands: `%`, line ends, and in properties `:` and `,`. */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(visible(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** An annotation of a line; shown in the pull request's changed files. */
export function annotate(world: World, kind: 'error' | 'warning' | 'notice', title: string, message: string, place?: Place): void {
  const properties = [
    ...(place ? [`file=${property(place.file)}`, `line=${place.line}`] : []),
    ...(place?.column === undefined ? [] : [`col=${place.column}`]),
    `title=${property(title)}`,
  ];
  world.stdout.write(`::${kind} ${properties.join(',')}::${data(visible(message))}\n`);
}

/** Prints text in which the runner sees no command: everything between the two lines is plain. */
export function printPlain(world: World, text: string): void {
  const token = randomUUID();
  world.stdout.write(`::stop-commands::${token}\n${text}${text.endsWith('\n') ? '' : '\n'}::${token}::\n`);
}

/** A secret that the runner blots out of every log from now on. */
export function mask(world: World, secret: string): void {
  if (secret !== '') world.stdout.write(`::add-mask::${data(secret)}\n`);
}

/** Sets an output; a delimiter that the value cannot know keeps it from setting another. */
export function setOutput(world: World, name: string, value: string): void {
  const file = world.env.GITHUB_OUTPUT;
  if (file === undefined || file === '') return;
  const delimiter = `end_${randomUUID()}`;
  appendFileSync(file, `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
}

/** Bytes that a step's summary may have, with room for the last line. Source: 1 MiB, the page above. */
const maxSummary = 1_000_000;

/** Adds Markdown to the job's summary; what is too long is left out, in whole parts. */
export function summarise(world: World, parts: readonly string[]): void {
  const file = world.env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === '') return;
  let size = 0;
  const fitting = parts.filter((part) => (size += Buffer.byteLength(part, 'utf8') + 2) < maxSummary);
  const left = parts.length - fitting.length;
  appendFileSync(file, `${[...fitting, ...(left > 0 ? [`${left} more are in the log.`] : [])].join('\n\n')}\n`);
}
