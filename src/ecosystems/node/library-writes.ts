// Room: ecosystems/node. What the scan looks for, as rows: files and directories that libraries write, unpack or move to where they are told. Sources: the README of the package that is named; nodejs.org/api/fs.html.
import { call, option, type Pattern } from './pattern.ts';

const FILES = ['fs', 'fs/promises', 'fs-extra', 'graceful-fs'];
/** The first argument of a call, where it is plain enough to be told from the second. */
const FIRST = '\\s{0,20}\\((?:((?:[^,()\'"`\\n]|\'[^\'\\n]*\'|"[^"\\n]*"|`[^`\\n]*`|\\([^()\\n]{0,200}\\)){1,200}),)?';
const twice = (names: string, again: (names: string) => RegExp): Pick<Pattern, 'form' | 'calls'> & { again: typeof again } => ({
  form: again(names),
  calls: names.split('|'),
  again,
});
/** What stands second is written; where the first cannot be told from it, what is written cannot be told. */
const second = (names: string): Pick<Pattern, 'form' | 'literal' | 'calls' | 'again'> => ({
  ...twice(names, (some) => new RegExp(`(?<![\\w$])(?:${some})${FIRST}`, 'g')),
  literal: ([, first], { literal }) => (first === undefined ? undefined : literal),
});
/** The same where a second argument is the exception: without one nothing is told. */
const secondOnly = (names: string): Pick<Pattern, 'form' | 'calls' | 'again'> =>
  twice(names, (some) => new RegExp(`(?<![\\w$.])(?:${some})${FIRST.slice(0, -1)}(?=\\s{0,20}[\\w'"\`])`, 'g'));

export const libraryWrites: readonly Pattern[] = [
  { kind: 'write', ...second('copyFileSync|copyFile|copySync|cpSync|renameSync|moveSync') },
  { kind: 'write', ...second('(?:fs\\w*\\.(?:promises\\.)?)(?:rename|cp|move|copy)'), imports: FILES },
  // `file.mv('public/a.png')`
  { kind: 'write', form: /\.mv\s{0,20}\(/g, imports: ['express-fileupload'] },
  { kind: 'write', form: /\.uploadDir\s{0,20}=(?!=)/g, imports: ['formidable'], place: 'directory' },
  // commands of a shell as functions: what stands first may be their options
  {
    kind: 'write',
    form: /(?<![\w$])(?:shell|sh|shelljs)\.(?:mkdir|cp|mv|touch|ln|sed)\s{0,20}\(/g,
    imports: ['shelljs'],
    argument: false,
  },
  // archives are unpacked
  { kind: 'write', form: option('dir'), imports: ['extract-zip'], place: 'directory' },
  {
    kind: 'write',
    form: /(?<![\w$])Extract\s{0,20}\(\s{0,20}\{[^{}]{0,200}?(?<![\w$.])path\s{0,20}:/g,
    imports: ['unzipper', 'unzip', 'unzip-stream', 'node-unzip-2'],
    place: 'directory',
  },
  {
    kind: 'write',
    form: /(?<![\w$])(?:x|extract)\s{0,20}\(\s{0,20}\{[^{}]{0,200}?(?<![\w$.])(?:cwd|C)\s{0,20}:/g,
    imports: ['tar', 'tar-fs'],
    place: 'directory',
  },
  { kind: 'write', ...secondOnly('decompress|download'), imports: ['decompress', 'download'], place: 'directory' },
  // pictures, sound, documents and tables
  { kind: 'write', ...call('toFile|writeAsync'), imports: ['sharp', 'jimp', 'qrcode', 'html-pdf', 'xlsx-populate'] },
  { kind: 'write', form: /\.(?:save|saveToFile|output|mergeToFile)\s{0,20}\((?!\s{0,20}\))/g, imports: ['fluent-ffmpeg'] },
  { kind: 'write', form: option('folder'), imports: ['fluent-ffmpeg'], place: 'directory' },
  { kind: 'write', form: /\.save\s{0,20}\((?!\s{0,20}\))/g, imports: ['gtts', 'node-gtts'] },
  { kind: 'write', form: option('path'), imports: ['csv-writer'] },
  { kind: 'write', ...call('writeToPath'), imports: ['fast-csv', '@fast-csv/format'] },
  // databases in files
  {
    kind: 'write',
    form: /(?<![\w$.])require\(\s{0,5}['"]better-sqlite3['"]\s{0,5}\)\s{0,5}\(/g,
    hint: 'better-sqlite3',
  },
  { kind: 'write', ...call('new FileSync|new FileAsync'), imports: ['lowdb/adapters/FileSync', 'lowdb/adapters/FileAsync'] },
  { kind: 'write', ...call('new LocalStorage'), imports: ['node-localstorage'], place: 'directory' },
  { kind: 'write', ...call('new Level|new ClassicLevel|level'), imports: ['level', 'classic-level'], place: 'directory' },
  {
    kind: 'write',
    form: option('url'),
    imports: ['@libsql/client'],
    literal: (_, { literal = '' }) => /^file:(?:\/\/(?=\/))?([^?:]+)/.exec(literal)?.[1] ?? null,
  },
  // `new Keyv('sqlite://data/a.db')`
  {
    kind: 'write',
    form: /['"`]sqlite:(?:\/\/)?([\w.][\w./-]{0,200})['"`]/g,
    argument: false,
    literal: ([, path]) => path,
  },
  // the names of modules that are called where they are required
  {
    kind: 'write',
    form: /(?<![\w$.])require\(\s{0,5}['"](?:less-middleware['"]\s{0,5}\)|stylus['"]\s{0,5}\)\.middleware)\s{0,20}\(/g,
    hint: 'middleware',
    place: 'directory',
  },
];
