// Room: runtime/. What the sources start: the command line of each place, as far as it is written there, and what it does.
import { COMPUTED } from '../dockerfile/shell.ts';
import { allOf } from '../effects/effects.ts';
import type { Effects } from '../effects/types.ts';
import type { SourceHit } from '../ecosystems/types.ts';
import { escaped } from '../dockerfile/glob.ts';
import { resolvePath } from '../facts/copies.ts';
import { hitsOf } from '../facts/applications.ts';
import { hitEvidence } from '../facts/project.ts';
import type { Subject } from '../facts/subject.ts';
import type { Need } from '../facts/types.ts';
import { program as knownProgram } from '../knowledge/programs.ts';
import { oncePer } from '../once.ts';
import { containerShell, effectsOfText, isShell } from './started.ts';

export interface Spawned {
  hit: SourceHit;
  /** For a sentence. */
  told: string;
  /** Every command of it, with those that they start. */
  effects: Effects[];
}

/** Every start of a program that the sources of the image have, as far as its command line is written there. */
export const spawnedBy = (subject: Subject): Spawned[] => spawnedIn(subject, hitsOf(subject));

/** Of these places those that start a program. */
function spawnedIn(subject: Subject, hits: readonly SourceHit[]): Spawned[] {
  const read = readOnce(subject);
  return hits.flatMap((hit) => {
    if (hit.kind !== 'spawn') return [];
    const before = read.get(hit);
    const spawned = before ?? startedAt(subject, hit);
    if (before === undefined) read.set(hit, spawned);
    return spawned;
  });
}
const readOnce = oncePer((_subject: Subject) => new Map<SourceHit, Spawned[]>());

function startedAt(subject: Subject, hit: SourceHit): Spawned[] {
  const line = commandLine(subject, hit);
  if (line === undefined) return [];
  const shell = containerShell(subject, subject.final);
  // what the sources compute is no variable of the shell
  const lookup = (name: string): ReturnType<typeof shell.lookup> => (name === NAME ? { unknown: 'computed' } : shell.lookup(name));
  const cwd = line.cwd === undefined ? shell.cwd : resolvePath(shell.cwd, line.cwd);
  const effects = allOf(effectsOfText(line.text, { ...shell, lookup, cwd }, subject.project.knowledge));
  return [{ hit, told: shown(line.text), effects }];
}

/**
 * The programs of what these sources start beside those that they name alone: in texts for a shell (`curl x | jq .`), and behind wrappers
 * (`timeout 5 jq`). What a package manager starts, and no system knows, it brings.
 */
export function startedBehind(subject: Subject, hits: readonly SourceHit[]): Need[] {
  return spawnedIn(subject, hits).flatMap(({ hit, effects }) => {
    const alone = effects.length < 2 && effects.every(({ wrappers, also = [] }) => wrappers.length + also.length === 0);
    if (alone && !isText(hit)) return [];
    const evidence = hitEvidence(hit);
    const brought = new Set(effects.flatMap((one) => (one.does.kind === 'package' ? one.starts : [])));
    return effects.flatMap((one) => {
      const own = one.wrappers.filter(({ ofProject }) => !ofProject).map(({ program }) => program);
      const ofManager = (brought.has(one) || one.wrappers.length > own.length) && knownProgram(one.program) === undefined;
      return [...own, ...(ofManager || one.program === '' ? [] : [one.program]), ...(one.also ?? [])].map((program) => ({
        program,
        evidence,
      }));
    });
  });
}
/** A start of a program that cannot be told, and why, as a sentence. */
export interface ComputedStart {
  hit: SourceHit;
  says: string;
}
/**
 * The first of these starts whose program is not told: its name is computed, or it is a shell and what that is given is (`sh -c "$text"`), or people
 * type into it (`pty.spawn("bash")`).
 */
export function computedStart(subject: Subject, hits: readonly SourceHit[]): ComputedStart | undefined {
  for (const hit of hits) {
    if (hit.kind !== 'spawn') continue;
    const code = unknownCode(hit);
    if (code !== undefined) return { hit, says: hit.unread ? `${code}: what it starts is unknown` : code };
    if (hit.literal === undefined) return { hit, says: `${placeOf(hit)} starts a program whose name is computed` };
    if (!LOOKS_UP.test(hit.text) && spawnedIn(subject, [hit]).some(({ effects }) => effects.some(isGiven)))
      return { hit, says: `${placeOf(hit)} starts a shell, and the programs that it is told to start are not known` };
  }
  return undefined;
}
/** Why nobody can tell what a place of the sources does, as a sentence: it runs code that is computed, or was not read. */
export const unknownCode = (hit: SourceHit): string | undefined =>
  hit.unread ? hit.text : hit.code ? `${placeOf(hit)} runs code that is computed or given to it` : undefined;
/** A shell whose script is not told, or a command of one whose program is not. */
const isGiven = ({ unread, program }: Effects): boolean => unread !== undefined && (program === '' || isShell(program));
/** Calls that only look where a program is. */
const LOOKS_UP = /\b(?:LookPath|which\w*|look_?up\w*)\b/;

/** The literal is a text for a shell, and no name of a program. */
export const isText = ({ literal = '' }: SourceHit): boolean => /\s/.test(literal);
const placeOf = ({ file, line }: SourceHit): string => `${file}:${line}`;

const NAME = COMPUTED.slice(2, -1);

