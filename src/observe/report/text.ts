// Room: observe/report/. The facts of an image as a person reads them: what is in it, what each line costs, what only builds need, what the process touched.
import { isSeen, type FileFacts, type ImageFacts, type InstructionFacts, type RunningFacts } from '../../image/types.ts';
import { coloured, plain, type Palette } from '../../report/colour.ts';
import { bytesText, countText } from '../../report/quantity.ts';
import { visible } from '../../report/visible.ts';
import { buildOnly } from './build-only.ts';

export interface TextOptions {
  colour: 'always' | 'never';
  /** Columns of the screen. */
  width?: number | undefined;
  /** Whether a package of the system serves builds alone. */
  isBuildPackage: (manager: 'apt' | 'apk', name: string) => boolean;
}

/** The page. */
export function observeText(facts: ImageFacts, options: TextOptions): string {
  const palette = options.colour === 'always' ? coloured : plain;
  const width = Math.max(60, Math.min(options.width ?? 100, 140));
  const parts = [
    head(facts, palette),
    section('What each line costs', costs(facts, width), palette),
    section('What only builds need', builds(facts, options), palette),
    section('What the process did', running(facts.running), palette),
  ];
  return `${parts.filter((part) => part !== '').join('\n')}`;
}

const section = (title: string, lines: readonly string[], palette: Palette): string =>
  lines.length === 0 ? '' : `${palette.bold(title)}\n${lines.map((line) => `  ${line}\n`).join('')}`;

function head({ of, image, system, base }: ImageFacts, palette: Palette): string {
  const release = [system.id, system.version].filter((part) => part !== null).join(' ');
  const named = system.codename === null ? release : `${release} (${system.codename})`;
  const what = [named === '' ? 'no operating system' : named, system.libc, of.platform].filter((part) => part !== null);
  const command = [...(image.entrypoint ?? []), ...(image.cmd ?? [])].map(visible).join(' ');
  const from = isSeen(base) ? `built on ${visible(base.reference)}` : `built on what is not known: ${base.unknown}`;
  const user = image.user === '' ? 'root' : visible(image.user);
  const start =
    command === ''
      ? 'It has no command to start.'
      : `It starts ${command}, as ${user}, in ${visible(image.workdir === '' ? '/' : image.workdir)}.`;
  return `${palette.bold(visible(of.dockerfile))}
  ${bytesText(image.size)} in ${counted(image.layers, 'layer')}, ${counted(image.files, 'file')}; ${what.join(', ')}; ${from}
  ${start}
`;
}

const counted = (count: number, what: string): string => `${countText(count)} ${what}${count === 1 ? '' : 's'}`;

function costs({ base, instructions, image }: ImageFacts, width: number): string[] {
  if (!isSeen(instructions)) return [`Not known line by line: ${instructions.unknown}.`];
  const rows: { line: string; bytes: number; text: string; says: string }[] = [];
  if (isSeen(base)) rows.push({ line: '', bytes: base.size, text: `FROM ${base.reference}`, says: counted(base.layers, 'layer') });
  for (const one of instructions) {
    const says = saysOf(one);
    if (says !== '' || one.bytes > 0) rows.push({ line: String(one.line), bytes: one.bytes, text: one.text, says });
  }
  const digits = Math.max(...rows.map(({ line }) => line.length), 1);
  return rows.map(({ line, bytes, text, says }) => {
    const percent = image.size > 0 ? Math.round((bytes / image.size) * 100) : 0;
    const share = (percent > 0 ? `${percent} %` : '').padStart(5);
    const before = `${line.padStart(digits)}  ${bytesText(bytes).padStart(8)} ${share}  `;
    const room = Math.max(20, width - before.length - says.length - 2);
    return `${before}${clipped(visible(text), room)}  ${says}`;
  });
}

const clipped = (text: string, room: number): string => (text.length <= room ? text.padEnd(room) : `${text.slice(0, room - 1)}…`);

function saysOf({ added, changed, removed, packagesAdded }: InstructionFacts): string {
  const files = (all: readonly FileFacts[]): number => all.filter(({ kind }) => kind !== 'dir').length;
  const parts = [
    files(added) > 0 ? counted(files(added), 'file') : '',
    files(changed) > 0 ? `${countText(files(changed))} changed` : '',
    removed.length > 0 ? `${countText(removed.length)} removed` : '',
    packagesAdded.length > 0 ? counted(packagesAdded.length, 'package') : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function builds(facts: ImageFacts, { isBuildPackage }: TextOptions): string[] {
  return buildOnly(facts, isBuildPackage).map(({ what, bytes, count, below, examples }) => {
    const rest = count > examples.length ? ` and ${countText(count - examples.length)} more` : '';
    const where =
      below.length === 0 ? `${examples.map(visible).join(', ')}${rest}` : `${counted(count, 'file')} in ${below.map(visible).join(', ')}`;
    return `${bytesText(bytes).padStart(8)}  ${what}: ${where}`;
  });
}

function running(facts: ImageFacts['running']): string[] {
  if (!isSeen(facts)) return [`Not seen: ${facts.unknown}.`];
  return [endOf(facts), ...processLines(facts), ...portLines(facts), ...writtenLines(facts), ...mappedLines(facts)];
}

function endOf({ kind, exitCode }: RunningFacts): string {
  if (kind === 'ends') return `It ended with exit code ${exitCode ?? 'unknown'}.`;
  return kind === 'serves' ? 'It listened, and was asked.' : 'It ran and listened on no port.';
}

const maxTold = 8;
const told = (all: readonly string[]): string =>
  `${all.slice(0, maxTold).map(visible).join(', ')}${all.length > maxTold ? ` and ${countText(all.length - maxTold)} more` : ''}`;

function processLines({ processes, kind }: RunningFacts): string[] {
  if (!isSeen(processes)) return kind === 'ends' ? [] : [`Processes: not seen, ${processes.unknown}.`];
  return [...new Set(processes.map(({ uid, argv }) => `${visible(argv)} (user ${uid})`))].slice(0, maxTold).map((line) => `Ran ${line}`);
}

function portLines({ ports }: RunningFacts): string[] {
  if (!isSeen(ports)) return [`Ports: not seen, ${ports.unknown}.`];
  return ports.length === 0 ? [] : [`Listened on ${ports.join(', ')}`];
}

/** What Python compiles as it starts says nothing of the program: it is counted. */
function writtenLines({ written }: RunningFacts): string[] {
  if (written.length === 0) return ['Wrote no file outside of volumes.'];
  const own = written.filter((path) => !path.includes('/__pycache__/'));
  const compiled = written.length - own.length;
  const bytecode = compiled === 0 ? [] : [`${counted(compiled, 'file')} in __pycache__`];
  return [`Wrote ${[...(own.length === 0 ? [] : [told(own)]), ...bytecode].join(', and ')}`];
}

function mappedLines({ mapped, kind }: RunningFacts): string[] {
  if (!isSeen(mapped)) return kind === 'ends' ? [] : [`Programs and libraries in memory: not seen, ${mapped.unknown}.`];
  return [`Loaded ${mapped.length === 1 ? '1 file' : `${countText(mapped.length)} programs and libraries`}: ${told(mapped)}`];
}
