// Room: base/. Programs that the original image lacks: a source names them, and the image as it is cannot start them either.
import { inside } from '../facts/copies.ts';
import type { RunPart, StageReading } from '../facts/reading.ts';
import { programRows } from '../knowledge/program-rows.ts';
import { hasProgram } from '../knowledge/programs.ts';

/** Where a shell looks for programs, and what links there point to. Source: FHS 3.0 */
const PROGRAMS = ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local', '/opt'];

/**
 * Whether the image of a stage lacks a program for certain: its base has none of that name, and nothing that the stage does brings system
 * packages or other programs. What is lacking there need not be installed: it would only make another image.
 */
export function lackedIn(reading: StageReading): (name: string) => boolean {
  const { base, runs, copies, stage } = reading;
  const image = { row: base.family?.row, ...base.tag };
  const brought =
    stage.instructions.some((i) => i.keyword === 'ENV' && i.pairs.some(({ name }) => name === 'PATH')) ||
    copies.some(({ fromContext, dest }) => !fromContext || dest === undefined || PROGRAMS.some((dir) => inside(dest, dir))) ||
    runs.some(({ opened }) => opened.some(bringsPrograms));
  return (name) => !brought && hasProgram(image, name) === false;
}

/** The same of a package of Debian: the image has none of its programs. */
export function lackedPackageIn(reading: StageReading): (debian: string) => boolean {
  const lacked = lackedIn(reading);
  return (debian) => {
    const names = programRows.flatMap((row) => (row.debian === debian ? row.programs.split(' ') : []));
    return names.length > 0 && names.every(lacked);
  };
}

/** Packages of the system, and what writes where programs lie or cannot be told. What npm or pip bring goes along with the packages of the project. */
function bringsPrograms({ effects: { does, own, redirected }, manager, command }: RunPart): boolean {
  if (['fetch', 'unpack', 'unknown', 'serve'].includes(does.kind)) return true;
  if (does.kind === 'package')
    return manager === undefined || manager.ecosystem === 'system' || (manager.globals?.(command) ?? []).length > 0;
  if (does.kind === 'configure') return does.brings !== undefined || own.unknown !== undefined;
  const places = [...own.known, ...redirected.known];
  return (own.unknown !== undefined && manager === undefined) || places.some(({ path }) => PROGRAMS.some((dir) => inside(path, dir)));
}
