// Room: cli/. `explain ID`: a transform, a skip or a note: what it is, why, and what would allow it.
import { coloured, plain, type Palette } from '../report/colour.ts';
import { paintPatch } from '../report/paint.ts';
import { nearest } from '../checkout/near.ts';
import type { TransformInfo } from '../checkout/types.ts';
import data from './explained.json' with { type: 'json' };
import type { Explained } from './explained-types.ts';
import type { Flags } from './flags.ts';
import { wrongFormat } from './tell.ts';
import { colourOf } from './terminal.ts';
import type { ExitCode, UsageError, World } from './world.ts';

const all: Explained = data;

/** Prints what is known of an id; as JSON with --format json. */
export async function explain(id: string, flags: Flags, world: World): Promise<ExitCode | UsageError> {
  const wrong = wrongFormat(flags, 'explain');
  if (wrong) return wrong;
  const info = (await world.core()).listTransforms().find((one) => one.id === id);
  const found = { transform: own(all.transforms, id), skip: own(all.skips, id), note: own(all.notes, id) };
  if (!info && !found.skip && !found.note) return { usage: unknown(id) };
  if (flags.format === 'json') {
    world.stdout.write(`${JSON.stringify({ id, ...info, ...found }, undefined, 2)}\n`);
    return 0;
  }
  const palette = colourOf(world.stdout, world.env, flags) === 'always' ? coloured : plain;
  const texts = [
    ...(info ? [transformText(info, palette)] : []),
    ...(found.skip ? [skipText(id, found.skip, palette)] : []),
    ...(found.note
      ? [`${palette.bold(id)}: a note of ${found.note.transforms.join(', ')}\n\nIt says, for example:\n${listed(found.note.says)}`]
      : []),
  ];
  world.stdout.write(texts.join('\n'));
  return 0;
}

const own = <T>(record: Readonly<Record<string, T>>, id: string): T | undefined => (Object.hasOwn(record, id) ? record[id] : undefined);
const listed = (says: readonly string[]): string => says.map((text) => `  ${text}\n`).join('');

function unknown(id: string): string {
  const ids = [...Object.keys(all.transforms), ...Object.keys(all.skips), ...Object.keys(all.notes)];
  const meant = nearest(id, ids);
  return `no transform, skip or note is called '${id}'\n  ${meant === undefined ? 'dockerfile-mod list prints the transforms; --explain prints the ids of skips.' : `Did you mean: dockerfile-mod explain ${meant}`}`;
}

function transformText({ id, title, rationale, optIn }: TransformInfo, palette: Palette): string {
  const one = own(all.transforms, id);
  const head = `${palette.bold(id)}: ${title}${optIn ? ' (only with --only)' : ''}\n\n${rationale}\n`;
  if (!one) return head;
  const skips = Object.entries(all.skips).filter(([, { transforms }]) => transforms.includes(id));
  const rows = [
    ['before', one.before],
    ['after', one.after],
    ['safe because', one.safe],
    ...(one.skipped === undefined ? [] : [['left when', one.skipped]]),
    ['not looked at when', one.untouched],
    ['switched off by', `# dockerfile-mod: skip=${id} in a Dockerfile, or --skip ${id}`],
    ...(skips.length === 0 ? [] : [['reasons', skips.map(([skip]) => skip).join(', ')]]),
  ];
  const table = rows.map(([name = '', text = '']) => `  ${palette.dim(`${name}:`)} ${text}\n`).join('');
  return `${head}\n${table}${one.example === '' ? '' : `\n${paintPatch(one.example, palette)}`}`;
}

function skipText(id: string, { transforms, says, allow, nothing }: Explained['skips'][string], palette: Palette): string {
  const advice = nothing === undefined ? allow.map((one) => `To allow it: ${one}\n`).join('') : `Nothing allows it: ${nothing}.\n`;
  return `${palette.bold(id)}: why ${transforms.join(' or ')} left something as it was\n\nIt says, for example:\n${listed(says)}${advice === '' ? '' : `\n${advice}`}`;
}
