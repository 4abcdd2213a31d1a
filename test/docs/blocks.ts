// What the documents show: blocks of commands, what is printed below them, and commands in settings of CI.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every document that people read, with its text. */
export const documents: readonly { path: string; text: string }[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .map((path) => join('docs', path))
    .filter((path) => path.endsWith('.md') && !path.startsWith('docs/.vitepress')),
].map((path) => ({ path, text: readFileSync(path, 'utf8') }));

export interface Block {
  language: string;
  text: string;
}

/** The fenced blocks of a text, in their order. */
export const blocksOf = (text: string): Block[] =>
  [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```/gm)].map(([, indent = '', language = '', body = '']) => ({
    language,
    text: body.replace(new RegExp(`^${indent}`, 'gm'), ''),
  }));

/** Commands one after the other, and what is shown below them until the next ones. */
export interface Step {
  commands: string[];
  shown: string[];
}

export function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  for (const block of blocksOf(text)) {
    if (block.language === 'sh') steps.push({ commands: commandsOf(block.text), shown: [] });
    else if (block.language === 'text' || block.language === 'diff') steps.at(-1)?.shown.push(block.text);
  }
  return steps;
}

/** The lines of a script, those that a backslash joins as one, without comments. */
export const commandsOf = (script: string): string[] =>
  script
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#(?![^"]*"(?:[^"]*"[^"]*")*[^"]*$).*$/, '').trim())
    .filter((line) => line !== '');

/** Commands of ours in settings of CI and of other programs: values of `run:`, `script:`, `commands:`, lint-staged. */
export function commandsInSettings(text: string): string[] {
  const joined = text.replace(/("\s*pr)\n\s+(?=--)/g, '$1 ').replace(/\n\s+(?=--[a-z])/g, ' ');
  return [...joined.matchAll(/(?:npx (?:--yes )?)?dockerfile-mod(?:@[\d.]+)? (?:\.|--|bulk|pr|verify)[^\n"'`]*/g)].map(([command]) =>
    command.trim(),
  );
}
