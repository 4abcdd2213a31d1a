// docs/dockerfile-mod.1: the manual page, made of the command line itself, as its help and its completions are.
// Its language: man(7), https://man7.org/linux/man-pages/man7/man.7.html
import type { Command, Option } from 'commander';
import { bulkEpilogue } from '../src/cli/bulk/options.ts';
import { epilogue } from '../src/cli/options.ts';
import { configNames } from '../src/checkout/config/files.ts';

interface Transform {
  id: string;
  title: string;
}

/** The page. In: the whole command line, and the transforms in their order. The same command line gives the same bytes. */
export function manual(program: Command, transforms: readonly Transform[]): string {
  const name = program.name();
  const { levels, codes, examples } = sectionsOf(epilogue);
  const campaign = sectionsOf(bulkEpilogue);
  const lines = [
    '.\\" Written by `npm run generate`.',
    `.TH ${escaped(name).toUpperCase()} 1 "" "${escaped(name)}" "User Commands"`,
    '.SH NAME',
    `${escaped(name)} \\- refactor Dockerfiles so that they still build and behave the same`,
    '.SH SYNOPSIS',
    ...[program, ...program.commands].flatMap((command, n) => [...(n === 0 ? [] : ['.br']), synopsisOf(command)]),
    '.SH DESCRIPTION',
    text(program.description()),
    '.PP',
    text('Paths are Dockerfiles, or directories that are searched; the working directory when there are none.'),
    '.SH OPTIONS',
    ...optionsOf(program, 'SS'),
    '.SH COMMANDS',
    ...program.commands.flatMap((command) => commandOf(command, [])),
    '.SH TRANSFORMS',
    text('In the order in which they run.'),
    ...transforms.flatMap(({ id, title }) => row(bold(id), title)),
    '.SH SAFETY LEVELS',
    ...levels.flatMap(([term, says]) => row(bold(term), says)),
    '.SH EXIT STATUS',
    ...codes.flatMap(([term, says]) => row(bold(term), says)),
    '.PP',
    text(`Of \`${name} bulk\` and \`${name} pr\`:`),
    ...campaign.codes.flatMap(([term, says]) => row(bold(term), says)),
    '.SH FILES',
    ...row(configNames.map(bold).join(', '), `what holds for the Dockerfiles of a directory and below; \`${name} init\` writes one`),
    '.SH EXAMPLES',
    '.nf',
    ...examples.map(text),
    '.fi',
    '.SH SEE ALSO',
    `${bold('docker-build')}(1), ${bold('git')}(1)`,
  ];
  return `${lines.join('\n')}\n`;
}

function synopsisOf(command: Command): string {
  const usage = command.createHelp().commandUsage(command);
  const [head = '', ...rest] = usage.split(' ').map(escaped);
  const named = command.parent ? 1 : 0;
  return [`\\fB${[head, ...rest.slice(0, named)].join(' ')}\\fR`, ...rest.slice(named)].join(' ');
}

/** A command with its own flags; the commands below it, each with theirs. */
function commandOf(command: Command, above: readonly string[]): string[] {
  const names = [...above, command.name()];
  const takes = command.registeredArguments.filter(({ description }) => description !== '');
  return [
    `.SS ${escaped(names.join(' '))}`,
    text(sentence(command.description())),
    ...takes.flatMap((one) => row(`\\fI${escaped(one.name())}\\fR`, one.description)),
    ...optionsOf(command, 'PP'),
    ...command.commands.flatMap((sub) => commandOf(sub, names)),
  ];
}

/** The flags under their headings, in the order of the help. */
function optionsOf(command: Command, heading: 'SS' | 'PP'): string[] {
  const groups = new Map<string, Option[]>();
  for (const option of command.options.filter(({ hidden }) => !hidden)) {
    const of = option.helpGroupHeading ?? '';
    groups.set(of, [...(groups.get(of) ?? []), option]);
  }
  return [...groups].flatMap(([of, options]) => [
    ...(of === '' ? [] : heading === 'SS' ? [`.SS ${escaped(plain(of.replace(/:$/, '')))}`] : ['.PP', text(of)]),
    ...options.flatMap((option) => row(flagsOf(option), command.createHelp().optionDescription(option))),
  ]);
}

/** `-i, --level <level>`: what is typed bold, what stands for something in italics. */
const flagsOf = ({ flags }: Option): string =>
  flags
    .split(', ')
    .map((one) => one.split(' ').map(wordOf).join(' '))
    .join(', ');
const wordOf = (word: string): string => (/^[<[]/.test(word) ? `\\fI${escaped(word.slice(1, -1))}\\fR` : bold(word));

const row = (term: string, says: string): string[] => ['.TP', term, text(sentence(says))];
const bold = (word: string): string => `\\fB${escaped(word)}\\fR`;
const sentence = (says: string): string =>
  (/[.:]$/.test(says) ? says : `${says}.`).replace(/^[a-z](?=[a-z]*(?:[\s,:;]|\.?$))/, (letter) => letter.toUpperCase());
const plain = (says: string): string => says.replaceAll('`', '');
const text = (line: string): string => escaped(line).replace(/^([.'])/, '\\&$1');
const escaped = (line: string): string =>
  line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replaceAll("'", '\\(aq')
    .replaceAll('…', '\\&...')
    .replaceAll('“', '\\(lq')
    .replaceAll('”', '\\(rq')
    .replaceAll('’', '\\(cq');

interface Sections {
  levels: [string, string][];
  codes: [string, string][];
  examples: string[];
}

/** What stands behind the help: headings, and below them rows of a term and what it means. */
function sectionsOf(help: string): Sections {
  const found = new Map(
    help
      .trim()
      .split('\n\n')
      .map((part) => part.split('\n'))
      .map(([heading = '', ...lines]) => [heading, lines.map((line) => line.trim())]),
  );
  const rows = (heading: string): [string, string][] =>
    (found.get(heading) ?? []).map((line) => {
      const [, term = line, says = ''] = /^(\S+) {2,}(.*)$/.exec(line) ?? [];
      return [term, says];
    });
  return { levels: rows('Safety levels:'), codes: rows('Exit codes:'), examples: found.get('Examples:') ?? [] };
}
