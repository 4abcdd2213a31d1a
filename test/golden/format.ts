// The text of a golden: cases, and their pieces, divided by lines that begin with `=== `. CONTRIBUTING.md shows one; printing and parsing are the same, turned round.
import type { Refactored } from '../../src/index.ts';

/** What a case may say of itself in its piece `options`. */
export interface Settings {
  only?: string[];
  skip?: string[];
  level?: string;
  base?: string;
  /** Path of the Dockerfile; `Dockerfile` unless told. */
  dockerfile?: string;
  /** Path of the build context; the whole input unless told. */
  context?: string;
  /** A folder of fixtures/ that the input begins with: real applications, and bytes that no text can show. */
  folder?: string;
  /** As in a configuration: `registry.example.com/hub: docker.io`. */
  mirrors?: string[];
  replacements?: string[];
}
/** A file of the input. */
export interface InputFile {
  path: string;
  /** Its bytes, the file of fixtures/ that has them, or where a symbolic link points. */
  content: { bytes: Buffer } | { from: string } | { link: string };
  executable: boolean;
}
export interface Golden {
  /** Sentences above the first piece. */
  intro: string;
  settings: Settings;
  /** What was seen in the image, in the short form of image-facts.ts; undefined: nothing. */
  imageFacts?: string;
  input: InputFile[];
  /** The files that a run changes or makes, by path. */
  expected: Record<string, Buffer>;
  /** What a run says; undefined: nobody has run it yet. */
  said: string | undefined;
}

const lists = ['only', 'skip', 'mirrors', 'replacements'] as const;
const words = ['level', 'base', 'dockerfile', 'context', 'folder'] as const;
const signs = ['executable', 'CRLF', 'BOM', 'UTF-16', 'escapes', 'no line break at the end'] as const;
type Sign = (typeof signs)[number];

interface Piece {
  /** Behind `=== `. */
  head: string;
  /** Its lines, each with its line break, as they stand in the golden. */
  body: string;
}

/** A part of a golden file: one of its cases, or the sentences above them. */
export interface Section {
  /** Behind `=== case `; undefined: what stands above the first of these lines. */
  name: string | undefined;
  /** That line. */
  head: string;
  text: string;
  isCase: boolean;
}

/** The sections of a golden file, which joined are the file: lines `=== case <name>` open one each. */
export function sectionsOf(file: string): Section[] {
  return file.split(/^(?==== case )/m).map((part) => {
    const head = /^=== case (.*)\n/.exec(part);
    const isCase = head !== null || /^=== /m.test(part) || part === file;
    return { name: head?.[1], head: head?.[0] ?? '', text: part.slice(head?.[0].length ?? 0), isCase };
  });
}

/** The pieces of a case's text. Throws an error that names the line's words where the text is none. */
export function parseGolden(text: string): Golden {
  const { intro, pieces } = piecesOf(text);
  const golden: Golden = { intro, settings: {}, input: [], expected: {}, said: undefined };
  for (const { head, body } of pieces) {
    if (head === 'options') golden.settings = parseSettings(body);
    else if (head === 'image-facts') golden.imageFacts = body;
    else if (head === 'said') golden.said = body;
    else if (head.startsWith('expected ')) {
      const { path, of } = parseHead(head.slice('expected '.length));
      golden.expected[path] = decode(body, of);
    } else golden.input.push(parseInput(head, body));
  }
  return golden;
}

/** The text of a case. Throws where bytes cannot be shown as text: such a case needs `folder:`. */
export function printGolden(golden: Golden): string {
  const { intro, settings, imageFacts, input, expected, said } = golden;
  const ending = said === undefined ? '' : printResult(expected, said);
  const seen = imageFacts === undefined ? '' : `=== image-facts\n${imageFacts}`;
  return `${intro}${printSettings(settings)}${seen}${input.map(printInput).join('')}${ending}`;
}

/** The end of a case: what comes out and what is said. */
export function printResult(expected: Record<string, Buffer>, said: string): string {
  const files = Object.entries(expected).map(([path, bytes]) => printFile(`expected ${path}`, bytes, false));
  return `${files.join('')}=== said\n${said}`;
}

/** The text of a case without its end, and the end as it stands there. */
export function partsOf(text: string): { given: string; result: string } {
  const at = /^=== (?:expected .*|said)$/m.exec(text)?.index ?? text.length;
  return { given: text.slice(0, at), result: text.slice(at) };
}

/** What is said in a run: a line each, and below a skip what would allow it. */
export function printSaid({ applied, skipped, notes }: Refactored): string {
  const lines = [
    ...applied.map((a) => `applied ${a.transform} (${a.safety}): ${a.why}`),
    ...skipped.flatMap((s) => [
      `skipped ${s.transform} ${s.reason} (line ${s.line}): ${s.message}`,
      ...(s.allow === undefined ? [] : [`  to allow it: ${s.allow}`]),
    ]),
    ...notes.map((n) => `note ${n.transform} ${n.id}: ${n.message}`),
  ];
  return (lines.length === 0 ? ['nothing'] : lines).map((line) => `${line.replaceAll('\n', '\n    ')}\n`).join('');
}

