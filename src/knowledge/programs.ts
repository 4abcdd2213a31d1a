// Room: knowledge/. Which package has a program, and which images have it already.
import { once } from '../once.ts';
import { builtinRow, busyboxOnly, oddPrograms, programRows, type ProgramRow } from './program-rows.ts';
import type { ImageRow, Level, TagFacts } from './types.ts';

export interface Program {
  /** Debian's package; '' when no release that is known has one. */
  debian: string;
  /** Alpine's package; 'busybox' is in every image. */
  alpine: string | undefined;
  /** The least Debian image that has it. */
  level: Exclude<Level, 'alpine'>;
  /** The only Debian releases that have the package. */
  suites?: readonly string[];
}

const byProgram = once(
  () => new Map<string, ProgramRow>(programRows.flatMap((row) => row.programs.split(' ').map((name): [string, ProgramRow] => [name, row]))),
);
const busybox = once(
  () => new Set([...busyboxOnly.split(' '), ...[...byProgram()].filter(([, row]) => row.alpine === 'busybox').map(([name]) => name)]),
);
/** In every Alpine image besides busybox: apk-tools, musl-utils (ldd, getent), ssl_client. */
const alpineBase: ReadonlySet<string> = new Set(['apk', 'ldd', 'getent', 'iconv', 'getconf', 'ssl_client']);

/** Names that the shell itself answers: no program is needed. */
export const shellBuiltins: ReadonlySet<string> = new Set(builtinRow.split(' '));

/** The package that has a program, or undefined when the tables do not know it. In: a command's name without its directory. */
export function program(command: string): Program | undefined {
  const row = byProgram().get(command);
  if (row) return { debian: row.debian, alpine: row.alpine, level: row.level };
  const odd = Object.hasOwn(oddPrograms, command) ? oddPrograms[command] : undefined;
  if (!odd) return undefined;
  return 'suites' in odd
    ? { debian: odd.debian, alpine: undefined, level: 'none', suites: odd.suites }
    : { debian: '', alpine: odd.alpine, level: 'none' };
}

/** What is known of an image; `version` and `suite` decide on yarn, corepack, adduser and `python3.12`. */
export interface ImageBase {
  /** Undefined: an image that nobody knows. */
  row: ImageRow | undefined;
  variant: TagFacts['variant'];
  version?: string | undefined;
  suite?: string | undefined;
}

/** How much of Debian an image holds; 'none' for distroless and scratch, undefined for images that nobody knows. */
export function levelOf(base: Pick<ImageBase, 'row' | 'variant'>): Level | undefined {
  if (base.row?.repository === 'scratch' || base.variant === 'distroless') return 'none';
  if (base.variant === 'alpine') return 'alpine';
  if (base.variant === 'slim') return 'debian';
  return base.variant === 'full' ? base.row?.level : undefined;
}

const order: readonly Level[] = ['debian', 'curl', 'scm', 'full', 'none'];

/**
 * Whether an image has a program, the shell's builtins aside. In: the base, and a command's name without its directory.
 * Undefined: the tables do not say (a program or an image that they do not know, or a version that is needed and not given).
 */
export function hasProgram(base: ImageBase, command: string): boolean | undefined {
  const own = ownProgram(base, command);
  if (own !== undefined) return own;
  const level = levelOf(base);
  if (level === undefined) return undefined;
  if (level === 'none') return false;
  const row = byProgram().get(command);
  if (level === 'alpine') return busybox().has(command) || alpineBase.has(command) ? true : row || program(command) ? false : undefined;
  if (!row) return program(command) ? false : undefined;
  if (row.debian === 'adduser' && level === 'debian') return adduserIn(base);
  return row.level !== 'none' && order.indexOf(row.level) <= order.indexOf(level);
}

/** Whether the system's own directories have a program, whatever the image brings itself to /usr/local. */
export const systemHas = (base: ImageBase, command: string): boolean | undefined =>
  base.row === undefined || base.row.repository.startsWith('distroless/')
    ? hasProgram(base, command)
    : hasProgram({ ...base, row: { ...base.row, programs: [], versioned: undefined } }, command);

/** Debian's minimal set lost adduser with trixie. */
function adduserIn(base: ImageBase): boolean | undefined {
  if (base.suite === 'bookworm' || base.suite === 'bullseye' || base.suite === 'buster' || base.suite === 'jammy' || base.suite === 'focal')
    return true;
  return base.suite === 'trixie' || base.suite === 'forky' || base.suite === 'sid' ? false : undefined;
}

/** What the image brings itself: its language and its tools. False only where the version is too new. */
function ownProgram(base: ImageBase, command: string): boolean | undefined {
  const { row: image } = base;
  for (const row of image?.programs ?? []) {
    if (!row.names.split(' ').includes(command)) continue;
    if (row.variants && !row.variants.includes(base.variant)) continue;
    if (row.until === undefined) return true;
    const major = Number.parseInt(base.version ?? '', 10);
    return Number.isNaN(major) ? undefined : major <= row.until;
  }
  const versioned = image?.versioned?.exec(command)?.[1];
  const given = /^\d+\.\d+/.exec(base.version ?? '')?.[0];
  return versioned !== undefined && given === versioned ? true : undefined;
}