function shown(text: string): string {
  const plain = text
    .replaceAll(COMPUTED, '…')
    .replace(/"([\w./:=@%+,…-]*)"/g, '$1')
    .replace(/\s+/g, ' ');
  return plain.length > 60 ? `${plain.slice(0, 59)}…` : plain;
}

interface CommandLine {
  /** For a shell. */
  text: string;
  cwd: string | undefined;
}

/** A call of one start is not longer. */
const LONGEST = 1500;
/** Calls that start a program, by their names. */
const STARTERS =
  /(?:exec\w*|spawn\w*|run|system|popen|Popen|call|check_\w+|getoutput|getstatusoutput|Command\w*|create_subprocess_\w+|\$|new|cmd!?)\s*\(?\s*&?(?:vec!)?[[(]?\s*[frbu]?(["'`])/g;

function commandLine({ project }: Subject, { file, line, literal }: SourceHit): CommandLine | undefined {
  const read = project.tree.read(file);
  if (read.kind !== 'text') return literal === undefined ? undefined : { text: literal, cwd: undefined };
  const rest = read.text
    .split('\n')
    .slice(line - 1, line + 20)
    .join('\n')
    .slice(0, LONGEST);
  const itself = literal === undefined ? null : INTERPRETER.exec(rest);
  const at = literal === undefined ? startIn(rest) : rest.search(new RegExp(`["'\`]\\s*${escaped(literal)}`));
  const cwd = /\b(?:cwd\s*[:=]|current_dir\(|\.Dir\s*=)\s*[fr]?(["'`])([^"'`\n]{1,200})\1/.exec(rest)?.[2];
  if (literal !== undefined && itself && (at === undefined || at < 0 || at > itself.index))
    return { text: [literal, ...wordsFrom(rest, itself.index + itself[0].length)].map(quoted).join(' '), cwd };
  if (at === undefined || at < 0) return literal === undefined ? undefined : { text: literal, cwd };
  const words = wordsFrom(rest, at);
  // the name that the program is told for itself is no argument
  if (OWN_NAME.test(rest.slice(0, at))) words.splice(1, 1);
  const [first] = words;
  if (first === undefined) return undefined;
  // one word with blanks in it is a text for a shell
  return { text: /\s/.test(first.trim()) ? first : words.map(quoted).join(' '), cwd };
}

/** Calls that are given the program, and its arguments from its own name on. Source: docs.python.org/3/library/os.html#process-management */
const OWN_NAME = /\b(?:exec|spawn)[lv]p?e?\([^\n"'`]{0,80}$|\bposix_spawnp?\($/;
/** The interpreter that runs the source starts itself. */
const INTERPRETER = /\b(?:sys\.executable|process\.execPath)\b/;

function startIn(text: string): number | undefined {
  const [found] = text.split('\n', 1)[0]?.matchAll(STARTERS) ?? [];
  return found && found.index + found[0].length - 1;
}

const quoted = (word: string): string =>
  `"${word.replace(/["\\`$]/g, (sign, n: number) => (word.startsWith(COMPUTED, n) ? sign : `\\${sign}`))}"`;

/** The strings from here to the end of the call, and of calls that give it more (`.arg("x")`); what is computed is a variable. */
function wordsFrom(text: string, start: number): string[] {
  const words: string[] = [];
  let depth = 1;
  for (let at = start; at < text.length && depth > 0;) {
    const rest = text.slice(at);
    const more = depth === 1 ? /^\)\s*\.args?\(/.exec(rest) : null;
    const string = /^[frbu&]{0,2}("""|'''|["'`])/.exec(rest);
    const blank = /^(?:[\s,[\]&]|vec!)+/.exec(rest);
    if (more) at += more[0].length;
    else if (string) {
      const { value, length } = stringAt(rest, string[0].length, string[1] ?? '"', string[0].startsWith('f'));
      words.push(value);
      at += length;
    } else if (blank) at += blank[0].length;
    else if (rest.startsWith(')')) {
      depth -= 1;
      at += 1;
      // options, functions that take the answer, and arguments by name are no words of the command
    } else if (/^(?:\{|function\b|async\b|\(\w*(?:,\s*\w+)*\)\s*=>|\w+\s*=(?!=)|\w+\s*=>)/.test(rest)) break;
    else {
      words.push(COMPUTED);
      at += expressionLength(rest);
    }
  }
  return words;
}

/** Up to the comma or bracket that ends it. */
function expressionLength(text: string): number {
  let depth = 0;
  for (let n = 0; n < text.length; n += 1) {
    const sign = text[n] ?? '';
    if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign) && (depth -= 1) < 0) return Math.max(1, n);
    else if (sign === ',' && depth === 0) return Math.max(1, n);
  }
  return text.length;
}

/** A string, with what is put into it as a variable: `${x}`, `{x}` of Python's f-strings, `%s`. */
function stringAt(text: string, from: number, quote: string, formatted: boolean): { value: string; length: number } {
  let end = from;
  while (end < text.length && !text.startsWith(quote, end)) end += text[end] === '\\' ? 2 : 1;
  const raw = text.slice(from, end).replace(/\\(.)/gs, (_, sign: string) => ({ n: '\n', t: '\t' })[sign] ?? sign);
  const placed = quote === '`' ? raw.replace(/\$\{[^}]*\}/g, COMPUTED) : formatted ? raw.replace(/\{[^{}]*\}/g, COMPUTED) : raw;
  return { value: placed.replace(/%[sdqv]|\{\d?\}/g, COMPUTED), length: end + quote.length };
}