/** Ids of the skips and notes in what is said. */
export function idsOf(said: string): string[] {
  return [...said.matchAll(/^(?:skipped|note) \S+ ([^\s:]+)/gm)].map((match) => match[1] as string);
}

function piecesOf(text: string): { intro: string; pieces: Piece[] } {
  if (!text.endsWith('\n')) throw new Error('the last line of a golden has no line break');
  const pieces: Piece[] = [];
  let intro = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const last = pieces.at(-1);
    if (line.startsWith('=== ')) pieces.push({ head: line.slice(4), body: '' });
    else if (last === undefined) intro += `${line}\n`;
    else last.body += `${line}\n`;
  }
  return { intro, pieces };
}

function parseSettings(body: string): Settings {
  const settings: Settings = {};
  for (const line of body.split('\n').filter((l) => l !== '')) {
    const [, key = '', value = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
    const list = lists.find((name) => name === key);
    const word = words.find((name) => name === key);
    if (list !== undefined) settings[list] = value.split(', ');
    else if (word !== undefined) settings[word] = value;
    else throw new Error(`no option of a golden: ${line}`);
  }
  return settings;
}

function printSettings(settings: Settings): string {
  const lines = [...lists, ...words].flatMap((key) => {
    const value = settings[key];
    return value === undefined ? [] : [`${key}: ${typeof value === 'string' ? value : value.join(', ')}\n`];
  });
  return lines.length === 0 ? '' : `=== options\n${lines.join('')}`;
}

function parseInput(head: string, body: string): InputFile {
  const link = / -> (.*)$/.exec(head);
  if (link !== null) return { path: unmarked(head.slice(0, link.index)), content: { link: link[1] ?? '' }, executable: false };
  const { path, of } = parseHead(head);
  const executable = of.includes('executable');
  const from = / from (.*)$/.exec(path);
  if (from !== null) return { path: unmarked(path.slice(0, from.index)), content: { from: from[1] ?? '' }, executable };
  return { path: unmarked(path), content: { bytes: decode(body, of) }, executable };
}

function printInput({ path, content, executable }: InputFile): string {
  const shown = /^(?:options|image-facts|said|(?:expected|case) .*)$/.test(path) ? `./${path}` : path;
  if ('link' in content) return `=== ${shown} -> ${content.link}\n`;
  if ('from' in content) return `=== ${shown} from ${content.from}${executable ? ' (executable)' : ''}\n`;
  return printFile(shown, content.bytes, executable);
}
const unmarked = (path: string): string => path.replace(/^\.\//, '');

function parseHead(head: string): { path: string; of: Sign[] } {
  const end = / \(([^()]+)\)$/.exec(head);
  if (end === null) return { path: head, of: [] };
  const of = (end[1] ?? '').split(', ').map((name) => {
    const sign = signs.find((one) => one === name);
    if (sign === undefined) throw new Error(`no sign of a file in a golden: ${name} (${signs.join(', ')})`);
    return sign;
  });
  return { path: head.slice(0, end.index), of };
}

function printFile(head: string, bytes: Buffer, executable: boolean): string {
  const { body, of } = encode(bytes);
  if (!decode(body, of).equals(bytes)) throw new Error(`${head} cannot be shown as text: put it into a folder`);
  const all = executable ? ['executable', ...of] : of;
  return `=== ${head}${all.length === 0 ? '' : ` (${all.join(', ')})`}\n${body}`;
}

function encode(bytes: Buffer): { body: string; of: Sign[] } {
  const of: Sign[] = [];
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  let text = wide ? bytes.toString('utf16le') : bytes.toString('utf8');
  if (wide) of.push('UTF-16');
  else if (text.startsWith('\uFEFF')) of.push('BOM');
  text = text.replace(/^\uFEFF/, '');
  if (text.includes('\n') && !/(?:^|[^\r])\n/.test(text)) {
    of.push('CRLF');
    text = text.replaceAll('\r\n', '\n');
  }
  if (/[\r\0\uFEFF]/.test(text)) {
    of.push('escapes');
    text = text.replaceAll('\\', '\\\\').replaceAll('\r', '\\r').replaceAll('\0', '\\0').replaceAll('\uFEFF', '\\ufeff');
  }
  text = text.replace(/^(?=\\*=== )/gm, '\\');
  if (text !== '' && !text.endsWith('\n')) {
    of.push('no line break at the end');
    text += '\n';
  }
  return { body: text, of };
}

function decode(body: string, of: Sign[]): Buffer {
  let text = of.includes('no line break at the end') ? body.slice(0, -1) : body;
  text = text.replace(/^\\(?=\\*=== )/gm, '');
  if (of.includes('escapes')) text = text.replace(/\\(\\|r|0|ufeff)/g, (_, c: string) => ({ '\\': '\\', r: '\r', 0: '\0' })[c] ?? '\uFEFF');
  if (of.includes('CRLF')) text = text.replaceAll('\n', '\r\n');
  if (of.includes('UTF-16')) return Buffer.from(`\uFEFF${text}`, 'utf16le');
  return Buffer.from(of.includes('BOM') ? `\uFEFF${text}` : text, 'utf8');
}
